"""How a video codes colour, and the conversion between its planes and RGB.

Knows the code points of ITU-T H.273, which of them the converter can serve and what to assume
when a file says nothing. Converts matrix and range exactly in both directions, so that a pixel
nobody touched comes back as it was; transfer and primaries are only carried along as tags. Does
not know files.
"""

from dataclasses import dataclass, replace
from threading import RLock
from typing import Self

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from numpy.typing import NDArray

from synclips.media.box import Box
from synclips.media.orientation import Orientation
from synclips.media.planes import move, paste, shift, turned

LIMITED, FULL = 1, 2
BT709, BT601 = 1, 6

# H.273 matrix -> the converter's name for it. BT.2020 constant luminance is served as the other.
_MATRICES = {
    1: Colorspace.ITU709,
    4: Colorspace.FCC,
    5: Colorspace.ITU601,
    6: Colorspace.ITU601,
    7: Colorspace.SMPTE240M,
    9: Colorspace.BT2020,
    10: Colorspace.BT2020,
}
MATRIX_NAMES = {
    1: "bt709",
    4: "fcc",
    5: "bt601",
    6: "bt601",
    7: "smpte240m",
    9: "bt2020",
    10: "bt2020",
}
"""What FFmpeg's filters call them."""
# Code points, and the more common ones that mean the same.
_COMMON_MATRIX = {5: BT601}
_COMMON_CURVE = {BT601: BT709, 14: BT709, 15: BT709}
# The default is fast and rounds down: every grey level would lose one on each pass.
_EXACT = Interpolation.BICUBIC | Interpolation.ACCURATE_RND
_TO_RGB = _EXACT | Interpolation.FULL_CHR_H_INT
_FROM_RGB = _EXACT | Interpolation.FULL_CHR_H_INP
# Frames that are kept to be overwritten with parts of others; a face that moves needs 20 sizes.
_MOST_PARTS = 24
# What H.264 files nearly always hold: 8-bit 4:2:0.
PLAIN = ("yuv420p", "yuvj420p")
_DEEP = "yuv420p10le"
_UPRIGHT = Orientation()

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class ColorInfo:
    """Colour coding of a stream, as ITU-T H.273 code points.

    Attributes:
        range: 1 limited (luma 16..235), 2 full (0..255).
        space: Matrix between RGB and YCbCr: 1 BT.709, 5 or 6 BT.601, 9 BT.2020; never unknown.
        primaries: As the file says; 2 where it does not.
        transfer: As the file says; 2 where it does not.
    """

    range: int = LIMITED
    space: int = BT709
    primaries: int = BT709
    transfer: int = BT709

    @classmethod
    def of(cls, frame: VideoFrame) -> Self:
        """Read the coding from a decoded frame and settle what it leaves open.

        An untagged matrix is guessed by size as players do: BT.709 from 1280x720 on, BT.601
        below. A frame that is RGB already gets the default, which every player shows alike.
        """
        if _is_rgb(frame):
            return cls()
        space = frame.colorspace
        if space not in _MATRICES:
            space = BT709 if frame.height >= 720 or frame.width >= 1280 else BT601
        full = frame.color_range == FULL or frame.format.name.startswith("yuvj")
        return cls(FULL if full else LIMITED, space, frame.color_primaries, frame.color_trc)

    def common(self) -> Self:
        """The coding of the same colours that most files have: limited range, few code points."""
        space = _COMMON_MATRIX.get(self.space, self.space)
        transfer = _COMMON_CURVE.get(self.transfer, self.transfer)
        return replace(self, range=LIMITED, space=space, transfer=transfer)

    def codes_as(self, other: Self) -> bool:
        """Whether equal numbers mean equal colours in both."""
        return self.range == other.range and _MATRICES[self.space] == _MATRICES[other.space]


def _is_rgb(frame: VideoFrame) -> bool:
    return frame.format.is_rgb or frame.format.has_palette


def _has_alpha(frame: VideoFrame) -> bool:
    return frame.format.has_palette or any(part.is_alpha for part in frame.format.components)


def _on_white(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W, 4) -> (H, W, 3); the colour under full transparency is whatever was there before."""
    if picture[..., 3].min(initial=255) == 255:
        return np.ascontiguousarray(picture[..., :3])
    opacity = picture[..., 3:].astype(np.float32) / 255
    blended = picture[..., :3] * opacity + 255 * (1 - opacity)
    return np.rint(blended).astype(np.uint8)


class ColorConverter:
    """Converts frames of one coding, one at a time; keep one per stream, it caches its tables.

    Args:
        color: the coding.
        pixels: FFmpeg's name of what frames for an encoder consist of, planar 4:2:0 or 4:2:2.
    """

    def __init__(self, color: ColorInfo, pixels: str = PLAIN[0]) -> None:
        self.color = color
        self.pixels = pixels
        self._matrix = _MATRICES[color.space]
        self._reformatters = VideoReformatter(), VideoReformatter()
        self._cutter = VideoReformatter()
        self._rough = VideoReformatter()
        self._plainer = VideoReformatter()
        self._copiers = VideoReformatter(), VideoReformatter()
        self._parts: dict[tuple[str, int, int], VideoFrame] = {}
        self._lock = RLock()

    def to_rgb(self, frame: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """Convert a decoded frame to RGB (height, width, 3); what is transparent shows white."""
        return self._to_rgb(frame, width, height, self._reformatters[0], _TO_RGB)

    def to_rough_rgb(self, frame: VideoFrame, width: int, height: int) -> NDArray[np.uint8]:
        """As `to_rgb`, but twenty times faster; off by about one level, more where hues meet."""
        return self._to_rgb(frame, width, height, self._rough, Interpolation.BILINEAR)

    def part_to_rgb(self, frame: VideoFrame, box: Box, rough: bool = False) -> NDArray[np.uint8]:
        """Convert a part, from even to even, of a progressive 8-bit 4:2:0 frame of even size.

        But for its rim, where neighbours are missing, it is what `to_rgb`, or `to_rough_rgb`, makes
        of the frame.
        """
        width, height = box.size
        convert = self.to_rough_rgb if rough else self.to_rgb
        if (width, height) == (frame.width, frame.height):
            return convert(frame, width, height)
        with self._lock:
            part = self._part(frame, width, height)
            move(frame, box, part)
            return convert(part, width, height)

    def _part(self, like: VideoFrame, width: int, height: int) -> VideoFrame:
        """A frame of one coding with another, to overwrite; one that was made before if there is.

        Making it takes milliseconds, since the other is scaled: the only way to a frame with the
        same tags, such as where between the pixels the colour lies.
        """
        wanted = like.format.name, width, height
        part = self._parts.pop(wanted, None)
        if part is None:
            part = self._cutter.reformat(like, width, height, interpolation=Interpolation.POINT)
        self._parts[wanted] = part  # the last to be asked for is the last
        if len(self._parts) > _MOST_PARTS:
            del self._parts[next(iter(self._parts))]
        return part

    def _to_rgb(
        self,
        frame: VideoFrame,
        width: int,
        height: int,
        reformatter: VideoReformatter,
        interpolation: Interpolation,
    ) -> NDArray[np.uint8]:
        range_ = FULL if _is_rgb(frame) else self.color.range
        transparent = _has_alpha(frame)
        with self._lock:
            rgb = reformatter.reformat(
                frame,
                width,
                height,
                "rgba" if transparent else "rgb24",
                src_colorspace=self._matrix,
                dst_colorspace=self._matrix,
                interpolation=interpolation,
                src_color_range=range_,
                dst_color_range=ColorRange.JPEG,
                threads=1,
            )
        picture = rgb.to_ndarray().astype(np.uint8, copy=False)
        return _on_white(picture) if transparent else picture

    def plain(self, frame: VideoFrame) -> VideoFrame:
        """A frame of luma and two colours as 8-bit 4:2:0; the same one where it is that already."""
        if frame.format.name in PLAIN:
            return frame
        return self._recoded(frame, self.color.range, PLAIN[0], self._plainer)

    def from_rgb(self, rgb: VideoFrame) -> VideoFrame:
        """Convert an rgb24 frame to one for the encoder."""
        frame = rgb
        # Straight to 8 bits, full-range chroma would be rounded down; by way of 12 it is not.
        by_way = self.color.range == FULL and self.pixels == PLAIN[0]
        steps = ("yuv420p12le", self.pixels) if by_way else (self.pixels,)
        for step, reformatter in zip(steps, self._reformatters, strict=False):
            with self._lock:
                frame = reformatter.reformat(
                    frame,
                    format=step,
                    src_colorspace=self._matrix,
                    dst_colorspace=self._matrix,
                    interpolation=_FROM_RGB,
                    src_color_range=ColorRange.JPEG,
                    dst_color_range=self.color.range,
                    threads=1,
                )
        self.tag(frame)
        return frame

    def copy(
        self, frame: VideoFrame, orientation: Orientation = _UPRIGHT, range_: int | None = None
    ) -> VideoFrame:
        """A frame for the encoder with the picture of one of this coding, and free of a decoder.

        Args:
            frame: luma and two colours, of an even size.
            orientation: how it must be turned.
            range_: of its numbers; that of this coding by default.
        """
        range_ = range_ or self.color.range
        if orientation != _UPRIGHT:
            # Turned, 4:2:2 would be something else.
            deep = frame.format.components[0].bits > 8
            frame = self._recoded(frame, range_, _DEEP if deep else PLAIN[0], self._copiers[0])
            frame, range_ = turned(frame, orientation), self.color.range
        frame = self._recoded(frame, range_, self.pixels, self._copiers[1])
        result = VideoFrame(frame.width, frame.height, self.pixels)
        paste(frame, result, 0, 0)
        self.tag(result)
        return result

    def _recoded(
        self, frame: VideoFrame, range_: int, pixels: str, by: VideoReformatter
    ) -> VideoFrame:
        """The same colours as other pixels; the same frame where they are those already."""
        is_so = frame.format.name == pixels or (pixels == PLAIN[0] and frame.format.name in PLAIN)
        if is_so and range_ == self.color.range:
            return frame
        with self._lock:
            return by.reformat(
                frame,
                format=pixels,
                src_colorspace=self._matrix,
                dst_colorspace=self._matrix,
                interpolation=_EXACT,
                src_color_range=range_,
                dst_color_range=self.color.range,
                threads=1,
            )

    def replace(self, frame: VideoFrame, before: Image, after: Image, top: int, left: int) -> None:
        """Write RGB into a frame for the encoder, from an even row and column on.

        Of more than 8 bits only what differs is written, so that what is equal keeps them all.

        Args:
            frame: one that `copy` or `cut` made.
            before: (h, w, 3) what it shows there, in 8 bits.
            after: (h, w, 3) what it shall show.
            top: the row.
            left: the column.
        """
        new = self.from_rgb(VideoFrame.from_ndarray(after, "rgb24"))
        if self.pixels == PLAIN[0]:
            paste(new, frame, top, left)
            return
        old = self.from_rgb(VideoFrame.from_ndarray(np.ascontiguousarray(before), "rgb24"))
        shift(frame, old, new, top, left)

    def cut(self, frame: VideoFrame, box: Box) -> VideoFrame:
        """A part of a frame that `copy` made, from even to even."""
        part = VideoFrame(*box.size, self.pixels)
        move(frame, box, part)
        self.tag(part)
        return part

    def tag(self, frame: VideoFrame) -> None:
        """Write the coding into a frame."""
        frame.color_range = self.color.range
        frame.colorspace = self.color.space
        frame.color_primaries = self.color.primaries
        frame.color_trc = self.color.transfer
