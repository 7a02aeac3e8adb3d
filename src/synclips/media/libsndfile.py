"""Sound of one channel as libsndfile writes it, with the reason where the disk takes no more.

Of that libsndfile says "System error" while writing, and nothing while closing, when a FLAC or Ogg
file lacks its end.
"""

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

SUBTYPES = {".wav": "PCM_16", ".flac": "PCM_16", ".ogg": "VORBIS"}


class LibsndfileSound:
    """A file being written.

    Args:
        path: the file, which is there.
        suffix: one of `SUBTYPES`.
        rate: samples per second.
        comment: kept in its metadata.

    Raises:
        OSError: what the system said, here and in all methods.
        LibsndfileError: it cannot be written for another reason.
    """

    def __init__(self, path: Path, suffix: str, rate: int, comment: str) -> None:
        self._disk = _Disk(path)
        try:
            self._file = soundfile.SoundFile(
                self._disk, "w", rate, 1, SUBTYPES[suffix], format=suffix[1:].upper()
            )
            if comment:
                self._file.comment = comment
        except BaseException:
            self._disk.close()
            raise

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (n,) samples, full scale 1."""
        try:
            self._file.write(samples)
        finally:
            self._disk.check()  # whatever soundfile makes of it, which may be an AssertionError

    def close(self) -> None:
        """Write the rest."""
        try:
            self._file.close()
        finally:
            self._disk.close()
        self._disk.check()


class _Disk:
    """What libsndfile takes for a file, which keeps the first error of the system."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=0)
        self._error: OSError | ValueError | None = None

    # A sound that could not be closed tries it again when it is dropped; the file is closed then.

    def seek(self, offset: int, whence: int = 0) -> int:
        """See `io.IOBase`."""
        return 0 if self._file.closed else self._file.seek(offset, whence)

    def tell(self) -> int:
        """See `io.IOBase`."""
        return 0 if self._file.closed else self._file.tell()

    def write(self, data: bytes) -> int:
        """How many bytes were written; fewer than all of them is an error."""
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[self._file.write(rest) :]
        except (OSError, ValueError) as error:
            self._error = self._error or error
        return len(data) - len(rest)

    def close(self) -> None:
        """Close the file; some systems tell here what they could not write."""
        try:
            self._file.close()
        except OSError as error:
            self._error = self._error or error

    def check(self) -> None:
        """Raise the error, if there was one."""
        if self._error is not None:
            raise self._error
