"""Frames that show the very picture of the frame before, as films of fewer frames do.

Where 15 or 20 pictures a second were made 25, or a camera could not keep up, the head stands for a
frame and then goes on. Lips that go on meanwhile do not belong to it, and a pose that is smoothed
over such steps is wrong in every frame. Reads pictures, knows nothing of what is done with it.
"""

from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# Of 68 clips of people who talk 11 have 11 to 38 % of their frames repeated so, and one 4 %; of the
# others at most 2 % of the frames are taken for it: a head that turns stands as still.
_STILL = 0.2
"""Share of the changes around it by which a picture that is the same may change."""
_MOVES = 0.5
"""Mean levels by which pictures of a face must change around it, or nobody sees it stand."""
_LONGEST = Fraction(1, 10)
"""Seconds; a picture that stands for longer is a still one, in which lips go on."""

_SIDE = 64  # pixels of a face that is compared


class Repeats:
    """Compares each face with that of the frame before."""

    def __init__(self) -> None:
        self._before: NDArray[np.uint8] | None = None
        self._times: list[Fraction] = []
        self._changes: list[float] = []

    def add(self, time: Fraction, image: NDArray[np.uint8], points: Array | None) -> None:
        """The next frame.

        Args:
            time: seconds.
            image: (H, W, 3) RGB; the next call looks at it as well.
            points: (P, 3) landmarks in pixels; None without a face.
        """
        before, self._before = self._before, image
        self._times.append(time)
        change = np.nan
        if before is not None and points is not None and before.shape == image.shape:
            change = _change(before, image, points)
        self._changes.append(change)

    def pictures(self) -> NDArray[np.int32] | None:
        """The number of the picture that each frame shows, (N,); None where none is repeated."""
        repeated = repeats(np.array(self._changes), self._times)
        return np.cumsum(~repeated, dtype=np.int32) if repeated.any() else None


def repeats(changes: NDArray[np.float64], times: Sequence[Fraction]) -> NDArray[np.bool_]:
    """Which frames show the picture of the frame before, (N,).

    Args:
        changes: (N,) by how much each differs from the frame before; NaN where that is unknown.
        times: of the frames, seconds.
    """
    repeated = np.zeros(len(changes), bool)
    begin = 1
    while begin < len(changes) - 1:
        end = _standing(changes, times, begin)
        repeated[begin:end] = True
        begin = end + 1 if end > begin else begin + 1
    return repeated


def _standing(changes: NDArray[np.float64], times: Sequence[Fraction], begin: int) -> int:
    """Where the frames end that show the picture before `begin`; `begin` where there are none."""
    for end in range(begin + 1, len(changes)):
        if times[end - 1] - times[begin - 1] > _LONGEST:
            break
        around = np.minimum(changes[begin - 1], changes[end])  # NaN where one of them is
        if around >= _MOVES and (changes[begin:end] <= _STILL * around).all():
            return end
    return begin


def _change(before: NDArray[np.uint8], image: NDArray[np.uint8], points: Array) -> float:
    """Mean levels between two pictures where a face is in the second."""
    low = np.maximum(np.floor(points[:, :2].min(axis=0)).astype(int), 0)
    high = np.maximum(np.ceil(points[:, :2].max(axis=0)).astype(int), low)
    part = slice(low[1], high[1]), slice(low[0], high[0])
    if 0 in image[part].shape:
        return np.nan
    step = max(1, min(image[part].shape[:2]) // (2 * _SIDE))
    old, new = (
        np.asarray(
            cv2.resize(one[part][::step, ::step], (_SIDE, _SIDE), interpolation=cv2.INTER_AREA),
            np.int16,
        )
        for one in (before, image)
    )
    return float(np.abs(new - old).mean())
