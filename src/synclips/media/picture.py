"""One upright picture, converted only as far as somebody looks at it.

A decoded picture is kept as it is coded. Drawing needs the face in RGB, tracking a rough copy, and
the encoder what it was before; to convert all of it for each of them takes longer than to decode
it. Does not know files or time.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Protocol

from av.video.frame import VideoFrame

from synclips.media.box import Box
from synclips.media.color import PLAIN, ColorConverter, ColorInfo, Image
from synclips.media.orientation import Orientation

_Known = tuple[Box, Image]

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

    def part(self, box: Box) -> Image:
        """The same pixels as `image[box.index]`; not to be written to."""
        ...

    def draft(self) -> Image:
        """The whole picture quickly, RGB (H, W, 3): off by a few levels at edges of colour."""
        ...

    def draft_part(self, box: Box) -> Image:
        """A part as quickly; where that is no quicker, as it is."""
        ...

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """A new frame for the encoder, by its converter; None where only RGB leads there."""
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

    def part(self, box: Box) -> Image:
        """See `Picture`."""
        return self._image[box.index]

    def draft(self) -> Image:
        """See `Picture`."""
        return self._image

    def draft_part(self, box: Box) -> Image:
        """See `Picture`."""
        return self.part(box)

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        return None


@dataclass(frozen=True, eq=False)
class Master:
    """A picture before it was made one of 8 bits, for an encoder that keeps more.

    Attributes:
        frame: luma and two colours, of an even size.
        color: their coding.
        orientation: how it must be turned.
    """

    frame: VideoFrame
    color: ColorInfo
    orientation: Orientation


class DecodedPicture:
    """A picture as the decoder left it; what was converted is kept.

    Args:
        frame: the stored picture.
        size: its width and height; a frame of another size is scaled.
        converter: of the coding of the stream.
        orientation: how the stored picture must be turned.
        master: what an encoder gets instead, if it codes the same colours.
    """

    def __init__(
        self,
        frame: VideoFrame,
        size: tuple[int, int],
        converter: ColorConverter,
        orientation: Orientation,
        master: Master | None = None,
    ) -> None:
        self._frame = frame
        self._master = master
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
        return self.part(Box.whole(self.size))

    def part(self, box: Box) -> Image:
        """See `Picture`."""
        known = self._known
        if known is None or not known[0].holds(box):
            known = self._known = self._convert(box)
        return known[1][box.inside(known[0])]

    def draft(self) -> Image:
        """See `Picture`."""
        return self._orientation.apply(self._converter.to_rough_rgb(self._frame, *self._stored))

    def draft_part(self, box: Box) -> Image:
        """See `Picture`."""
        known = self._known
        if not self._has_parts or (known is not None and known[0].holds(box)):
            return self.part(box)
        wide = _even(box, self.size, 0, _SIDE)
        return self._converter.part_to_rgb(self._frame, wide, rough=True)[box.inside(wide)]

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        master = self._master
        if master is not None and converter.color.common() == master.color.common():
            return converter.copy(master.frame, master.orientation, master.color.range)
        if self._plain and converter.color.codes_as(self._converter.color):
            return converter.copy(self._frame)
        return None

    def _convert(self, box: Box) -> _Known:
        whole = Box.whole(self.size)
        wide = _even(box, self.size, _REACH, _SIDE) if self._has_parts else whole
        if wide == whole:
            rgb = self._converter.to_rgb(self._frame, *self._stored)
            return whole, self._orientation.apply(rgb)
        rgb = self._converter.part_to_rgb(self._frame, wide)
        # What lies at a border inside the picture was converted without its neighbours.
        inner = _even(box, self.size)
        return inner, rgb[inner.inside(wide)]


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
        return self.part(Box.whole(self.size))

    @abstractmethod
    def part(self, box: Box) -> Image:
        """See `Picture`."""

    def draft(self) -> Image:
        """See `Picture`."""
        return self.image

    def draft_part(self, box: Box) -> Image:
        """See `Picture`."""
        return self.part(box)


class EditedPicture(Replaced):
    """A picture of which one rectangle was replaced.

    Args:
        base: the picture.
        box: the rectangle.
        patch: (h, w, 3) RGB that replaces it.
    """

    def __init__(self, base: Picture, box: Box, patch: Image) -> None:
        self._base = base
        # Coded, two by two pixels share a colour.
        self._box = _even(box, base.size)
        self._patch = base.part(self._box).copy()
        self._patch[box.inside(self._box)] = patch

    def part(self, box: Box) -> Image:
        """See `Picture`; made anew each time."""
        image = self._base.part(box).copy()
        edited = self._box.shared(box)
        image[edited.inside(box)] = self._patch[edited.inside(self._box)]
        return image

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`; outside the rectangle nothing is converted, so nothing is rounded."""
        frame = self._base.coded(converter)
        if frame is not None and self._patch.size:
            before = self._base.part(self._box)
            converter.replace(frame, before, self._patch, self._box.top, self._box.left)
        return frame


def _even(box: Box, size: tuple[int, int], reach: int = 0, side: int = 2) -> Box:
    """A box of at least `reach` more on all sides, from even to even, within a height and width.

    Its own sides are multiples of `side`, which is even, where there is room.
    """
    height, width = size
    top, bottom = _even_span(box.top, box.bottom, height, reach, side)
    left, right = _even_span(box.left, box.right, width, reach, side)
    return Box(left, top, right, bottom)


def _even_span(first: int, last: int, length: int, reach: int, side: int) -> tuple[int, int]:
    whole = length + length % 2
    start, stop = max(first - reach, 0), min(last + reach, whole)
    start -= start % 2
    wide = -(-(stop - start) // side) * side
    start = max(min(start, whole - wide), 0)
    return start, min(start + wide, length)
