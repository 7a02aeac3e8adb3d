"""Where the inner edges of lips run, and places along a mouth, of landmarks level with the head.

In the unit of the landmarks, whatever it is. Knows points, no pictures.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER

Array = NDArray[np.float32]


def corners(lips: Array) -> tuple[float, float]:
    """How far to the right the corners of a mouth (P, 2) are."""
    return float(lips[INNER[0], 0]), float(lips[INNER[10], 0])


def along(lips: Array, u: Array) -> Array:
    """How far to the right places are as shares of the way from corner to corner, any shape."""
    left, right = corners(lips)
    return (u - left) / max(right - left, 1e-3)


def across(lips: Array, shares: Array) -> Array:
    """The way back from `along`."""
    left, right = corners(lips)
    return left + shares * (right - left)


def lip_edges(lips: Array, u: Array) -> tuple[Array, Array]:
    """Where the edge of the upper lip runs, and how far below that of the lower one does.

    Args:
        lips: (P, 2) landmarks, level with the head.
        u: places along the mouth, any shape, in the same unit.
    """
    upper, lower = lips[INNER[:11]], lips[np.concatenate([INNER[10:], INNER[:1]])]
    heights = []
    for edge in (upper, lower):
        order = np.argsort(edge[:, 0])
        heights.append(np.interp(u, edge[order, 0], edge[order, 1]).astype(np.float32))
    top, bottom = heights
    return top, np.maximum(bottom - top, 0)
