"""How much the look of a mouth changes from one frame to the next, its movement set aside.

Mouths are laid out alike by their landmarks, half open, so that lips, teeth and skin stay where
they are while the mouth moves. What still changes is teeth and tongue that come and go, shine,
shade, and in a drawn mouth whatever jumps. Knows pictures and landmarks, nothing of files.
"""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.evaluation.metrics import luma
from synclips.faces.landmarks import EYE_CORNERS, INNER_LOWER, LIPS, MOUTH, OUTER, OUTER_LOWER
from synclips.faces.shape import LipShape
from synclips.render.layout import Layout
from synclips.render.view import view

Array = NDArray[np.float32]

_SIZE = 96  # pixels of the layout for one eye distance
_OPEN = 0.12  # eye distances between the lips of the layout
_AROUND = 4  # pixels around the lips that count


class Flicker:
    """Follows one mouth over the frames of a clip.

    Args:
        shape: whose mean face lays mouths out; the same for all that is compared.
    """

    def __init__(self, shape: LipShape) -> None:
        places = _half_open(shape.template)
        self._layout = Layout(places, _SIZE)
        lips = np.zeros((_SIZE, _SIZE), np.uint8)
        cv2.fillConvexPoly(lips, cv2.convexHull(np.rint(places[OUTER]).astype(np.int32)), 1)
        self._lips = cv2.dilate(lips, np.ones((2 * _AROUND + 1,) * 2)) > 0
        self._before: Array | None = None

    def step(self, image: NDArray[np.uint8], points: Array | None) -> float:
        """Look at the next frame.

        Args:
            image: (H, W, 3) RGB.
            points: (P, 2 or 3) its landmarks in pixels; None where it shows no face.

        Returns:
            Mean absolute difference of the luma from the frame before, 0 to 255; NaN where one of
            the two shows no face.
        """
        now = None if points is None else self._look(image, points[:, :2])
        before, self._before = self._before, now
        return math.nan if now is None or before is None else float(np.abs(now - before).mean())

    def _look(self, image: NDArray[np.uint8], points: Array) -> Array:
        """Luma of the pixels of the layout that count, (n,)."""
        left, right = points[EYE_CORNERS]
        # A similarity: crop pixels to pixels of the picture, level with the eyes.
        (a, b), middle = (right - left) / _SIZE, points[LIPS].mean(axis=0)
        turn = np.array([[a, -b], [b, a]], np.float64)
        to_image = np.column_stack([turn, middle - turn @ np.full(2, _SIZE / 2)])
        own = ((points - middle) @ np.linalg.inv(turn).T + _SIZE / 2).astype(np.float32)
        seen = luma(view(image, to_image, _SIZE)).astype(np.float32)
        return self._layout.lay(seen, own)[self._lips]


def _half_open(face: Array) -> Array:
    """The places of a face (P, 3), mouth closed, in the layout with an open mouth, (P, 2)."""
    places = face[:, :2].copy()
    lower = np.union1d(INNER_LOWER, OUTER_LOWER)
    below = MOUTH[places[MOUTH, 1] > places[OUTER_LOWER, 1].mean()]
    places[np.union1d(lower, below), 1] += _OPEN
    centred: Array = (places - places[LIPS].mean(axis=0)) * _SIZE + _SIZE / 2
    return centred.astype(np.float32)
