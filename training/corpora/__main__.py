"""``python -m training.corpora NAME ROOT --out manifest.jsonl``: the same as ``idiolect train import``."""

import sys

from training.corpora import run

sys.exit(run(sys.argv[1:]))
