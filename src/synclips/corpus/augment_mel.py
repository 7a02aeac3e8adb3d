"""Changes to log-mel that make training data more varied than it is.

On log-mel channels, noise, gain and voices are simple arithmetic; the lip motion that belongs to it
is changed along where the change is audible (silence). The motion stage hears this;
`augment_sound` changes the waveform. Draws from the generator it is given and from nothing else.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.features.mel import MelSpec
from synclips.features.timing import MEL_PER_MOTION

Array = NDArray[np.float32]

_DECIBEL = np.log(10) / 10  # natural-log energy per decibel


@dataclass(frozen=True)
class SoundAugmentation:
    """How strongly sound is changed.

    Attributes:
        gain_db: standard deviation of the level.
        channel_db: standard deviation of a smooth frequency response.
        formant_shift: largest relative shift of the spectrum (other vocal tracts).
        noise_probability: share of samples with added noise, 0 to 40 dB below the speech.
        narrow_probability: share of samples limited to a telephone-like band.
        silence_probability: share of samples with a stretch of silence and resting lips.
    """

    gain_db: float = 4.0
    channel_db: float = 4.0
    formant_shift: float = 0.15
    noise_probability: float = 0.5
    narrow_probability: float = 0.1
    silence_probability: float = 0.35


def augment_sound(
    mel: Array, motion: Array, spec: MelSpec, how: SoundAugmentation, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Change log-mel (B, F, M) and motion (B, T, K); returns changed copies."""
    batch, frames, bands = mel.shape
    energy_log = mel * spec.scale + spec.mean
    motion = motion.copy()
    energy_log = _shift_formants(energy_log, how.formant_shift, rng)
    cosines = np.cos(np.pi * np.outer(np.arange(5), (np.arange(bands) + 0.5) / bands))
    response = rng.normal(size=(batch, 5)) * how.channel_db / np.array([9e9, 1.4, 1.4, 2.0, 2.0])
    level = rng.normal(size=(batch, 1)) * how.gain_db
    energy_log = energy_log + ((response @ cosines + level) * _DECIBEL)[:, None]
    for index in range(batch):
        if rng.random() < how.narrow_probability:
            low, high = int(rng.integers(0, 8)), int(rng.integers(bands * 2 // 3, bands))
            energy_log[index, :, :low] -= 30 * _DECIBEL
            energy_log[index, :, high:] -= 40 * _DECIBEL
        if rng.random() < how.silence_probability:
            _silence(energy_log[index], motion[index], rng)
        if rng.random() < how.noise_probability:
            loud = float(np.quantile(energy_log[index], 0.9))
            floor = loud - rng.uniform(5, 45) * _DECIBEL
            tilt = rng.normal() * 6 * _DECIBEL * np.linspace(-1, 1, bands)
            noise = floor + tilt + rng.normal(size=(frames, bands)) * 0.6
            energy_log[index] = np.logaddexp(energy_log[index], noise)
    energy_log = np.maximum(energy_log, np.log(spec.floor))
    return ((energy_log - spec.mean) / spec.scale).astype(np.float32), motion


def _shift_formants(energy_log: Array, largest: float, rng: np.random.Generator) -> Array:
    """Vocal tract length perturbation on mel bands (Jaitly and Hinton 2013), per sample."""
    batch, _, bands = energy_log.shape
    result = np.empty_like(energy_log)
    for index in range(batch):
        places = np.clip(np.arange(bands) * (1 + rng.uniform(-largest, largest)), 0, bands - 1)
        low = np.minimum(places.astype(int), bands - 2)
        weight = (places - low).astype(np.float32)
        below, above = energy_log[index][:, low], energy_log[index][:, low + 1]
        result[index] = below * (1 - weight) + above * weight
    return result


def _silence(energy_log: Array, motion: Array, rng: np.random.Generator) -> None:
    """Cut a stretch of sound away in place; the lips come to rest within a fifth of a second."""
    length = len(motion)
    size = int(rng.integers(length // 5, length))
    start = int(rng.integers(-size // 2, length - size // 2))
    stop = min(start + size, length)
    first = max(start, 0)
    level = float(np.quantile(energy_log, 0.02)) - rng.uniform(0, 3)
    span = slice(first * MEL_PER_MOTION, stop * MEL_PER_MOTION)
    energy_log[span] = level + rng.normal(size=energy_log[span].shape) * 0.3
    away = np.minimum(np.arange(first, stop) - start, stop - 1 - np.arange(first, stop))
    if start <= 0:
        away = stop - 1 - np.arange(first, stop)
    if stop >= length:
        away = np.arange(first, stop) - start if start > 0 else np.full(stop - first, length)
    motion[first:stop] *= np.clip(1 - away / 8, 0, 1)[:, None] ** 2
