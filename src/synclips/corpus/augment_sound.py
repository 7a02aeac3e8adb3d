"""Changes to a 16 kHz waveform: other voices, rooms, noises and microphones for the same words.

Every change keeps length and timing: filters are of zero phase, a room's direct path arrives at
once, voices move in frequency only, and the delay of codecs is taken out. The lips that belong to
the sound stay true. Nothing is clipped; samples beyond full scale are left to whoever takes
features.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.augmentation import Augmentation, require_positive
from synclips.corpus.lossy_codec import CODECS, coded
from synclips.corpus.voice import shift_formants, shift_pitch
from synclips.errors import ConfigError
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]

_FADE = 1024  # samples, 64 ms: where filters ring out beyond the ends
_LOUDNESS_FRAME = 400  # samples, 25 ms
_PAUSE_DBFS = -33.0  # 10 dB below normalised speech: sound that is quieter is a pause
_FIRST_REFLECTION = 0.002  # seconds after the direct path
_SHAPES = 5  # cosines along frequency that a channel is made of


@dataclass(frozen=True)
class WaveAugmentation(Augmentation):
    """Which changes a sound goes through, how often and how strongly, in this order.

    Attributes:
        pitch_probability: Share of sounds with another fundamental frequency.
        pitch_semitones: Largest change, up or down.
        formants_probability: Share of sounds from another vocal tract.
        formants_shift: Largest relative change of the resonances.
        room_probability: Share of sounds in a room.
        room_seconds: Longest reverberation time (RT60); the shortest is 0.1.
        room_direct_db: Lowest level of the direct path against the reverberation; the highest is
            12 dB more.
        noise_probability: Share of sounds with noise, anything from white to brown.
        noise_nearest_db: Lowest signal-to-noise ratio of the loud parts.
        noise_farthest_db: Highest.
        channel_probability: Share of sounds through a smooth random frequency response.
        channel_db: Its standard deviation.
        telephone_probability: Share of sounds limited to a telephone-like band.
        codec_probability: Share of sounds that were coded as for the web, a call or a telephone.
        gain_probability: Share of sounds with another level.
        gain_db: Its standard deviation.
    """

    pitch_probability: float = 0.25
    pitch_semitones: float = 3.0
    formants_probability: float = 0.25
    formants_shift: float = 0.12
    room_probability: float = 0.25
    room_seconds: float = 0.5
    room_direct_db: float = 6.0
    noise_probability: float = 0.5
    noise_nearest_db: float = 5.0
    noise_farthest_db: float = 40.0
    channel_probability: float = 0.5
    channel_db: float = 4.0
    telephone_probability: float = 0.1
    codec_probability: float = 0.25
    gain_probability: float = 0.8
    gain_db: float = 4.0

    def __post_init__(self) -> None:
        super().__post_init__()
        require_positive(self, "pitch_semitones", "formants_shift", "channel_db", "gain_db")
        if self.pitch_semitones > 12 or self.formants_shift > 0.5:
            raise ConfigError(
                "WaveAugmentation: pitch_semitones must be at most 12 and formants_shift 0.5."
            )
        if self.room_seconds < 0.1:
            raise ConfigError("WaveAugmentation: room_seconds must be at least 0.1.")
        if self.noise_nearest_db > self.noise_farthest_db:
            raise ConfigError(
                "WaveAugmentation: noise_nearest_db must not be above noise_farthest_db."
            )


def augment_wave(samples: Array, how: WaveAugmentation, rng: np.random.Generator) -> Array:
    """Change a sound and keep its length and timing.

    Args:
        samples: (n,) mono sound at 16 kHz, full scale 1; near -23 LUFS if pauses in it shall get
            the noise of speech.
        how: The kinds and their strengths.
        rng: The only source of chance.

    Returns:
        (n,); the same array where nothing happens.

    Raises:
        ValueError: `samples` is not a flat array.
    """
    if samples.ndim != 1:
        raise ValueError(f"Sound must be a flat array of mono samples, not {samples.shape}.")
    for kind, dice in how.draw(rng):
        samples = _change(samples, kind, how, dice) if len(samples) else samples
    return samples


def _change(samples: Array, kind: str, how: WaveAugmentation, rng: np.random.Generator) -> Array:
    match kind:
        case "pitch":
            semitones = rng.uniform(-how.pitch_semitones, how.pitch_semitones)
            return shift_pitch(samples, float(2 ** (semitones / 12)))
        case "formants":
            change = rng.uniform(-how.formants_shift, how.formants_shift)
            return shift_formants(samples, float(1 + change))
        case "room":
            seconds = float(rng.uniform(0.1, how.room_seconds))
            direct_db = float(how.room_direct_db + rng.uniform(0, 12))
            return convolve(samples, room_response(seconds, direct_db, rng))
        case "noise":
            snr_db = float(rng.uniform(how.noise_nearest_db, how.noise_farthest_db))
            return add_noise(samples, snr_db, float(rng.uniform(0, 2)), rng)
        case "channel":
            # The finer the shape the flatter; together they have the deviation asked for.
            fall = 1 / np.sqrt(np.arange(1, _SHAPES + 1))
            levels = rng.normal(size=_SHAPES) * fall * np.sqrt(2 / np.sum(fall**2))
            return filter_channel(samples, levels * how.channel_db)
        case "telephone":
            return limit_band(samples, float(rng.uniform(200, 400)), float(rng.uniform(2800, 3800)))
        case "codec":
            codec = CODECS[rng.integers(len(CODECS))]
            return coded(samples, codec, int(rng.choice(codec.bit_rates or [0])))
        case "gain":
            return samples * np.float32(10 ** (rng.normal() * how.gain_db / 20))
    raise AssertionError(f"nothing is written for {kind}")


def add_noise(samples: Array, snr_db: float, tilt: float, rng: np.random.Generator) -> Array:
    """Add steady noise whose power falls with frequency to the power `tilt`.

    Tilt 0 is white, 1 pink, 2 brown. The level is taken against the loudest tenth of the sound, or
    against quiet speech where the sound has no speech.
    """
    size = _fast_length(len(samples))
    frequency = np.fft.rfftfreq(size, 1 / SAMPLE_RATE)
    # Below 50 Hz brown noise would be nothing but rumble.
    colour = (np.maximum(frequency, 50) ** (-tilt / 2)).astype(np.float32)
    parts = rng.standard_normal((2, len(colour)), np.float32) * colour
    noise = np.fft.irfft(parts[0] + 1j * parts[1], size)[: len(samples)]
    level = float(np.sqrt(np.mean(noise**2))) + 1e-12
    wanted = _loud(samples) * 10 ** (-snr_db / 20)
    return np.asarray(samples + noise * (wanted / level), np.float32)


def _loud(samples: Array) -> float:
    """Root mean square of the frames that are louder than nine tenths, not below a pause's."""
    count = max(len(samples) // _LOUDNESS_FRAME, 1)
    frames = samples[: count * _LOUDNESS_FRAME].reshape(count, -1)
    loud = float(np.quantile(np.mean(frames**2, axis=1), 0.9))
    return float(np.sqrt(max(loud, 10 ** (_PAUSE_DBFS / 10))))


def filter_channel(samples: Array, levels: NDArray[np.float64]) -> Array:
    """Filter with a smooth frequency response, as a microphone has, without any phase.

    Args:
        samples: (n,) at 16 kHz.
        levels: (K,) dB of cosines with 1/2 to K/2 periods along the logarithm of frequency.
    """

    def response(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        place = np.log(np.maximum(hz, 60) / 60) / np.log(SAMPLE_RATE / 120)
        decibel = np.cos(np.pi * np.outer(place, np.arange(1, len(levels) + 1))) @ levels
        return np.asarray(10 ** (decibel / 20))

    return _filter(samples, response)


def limit_band(samples: Array, low: float, high: float) -> Array:
    """Keep what lies between two frequencies (Hz): 36 dB per octave beyond, without any phase."""

    def response(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        below = (np.maximum(hz, 1) / low) ** -12
        return np.asarray(1 / np.sqrt((1 + below) * (1 + (hz / high) ** 12)))

    return _filter(samples, response)


def _filter(
    samples: Array, response: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> Array:
    size = _fast_length(len(samples) + _FADE)
    hz = np.linspace(0, SAMPLE_RATE / 2, _FADE // 2 + 1)  # as fine as the filter is long
    gain = np.interp(np.fft.rfftfreq(size, 1 / SAMPLE_RATE), hz, response(hz)).astype(np.float32)
    return np.asarray(
        np.fft.irfft(np.fft.rfft(samples, size) * gain, size)[: len(samples)], np.float32
    )


def room_response(seconds: float, direct_db: float, rng: np.random.Generator) -> Array:
    """Impulse response of a made-up room: the direct path at once, then decaying noise.

    Args:
        seconds: Reverberation time RT60, in which sound falls by 60 dB.
        direct_db: Energy of the direct path over that of everything after it.
        rng: Draws the noise.

    Returns:
        (m,) with energy 1, down to -40 dB.
    """
    time = np.arange(1, round(seconds * 40 / 60 * SAMPLE_RATE)) / SAMPLE_RATE
    tail = rng.standard_normal(len(time)) * 10 ** (-3 * time / seconds)
    tail[time < _FIRST_REFLECTION] = 0
    tail *= 10 ** (-direct_db / 20) / np.sqrt(np.sum(tail**2))
    response = np.concatenate([[1.0], tail])
    return np.asarray(response / np.sqrt(np.sum(response**2)), np.float32)


def convolve(samples: Array, response: Array) -> Array:
    """The sound through an impulse response that begins at lag 0, as long as the sound."""
    size = _fast_length(len(samples) + len(response))
    spectrum = np.fft.rfft(samples, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(spectrum, size)[: len(samples)], np.float32)


def _fast_length(least: int) -> int:
    """The next length that a Fourier transform is fast for: a small multiple of a power of two."""
    power = 1 << max(least.bit_length() - 3, 0)
    return -(-least // power) * power
