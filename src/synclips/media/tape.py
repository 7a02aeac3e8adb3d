"""Sound that comes in blocks, read in pieces of any length; knows nothing of what it is."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]


class Tape:
    """A sound of which one block at a time is held.

    Args:
        blocks: (channels, n) each, from its beginning on.
        channels: of all of them.
    """

    def __init__(self, blocks: Iterator[Block], channels: int) -> None:
        self._blocks = blocks
        self._rest = np.zeros((channels, 0), np.float32)  # of the last block, not yet read

    def pieces(self, count: int) -> Iterator[Block]:
        """The next `count` samples as they come, no piece empty; fewer where the sound ends."""
        while count > 0:
            if not self._rest.shape[1]:
                block = next(self._blocks, None)
                if block is None:
                    return
                self._rest = block
            piece, self._rest = self._rest[:, :count], self._rest[:, count:]
            count -= piece.shape[1]
            if piece.shape[1]:
                yield piece

    def read(self, count: int) -> Block:
        """The next `count` samples (channels, n); fewer where the sound ends."""
        nothing = self._rest[:, :0]
        return np.concatenate([nothing, *self.pieces(count)], axis=1)

    def skip(self, count: int) -> None:
        """Leave out the next `count` samples."""
        for _ in self.pieces(count):
            pass
