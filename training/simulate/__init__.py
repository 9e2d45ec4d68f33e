"""Simulated speech: synthetic people with and without a speech disorder, saying open text.

``person`` draws who somebody is, ``sounds`` and ``fluency`` decide what is articulated,
``vocoder`` how it sounds, ``room`` what the microphone hears, ``utterance`` puts them
together and ``corpus`` writes a corpus to disk. See docs/simulator.md.
"""
