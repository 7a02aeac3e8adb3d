"""Where the eyes of a portrait are: the lids and the brows of a face that was found already.

Video needs none of this, its people blink. Does not know what becomes of the eyes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import (
    BROWS,
    EYE_CORNERS,
    KEPT,
    LOWER_LIDS,
    RIGID_SLOTS,
    UPPER_LIDS,
)
from synclips.faces.small import FACE_MESH_SIDE, small
from synclips.faces.tracker import start_mesh

Points = NDArray[np.float32]

# Eye distances between where the face is and where it is found again: more is another face.
_SAME_FACE = 0.15


@dataclass(frozen=True, eq=False)
class Eye:
    """One eye, in pixels of the picture.

    Attributes:
        upper: (9, 2) edge of the upper lid, from the left corner to the right one.
        lower: (9, 2) edge of the lower lid, between the same corners.
        brow: (5, 2) lower edge of the brow, left to right.
    """

    upper: Points
    lower: Points
    brow: Points

    @property
    def width(self) -> float:
        """Between its corners, pixels."""
        return float(np.linalg.norm(self.upper[-1] - self.upper[0]))

    @property
    def openness(self) -> float:
        """Height over width; about .3 of an open eye."""
        return float(np.linalg.norm(self.upper - self.lower, axis=1).max()) / self.width


def find_eyes(image: NDArray[np.uint8], points: Points) -> tuple[Eye, ...]:
    """The two eyes of a face, that on the left of the picture first.

    Args:
        image: (H, W, 3) RGB.
        points: (P, 3) landmarks of the face, pixels.

    Returns:
        None of them if the face is not found again where it was.
    """
    mesh = _mesh(image, points)
    if mesh is None:
        return ()
    distance = float(np.linalg.norm(np.subtract(*points[EYE_CORNERS])))
    apart = np.linalg.norm((mesh[KEPT] - points[:, :2])[RIGID_SLOTS], axis=1).mean()
    if apart > _SAME_FACE * distance:
        return ()
    return tuple(
        Eye(mesh[list(upper)], mesh[list(lower)], mesh[list(brow)])
        for upper, lower, brow in zip(UPPER_LIDS, LOWER_LIDS, BROWS, strict=True)
    )


def _mesh(image: NDArray[np.uint8], points: Points) -> Points | None:
    """(478, 2) all points of the face mesh in and around a face, pixels."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    reach = 0.5 * float((high - low).max())
    x0, y0 = np.maximum(low - reach, 0).astype(int)
    x1, y1 = np.ceil(high + reach).astype(int)
    part = image[y0:y1, x0:x1]
    with start_mesh(follows=False) as graph:
        found = graph.process(
            np.ascontiguousarray(small(part, FACE_MESH_SIDE))
        ).multi_face_landmarks
    if not found:
        return None
    height, width = part.shape[:2]
    return np.array(
        [(x0 + point.x * width, y0 + point.y * height) for point in found[0].landmark], np.float32
    )
