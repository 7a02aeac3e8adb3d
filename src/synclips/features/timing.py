"""Every rate in synclips, and the exact arithmetic between them.

This file knows how samples, mel frames, lip-motion instants and seconds relate. One convention
holds everywhere: item `i` of a series with rate `r` describes the instant `i / r` seconds after the
start of the sound, and the analysis window of a mel frame is centred there. It does not know video
frame rates: a frame has its own timestamp, and lip motion is sampled at that timestamp by
`interpolate`.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray


def exact_div(numerator: int | Fraction, denominator: int | Fraction) -> int:
    """Divide two rates that must be whole multiples of each other.

    Raises:
        ValueError: The quotient is not a whole number.
    """
    quotient = Fraction(numerator) / Fraction(denominator)
    if quotient.denominator != 1:
        raise ValueError(f"{numerator} is not a whole multiple of {denominator}.")
    return quotient.numerator


SAMPLE_RATE = 16_000  # samples per second of every sound the features see
WINDOW = 400  # samples of one analysis window: 25 ms
HOP = 160  # samples from one mel frame to the next: 10 ms

MEL_RATE = Fraction(SAMPLE_RATE, HOP)  # mel frames, and MFCC frames, per second
MOTION_RATE = Fraction(50)  # lip-motion instants per second
GRID_FRAME_RATE = Fraction(25)  # video frames per second of the GRID corpus

MEL_PER_GRID_FRAME = exact_div(MEL_RATE, GRID_FRAME_RATE)
MEL_PER_MOTION = exact_div(MEL_RATE, MOTION_RATE)
SAMPLES_PER_MOTION = exact_div(SAMPLE_RATE, MOTION_RATE)
MOTION_PER_GRID_FRAME = exact_div(MOTION_RATE, GRID_FRAME_RATE)


def motion_frames(n_samples: int) -> int:
    """Number of lip-motion instants of a sound; instant `k` falls on mel frame `2 k`.

    Raises:
        ValueError: `n_samples` is negative.
    """
    if n_samples < 0:
        raise ValueError(f"A sound cannot have {n_samples} samples.")
    return n_samples // SAMPLES_PER_MOTION + 1


def mel_frame_at(time: Fraction) -> int:
    """Index of the mel or MFCC frame nearest to `time` seconds; halves go to the later one."""
    return (time * MEL_RATE + Fraction(1, 2)).__floor__()


def interpolate(motion: NDArray[np.float32], times: NDArray[np.float64]) -> NDArray[np.float32]:
    """Sample a motion curve at arbitrary times by Catmull-Rom splines.

    The curve passes through every given value and has a continuous velocity (Catmull and Rom 1974,
    "A class of local interpolating splines"), so a 25 fps and a 59.94 fps video show the same
    movement. Times before the first or after the last instant take the value at that end.

    Args:
        motion: (M, D) values; row `k` is the value at `k / MOTION_RATE` seconds.
        times: (N,) seconds, in any order.

    Returns:
        (N, D) values at `times`.

    Raises:
        ValueError: `motion` is not (M, D) with at least one row, or a time is not finite.
    """
    motion = np.asarray(motion, dtype=np.float32)
    seconds = np.asarray(times, dtype=np.float64)
    if motion.ndim != 2 or len(motion) == 0:
        raise ValueError(f"Motion must be (M, D) with M at least 1, not {motion.shape}.")
    if seconds.ndim != 1 or not np.isfinite(seconds).all():
        raise ValueError("Times must be a flat array of finite seconds.")
    last = len(motion) - 1
    # Multiply before dividing: k / 50 * 50 is k exactly for every instant that matters.
    position = np.clip(seconds * MOTION_RATE.numerator / MOTION_RATE.denominator, 0, last)
    index = np.minimum(position.astype(np.int64), max(last - 1, 0))
    t = (position - index).astype(np.float32)[:, None]  # (N, 1) in [0, 1]
    # Beyond the ends the end value is repeated, which clamps the curve there.
    before, here, after, beyond = (motion[np.clip(index + k, 0, last)] for k in (-1, 0, 1, 2))
    slope_here = (after - before) / 2
    slope_after = (beyond - here) / 2
    cubic = 2 * (here - after) + slope_here + slope_after
    square = 3 * (after - here) - 2 * slope_here - slope_after
    values: NDArray[np.float32] = ((cubic * t + square) * t + slope_here) * t + here
    return values


def rows_at(
    values: NDArray[np.floating],
    places: NDArray[np.floating],
    pad: float | NDArray[np.float32] = 0.0,
) -> NDArray[np.float32]:
    """Linear interpolation of (N, D) rows at fractional places; `pad` or (D,) beyond the ends."""
    low = np.floor(places).astype(int)
    weight = (places - low).astype(np.float32)[:, None]
    last = len(values) - 1
    result = (1 - weight) * values[np.clip(low, 0, last)]
    result += weight * values[np.clip(low + 1, 0, last)]
    result[(places < 0) | (places > last)] = pad
    rows: NDArray[np.float32] = result.astype(np.float32, copy=False)
    return rows
