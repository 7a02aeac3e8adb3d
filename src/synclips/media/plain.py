"""Decoded frames as nearly all of them are: 8 bits, 4:2:0, upright.

Of such frames parts can be converted, and what nobody edits is written as it is. Telephones turn
their video by a note in the file, and cameras code 10 bits or more colour: those become plain once,
which costs a millisecond or two, rather than RGB and back. Does not know files.
"""

from av.video.frame import VideoFrame

from synclips.media.color import ColorConverter, planes
from synclips.media.orientation import Orientation


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

    Where colour lies between the pixels is not turned with it, which is half a pixel at most.

    Args:
        frame: one that `can_be_plain`.
        converter: of its stream.
        orientation: how it must be turned.
    """
    coded = converter.plain(frame)
    if orientation == Orientation():
        return coded
    height, width = coded.height, coded.width
    if orientation.transpose:
        height, width = width, height
    upright = VideoFrame(width, height, coded.format.name)
    for source, target, step in zip(planes(coded), planes(upright), (1, 2, 2), strict=True):
        stored = source[: coded.height // step, : coded.width // step]
        target[: height // step, : width // step] = orientation.view(stored)
    converter.tag(upright)
    upright.pts, upright.time_base = frame.pts, frame.time_base
    return upright
