"""Rows of numbers kept in a temporary file instead of in memory.

For what is small per frame but grows with the length of a video: landmarks, sound. A `Spool` is
filled once from front to back and read by slices or lists of rows, as an array is. It knows
nothing of what the numbers mean.
"""

import contextlib
import math
import tempfile
from collections.abc import Sequence
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from synclips.errors import OutputError

Array = NDArray[np.float32]

_BLOCK = 1 << 20  # rows copied at once


class Spool:
    """A growing (N, *shape) float32 series on disk, read as an array is.

    Args:
        shape: of one row.

    Raises:
        OutputError: the temporary folder cannot be written, here or in `append`, or not be read.
    """

    def __init__(self, shape: Sequence[int] = ()) -> None:
        self._row = tuple(shape)
        self._bytes = 4 * math.prod(self._row)
        self._count = 0
        self._lock = Lock()
        try:
            # Closed, and thereby removed, with the spool.
            self._file = tempfile.TemporaryFile(prefix="synclips-")  # noqa: SIM115
        except OSError as error:
            raise no_room(error) from error

    def __len__(self) -> int:
        return self._count

    @property
    def shape(self) -> tuple[int, ...]:
        """(N, *shape), as of an array."""
        return (self._count, *self._row)

    @property
    def ndim(self) -> int:
        """Number of axes, as of an array."""
        return 1 + len(self._row)

    def append(self, rows: Array) -> None:
        """Add rows (n, *shape) at the end."""
        values = np.ascontiguousarray(rows, np.float32).reshape(-1, *self._row)
        with self._lock:
            try:
                self._file.seek(self._count * self._bytes)
                self._file.write(values.tobytes())
                self._file.flush()  # a full disk is told here and not when something is read
            except OSError as error:
                raise no_room(error) from error
            self._count += len(values)

    def __getitem__(self, where: int | slice | NDArray[np.intp]) -> Array:
        """One row, the rows of a slice without step, or of a list of rows in any order."""
        if isinstance(where, int):
            row: Array = self._read(range(self._count)[where], 1)[0]
            return row
        if isinstance(where, slice):
            start, stop, step = where.indices(self._count)
            if step != 1:
                raise ValueError("A spool is read by slices without a step.")
            return self._read(start, max(stop - start, 0))
        picked = [self._read(range(self._count)[int(row)], 1) for row in where]
        return np.concatenate(picked) if picked else np.empty((0, *self._row), np.float32)

    def _read(self, first: int, count: int) -> Array:
        if not 0 <= first <= first + count <= self._count:
            raise IndexError(f"Row {first} is not among {self._count}.")
        with self._lock:
            try:
                self._file.seek(first * self._bytes)
                data = self._file.read(count * self._bytes)
            except OSError as error:
                raise no_room(error) from error
        return np.frombuffer(bytearray(data), np.float32).reshape(count, *self._row)

    def close(self) -> None:
        """Remove the file."""
        with contextlib.suppress(OSError):  # what a full disk did not take
            self._file.close()

    def __del__(self) -> None:
        if hasattr(self, "_file"):
            self.close()


Rows = Array | Spool


def lengthened(rows: Rows, count: int) -> Rows:
    """Rows with as many zeros behind them as make them `count` at least; the same if none."""
    if len(rows) >= count:
        return rows
    longer = Spool(rows.shape[1:])
    for start in range(0, count, _BLOCK):
        block = rows[start : start + _BLOCK]
        missing = min(_BLOCK, count - start) - len(block)
        longer.append(np.concatenate([block, np.zeros((missing, *rows.shape[1:]), np.float32)]))
    return longer


def no_room(error: OSError) -> OutputError:
    """The error to raise where a temporary file fails."""
    try:
        tempfile.gettempdir()
    except OSError:
        return OutputError(
            "There is no temporary folder that can be written; set TMPDIR to one that can."
        )
    return OutputError(
        f"The temporary folder {tempfile.gettempdir()} cannot be written ({error.strerror}); make"
        " room there, or set TMPDIR to another folder."
    )
