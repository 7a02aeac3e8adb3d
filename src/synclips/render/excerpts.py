"""Pictures of the speaker to look at, `grid-gan` and `wav2lip`: of each stretch an excerpt.

Small crops, chosen by landmarks, read in one streaming pass over the frames.
"""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, crop_to_image
from synclips.faces.segment import Segment
from synclips.faces.shape import LipShape
from synclips.features.timing import GRID_FRAME_RATE
from synclips.render.performance import Read
from synclips.render.view import crop_of


def collect_excerpts(
    read: Read,
    segments: Iterable[Segment],
    times: Sequence[Fraction],
    count: int,
    shape: LipShape,
    spec: CropSpec,
) -> list[NDArray[np.uint8]]:
    """One excerpt of reference pictures per segment, from one pass over the frames.

    An excerpt surrounds the frame whose mouth is nearest rest, at 25 per second as in training,
    whatever the rate of the video; the ends of a short segment are repeated.

    Args:
        read: gives the frames of the clip with the given indices, in order.
        segments: of the clip; each is looked at once and dropped.
        times: of all frames of the clip.
        count: pictures per excerpt T.
        shape: the space of the lips.
        spec: geometry of the crops.

    Returns:
        Per segment (T, S, S, 3) RGB.
    """
    excerpts: list[NDArray[np.uint8]] = []
    wanted: dict[int, tuple[int, list[int], NDArray[np.float64]]] = {}
    for number, segment in enumerate(segments):
        excerpts.append(np.zeros((count, spec.size, spec.size, 3), np.uint8))
        indices = _around_rest(segment, times, count, shape)
        to_image = crop_to_image(segment.pose, shape.template, spec)
        for index in sorted(set(indices)):
            places = [place for place, other in enumerate(indices) if other == index]
            local = index - segment.frames.start
            wanted[index] = (number, places, to_image[local].copy())
    for frame in read(wanted.keys()):
        number, places, place_in_frame = wanted[frame.index]
        excerpts[number][places] = crop_of(frame.picture, place_in_frame, spec.size)
    return excerpts


def _around_rest(
    segment: Segment, times: Sequence[Fraction], count: int, shape: LipShape
) -> list[int]:
    """Frames of the clip around the mouth nearest rest, as near to 25 per second as there are."""
    lips = shape.evened(segment.coefficients)
    first, stop = segment.frames.start, segment.frames.stop
    rest = times[first + int(np.square(lips).sum(axis=1).argmin())]
    indices = []
    for step in range(count):
        time = rest + (step - count // 2) / GRID_FRAME_RATE
        after = bisect_left(times, time, first, stop - 1)
        nearer_before = after > first and time - times[after - 1] <= times[after] - time
        indices.append(after - 1 if nearer_before else after)
    return indices
