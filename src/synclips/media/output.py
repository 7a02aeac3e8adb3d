"""What a video can be written to: the containers, and checks before any work is spent.

Knows suffixes, codecs and sizes. Does not write.
"""

from collections.abc import Sequence
from pathlib import Path

from synclips.errors import OutputError
from synclips.media.codec import CODECS
from synclips.media.partial import check_target
from synclips.options import DEFAULT_CODEC, check_quality

CONTAINERS = {".mp4": "mp4", ".mov": "mov", ".mkv": "matroska"}
"""File suffixes that can be written, and FFmpeg's names for their formats."""

_LONGEST_SIDE = 16384  # pixels, for every codec


def check_output(path: Path, inputs: Sequence[Path] = (), codec: str = DEFAULT_CODEC) -> None:
    """Refuse an output video before any work is spent on it.

    Args:
        path: Where the video shall go; an existing file will be replaced.
        inputs: Files that are read meanwhile and must not be overwritten.
        codec: Name of what pictures are coded as, one of `CODECS`.

    Raises:
        OutputError: If the suffix is none of `CONTAINERS`, or not of the codec; or the path is a
            folder or lies in none, may not be written, or is one of the inputs, be it through a
            link.
    """
    check_target(path, inputs)
    if path.suffix.lower() not in CONTAINERS:
        known = ", ".join(CONTAINERS)
        raise OutputError(f"{path} has no suffix that can be written; end its name in {known}.")
    if path.suffix.lower() not in CODECS[codec].suffixes:
        known = " or ".join(CODECS[codec].suffixes)
        raise OutputError(f"{path} cannot hold {codec}; end its name in {known}.")


def check_picture(path: Path, width: int, height: int, crf: int) -> None:
    """Refuse pictures that cannot be encoded before any work is spent on them.

    Args:
        path: Where the video shall go.
        width: Of its frames, pixels.
        height: The same.
        crf: Constant rate factor.

    Raises:
        OutputError: If they are too large for encoders.
        ConfigError: If there is no such rate factor.
    """
    check_quality(crf)
    if max(width, height) > _LONGEST_SIDE:
        raise OutputError(
            f"{path} cannot be written: of {width}x{height} pixels encoders take at most"
            f" {_LONGEST_SIDE} along a side; make the video smaller first."
        )
