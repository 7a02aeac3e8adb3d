"""One upright picture, converted only as far as somebody looks at it.

A decoded picture is kept as it is coded. Drawing needs the face in RGB, tracking a rough copy, and
the encoder what it was before; to convert all of it for each of them takes longer than to decode
it. Does not know files or time.
"""

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from synclips.media.color import PLAIN, ColorConverter, paste
from synclips.media.orientation import Orientation

Image = NDArray[np.uint8]
_Known = tuple[slice, slice, Image]

# Pixels beyond a part that its own pixels depend on, because colour is interpolated.
_REACH = 8
# Sides of what is converted are multiples of this: a converter has to get ready for every new size.
_SIDE = 32


class Picture(Protocol):
    """An upright picture."""

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, pixels."""
        ...

    @property
    def image(self) -> Image:
        """The whole picture as RGB (H, W, 3); not to be written to."""
        ...

    def part(self, rows: slice, columns: slice) -> Image:
        """The same pixels as `image[rows, columns]`; not to be written to."""
        ...

    def draft(self) -> Image:
        """The whole picture quickly, RGB (H, W, 3): off by a few levels at edges of colour."""
        ...

    def draft_part(self, rows: slice, columns: slice) -> Image:
        """A part as quickly; where that is no quicker, as it is."""
        ...

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """A new frame, 4:2:0 in the coding of a converter; None where only RGB leads there."""
        ...


class RgbPicture:
    """A picture that is RGB (H, W, 3) already."""

    def __init__(self, image: Image) -> None:
        self._image = image

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        height, width = self._image.shape[:2]
        return height, width

    @property
    def image(self) -> Image:
        """See `Picture`."""
        return self._image

    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        return self._image[rows, columns]

    def draft(self) -> Image:
        """See `Picture`."""
        return self._image

    def draft_part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        return self.part(rows, columns)

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        return None


class DecodedPicture:
    """A picture as the decoder left it; what was converted is kept.

    Args:
        frame: the stored picture.
        size: its width and height; a frame of another size is scaled.
        converter: of the coding of the stream.
        orientation: how the stored picture must be turned.
    """

    def __init__(
        self,
        frame: VideoFrame,
        size: tuple[int, int],
        converter: ColorConverter,
        orientation: Orientation,
    ) -> None:
        self._frame = frame
        self._stored = size
        self._converter = converter
        self._orientation = orientation
        self._plain = (
            frame.format.name in PLAIN
            and (frame.width, frame.height) == size
            and frame.width % 2 == frame.height % 2 == 0  # colour of odd ones is stretched
            and orientation == Orientation()
        )
        # Two fields share no colour, and a part might begin with the other one.
        self._has_parts = self._plain and not frame.interlaced_frame
        self._known: _Known | None = None

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        width, height = self._stored
        return (width, height) if self._orientation.transpose else (height, width)

    @property
    def image(self) -> Image:
        """See `Picture`."""
        height, width = self.size
        return self.part(slice(0, height), slice(0, width))

    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        known = self._known
        if known is None or not _shows(known, rows, columns):
            known = self._known = self._convert(rows, columns)
        return known[2][
            rows.start - known[0].start : rows.stop - known[0].start,
            columns.start - known[1].start : columns.stop - known[1].start,
        ]

    def draft(self) -> Image:
        """See `Picture`."""
        return self._orientation.apply(self._converter.to_rough_rgb(self._frame, *self._stored))

    def draft_part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        known = self._known
        if not self._has_parts or (known is not None and _shows(known, rows, columns)):
            return self.part(rows, columns)
        height, width = self.size
        wide = _even(rows, height, 0, _SIDE), _even(columns, width, 0, _SIDE)
        rgb = self._converter.part_to_rgb(self._frame, *wide, rough=True)
        return rgb[
            rows.start - wide[0].start : rows.stop - wide[0].start,
            columns.start - wide[1].start : columns.stop - wide[1].start,
        ]

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        if self._plain and converter.color.codes_as(self._converter.color):
            return converter.copy(self._frame)
        return None

    def _convert(self, rows: slice, columns: slice) -> _Known:
        height, width = self.size
        if self._has_parts:
            wide = _even(rows, height, _REACH, _SIDE), _even(columns, width, _REACH, _SIDE)
            if wide != (slice(0, height), slice(0, width)):
                rgb = self._converter.part_to_rgb(self._frame, *wide)
                # What lies at a border inside the picture was converted without its neighbours.
                rows, columns = _even(rows, height), _even(columns, width)
                top, left = rows.start - wide[0].start, columns.start - wide[1].start
                inner = rgb[
                    top : top + rows.stop - rows.start, left : left + columns.stop - columns.start
                ]
                return rows, columns, inner
        rgb = self._converter.to_rgb(self._frame, *self._stored)
        return slice(0, height), slice(0, width), self._orientation.apply(rgb)


class Replaced(ABC):
    """A picture of which a rectangle is another one; asked for anew each time."""

    _base: Picture

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        return self._base.size

    @property
    def image(self) -> Image:
        """See `Picture`; made anew each time."""
        height, width = self.size
        return self.part(slice(0, height), slice(0, width))

    @abstractmethod
    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""

    def draft(self) -> Image:
        """See `Picture`."""
        return self.image

    def draft_part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        return self.part(rows, columns)


class EditedPicture(Replaced):
    """A picture of which one rectangle was replaced.

    Args:
        base: the picture.
        rows: of the rectangle.
        columns: of the rectangle.
        patch: (h, w, 3) RGB that replaces it.
    """

    def __init__(self, base: Picture, rows: slice, columns: slice, patch: Image) -> None:
        self._base = base
        height, width = base.size
        # Coded, two by two pixels share a colour.
        self._rows, self._columns = _even(rows, height), _even(columns, width)
        self._patch = base.part(self._rows, self._columns).copy()
        top, left = rows.start - self._rows.start, columns.start - self._columns.start
        self._patch[top : top + patch.shape[0], left : left + patch.shape[1]] = patch

    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`; made anew each time."""
        image = self._base.part(rows, columns).copy()
        (top, here), (left, there) = shared(rows, self._rows), shared(columns, self._columns)
        image[top, left] = self._patch[here, there]
        return image

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`; outside the rectangle nothing is converted, so nothing is rounded."""
        frame = self._base.coded(converter)
        if frame is not None and self._patch.size:
            patch = converter.from_rgb(VideoFrame.from_ndarray(self._patch, "rgb24"))
            paste(patch, frame, self._rows.start, self._columns.start)
        return frame


def _shows(known: _Known, rows: slice, columns: slice) -> bool:
    return _within(rows, known[0]) and _within(columns, known[1])


def shared(span: slice, other: slice) -> tuple[slice, slice]:
    """What two spans share, counted from the start of each; empty where that is nothing."""
    start = max(span.start, other.start)
    stop = max(min(span.stop, other.stop), start)
    return (
        slice(start - span.start, stop - span.start),
        slice(start - other.start, stop - other.start),
    )


def _within(inner: slice, outer: slice) -> bool:
    return bool(outer.start <= inner.start and inner.stop <= outer.stop)


def _even(span: slice, length: int, reach: int = 0, side: int = 2) -> slice:
    """A span of at least `reach` more on both sides, from even to even, within a length.

    Its own length is a multiple of `side`, which is even, where there is room.
    """
    whole = length + length % 2
    start, stop = max(span.start - reach, 0), min(span.stop + reach, whole)
    start -= start % 2
    wide = -(-(stop - start) // side) * side
    start = max(min(start, whole - wide), 0)
    return slice(start, min(start + wide, length))
