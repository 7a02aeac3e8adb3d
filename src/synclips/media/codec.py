"""What the pictures of a result can be coded as, and what each keeps of the video.

Knows FFmpeg's encoders and how they are set. Does not know files.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from synclips.media.color import PLAIN, ColorInfo

# x264's macroblock tree reads memory it never wrote; without it equal frames, equal files. Looking
# for motion in parts of macroblocks takes 30 % of its time, and saves 0.5 to 3 % of the size (of
# a video that x264 had made itself with it, 7 % and 0.8 dB, at 50 dB). To
# search where pictures may refer to later ones takes 10 %, and saves at most 2 % and 0.4 dB.
_X264 = "mbtree=0:partitions=i4x4,i8x8:me=dia:b-adapt=0"
# With pictures that refer to later ones x265 makes up times of videos of one or two frames.
_X265 = "bframes=0:log-level=none"


@dataclass(frozen=True)
class Codec:
    """A way to code pictures.

    Attributes:
        name: as users know it.
        encoder: FFmpeg's name of what does it.
        suffixes: of files that it can be in.
        pixels: FFmpeg's name of what a frame of 8 bits consists of for it.
        deep_pixels: the same of a frame of more bits; None where it keeps 8 only, and no HDR.
        settings: of the encoder.
        tells_color: whether files tell every coding of colour; if not, only what is common.
        has_rate_factor: whether a constant rate factor is one of them.
        tag: four letters by which players know it in MP4 and QuickTime; the encoder's by default.
    """

    name: str
    encoder: str
    suffixes: tuple[str, ...]
    pixels: str
    deep_pixels: str | None
    settings: Mapping[str, str]
    tells_color: bool = True
    has_rate_factor: bool = True
    tag: str | None = None

    @property
    def keeps_depth(self) -> bool:
        """Whether more than 8 bits, and HDR, stay what they are."""
        return self.deep_pixels is not None

    def options(self, crf: int) -> dict[str, str]:
        """Settings of the encoder for a constant rate factor."""
        return dict(self.settings) | ({"crf": str(crf)} if self.has_rate_factor else {})

    def color_for(self, color: ColorInfo) -> ColorInfo:
        """How it codes colour that a source codes so."""
        return color if self.tells_color else color.common()

    def pixels_for(self, bits: int) -> str:
        """What frames consist of that had so many bits a sample."""
        return self.deep_pixels if bits > 8 and self.deep_pixels is not None else self.pixels


CODECS = {
    one.name: one
    for one in (
        Codec(
            "h264",
            "libx264",
            (".mp4", ".mov", ".mkv"),
            PLAIN[0],
            None,
            {"preset": "veryfast", "x264-params": _X264},
        ),
        Codec(
            "hevc",
            "libx265",
            (".mp4", ".mov", ".mkv"),
            PLAIN[0],
            "yuv420p10le",
            {"preset": "superfast", "x265-params": _X265},
            tag="hvc1",  # the only one that Apple's players take
        ),
        Codec(
            "prores",
            "prores",
            (".mov", ".mkv"),
            "yuv422p10le",
            "yuv422p10le",
            {"profile": "3"},  # 422 HQ
            tells_color=False,
            has_rate_factor=False,
        ),
    )
}
"""All of them by name, the usual one first."""
