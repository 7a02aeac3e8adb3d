"""A part of a picture as if it were all there is, and the way back to the whole."""

from av.video.frame import VideoFrame

from synclips.media.box import Box
from synclips.media.color import ColorConverter, Image
from synclips.media.picture import Picture, Replaced
from synclips.media.planes import paste


class PartPicture:
    """A part of a picture as if it were all there is; for what is at a border of it.

    Args:
        base: the picture.
        box: the part, from even to even.
    """

    def __init__(self, base: Picture, box: Box) -> None:
        self._base = base
        self._box = box

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        width, height = self._box.size
        return height, width

    @property
    def image(self) -> Image:
        """See `Picture`."""
        return self._base.part(self._box)

    def part(self, box: Box) -> Image:
        """See `Picture`."""
        return self._base.part(box.moved(self._box.left, self._box.top))

    def draft(self) -> Image:
        """See `Picture`."""
        return self._base.draft_part(self._box)

    def draft_part(self, box: Box) -> Image:
        """See `Picture`."""
        return self._base.draft_part(box.moved(self._box.left, self._box.top))

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        frame = self._base.coded(converter)
        return None if frame is None else converter.cut(frame, self._box)

    def whole(self, edited: Picture) -> Picture:
        """The picture that this one is a part of, with the part replaced by another picture."""
        return _Mounted(self._base, self._box, edited)


class _Mounted(Replaced):
    """A picture of which a rectangle, from even to even, is another picture."""

    def __init__(self, base: Picture, box: Box, inner: Picture) -> None:
        self._base = base
        self._box = box
        self._inner = inner

    def part(self, box: Box) -> Image:
        """See `Picture`; made anew each time."""
        image = self._base.part(box).copy()
        inner = self._box.shared(box)
        if 0 not in inner.size:
            there = inner.moved(-self._box.left, -self._box.top)
            image[inner.inside(box)] = self._inner.part(there)
        return image

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`; outside what was edited nothing is converted, so nothing is rounded."""
        frame, inner = self._base.coded(converter), self._inner.coded(converter)
        if frame is None or inner is None:
            return None
        paste(inner, frame, self._box.top, self._box.left)
        return frame
