"""Which points of the face mesh synclips keeps, and what each group is for.

Indices are those of the MediaPipe face mesh (468 points plus 10 of the irises). Everything after
the tracker works on the `KEPT` points only, in this file's order, and addresses them through the
`Slots` below; no other file knows a mesh index.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

# fmt: off
LIPS_OUTER: Final = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409,
                     291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LIPS_INNER: Final = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415,
                     308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
# Skin that the lips drag along: one ring around the mouth, then the chin.
LIP_RING: Final = (57, 186, 92, 165, 167, 164, 393, 391, 322, 410, 287,
                   273, 335, 406, 313, 18, 83, 182, 106, 43)
CHIN: Final = (202, 204, 194, 201, 200, 421, 418, 424, 422, 199, 175, 208, 428, 212, 432)
JAW: Final = (132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361)
# Skull-fixed points: speech does not move them, so the head's pose is read from them.
RIGID: Final = (33, 133, 362, 263, 168, 6, 197, 195, 5, 4, 10, 151, 9, 8, 127, 356, 234, 454,
                21, 251, 54, 284, 103, 332, 67, 297, 109, 338, 193, 417, 122, 351, 98, 327, 2)
# Cheeks and nose wings: tracked, hardly moved by speech; they hold the warp still.
CHEEK: Final = (50, 280, 205, 425, 36, 266, 123, 352, 116, 345, 147, 376, 213, 433, 64, 294)
# The eyes, that on the left of the picture first. They are not kept: only portraits blink. Edges of
# the upper and the lower lid from corner to corner, and the lower edge of the brow, left to right.
UPPER_LIDS: Final = ((33, 246, 161, 160, 159, 158, 157, 173, 133),
                     (362, 398, 384, 385, 386, 387, 388, 466, 263))
LOWER_LIDS: Final = ((33, 7, 163, 144, 145, 153, 154, 155, 133),
                     (362, 382, 381, 380, 374, 373, 390, 249, 263))
BROWS: Final = ((46, 53, 52, 65, 55), (285, 295, 282, 283, 276))
# fmt: on

KEPT: Final[NDArray[np.intp]] = np.array(
    LIPS_OUTER + LIPS_INNER + LIP_RING + CHIN + JAW + RIGID + CHEEK, dtype=np.intp
)
"""Mesh indices of the kept points; axis P of every landmark array after the tracker."""


def _slots(group: tuple[int, ...]) -> NDArray[np.intp]:
    order = {int(index): slot for slot, index in enumerate(KEPT)}
    return np.array([order[index] for index in group], dtype=np.intp)


OUTER: Final = _slots(LIPS_OUTER)
INNER: Final = _slots(LIPS_INNER)
LIPS: Final = np.concatenate([OUTER, INNER])
RING: Final = _slots(LIP_RING)
RIGID_SLOTS: Final = _slots(RIGID)
CHEEK_SLOTS: Final = _slots(CHEEK)
JAW_SLOTS: Final = _slots(JAW)
MOUTH: Final = np.arange(len(LIPS_OUTER + LIPS_INNER + LIP_RING + CHIN + JAW), dtype=np.intp)
"""Slots of every point that speech moves: lips, ring, chin and jaw come first in `KEPT`."""

EYE_CORNERS: Final = _slots((33, 263))
"""Outer eye corners; their distance in three dimensions is the inter-ocular distance."""
MOUTH_CORNERS: Final = _slots((61, 291))
# The three middle pairs of the inner lip, upper and lower: their gap is the mouth opening.
GAP_UPPER: Final = _slots((82, 13, 312))
GAP_LOWER: Final = _slots((87, 14, 317))
# All facing pairs of the inner lip, corners left out; a closed mouth brings each pair together.
INNER_UPPER: Final = _slots((191, 80, 81, 82, 13, 312, 311, 310, 415))
INNER_LOWER: Final = _slots((95, 88, 178, 87, 14, 317, 402, 318, 324))
# The points of the outer lip across from them.
OUTER_UPPER: Final = _slots((185, 40, 39, 37, 0, 267, 269, 270, 409))
OUTER_LOWER: Final = _slots((146, 91, 181, 84, 17, 314, 405, 321, 375))

# Skin beside the mouth in which a smile has its folds, on each side of the picture, and the lower
# part of the nose; each is within the hull of its points.
FOLDS: Final = (
    _slots((98, 64, 36, 205, 212, 202, 43, 61, 186, 92)),
    _slots((327, 294, 266, 425, 432, 422, 273, 291, 410, 322)),
)
NOSE: Final = _slots((64, 98, 2, 327, 294, 4, 5))


def mouth_opening(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Mean gap of the inner lips, (..., P, 2 or 3) -> (...), in the unit of `points`."""
    gap = points[..., GAP_LOWER, :] - points[..., GAP_UPPER, :]
    length: NDArray[np.floating] = np.linalg.norm(gap, axis=-1).mean(axis=-1)
    return length


def mouth_width(points: NDArray[np.floating]) -> NDArray[np.floating]:
    """Distance of the mouth corners, (..., P, 2 or 3) -> (...), in the unit of `points`."""
    corners = points[..., MOUTH_CORNERS, :]
    width: NDArray[np.floating] = np.linalg.norm(corners[..., 1, :] - corners[..., 0, :], axis=-1)
    return width
