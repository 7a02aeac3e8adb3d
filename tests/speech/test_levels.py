import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.features.loudness import loudness_gain
from synclips.speech.levels import Levels

RATE = 16_000


def test_each_voice_counts_once_and_has_one_gain() -> None:
    asked: list[str] = []

    def tone(level: float) -> NDArray[np.float32]:
        time = np.arange(RATE) / RATE
        return (level * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)

    def quiet(text: str) -> NDArray[np.float32]:
        asked.append(text)
        return tone(0.02)

    levels = Levels()
    gain = levels.gain("quiet", quiet, RATE)
    assert loudness_gain(gain * tone(0.02), RATE) == pytest.approx(0, abs=0.05)
    assert levels.gain("quiet", quiet, RATE) == gain and len(asked) == 1
    assert levels.gain("loud", lambda text: tone(0.8), RATE) == pytest.approx(gain / 40, rel=0.01)
    assert Levels().gain("mute", lambda text: np.zeros(0, np.float32), RATE) == 1
