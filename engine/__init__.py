"""Idiolect's engine: audio in, text out.

Imports neither Qt nor training code, and neither ``torch`` nor ``transformers`` unless
the ``torch`` decoder is asked for.
"""

import os

__version__ = "0.1.0"

# Nothing is reported to anybody. ONNX Runtime's builds send what they are used for to their maker
# (Privacy.md in the package) and keep an identifier in the home unless this is set before it is imported.
os.environ.update(ORT_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_TELEMETRY="1")

# The encoder's library keeps code for every length it has met, some 0.1 MB each: a day would end 50 MB larger.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16")
