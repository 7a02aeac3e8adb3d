"""The same words, at the same time, from another throat: pitch and formants of a sound moved.

Pitch is moved by resampling and brought back to its length by overlap-add of similar waveforms;
formants are moved by filters that change with time and delay nothing. Knows one channel of samples
and factors; draws nothing at random.
"""

import numpy as np
import soxr
from numpy.typing import NDArray

from synclips.features.mel import hann
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]

_STEP = 320  # samples, 20 ms: two periods of a low voice
_REACH = 120  # samples, 7.5 ms: somewhere in twice this a voice above 67 Hz repeats itself
_NEARNESS = 0.5  # similarity that the far end of the reach must make up for
_COARSE = 3  # samples between the places that are compared first

_FRAME = 512  # samples, 32 ms
_ORDER = 20  # a pair of poles for every kilohertz, and two for the slope
_EMPHASIS = 0.7
_LARGEST_GAIN = 1000.0  # of power: 30 dB
_SILENCE = 1e-7  # energy of a frame that has no resonances to move
_WIDENING = 20.0  # Hz by which every resonance is made wider, so that none is a whistle
_FLOOR = 1e-5  # 50 dB below a frame's energy nothing is a resonance


def shift_pitch(samples: Array, factor: float) -> Array:
    """Multiply the fundamental frequency; formants and duration stay.

    Resampling multiplies every frequency; WSOLA (Verhelst and Roelands 1993, "An overlap-add
    technique based on waveform similarity") gives the length back; `shift_formants` puts the
    formants where they were. Pulses of the voice must move in time for another pitch, by half a
    period at most; as a whole the sound does not. Lowered sound has nothing above `factor` times
    8 kHz.

    Args:
        samples: (n,) at 16 kHz.
        factor: New over old frequency, about 0.5 to 2.
    """
    if factor == 1 or len(samples) == 0:
        return samples.copy()
    # Read at `factor` times the speed: pitch and formants are right, the length is n / factor.
    fast = np.asarray(soxr.resample(samples, factor * SAMPLE_RATE, SAMPLE_RATE, "MQ"), np.float32)
    slow = _stretched(fast, len(samples), factor)
    # Waveforms that fit were a little early or late; as a whole the sound must be neither.
    first = _STEP + _lateness(slow[_STEP : _STEP + len(samples)], samples)
    return shift_formants(slow[first : first + len(samples)], 1 / factor)


def _stretched(fast: Array, length: int, factor: float) -> Array:
    """A sound of `length` samples and the same pitch, with `_STEP` samples more on each side."""
    count = length // _STEP + 2  # frames, centred on multiples of the step
    margin = 2 * _STEP + _REACH
    padded = np.pad(fast, (margin, margin + 2 * _STEP))
    # Root of the energy of every overlap, so that loud places do not win by being loud.
    energy = np.concatenate([[0.0], np.cumsum(padded.astype(np.float64) ** 2)])
    norm = np.sqrt(np.maximum(energy[_STEP:] - energy[:-_STEP], 1e-9)).astype(np.float32)
    window = hann(2 * _STEP).astype(np.float32)
    last = len(padded) - 2 * _STEP - 1
    result = np.zeros((count + 1) * _STEP, np.float32)
    start = margin - _STEP
    for index in range(count):
        if index > 0:
            wanted = padded[start + _STEP : start + 2 * _STEP]
            nominal = margin - _STEP + round(index * _STEP / factor)
            start = min(_most_similar(padded, norm, wanted, nominal), last)
        result[index * _STEP : (index + 2) * _STEP] += window * padded[start : start + 2 * _STEP]
    return result


def _lateness(samples: Array, reference: Array) -> int:
    """Samples by which the level of a sound follows that of another, both (n,); at most 10 ms."""
    block, most = SAMPLE_RATE // 1000, 10
    smooth = hann(30)[1:]  # ms: two pulses of a low voice are one level
    count = len(reference) // block
    if count <= len(smooth) + 2 * most:
        return 0
    levels = []
    for sound in (samples, reference):
        power = np.mean(sound[: count * block].reshape(count, block) ** 2, axis=1)
        level = np.convolve(np.sqrt(power), smooth, "same")
        levels.append(level - level.mean())
    match = np.correlate(levels[0], levels[1][most:-most], "valid")
    best = int(np.argmax(match))
    if not 0 < best < 2 * most:  # nothing to go by, such as silence or a steady tone
        return 0
    # The top of the parabola through the best and its neighbours.
    before, top, after = (float(value) for value in match[best - 1 : best + 2])
    return round(block * (best - most + (before - after) / 2 / (before - 2 * top + after)))


def _most_similar(padded: Array, norm: Array, wanted: Array, nominal: int) -> int:
    """Start within reach of `nominal` whose overlap looks most like `wanted`."""
    low = max(min(nominal - _REACH, len(padded) - 2 * _REACH - 2 * _STEP), 0)
    span = padded[low : low + 2 * _REACH + _STEP]
    thin = np.correlate(span[::_COARSE], wanted[::_COARSE], "valid")
    away = (low + _COARSE * np.arange(len(thin)) - nominal) / _REACH
    score = thin / norm[low : low + _COARSE * len(thin) : _COARSE] * (1 - _NEARNESS * away**2)
    best = _COARSE * int(np.argmax(score))
    low += max(best - _COARSE + 1, 0)
    fine = np.correlate(padded[low : low + _STEP + 2 * _COARSE - 2], wanted, "valid")
    return low + int(np.argmax(fine / norm[low : low + len(fine)]))


def shift_formants(samples: Array, factor: float) -> Array:
    """Stretch the resonances of the vocal tract along frequency; pitch and every instant stay.

    The envelope of each frame is the all-pole spectrum of linear prediction (Makhoul 1975, "Linear
    prediction: a tutorial review"); the spectrum is multiplied by the moved envelope over the one
    it had, without any phase. A factor above 1 is a shorter vocal tract.

    Args:
        samples: (n,) at 16 kHz.
        factor: New over old frequency of a formant, about 0.5 to 2.
    """
    if factor == 1 or len(samples) == 0:
        return samples.copy()
    hop = _FRAME // 2
    count = -(-len(samples) // hop) + 1
    padded = np.pad(samples, (hop, count * hop - len(samples)))
    window = np.sqrt(hann(_FRAME)).astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FRAME)[::hop] * window
    spectrum = np.fft.rfft(frames)
    inverse = _inverse_envelopes(_power(spectrum))
    place = 2 * np.minimum(np.arange(hop + 1) / factor, hop)  # where each bin's envelope was
    low = np.minimum(place.astype(int), 2 * hop - 1)
    weight = (place - low).astype(np.float32)
    moved = inverse[:, low] * (1 - weight) + inverse[:, low + 1] * weight
    gain = np.clip(inverse[:, ::2] / moved, 1 / _LARGEST_GAIN, _LARGEST_GAIN)
    spectrum *= np.sqrt(gain)
    frames = np.fft.irfft(spectrum, _FRAME) * window
    result = np.zeros((count + 1) * hop, np.float32)
    result[:-hop] += frames[:, :hop].ravel()
    result[hop:] += frames[:, hop:].ravel()
    return result[hop : hop + len(samples)]


def _inverse_envelopes(power: Array) -> Array:
    """Power spectra (F, hop + 1) to those of their prediction error filters, (F, 2 hop + 1)."""
    # By transforms instead of matrix products, whose threads would fight with those of training.
    # Treble is raised, so that prediction does not spend itself on the slope of the voice.
    angle = np.pi * np.arange(power.shape[1]) / (power.shape[1] - 1)
    treble = 1 + _EMPHASIS**2 - 2 * _EMPHASIS * np.cos(angle)
    correlation = np.fft.irfft(power * treble.astype(np.float32))[:, : _ORDER + 1]
    # Lag window (Tohkura, Itakura and Hashimoto 1978) and white noise against ill-posed frames.
    delay = np.arange(_ORDER + 1) / SAMPLE_RATE
    correlation = correlation * np.exp(-0.5 * (2 * np.pi * _WIDENING * delay) ** 2)
    correlation[:, 0] += _FLOOR * correlation[:, 0] + _SILENCE
    lag = np.arange(_ORDER)
    system = correlation[:, np.abs(lag[:, None] - lag)]
    taps = np.ones((len(power), _ORDER + 1), np.float32)
    taps[:, 1:] = -np.linalg.solve(system, correlation[:, 1:, None])[..., 0]
    return _power(np.fft.rfft(taps, 2 * _FRAME))


def _power(spectrum: NDArray[np.complexfloating]) -> Array:
    return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)
