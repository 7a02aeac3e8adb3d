"""Pictures that are not videos: which files are, how large they may be, and how they stand.

Knows what containers and frames say of themselves; decodes nothing.
"""

from pathlib import Path

from av.buffer import Buffer
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from synclips.media.heif import BRANDS, brand, is_heic
from synclips.media.orientation import Orientation

# Sides of a still: H.264 players in hardware end at 36 864 blocks of 16 x 16 (level 5.2), and
# photographs have several times as many pixels as ultra-high definition.
_LARGEST, _LARGEST_ACROSS = 3840, 2160


def is_still(container: InputContainer) -> bool:
    """Whether a file is one picture."""
    name = container.format.name
    if name == "image2" or name.endswith("_pipe") or is_heic(container):
        return True
    one = [stream.frames for stream in _colours(container)] == [1]
    return one and (name == "gif" or brand(container) in BRANDS)


def is_in_parts(container: InputContainer) -> bool:
    """Whether a file is a picture in tiles that nobody puts together."""
    return brand(container) in BRANDS and len(_colours(container)) > 1 and not is_heic(container)


def _colours(container: InputContainer) -> list[VideoStream]:
    """The picture streams, but for what says where another one is transparent."""
    streams = container.streams.video
    return [each for each in streams if not (each.codec_context.pix_fmt or "").startswith("gray")]


def playable(width: int, height: int) -> tuple[int, int]:
    """The size of a still, made small enough that what becomes of it can be played."""
    shrink = min(_LARGEST / max(width, height), _LARGEST_ACROSS / min(width, height), 1.0)
    if shrink == 1:
        return width, height
    return max(2, 2 * round(width * shrink / 2)), max(2, 2 * round(height * shrink / 2))


def orientation_of(frame: VideoFrame, path: Path, is_image: bool) -> Orientation:
    """How a decoded frame must be turned, as it or its file says."""
    try:
        matrix = frame.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV 18.1 gives up on all side data if it has no name for one, as of Exif
        if not is_image:
            return Orientation.from_degrees(-frame.rotation)
        with path.open("rb") as file:
            return Orientation.from_exif(file.read())
    return Orientation.from_matrix(bytes(matrix)) if isinstance(matrix, Buffer) else Orientation()
