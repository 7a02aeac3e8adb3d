"""The lip motion that a clip shows, at the instants at which sound is heard.

Frames have their own times; whoever learns lips from sound needs both on one grid. Knows segments
of a track, not how they were found.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.faces.segment import Segment
from synclips.features.timing import MOTION_RATE

SHORTEST = 10
"""Frames; of a shorter piece the head pose is not known well enough."""


def lip_motion(
    segments: Iterable[Segment], times: Sequence[Fraction], instants: range, size: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Resample the lips of segments to motion instants.

    Args:
        segments: pieces of one clip, in order.
        times: of all frames of the clip, seconds.
        instants: which instants, `k / MOTION_RATE` seconds, without gaps.
        size: coefficients K of a lip shape.

    Returns:
        (T, K) coefficients, 0 where no segment is, and (T,) where one is.
    """
    seconds = np.array(instants) / float(MOTION_RATE)
    motion = np.zeros((len(seconds), size), np.float32)
    valid = np.zeros(len(seconds), bool)
    for segment in segments:
        if len(segment) < SHORTEST:
            continue
        at = np.array([float(time) for time in times[segment.frames]])
        inside = (seconds >= at[0]) & (seconds <= at[-1])
        for k in range(size):
            motion[inside, k] = np.interp(seconds[inside], at, segment.coefficients[:, k])
        valid |= inside
    return motion, valid
