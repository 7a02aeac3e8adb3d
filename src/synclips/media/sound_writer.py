"""Writing sound as it comes: blocks of one channel into a file that appears when it is complete.

Knows the formats of libsndfile and the limit of 16 bits. Memory does not depend on the length. For
a sound that lies in memory as a whole there is `media.audio.write_sound`.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from synclips.errors import OutputError
from synclips.media.partial import PartialFile, check_target, unwritable

SUFFIXES = (".wav", ".flac")

_SILENCE = 65_536  # samples of silence written at a time


def check_sound_output(
    path: Path, inputs: Sequence[Path] = (), outputs: Sequence[Path] = ()
) -> None:
    """Refuse an output sound before any work is spent on it.

    Raises:
        OutputError: The suffix is none of `SUFFIXES`, or as `check_target`.
    """
    check_target(path, inputs, outputs)
    if path.suffix.lower() not in SUFFIXES:
        known = " or ".join(SUFFIXES)
        raise OutputError(f"{path} has no suffix that can be written; end its name in {known}.")


class SoundWriter:
    """A mono sound file being written; a context manager, complete on leaving it or not there.

    Args:
        path: Target, with a suffix of `SUFFIXES`.
        rate: Samples per second.
        comment: Kept in the file's metadata.

    Raises:
        OutputError: The file cannot be written, on entering, on writing or on leaving.
    """

    def __init__(self, path: Path, rate: int, comment: str = "") -> None:
        check_sound_output(path)
        self._path = path
        self._comment = comment
        self.rate = rate
        self.samples = 0
        """Written so far."""

    def __enter__(self) -> Self:
        """Create the hidden file beside the target."""
        self._partial = PartialFile(self._path)
        try:
            self._file = soundfile.SoundFile(
                self._partial.hidden, "w", self.rate, channels=1, subtype="PCM_16"
            )
            if self._comment:
                self._file.comment = self._comment
        except (OSError, ValueError, soundfile.LibsndfileError) as error:
            self._partial.discard()
            raise unwritable(self._path, error) from error
        return self

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (n,) samples, clipped to -1..1."""
        try:
            self._file.write(np.clip(samples, -1, 1))
        except (OSError, soundfile.LibsndfileError) as error:
            raise unwritable(self._path, error) from error
        self.samples += len(samples)

    def silence(self, samples: int) -> None:
        """Append so many zeros; none if negative."""
        zeros = np.zeros(min(max(samples, 0), _SILENCE), np.float32)
        for at in range(0, samples, _SILENCE):
            self.write(zeros[: samples - at])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Move the complete file into place, or remove it if the block failed."""
        try:
            self._file.close()
            if kind is None:
                self._partial.commit()
        except (OSError, soundfile.LibsndfileError) as error:
            raise unwritable(self._path, error) from error
        finally:
            self._partial.discard()
