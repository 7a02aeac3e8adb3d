"""What is said at every instant, as numbers that depend little on who says it.

Two views side by side: what an audio encoder of `synclips-1` hears of phones and the movement of
lips, trained on many speakers; and cepstra with their slopes, whose mean and deviation over the
speaker are taken out. Knows no voices: frames of two speakers are near each other when they say the
same.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.features.loudness import loudness_gain
from synclips.features.mel import MelSpec, mel_triangles
from synclips.features.mfcc import cosine_basis
from synclips.features.timing import MOTION_RATE
from synclips.hearing.hearing import hear
from synclips.models.audio_encoder import AudioEncoder
from synclips.models.weights import SPEECH_WEIGHTS, load_network
from synclips.speech.world import FFT, FRAMES_PER_SECOND, RATE, Vocoded

Array = NDArray[np.float64]

CEPSTRA = 14
_SLOPE_WEIGHT = 0.7
_HEARD_WEIGHT = 0.7
_SLOPE_REACH = 4  # frames: 20 ms to either side
_OUTLIER = 4.0  # deviations
_BANDS = MelSpec(rate=RATE, window=FFT, n_fft=FFT, hop=120, n_mels=40, fmin=60.0, fmax=8000.0)


@dataclass(frozen=True, eq=False)
class Statistics:
    """Sums from which mean and deviation of features follow; grows without growing.

    Attributes:
        count: Frames seen.
        total: (D,) sum.
        square: (D,) sum of squares.
    """

    count: int
    total: Array
    square: Array

    @classmethod
    def of(cls, rows: Array) -> Self:
        """Of (F, D) frames."""
        return cls(len(rows), rows.sum(axis=0), np.square(rows).sum(axis=0))

    def plus(self, other: "Statistics") -> "Statistics":
        """Of the frames of both."""
        return Statistics(
            self.count + other.count, self.total + other.total, self.square + other.square
        )

    def standardised(self, rows: Array) -> Array:
        """Frames less the mean, in deviations, (F, D)."""
        mean = self.total / max(self.count, 1)
        variance = self.square / max(self.count, 1) - mean**2
        result: Array = (rows - mean) / (np.sqrt(np.maximum(variance, 0)) + 1e-3)
        return result


def raw_content(samples: NDArray[np.float32], speech: Vocoded) -> Array:
    """Features before standardising, (F, D).

    Args:
        samples: (n,) the sound at `SAMPLE_RATE`.
        speech: the same sound taken apart.
    """
    return np.concatenate([_cepstra(speech), listen(samples, len(speech))], axis=1)


def listen(samples: NDArray[np.float32], count: int) -> Array:
    """What the audio encoder makes of a sound, (count, width), at the vocoder's frames.

    Args:
        samples: (n,) at `SAMPLE_RATE`.
        count: frames.
    """
    encoder = _listener()
    sound = torch.from_numpy(hear(samples, loudness_gain(samples)))
    with torch.inference_mode():
        found = encoder(sound[None])[0].numpy()
    pace = float(MOTION_RATE) / FRAMES_PER_SECOND
    place = np.clip(np.arange(count) * pace, 0, len(found) - 1)
    low = place.astype(int)
    share = (place - low)[:, None]
    after = np.minimum(low + 1, len(found) - 1)
    result: Array = found[low] * (1 - share) + found[after] * share
    return result


def heard_part(raw: Array) -> Array:
    """The part of `raw_content` that `listen` gives, (F, width)."""
    return raw[:, 2 * CEPSTRA :]


def content(raw: Array, statistics: Statistics) -> Array:
    """Features of unit length, (F, D), whose product says how alike two frames are."""
    rows = np.clip(statistics.standardised(raw), -_OUTLIER, _OUTLIER)
    weight = np.full(rows.shape[1], _HEARD_WEIGHT / np.sqrt(rows.shape[1] - 2 * CEPSTRA))
    weight[: 2 * CEPSTRA] = 1 / np.sqrt(2 * CEPSTRA)
    weight[CEPSTRA : 2 * CEPSTRA] *= _SLOPE_WEIGHT
    rows = rows * weight
    unit: Array = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return unit


def _cepstra(speech: Vocoded) -> Array:
    """(F, 2 CEPSTRA): coefficients and their slopes (Furui 1986)."""
    bands = mel_triangles(_BANDS)
    energy = np.exp(speech.envelope) @ (bands / bands.sum(axis=0))
    values = np.log(energy + 1e-12) @ cosine_basis(_BANDS.n_mels, CEPSTRA)
    padded = np.pad(values, ((_SLOPE_REACH, _SLOPE_REACH), (0, 0)), "edge")
    steps = np.arange(-_SLOPE_REACH, _SLOPE_REACH + 1)
    views = np.lib.stride_tricks.sliding_window_view(padded, len(steps), axis=0)
    return np.concatenate([values, views @ steps / np.sum(steps**2)], axis=1)


@lru_cache(maxsize=1)
def _listener() -> AudioEncoder:
    """The ear of `synclips-1` when what is alike was chosen; it stays when lips are trained anew.

    Thresholds of `clarity` hang on it, and so does what is kept in profiles.
    """
    encoder = AudioEncoder(width=128, depth=4, heads=4, reach=16, dropout=0.0)
    return load_network(encoder, SPEECH_WEIGHTS / "content.safetensors")
