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
from synclips.media.spool import Rows
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


class LogMel:
    """Standardised natural-log mel energies of a sound, computed where they are asked for.

    A slice of it is an array (n, n_mels), about 0 +- 1 for speech at -23 LUFS; every frame is the
    same whichever slice it comes with, so a sound of any length needs no memory of its own.

    Args:
        samples: (n,) mono sound at `spec.rate`, full scale 1.
        spec: The analysis; the default one if not given.
        gain_db: By how much the sound is raised first.

    Raises:
        ValueError: `samples` is not flat.
    """

    def __init__(self, samples: Rows, spec: MelSpec | None = None, gain_db: float = 0.0) -> None:
        self.spec = spec or MelSpec()
        self._samples = samples
        self._gain = 10 ** (gain_db / 20)
        self._count = _frame_count(samples, self.spec)

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, where: slice) -> NDArray[np.float32]:
        start, stop, step = where.indices(self._count)
        if step != 1:
            raise ValueError("Mel frames are read by slices without a step.")
        spec = self.spec
        result = np.empty((max(stop - start, 0), spec.n_mels), dtype=np.float32)
        for first in range(start, stop, BLOCK_FRAMES):
            last = min(first + BLOCK_FRAMES, stop)
            energy = mel_energies(self._samples, spec, first, last, self._gain)
            log = np.log(np.maximum(energy, spec.floor))
            result[first - start : last - start] = (log - spec.mean) / spec.scale
        return result


def log_mel(samples: Rows, spec: MelSpec | None = None) -> NDArray[np.float32]:
    """All of `LogMel` at once, (n // hop + 1, n_mels)."""
    return LogMel(samples, spec)[:]


def silent_bands(spec: MelSpec) -> NDArray[np.float32]:
    """(n_mels,) of digital silence."""
    silence: NDArray[np.float32] = log_mel(np.zeros(spec.window, np.float32), spec)[0]
    return silence


def mel_energy_blocks(
    samples: Rows, spec: MelSpec, gain: float = 1.0
) -> Iterator[NDArray[np.float64]]:
    """Mel energies (frames, n_mels) before floor and logarithm, in blocks of bounded size.

    Blocks change nothing: every frame is what it would be in one piece.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    count = _frame_count(samples, spec)
    for start in range(0, count, BLOCK_FRAMES):
        stop = min(start + BLOCK_FRAMES, count)
        yield mel_energies(samples, spec, start, stop, gain)


def mel_energies(
    samples: Rows, spec: MelSpec, start: int, stop: int, gain: float = 1.0
) -> NDArray[np.float64]:
    """Mel energies of some frames, (stop - start, n_mels), the sound multiplied by `gain`."""
    first = start * spec.hop - spec.window // 2
    end = (stop - 1) * spec.hop + spec.window // 2
    span = padded(samples, first, end)
    frames = np.lib.stride_tricks.sliding_window_view(span, spec.window)[:: spec.hop]
    spectrum = np.fft.rfft(frames * (hann(spec.window) * gain), spec.n_fft)
    energies: NDArray[np.float64] = (spectrum.real**2 + spectrum.imag**2) @ mel_triangles(spec)
    return energies


def padded(samples: Rows, first: int, end: int) -> NDArray[np.float64]:
    """Samples from `first` to before `end`, (end - first,), zeros where there are none."""
    span = np.zeros(end - first)
    inside = samples[max(first, 0) : end]
    span[max(-first, 0) : max(-first, 0) + len(inside)] = inside
    return span


def _frame_count(samples: Rows, spec: MelSpec) -> int:
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


@lru_cache(maxsize=8)
def equal_areas(spec: MelSpec) -> NDArray[np.float64]:
    """(n_mels,) heights of triangles of equal area, as Slaney's toolbox has them; read-only."""
    edges = mel_to_hz(np.linspace(hz_to_mel(spec.fmin), hz_to_mel(spec.fmax), spec.n_mels + 2))
    heights: NDArray[np.float64] = 2 / (edges[2:] - edges[:-2])
    heights.flags.writeable = False
    return heights


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
