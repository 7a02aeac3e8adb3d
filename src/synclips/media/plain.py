"""Decoded frames as nearly all of them are: 8 bits, 4:2:0, upright.

Of such frames parts can be converted, and what nobody edits is written as it is. Telephones turn
their video by a note in the file, and cameras code 10 bits or more colour: those become plain once,
which costs a millisecond or two, rather than RGB and back. Does not know files.
"""

from av.video.frame import VideoFrame

from synclips.media.color import ColorConverter
from synclips.media.orientation import Orientation
from synclips.media.planes import turned


def can_be_plain(frame: VideoFrame) -> bool:
    """Whether a frame codes luma and two colours, in an even number of rows and columns."""
    parts = frame.format.components
    return (
        not frame.format.is_rgb
        and len(parts) == 3
        and frame.width % 2 == frame.height % 2 == 0  # colour of odd ones would be stretched
    )


def plain(frame: VideoFrame, converter: ColorConverter, orientation: Orientation) -> VideoFrame:
    """The same picture as yuv420p in the coding of a converter, turned upright.

    Args:
        frame: one that `can_be_plain`.
        converter: of its stream.
        orientation: how it must be turned.
    """
    coded = converter.plain(frame)
    if orientation == Orientation():
        return coded
    upright = turned(coded, orientation)
    converter.tag(upright)
    upright.pts, upright.time_base = frame.pts, frame.time_base
    return upright
