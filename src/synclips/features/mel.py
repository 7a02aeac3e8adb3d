"""Log-mel energies of a sound: what the audio encoder hears.

This file knows one short-time analysis, described completely by `MelSpec`, which is stored in every
checkpoint so that training and inference cannot disagree. It does not know files, loudness or
networks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.features.timing import HOP, SAMPLE_RATE, WINDOW
from synclips.specification import Specification

BLOCK_FRAMES = 4096  # 41 s of sound: about 35 MB while it is analysed


@dataclass(frozen=True)
class MelSpec(Specification):
    """One short-time mel analysis, without pre-emphasis or dither.

    Frame `i` is the Hann-windowed span of `window` samples centred on sample `i * hop`; sound
    beyond either end is zero. Its power spectrum (no scaling) is summed by triangles of height 1,
    evenly spaced on the mel scale of Slaney's Auditory Toolbox (1998), which librosa and Whisper
    use too.

    Attributes:
        rate: Samples per second of the sound.
        window: Samples per analysis window, even so that a frame has a centre sample.
        hop: Samples from one frame to the next.
        n_fft: Length of the transform, at least `window`; the rest is zeros.
        n_mels: Number of bands.
        fmin: Lower edge of the first band, Hz.
        fmax: Upper edge of the last band, Hz.
        floor: Energies below this count as this much: 90 dB below a full-scale sine.
        mean: Log energy that becomes 0.
        scale: Log-energy difference that becomes 1.
    """

    rate: int = SAMPLE_RATE
    window: int = WINDOW
    hop: int = HOP
    n_fft: int = 512
    n_mels: int = 64
    fmin: float = 50.0
    fmax: float = 7600.0
    floor: float = 1e-5
    # Near the mean and deviation over bands and frames of GRID sentences at -23 LUFS.
    mean: float = -6.5
    scale: float = 4.4

    def __post_init__(self) -> None:
        if min(self.rate, self.window, self.hop, self.n_mels) < 1 or self.window % 2:
            raise ConfigError(
                "MelSpec: rate, hop and n_mels must be positive and window positive and even."
            )
        if self.n_fft < self.window:
            raise ConfigError(f"MelSpec: n_fft {self.n_fft} is shorter than window {self.window}.")
        if not 0 <= self.fmin < self.fmax <= self.rate / 2:
            raise ConfigError(
                f"MelSpec: need 0 <= fmin < fmax <= {self.rate / 2:g} Hz,"
                f" not {self.fmin:g} and {self.fmax:g}."
            )
        if self.floor <= 0 or self.scale <= 0:
            raise ConfigError("MelSpec: floor and scale must be positive.")


def log_mel(samples: NDArray[np.float32], spec: MelSpec | None = None) -> NDArray[np.float32]:
    """Standardised natural-log mel energies.

    Args:
        samples: (n,) mono sound at `spec.rate`, full scale 1.
        spec: The analysis; the default one if not given.

    Returns:
        (n // hop + 1, n_mels), about 0 +- 1 for speech at -23 LUFS.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    spec = spec or MelSpec()
    result = np.empty((_frame_count(samples, spec), spec.n_mels), dtype=np.float32)
    for start, energy in mel_energy_blocks(samples, spec):
        log = np.log(np.maximum(energy, spec.floor))
        result[start : start + len(energy)] = (log - spec.mean) / spec.scale
    return result


def mel_energy_blocks(
    samples: NDArray[np.float32], spec: MelSpec
) -> Iterator[tuple[int, NDArray[np.float64]]]:
    """Mel energies before floor and logarithm, in blocks of bounded size.

    Yields:
        The index of the block's first frame and its (frames, n_mels) energies. Blocks change
        nothing: every frame is what it would be in one piece.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    count = _frame_count(samples, spec)
    window = hann(spec.window)
    triangles = mel_triangles(spec)
    for start in range(0, count, BLOCK_FRAMES):
        stop = min(start + BLOCK_FRAMES, count)
        first = start * spec.hop - spec.window // 2
        end = (stop - 1) * spec.hop + spec.window // 2
        span = np.zeros(end - first)
        inside = samples[max(first, 0) : end]
        span[max(-first, 0) : max(-first, 0) + len(inside)] = inside
        frames = np.lib.stride_tricks.sliding_window_view(span, spec.window)[:: spec.hop]
        spectrum = np.fft.rfft(frames * window, spec.n_fft)
        yield start, (spectrum.real**2 + spectrum.imag**2) @ triangles


def _frame_count(samples: NDArray[np.float32], spec: MelSpec) -> int:
    if samples.ndim != 1:
        raise ValueError(f"Sound must be a flat array of mono samples, not {samples.shape}.")
    return len(samples) // spec.hop + 1


def hann(length: int) -> NDArray[np.float64]:
    """Periodic Hann window, whose maximum is at `length / 2` exactly."""
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


@lru_cache(maxsize=8)
def mel_triangles(spec: MelSpec) -> NDArray[np.float64]:
    """Band weights, (n_fft // 2 + 1, n_mels); read-only because it is shared."""
    edges = mel_to_hz(np.linspace(hz_to_mel(spec.fmin), hz_to_mel(spec.fmax), spec.n_mels + 2))
    bins = np.arange(spec.n_fft // 2 + 1)[:, None] * spec.rate / spec.n_fft
    lower, centre, upper = edges[:-2], edges[1:-1], edges[2:]
    rising = (bins - lower) / (centre - lower)
    falling = (upper - bins) / (upper - centre)
    triangles: NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling))
    triangles.flags.writeable = False
    return triangles


_LINEAR_HZ = 200 / 3  # Hz per mel below the break
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27  # log frequency ratio per mel above the break


def hz_to_mel(hz: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's mel scale: linear to 1 kHz, logarithmic above."""
    hz = np.asarray(hz, dtype=np.float64)
    above = _BREAK_MEL + np.log(np.maximum(hz, _BREAK_HZ) / _BREAK_HZ) / _LOG_STEP
    return np.where(hz < _BREAK_HZ, hz / _LINEAR_HZ, above)


def mel_to_hz(mel: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of `hz_to_mel`."""
    mel = np.asarray(mel, dtype=np.float64)
    above = _BREAK_HZ * np.exp(_LOG_STEP * (np.maximum(mel, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * _LINEAR_HZ, above)
