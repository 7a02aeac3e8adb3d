"""The part of a result in which somebody speaks anew; before and after, it is as filmed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from synclips.errors import InputError
from synclips.media.video import VideoReader
from synclips.render.ramp import ramp
from synclips.render.schedule import Showing

_FADE = 0.12
"""Seconds before and after, in which the new mouth comes and goes."""


@dataclass(frozen=True)
class Passage:
    """A part of a result.

    Attributes:
        start: Seconds of the result; may be before it.
        stop: The same.
    """

    start: Fraction
    stop: Fraction

    def share(self, time: Fraction) -> float:
        """How much of a new mouth shows at a time, 0 to 1; all of it in the passage."""
        away = max(self.start - time, time - self.stop, Fraction(0))
        return float(ramp(np.array(1 - float(away) / _FADE)))

    def within(self, plan: Iterable[Showing]) -> Iterator[Showing]:
        """The same showings, of which only those of the passage show a new mouth."""
        for showing in plan:
            yield replace(showing, share=self.share(showing.moment))


def require_within(reader: VideoReader, at: Fraction) -> None:
    """Refuse a passage that would begin where a video is not.

    Args:
        reader: the video.
        at: seconds after the beginning of its file.

    Raises:
        InputError: it is a picture, or its picture has ended by then.
    """
    info = reader.info
    if info.is_image:
        raise InputError(f"{info.path} is a picture, in which nothing is said; leave --at out.")
    length = reader.length()
    if length is not None and at >= info.start + length:
        raise InputError(
            f"{info.path} ends at {float(info.start + length):.1f} s, before --at"
            f" {float(at):g}; give an earlier time."
        )
