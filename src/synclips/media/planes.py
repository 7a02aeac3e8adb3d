"""The memory of frames: luma and two colours, each an array that can be written to.

Carries pixels from frame to frame without converting them, so that none is rounded. Does not know
what their numbers mean.
"""

from typing import Any

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from synclips.media.box import Box
from synclips.media.orientation import Orientation


def planes(frame: VideoFrame) -> list[NDArray[Any]]:
    """Luma and two colours, (rows, samples a row) each, uint8, or uint16 of more than 8 bits.

    Rows may be longer than the picture is wide.
    """
    kind = np.uint8 if frame.format.components[0].bits <= 8 else np.uint16
    return [
        np.frombuffer(plane, kind).reshape(  # type: ignore[call-overload]
            -1, plane.line_size // kind().itemsize
        )
        for plane in frame.planes
    ]


def move(source: VideoFrame, box: Box, target: VideoFrame, top: int = 0, left: int = 0) -> None:
    """Copy a part of a frame into another one of the same format.

    Args:
        source: the frame.
        box: the part, from even to even.
        target: the frame that is written to.
        top: even row of it at which the part begins.
        left: even column likewise.
    """
    for (across, down), here, there in zip(
        _steps(source), planes(source), planes(target), strict=True
    ):
        part = here[box.top // down : box.bottom // down]
        part = part[:, box.left // across : box.right // across]
        height, width = part.shape
        y, x = top // down, left // across
        there[y : y + height, x : x + width] = part


def paste(part: VideoFrame, frame: VideoFrame, top: int, left: int) -> None:
    """Write a frame into another one of the same format, at an even row and column."""
    move(part, Box(0, 0, part.width, part.height), frame, top, left)


def shift(frame: VideoFrame, before: VideoFrame, after: VideoFrame, top: int, left: int) -> None:
    """Change a frame by what two frames of the same format differ, from an even row and column on.

    What is equal in both stays as it is, to the bit. Codes that interfaces reserve, the lowest and
    highest of 8 bits and their like, are not reached.
    """
    bits = frame.format.components[0].bits
    unit = 1 << (bits - 8)
    for (across, down), target, old, new in zip(
        _steps(frame), planes(frame), planes(before), planes(after), strict=True
    ):
        height, width = after.height // down, after.width // across
        y, x = top // down, left // across
        place = target[y : y + height, x : x + width]
        change = new[:height, :width].astype(np.int32) - old[:height, :width]
        moved = np.clip(place + change, unit, 255 * unit - 1)
        np.copyto(place, moved.astype(place.dtype), where=change != 0)


def turned(frame: VideoFrame, orientation: Orientation) -> VideoFrame:
    """A 4:2:0 frame upright, in new memory without tags.

    Where colour lies between the pixels is not turned with it, which is half a pixel at most.
    """
    height, width = frame.height, frame.width
    if orientation.transpose:
        height, width = width, height
    upright = VideoFrame(width, height, frame.format.name)
    for (across, down), source, target in zip(
        _steps(frame), planes(frame), planes(upright), strict=True
    ):
        stored = source[: frame.height // down, : frame.width // across]
        target[: height // down, : width // across] = orientation.view(stored)
    return upright


def _steps(frame: VideoFrame) -> list[tuple[int, int]]:
    """Of each plane the pixels per sample, along a row and down a column."""
    fine = 16  # pixels; a multiple of every step
    colour = fine // frame.format.chroma_width(fine), fine // frame.format.chroma_height(fine)
    return [(1, 1), colour, colour]
