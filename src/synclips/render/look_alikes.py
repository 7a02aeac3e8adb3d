"""Which segments of a clip show the same face in the same light.

Told from their crops, so roughly that nobody is recognised: other light, another camera or glasses
make another face of it.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.faces.look import as_look

# Mean levels between two looks that are one face in one light, where faces have a mean level of
# `_MIDDLE`: in the dark, at the end of a fade, all are alike otherwise. Of 68 clips of people who
# talk 64 have halves of which some two looks are so near; of different people the nearest are 17.9
# apart.
_ALIKE, _MIDDLE = 10.0, 128.0
# Looks of a segment that are compared; some pairs of so many are alike in pose and mouth too.
_COMPARED = 6


class LookAlikes:
    """The looks of the segments of one clip.

    Args:
        count: of segments.
    """

    def __init__(self, count: int) -> None:
        self._looks: list[list[NDArray[np.uint8]]] = [[] for _ in range(count)]

    def add(self, segment: int, crop: NDArray[np.uint8]) -> None:
        """One more frame of a segment, aligned (S, S, 3)."""
        self._looks[segment].append(as_look(crop).astype(np.uint8))

    def of(self, segment: int) -> list[int]:
        """The other segments that look like one, the most alike first."""
        own = self._some(segment)
        distances = [_distance(own, self._some(other)) for other in range(len(self._looks))]
        order = sorted(range(len(distances)), key=distances.__getitem__)
        return [other for other in order if other != segment and distances[other] <= _ALIKE]

    def _some(self, segment: int) -> NDArray[np.uint8]:
        looks = self._looks[segment]
        return np.array(looks[:: -(-len(looks) // _COMPARED) or 1])


def _distance(looks: NDArray[np.uint8], others: NDArray[np.uint8]) -> float:
    """Between the two nearest of some looks (N, ...) and others (M, ...), as if equally bright."""
    if 0 in (len(looks), len(others)):
        return float("inf")
    gaps = np.abs(looks[:, None].astype(np.int16) - others[None]).mean(axis=(2, 3, 4))
    means = (some.mean(axis=(1, 2, 3)) for some in (looks, others))
    bright = np.add.outer(*means) / 2
    return float((gaps * _MIDDLE / np.maximum(bright, 1)).min())
