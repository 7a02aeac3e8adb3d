"""A ramp with soft ends, by which pictures and movements pass into each other."""

import numpy as np
from numpy.typing import NDArray


def ramp(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """0 below 0, 1 above 1, level at both ends (smoothstep: 3 x^2 - 2 x^3), as exact as given."""
    inside = np.clip(values, 0, 1)
    result: NDArray[np.floating] = inside * inside * (3 - 2 * inside)
    return result
