"""Writing sound as it comes: blocks of one channel into a file that appears when it is complete.

Knows the limit of 16 bits; how they are encoded, `libsndfile` and `compressed` do.
Memory does not depend on the length. For a sound that lies in memory as a whole there is
`media.audio.write_sound`.
"""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import numpy as np
import soundfile
from numpy.typing import NDArray

from synclips.errors import OutputError
from synclips.media.audio import probe_sound, sound_blocks
from synclips.media.compressed import SUFFIXES as COMPRESSED
from synclips.media.compressed import CompressedSound
from synclips.media.libsndfile import SUBTYPES, LibsndfileSound
from synclips.media.partial import PartialFile, check_target, unwritable

SUFFIXES = (*SUBTYPES, *COMPRESSED)
NAMED = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
"""The same for a sentence."""

# Samples written at a time. libvorbis puts all it is given on the stack, for which two million are
# too many (issue 99 of xiph/vorbis).
_BLOCK = 65_536

_FAILURES = (OSError, ValueError, soundfile.LibsndfileError, av.error.FFmpegError)


def check_sound_output(
    path: Path, inputs: Sequence[Path] = (), outputs: Sequence[Path] = ()
) -> None:
    """Refuse an output sound before any work is spent on it.

    Raises:
        OutputError: The suffix is none of `SUFFIXES`, or as `check_target`.
    """
    check_target(path, inputs, outputs)
    if path.suffix.lower() not in SUFFIXES:
        raise OutputError(f"{path} has no suffix that can be written; end its name in {NAMED}.")


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
            self._file = self._open(self._partial.hidden)
        except BaseException as error:
            self._partial.discard()
            if isinstance(error, _FAILURES):
                raise unwritable(self._path, error) from error
            raise
        return self

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (n,) samples, clipped to -1..1."""
        try:
            for at in range(0, len(samples), _BLOCK):
                self._file.write(np.clip(samples[at : at + _BLOCK], -1, 1))
        except _FAILURES as error:
            raise unwritable(self._path, error) from error
        self.samples += len(samples)

    def silence(self, samples: int) -> None:
        """Append so many zeros; none if negative."""
        zeros = np.zeros(min(max(samples, 0), _BLOCK), np.float32)
        for at in range(0, samples, _BLOCK):
            self.write(zeros[: samples - at])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Move the complete file into place, or remove it if the block failed."""
        try:
            with closing(self._file):  # also of a full disk: Windows removes nothing that is open
                if kind is None and not self.samples:
                    self._file.write(np.zeros(1, np.float32))  # nothing is no file of some kinds
            if kind is None:
                self._partial.commit()
        except _FAILURES as error:
            raise unwritable(self._path, error) from error
        finally:
            self._partial.discard()

    def _open(self, path: Path) -> LibsndfileSound | CompressedSound:
        suffix = self._path.suffix.lower()  # a link may lead to a file of another name
        if suffix in COMPRESSED:
            return CompressedSound(path, suffix, self.rate, self._comment)
        return LibsndfileSound(path, suffix, self.rate, self._comment)


def write_again(source: Path, target: Path, comment: str = "") -> None:
    """Write a sound of one channel as the kind of file that the name of the target says.

    Args:
        source: Any sound file.
        target: With a suffix of `SUFFIXES`.
        comment: Kept in its metadata.

    Raises:
        OutputError: The target cannot be written.
    """
    with SoundWriter(target, probe_sound(source).rate, comment) as writer:
        for block in sound_blocks(source):
            writer.write(block[0])
