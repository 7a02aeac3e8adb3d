"""Rows of numbers averaged over time."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def smooth(rows: Array, deviation: float) -> Array:
    """Rows averaged over time with a Gaussian, ends repeated, (F, D).

    Args:
        rows: (F, D), F at least 1.
        deviation: of the Gaussian, rows.
    """
    reach = int(np.ceil(3 * deviation))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / deviation) ** 2)
    padded = np.pad(rows, ((reach, reach), (0, 0)), "edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, len(kernel), axis=0)
    result: Array = views @ (kernel / kernel.sum())
    return result
