"""How high a voice is, without the vocoder that voice conversion needs.

Knows samples and hertz; not who speaks, nor where in a recording.
"""

import numpy as np
import soxr
from numpy.typing import NDArray

_RATE = 8000
_WINDOW, _HOP = 400, 80  # samples: 50 and 10 ms
_LOWEST, _HIGHEST = 65, 400  # Hz
_VOICED = 0.6  # correlation of a sound with itself a period later, from which it is voiced
_SHORTER = 0.9  # of the best one: a shorter period as good as that is the period
_LOUD_DB = 15.0  # below the loud frames; in quieter ones noise counts
_FEWEST = 20  # voiced frames: 0.2 s


def median_pitch(samples: NDArray[np.float32], rate: int) -> float | None:
    """Median of the fundamental frequency of the loud voiced frames, in Hz.

    Args:
        samples: (n,) mono speech.
        rate: samples per second.

    Returns:
        None where hardly anything is voiced.

    Source: Boersma, Accurate short-term analysis of the fundamental frequency and the
    harmonics-to-noise ratio of a sampled sound, 1993: the autocorrelation of a windowed sound
    divided by that of the window; here without a path through the candidates, since only the
    median is asked for.
    """
    sound = np.asarray(soxr.resample(samples, rate, _RATE, "HQ"), np.float64)
    if len(sound) < _WINDOW:
        return None
    frames = np.lib.stride_tricks.sliding_window_view(sound, _WINDOW)[::_HOP]
    power = np.square(frames).mean(axis=1)
    loud = power > max(float(np.quantile(power, 0.95)) * 10 ** (-_LOUD_DB / 10), 1e-10)
    window = np.hanning(_WINDOW)
    frames = (frames[loud] - frames[loud].mean(axis=1, keepdims=True)) * window
    short, long = _RATE // _HIGHEST, _RATE // _LOWEST
    own = _autocorrelation(window)
    like = _autocorrelation(frames)[:, : long + 2] / own[: long + 2]
    like /= like[:, :1] + 1e-12
    middle = like[:, 1:-1]
    peak = (middle >= like[:, :-2]) & (middle > like[:, 2:])
    heights = np.where(peak, middle, 0.0)[:, short - 1 : long]
    best = heights.max(axis=1)
    voiced = best > _VOICED
    if voiced.sum() < _FEWEST:
        return None
    first = (heights[voiced] >= _SHORTER * best[voiced, None]).argmax(axis=1)
    return float(_RATE / np.median(first + short))


def _autocorrelation(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    """(..., n) -> (..., n)."""
    spectrum = np.fft.rfft(frames, 2 * _WINDOW)
    return np.fft.irfft(np.square(np.abs(spectrum)))[..., :_WINDOW]
