"""A part of a picture as if it were all there is, and the way back to the whole."""

from av.video.frame import VideoFrame

from synclips.media.color import ColorConverter, paste
from synclips.media.picture import Image, Picture, Replaced, shared


class PartPicture:
    """A part of a picture as if it were all there is; for what is at a border of it.

    Args:
        base: the picture.
        rows: of the part, from even to even.
        columns: of the part, from even to even.
    """

    def __init__(self, base: Picture, rows: slice, columns: slice) -> None:
        self._base = base
        self._rows, self._columns = rows, columns

    @property
    def size(self) -> tuple[int, int]:
        """See `Picture`."""
        return self._rows.stop - self._rows.start, self._columns.stop - self._columns.start

    @property
    def image(self) -> Image:
        """See `Picture`."""
        return self._base.part(self._rows, self._columns)

    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        return self._base.part(_moved(rows, self._rows), _moved(columns, self._columns))

    def draft(self) -> Image:
        """See `Picture`."""
        return self._base.draft_part(self._rows, self._columns)

    def draft_part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`."""
        return self._base.draft_part(_moved(rows, self._rows), _moved(columns, self._columns))

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`."""
        frame = self._base.coded(converter)
        return None if frame is None else converter.cut(frame, self._rows, self._columns)

    def whole(self, edited: Picture) -> Picture:
        """The picture that this one is a part of, with the part replaced by another picture."""
        return _Mounted(self._base, self._rows, self._columns, edited)


class _Mounted(Replaced):
    """A picture of which a rectangle, from even to even, is another picture."""

    def __init__(self, base: Picture, rows: slice, columns: slice, inner: Picture) -> None:
        self._base = base
        self._rows, self._columns = rows, columns
        self._inner = inner

    def part(self, rows: slice, columns: slice) -> Image:
        """See `Picture`; made anew each time."""
        image = self._base.part(rows, columns).copy()
        (top, here), (left, there) = shared(rows, self._rows), shared(columns, self._columns)
        if here.start < here.stop and there.start < there.stop:
            image[top, left] = self._inner.part(here, there)
        return image

    def coded(self, converter: ColorConverter) -> VideoFrame | None:
        """See `Picture`; outside what was edited nothing is converted, so nothing is rounded."""
        frame, inner = self._base.coded(converter), self._inner.coded(converter)
        if frame is None or inner is None:
            return None
        paste(inner, frame, self._rows.start, self._columns.start)
        return frame


def _moved(span: slice, within: slice) -> slice:
    """A span counted from the start of another one, counted from where that one is."""
    return slice(span.start + within.start, span.stop + within.start)
