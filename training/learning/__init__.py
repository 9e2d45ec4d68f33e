"""Learning from one person's corrections: a small LoRA on top of the hypernetwork.

``corrections`` reads them, ``views`` changes and encodes them, ``fitting`` fits a LoRA,
``judging`` decodes with it, ``trial`` decides whether it is kept, ``command`` is ``idiolect learn``.
"""
