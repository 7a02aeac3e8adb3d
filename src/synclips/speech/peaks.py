"""Sound kept below full scale, without clipping it."""

import numpy as np
from numpy.typing import NDArray

from synclips.features.mel import hann

_PEAK = 0.97
_REACH = 5  # milliseconds before and after a peak in which it is turned down


def limited(samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
    """Sound whose peaks are turned down to less than full scale, smoothly and in advance.

    Args:
        samples: (n,).
        rate: samples per second.
    """
    if not len(samples) or np.abs(samples).max() <= _PEAK:
        return samples
    block = max(rate // 1000, 1)
    count = -(-len(samples) // block)
    peaks = np.abs(np.pad(samples, (0, count * block - len(samples)))).reshape(count, block)
    wanted = np.minimum(1, _PEAK / np.maximum(peaks.max(axis=1), 1e-9))
    padded = np.pad(wanted, 2 * _REACH + 1, constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * _REACH + 3).min(axis=1)
    window = hann(2 * _REACH + 2)[1:]
    gain = np.convolve(lowest, window / window.sum(), "valid")  # (count,)
    place = (np.arange(len(samples)) + 0.5) / block - 0.5
    return samples * np.interp(place, np.arange(count), gain).astype(np.float32)
