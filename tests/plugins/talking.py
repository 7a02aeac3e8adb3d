"""People who speak vowels, made of pulses and resonances."""

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import lfilter

RATE = 16_000
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))


def talk(
    pitch: float, tract: float, seconds: float, rate: int = RATE, seed: int = 0
) -> NDArray[np.float32]:
    """Pulses through the resonances of vowels, moved by `tract`, in syllables with pauses."""
    draw = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    melody = 0.12 * np.sin(2 * np.pi * 0.7 * time) + 0.05 * np.sin(2 * np.pi * 2.3 * time)
    turns = np.floor(np.cumsum(pitch * np.exp(melody)) / rate)
    sound = np.diff(turns, prepend=0) + 0.003 * draw.normal(size=len(time))
    step = round(0.18 * rate)
    state = np.zeros((4, 2))
    for start in range(0, len(time), step):
        part = sound[start : start + step]
        for index, centre in enumerate((*VOWELS[draw.integers(4)], 3500)):
            radius = np.exp(-np.pi * (80, 90, 150, 200)[index] / rate)
            poles = [1, -2 * radius * np.cos(2 * np.pi * centre * tract / rate), radius**2]
            part, state[index] = lfilter([sum(poles)], poles, part, zi=state[index])
        sound[start : start + step] = part
    sound *= np.clip(1.3 * np.sin(np.pi * time / 0.36) ** 2 + 0.1, 0, 1)
    sound *= np.sin(2 * np.pi * time / 1.7) > -0.8
    return (0.1 * sound / sound.std()).astype(np.float32)


def buzz(seconds: float) -> NDArray[np.float32]:
    """(n,) a voice-like sound that swells four times a second, and never stops."""
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 20))
    return (0.1 * (1.1 + np.sin(8 * np.pi * time)) * tone).astype(np.float32)


@dataclass(frozen=True)
class Talker:
    """Somebody who speaks vowels."""

    pitch: float
    tract: float

    def say(self, seconds: float, rate: int = RATE, seed: int = 0) -> NDArray[np.float32]:
        return talk(self.pitch, self.tract, seconds, rate, seed)


@pytest.fixture(scope="session")
def low() -> Talker:
    return Talker(110.0, 1.0)


@pytest.fixture(scope="session")
def high() -> Talker:
    return Talker(210.0, 1.17)
