"""Crops of one person laid out alike, so that each pixel shows the same part of the face.

A smooth warp by landmarks to places that stay the same for all frames; with those places fixed it
is one product of matrices per frame. Knows nothing of what the pictures show.
"""

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from synclips.render.sampling import moved
from synclips.render.warp import CONTROL, flow_matrix

Array = NDArray[np.float32]

_GRID = 24


class Layout:
    """Where everything lies.

    Args:
        points: (P, 2) landmarks in crop pixels.
        size: side of the crops S.
    """

    def __init__(self, points: Array, size: int) -> None:
        self._points = points
        self._size = size
        self._matrix = flow_matrix(torch.from_numpy(points), size, _GRID).numpy()

    def lay(self, crop: NDArray[np.uint8 | np.float32], points: Array) -> Array:
        """A crop (S, S, ...) with landmarks (P, 2) as the layout has it, in the same range."""
        return moved(crop, self._flow(points))

    def back(self, field: Array, points: Array) -> Array:
        """What the layout has (S, S), at the pixels of a crop with landmarks (P, 2)."""
        # Exactly, at the cost of a matrix of its own: few frames are asked for.
        return Layout(points, self._size).lay(field, self._points)

    def _flow(self, points: Array) -> Array:
        """(S, S, 2) from a pixel of the layout to where a frame has it."""
        moves = (points - self._points)[CONTROL]
        coarse = (self._matrix @ moves).reshape(_GRID, _GRID, 2)
        return np.asarray(cv2.resize(coarse, (self._size, self._size)), np.float32)
