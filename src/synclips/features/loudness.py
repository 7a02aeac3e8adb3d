"""How loud a sound is, and when somebody speaks in it.

This file brings every sound to one loudness before features are taken, and marks the instants of
speech so that silence and steady noise do not move the lips. It knows energy only: no words, no
voices, and music counts as speech.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pyloudnorm
from numpy.typing import NDArray

from synclips.features.mel import hann, padded
from synclips.features.timing import MEL_RATE, MOTION_RATE, SAMPLE_RATE
from synclips.media.spool import Rows
from synclips.spans import spans_of

TARGET_LUFS = -23.0  # EBU R 128
_SILENT_LUFS = -60.0
_MAX_GAIN_DB = 30.0
_GATING_BLOCK = Fraction(2, 5)  # seconds, the shortest sound ITU-R BS.1770 can measure

_LONGEST_MEASURED = 60  # seconds measured at once

_BAND = (100.0, 4000.0)  # Hz, of speech
BLOCK_FRAMES = 2048  # 41 s of sound at once


def normalise_loudness(
    samples: NDArray[np.float32], rate: int = SAMPLE_RATE, target_lufs: float = TARGET_LUFS
) -> tuple[NDArray[np.float32], float]:
    """Bring a sound to one integrated loudness (ITU-R BS.1770-4).

    For features only: peaks may exceed 1.

    Args:
        samples: (n,) mono sound, full scale 1.
        rate: Samples per second.
        target_lufs: Loudness of the result.

    Returns:
        The sound (the same array where nothing changes) and the gain in dB.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    gain_db = loudness_gain(samples, rate, target_lufs)
    return (samples * np.float32(10 ** (gain_db / 20)) if gain_db else samples), gain_db


def loudness_gain(
    samples: Rows, rate: int = SAMPLE_RATE, target_lufs: float = TARGET_LUFS
) -> float:
    """The gain in dB that brings a sound to an integrated loudness (ITU-R BS.1770-4).

    0 for a sound shorter than the 0.4 s gating block or quieter than -60 LUFS, and never more than
    30 dB, so that silence is never amplified into speech.

    Args:
        samples: (n,) mono sound, full scale 1.
        rate: Samples per second.
        target_lufs: Loudness wanted.

    Raises:
        ValueError: `samples` is not flat.
    """
    _require_mono(samples)
    if len(samples) < _GATING_BLOCK * rate:
        return 0.0
    loudness = _integrated_loudness(samples, rate)
    if not loudness >= _SILENT_LUFS:  # also -inf and nan
        return 0.0
    return min(target_lufs - float(loudness), _MAX_GAIN_DB)


def _integrated_loudness(samples: Rows, rate: int) -> float:
    """LUFS; of a long sound minute by minute, because the filters need many times its memory.

    Minutes more than 10 dB below their mean are left out, as the standard does with its blocks.
    """
    meter = pyloudnorm.Meter(rate)
    length = len(samples)
    count = max(1, length // (_LONGEST_MEASURED * rate))
    edges = [length * part // count for part in range(count + 1)]
    parts = (samples[first:last] for first, last in pairwise(edges))
    power = 10 ** (np.array([meter.integrated_loudness(part) for part in parts]) / 10)
    loud = power >= power.mean() / 10
    mean = float(power[loud].mean())
    return 10 * float(np.log10(mean)) if mean > 0 else -np.inf


_ONSET_DB = 8.0  # above the noise floor: speech begins
_HYSTERESIS_DB = 4.0  # this far below the onset level: speech ends
_VARIED_DB = 6.0  # steady noise varies less than this, speech more
_RANGE_DB = 32.0  # this far below the loud parts: breath and furniture
_ABSOLUTE_DBFS = -60.0  # nothing quieter is speech
DIGITAL_SILENCE_DBFS = -90.0  # padding, not the noise of the room
_LOOK_AHEAD = 0.06  # seconds: lips part before the sound
_RELEASE = 0.15  # seconds: and close after it
SHORTEST = 0.06  # seconds: anything shorter is a click


def speech_activity(samples: Rows, rate: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """Mark the instants of speech by an energy gate between 100 and 4000 Hz.

    The noise floor is the 10th percentile of the level. Speech begins 8 dB above it (or 6 dB below
    the loud parts, where talk without pauses hides the floor; and never lower than 32 dB below
    them) and lasts until 4 dB less. Pauses too short for the lips to rest are bridged, clicks are
    dropped. The result rises over the 60 ms before speech and falls over the 150 ms after it.

    Call it on the sound as recorded: `_ABSOLUTE_DBFS`, below which nothing is speech, means nothing
    after `normalise_loudness`.

    Args:
        samples: (n,) mono sound, full scale 1.
        rate: Samples per second.

    Returns:
        (M,) values from 0 (no speech) to 1, at `MOTION_RATE`; M is `floor(50 n / rate) + 1`.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    _require_mono(samples)
    level = band_level(samples, rate)
    audible = level[level > DIGITAL_SILENCE_DBFS]
    if len(audible) == 0:
        return np.zeros(len(level), dtype=np.float32)
    noise, loud = np.percentile(audible, [10, 95])
    onset = noise + _ONSET_DB
    if loud - noise >= _VARIED_DB:
        onset = min(onset, loud - _VARIED_DB)
    onset = max(onset, loud - _RANGE_DB, _ABSOLUTE_DBFS)

    starts, stops = spans_of(level >= max(onset - _HYSTERESIS_DB, _ABSOLUTE_DBFS)).T
    spoken = np.array([level[a:b].max() >= onset for a, b in zip(starts, stops, strict=True)], bool)
    starts, stops = _bridge(starts[spoken], stops[spoken], _instants(_LOOK_AHEAD + _RELEASE))
    lasting = stops - starts >= _instants(SHORTEST)
    return _ramps(starts[lasting], stops[lasting], len(level))


def fade_to_silence(
    heard: NDArray[np.float32], active: NDArray[np.float32], silence: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Features that are those of digital silence where nobody speaks.

    Args:
        heard: (F, C) log-mel or cepstra.
        active: (M,) share of speech at `MOTION_RATE`, 0 to 1; begins with `heard`.
        silence: (C,) a row of digital silence.

    Returns:
        (F, C).
    """
    pace = float(MOTION_RATE / MEL_RATE)
    share = np.interp(np.arange(len(heard)) * pace, np.arange(len(active)), active)
    faded: NDArray[np.float32] = (silence + share[:, None] * (heard - silence)).astype(np.float32)
    return faded


def band_level(samples: Rows, rate: int) -> NDArray[np.float64]:
    """Level of the sound between 100 and 4000 Hz, where speech is, at every motion instant.

    Returns:
        (M,) dBFS, not below -120; the 40 ms Hann windows are centred on the instants.
    """
    instants_per, seconds = MOTION_RATE.as_integer_ratio()
    count = len(samples) * instants_per // (rate * seconds) + 1
    half = round(rate / MOTION_RATE)
    window = hann(2 * half)
    frequency = np.fft.rfftfreq(2 * half, 1 / rate)
    is_speech = (frequency >= _BAND[0]) & (frequency <= _BAND[1])
    weight = is_speech * 2 / (2 * half * np.sum(window**2))
    level = np.empty(count)
    for first in range(0, count, BLOCK_FRAMES):
        instants = np.arange(first, min(first + BLOCK_FRAMES, count))
        # Nearest samples, halves later, without leaving the integers.
        centres = (2 * instants * rate * seconds + instants_per) // (2 * instants_per)
        span = padded(samples, int(centres[0]) - half, int(centres[-1]) + half)
        views = np.lib.stride_tricks.sliding_window_view(span, 2 * half)
        spectrum = np.fft.rfft(views[centres - centres[0]] * window)
        power = (spectrum.real**2 + spectrum.imag**2) @ weight
        level[instants] = 10 * np.log10(np.maximum(power, 1e-12))
    return level


def _require_mono(samples: Rows) -> None:
    if samples.ndim != 1:
        raise ValueError(f"Sound must be a flat array of mono samples, not {samples.shape}.")


def _instants(seconds: float) -> int:
    return round(seconds * float(MOTION_RATE))


def _bridge(
    starts: NDArray[np.intp], stops: NDArray[np.intp], longest: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Join spans whose gap is at most `longest` instants."""
    apart = starts[1:] - stops[:-1] > longest
    return starts[np.r_[True, apart][: len(starts)]], stops[np.r_[apart, True][: len(stops)]]


def _ramps(starts: NDArray[np.intp], stops: NDArray[np.intp], count: int) -> NDArray[np.float32]:
    """Ones inside the spans, linear ramps around them, the larger where two ramps meet."""
    instants = np.arange(count)
    activity = np.zeros(count)
    rise, fall = _instants(_LOOK_AHEAD) + 1, _instants(_RELEASE) + 1
    for start, stop in zip(starts, stops, strict=True):
        near = slice(max(start - rise, 0), stop + fall)
        before = 1 - (start - instants[near]) / rise
        after = 1 - (instants[near] - stop + 1) / fall
        activity[near] = np.maximum(activity[near], np.clip(np.minimum(before, after), 0, 1))
    return activity.astype(np.float32)
