"""A ring of samples between PortAudio's callback and the thread that writes them down."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Ring:
    """One writer, one reader, no locks and nothing allocated while writing.

    The writer publishes a sample by adding to ``written`` after copying it, and that is
    one assignment of an int: the reader sees the old count or the new one.
    """

    def __init__(self, frames: int, channels: int) -> None:
        self._data = np.zeros((frames, channels), np.float32)
        self._frames = frames
        self.written = 0
        self._read = 0
        self.lost = 0  # frames the reader was too slow for

    def write(self, block: NDArray[np.float32]) -> None:
        """Copy (n, channels) samples in, n at most the ring's size. Called by PortAudio's thread."""
        place = self.written % self._frames
        room = self._frames - place
        if block.shape[0] <= room:
            self._data[place : place + block.shape[0]] = block
        else:
            self._data[place:] = block[:room]
            self._data[: block.shape[0] - room] = block[room:]
        self.written += block.shape[0]

    def read(self) -> NDArray[np.float32]:
        """All samples since the last call: a copy, (n, channels)."""
        end = self.written
        waiting = end - self._read
        if waiting > self._frames:
            self.lost += waiting - self._frames
            self._read = end - self._frames
        start, stop = self._read % self._frames, end % self._frames
        if self._read == end:
            block = self._data[:0].copy()
        elif start < stop:
            block = self._data[start:stop].copy()
        else:
            block = np.concatenate([self._data[start:], self._data[:stop]])
        self._read = end
        return block
