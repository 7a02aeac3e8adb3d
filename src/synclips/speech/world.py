"""Speech as pitch, spectral envelope and breathiness, and back to sound: the WORLD vocoder.

Morise, Yokomori and Ozawa 2016, "WORLD: a vocoder-based high-quality speech synthesis system", by
the package pyworld (MIT; WORLD itself is modified BSD), which comes with the extra `voice`. Knows
one sound at `RATE`; does not know voices.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError

RATE = 24_000
FRAME_SECONDS = 0.005
FRAMES_PER_SECOND = 200
FFT = 1024
LOWEST_PITCH = 60.0
HIGHEST_PITCH = 500.0

_FLOOR = 1e-12  # of power, so that digital silence has a logarithm
_AROUND = 1.9  # times the pitch that is expected, or a part of it; less than an octave
# Hz between which low noise fades, by so many nepers of power (40 dB); and the share of noise in
# the lowest harmonics from which on a frame is put together as noise, whatever its pitch.
_RUMBLE, _FADED, _RUMBLE_NEPERS = 150.0, 75.0, 9.2
_NOISE = 0.9
_HARMONICS = slice(4, 20)  # bins, 90 to 450 Hz
_ENVELOPE_FLOOR = 3.0 * RATE / (FFT - 3)  # Hz; the lowest pitch whose envelope fits `FFT`

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Vocoded:
    """Speech in WORLD's terms, a row every 5 ms.

    Attributes:
        pitch: (F,) Hz, 0 where unvoiced.
        envelope: (F, FFT / 2 + 1) natural logarithm of the power spectrum.
        aperiodicity: (F, FFT / 2 + 1) share of noise, 0 to 1.
    """

    pitch: Array
    envelope: Array
    aperiodicity: Array

    def __len__(self) -> int:
        return len(self.pitch)

    @property
    def voiced(self) -> NDArray[np.bool_]:
        """(F,)."""
        return self.pitch > 0

    @property
    def level(self) -> Array:
        """(F,) see `frame_level`."""
        return frame_level(self.envelope)


def frame_level(envelope: Array) -> Array:
    """(F,) natural logarithm of each frame's power.

    Args:
        envelope: (F, FFT / 2 + 1) natural logarithm of the power spectrum.
    """
    power: Array = np.exp(envelope).mean(axis=1)
    return np.log(power)


def analyse(
    samples: NDArray[np.float32], careful: bool = False, near: float | None = None
) -> Vocoded:
    """Take speech apart.

    Args:
        samples: (n,) at `RATE`.
        careful: find the pitch by Harvest (Morise 2017) instead of DIO, which takes five times as
            long and mistakes a creaking voice for one an octave lower less often.
        near: look with care, in less than an octave to either side of this pitch in Hz, which takes
            half of that time and makes no mistakes of an octave.

    Raises:
        ConfigError: pyworld is not installed.
    """
    world = _pyworld()
    sound = samples.astype(np.float64)
    find_pitch = world.harvest if careful or near is not None else world.dio
    low, high = LOWEST_PITCH, HIGHEST_PITCH
    if near is not None:
        low, high = max(low, near / _AROUND), min(high, near * _AROUND)
    coarse, times = find_pitch(
        sound,
        RATE,
        f0_floor=low,
        f0_ceil=high,
        frame_period=1000 * FRAME_SECONDS,
    )
    pitch = world.stonemask(sound, coarse, times, RATE)
    power = world.cheaptrick(sound, pitch, times, RATE, f0_floor=_ENVELOPE_FLOOR, fft_size=FFT)
    aperiodicity = world.d4c(sound, pitch, times, RATE, fft_size=FFT)
    return Vocoded(pitch, np.log(power + _FLOOR), aperiodicity)


def synthesise(speech: Vocoded, length: int) -> NDArray[np.float32]:
    """Speech put together again, (length,) at `RATE`.

    Raises:
        ConfigError: pyworld is not installed.
    """
    sound = _pyworld().synthesize(
        speech.pitch,
        np.ascontiguousarray(np.exp(speech.envelope)),
        np.ascontiguousarray(np.clip(speech.aperiodicity, 1e-3, 1.0)),
        RATE,
        1000 * FRAME_SECONDS,
    )[:length]
    return np.pad(sound, (0, length - len(sound))).astype(np.float32)


def without_rumble(speech: Vocoded) -> Vocoded:
    """The same speech with nothing below voices in its noise.

    What is estimated of a consonant holds low parts of the vowels beside it. As noise they rumble
    where the voice that they were begins and ends, and are heard as a creaking one.

    Args:
        speech: to be put together.
    """
    noise = ~speech.voiced | (speech.aperiodicity[:, _HARMONICS].mean(axis=1) > _NOISE)
    hertz = np.arange(speech.envelope.shape[1]) * (RATE / FFT)
    low = np.clip((_RUMBLE - hertz) / (_RUMBLE - _FADED), 0, 1)
    return replace(speech, envelope=speech.envelope - noise[:, None] * (_RUMBLE_NEPERS * low))


def check_installed() -> None:
    """Find out early that pyworld is missing.

    Raises:
        ConfigError: with the line that installs it.
    """
    _pyworld()


@lru_cache(maxsize=1)
def _pyworld() -> ModuleType:
    # pyworld's own `__init__` needs pkg_resources, which setuptools 81 has taken away; all it adds
    # is a version number, so the compiled module is loaded without it.
    package = find_spec("pyworld")
    places = None if package is None else package.submodule_search_locations
    spec = None if places is None else PathFinder.find_spec("pyworld.pyworld", places)
    if spec is None or spec.loader is None:
        raise ConfigError(
            'To change voices synclips needs pyworld; install it with `pip install -e ".[voice]"`.'
        )
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
