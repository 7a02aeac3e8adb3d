"""What a video says about itself, before its pictures are looked at."""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from synclips.media.color import ColorInfo


@dataclass(frozen=True)
class VideoInfo:
    """What a video says about itself; sizes are upright, after its rotation was undone.

    Attributes:
        path: The file.
        width: Pixels; of a still at most 3840 along its longer side and 2160 along the other.
        height: Pixels.
        frame_rate: Average frames per second, the frames' own times are what counts; of a still
            those of what is made of it.
        time_base: Seconds per tick; every frame time is a multiple of it.
        start: Seconds from the beginning of the file (of sound or picture) to the first frame.
        sample_aspect_ratio: Width of a pixel over its height, upright.
        frame_count: The container's claim, good for a progress bar only.
        duration: Seconds of picture, the container's claim.
        is_image: Whether this is a still picture.
        is_hdr: Whether it is coded as HDR; its pictures are SDR.
        keeps_depth: Whether for an encoder pictures are HDR where it is, and of as many bits.
        is_interlaced: Whether its first frame consists of two fields; pictures are made of both.
        timecode: Of the first frame, hours:minutes:seconds:frames, as editors count; None without.
        bits: Of a sample, of a still those of what is made of it.
        color: How pictures code colour, for a writer that should do the same.
    """

    path: Path
    width: int
    height: int
    frame_rate: Fraction
    time_base: Fraction
    start: Fraction
    sample_aspect_ratio: Fraction
    frame_count: int | None
    duration: Fraction | None
    is_image: bool
    is_hdr: bool
    keeps_depth: bool
    is_interlaced: bool
    timecode: str | None
    bits: int
    color: ColorInfo

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a video made of its pictures is not, a sentence each."""
        told = []
        if self.is_hdr and not self.keeps_depth:
            told.append(f"{self.path} is HDR, the result is SDR: bright lights are less bright.")
        if self.is_interlaced:
            told.append(f"{self.path} is interlaced, the result is not: two fields make a picture.")
        return tuple(told)
