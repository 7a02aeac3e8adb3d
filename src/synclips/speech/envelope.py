"""The spectrum of vocoded speech, corrected towards what was recorded.

WORLD estimates the envelope and puts sound together from it, and between the two up to 2.5 dB come
and go, most of all around the first formant. Analysis by synthesis takes that out: resynthesise,
compare mel bands, correct, and again. Knows one sound and its frames; no voices.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synclips.features.mel import MelSpec, hz_to_mel, mel_energies, mel_to_hz, mel_triangles
from synclips.speech.smoothing import smooth
from synclips.speech.world import FFT, FRAMES_PER_SECOND, RATE, Vocoded, synthesise

Array = NDArray[np.float64]

_BANDS = MelSpec(
    rate=RATE,
    window=RATE // 40,
    hop=RATE // FRAMES_PER_SECOND,
    n_fft=FFT,
    n_mels=40,
    fmin=0.0,
    fmax=RATE / 2,
)
_ROUNDS = 3
_VOICED_FRAMES = 1.0  # deviation of the smoothing of a correction
_NOISE_FRAMES = 3.0  # noise is never twice the same, so its chance must not be corrected
_MOST_NEPERS = 2.0  # of power at once
_FLOOR = 1e-9  # of power, 136 dB below a sine of full scale
_LOWEST = 0.7  # of the pitch: what is below is no voice but hum, and not for the vocoder to sing;
_MOST_BELOW = 0.7  # nepers, for what the voice itself leaves there


def corrected(samples: NDArray[np.float32], speech: Vocoded) -> Vocoded:
    """The same speech with an envelope whose resynthesis has the band energies of the recording.

    Args:
        samples: (n,) the recording at `RATE`.
        speech: the recording taken apart.
    """
    wanted = _log_bands(samples, len(speech))
    below = speech.voiced[:, None] & (_centres() < _LOWEST * speech.pitch[:, None])
    most = np.where(below, _MOST_BELOW, np.inf)
    triangles = mel_triangles(_BANDS)
    # What a band is off by is shared out to the bins it covers, between bands in proportion.
    spread = (triangles / np.maximum(triangles.sum(axis=1, keepdims=True), 1e-12)).T
    given = np.zeros_like(wanted)
    better = speech
    for _ in range(_ROUNDS):
        there = _log_bands(synthesise(better, len(samples)), len(speech))
        off = np.clip(wanted - there, -_MOST_NEPERS, _MOST_NEPERS)
        given += np.where(
            speech.voiced[:, None], smooth(off, _VOICED_FRAMES), smooth(off, _NOISE_FRAMES)
        )
        given = np.minimum(given, most)
        better = replace(speech, envelope=speech.envelope + given @ spread)
    return better


def _centres() -> Array:
    """(bands,) Hz."""
    ends = hz_to_mel(_BANDS.fmin), hz_to_mel(_BANDS.fmax)
    return mel_to_hz(np.linspace(*ends, _BANDS.n_mels + 2)[1:-1])


def _log_bands(samples: NDArray[np.float32], count: int) -> Array:
    """(count, bands) natural logarithm of energy at the vocoder's frames."""
    energy: Array = np.log(mel_energies(samples, _BANDS, 0, count) + _FLOOR)
    return energy
