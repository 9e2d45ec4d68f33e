"""``python -m training fit …``: the same as ``idiolect train fit …``, for ``accelerate launch``."""

import sys

from training.cli import train

if __name__ == "__main__":
    sys.exit(train(sys.argv[1:]))
