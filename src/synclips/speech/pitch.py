"""Where a voice moves in pitch, and a melody moved there from another voice.

Knows logarithms of fundamental frequency; no sound and no words.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LEAST_STRETCH = 0.4
_MOST_STRETCH = 4.0  # a flat voice stretched further sings, and sounds like nobody
_SLOW = 10.0  # frames of 5 ms, deviation; what is quicker is no melody, and stretched it is hoarse
_ADDING = 8  # power in which the spreads of melody and rest add up, as measured on speech
_LOUD_DB = 15.0  # below the loud frames; quieter voice creaks, and its pitch is often read wrong
_BINS = np.linspace(np.log(50.0), np.log(600.0), 501)


@dataclass(frozen=True)
class PitchRange:
    """Median in Hz, and the natural logarithm of the 90th over the 10th percentile."""

    median: float
    spread: float


def pitch_range(pitch: ArrayLike, level: ArrayLike) -> PitchRange:
    """Of a contour in Hz, 0 where unvoiced, see `PitchCounts.add`; 0 and 0 without any voice."""
    counts = PitchCounts()
    counts.add(np.asarray(pitch), np.asarray(level))
    return counts.range


class PitchCounts:
    """A histogram of pitch that hears one sentence after the other."""

    def __init__(self) -> None:
        self._counts = np.zeros(len(_BINS) - 1)

    def add(self, pitch: NDArray[np.floating], level: NDArray[np.floating]) -> None:
        """Count the loud voiced frames of a contour.

        Args:
            pitch: (F,) Hz, 0 where unvoiced.
            level: (F,) natural logarithm of power.
        """
        if len(pitch) == 0:
            return
        voiced = pitch[loud(level) & (pitch > 0)].astype(np.float64)
        self._counts += np.histogram(np.log(voiced), _BINS)[0]

    @property
    def range(self) -> PitchRange:
        """Of everything heard; 0 and 0 before anything was."""
        reached = np.concatenate([[0.0], np.cumsum(self._counts)])
        if reached[-1] == 0:
            return PitchRange(0.0, 0.0)
        low, middle, high = np.interp(np.array([0.1, 0.5, 0.9]) * reached[-1], reached, _BINS)
        return PitchRange(float(np.exp(middle)), float(high - low))


def loud(level: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which frames count, by the natural logarithm of power, (F,)."""
    return np.asarray(level > np.percentile(level, 90) - _LOUD_DB * np.log(10) / 10)


def melody(pitch: NDArray[np.float64]) -> NDArray[np.float64]:
    """The slow part of a contour in Hz, which intonation is in; unvoiced stays 0."""
    voiced = np.flatnonzero(pitch > 0)
    slow = np.zeros_like(pitch)
    if len(voiced):
        line = np.interp(np.arange(len(pitch)), voiced, np.log(pitch[voiced]))
        reach = round(4 * _SLOW)
        bell = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / _SLOW))
        smooth = np.convolve(np.pad(line, reach, mode="edge"), bell / bell.sum(), "valid")
        slow[voiced] = np.exp(smooth[voiced])
    return slow


def move_pitch(
    pitch: NDArray[np.float64], heard: PitchRange, slow: PitchRange, wanted: PitchRange
) -> NDArray[np.float64]:
    """A contour in Hz with the median and the spread of another voice.

    A wider contour is brought in as a whole. Of a narrower one only the `melody` is stretched, by
    as much as is missing beside the rest of it.

    Args:
        pitch: (F,) Hz, 0 where unvoiced, which it stays.
        heard: range of what its speaker says.
        slow: range of the `melody` of that.
        wanted: range of the other voice.
    """
    if heard.median == 0 or slow.median == 0 or wanted.median == 0:
        return pitch
    voiced = pitch > 0
    moved = np.zeros_like(pitch)
    if heard.spread > wanted.spread > 0:
        shrink = max(wanted.spread / heard.spread, _LEAST_STRETCH)
        moved[voiced] = wanted.median * (pitch[voiced] / heard.median) ** shrink
        return moved
    stretch = 1.0
    if slow.spread > 0 and wanted.spread > 0:
        quick = max(heard.spread**_ADDING - slow.spread**_ADDING, 0.0)
        stretch = min(
            (wanted.spread**_ADDING - quick) ** (1 / _ADDING) / slow.spread, _MOST_STRETCH
        )
    line = melody(pitch)[voiced]
    moved[voiced] = wanted.median * (line / slow.median) ** stretch * (pitch[voiced] / line)
    return moved
