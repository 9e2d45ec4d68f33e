"""Idiolect's engine: audio in, text out.

Imports neither Qt nor training code, and neither ``torch`` nor ``transformers`` unless
the ``torch`` decoder is asked for.
"""

__version__ = "0.1.0"
