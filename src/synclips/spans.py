"""Where something holds for a while in a series: the spans of True."""

import numpy as np
from numpy.typing import NDArray


def spans_of(holds: NDArray[np.bool_]) -> NDArray[np.intp]:
    """First and behind the last index of each span of True, (N,) -> (S, 2) in order."""
    return np.flatnonzero(np.diff(np.r_[False, holds, False])).reshape(-1, 2)
