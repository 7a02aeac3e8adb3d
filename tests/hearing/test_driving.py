"""What is told of a sound in which lips hear nothing."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.hearing import driving
from synclips.hearing.driving import driving_sound
from synclips.media.audio import write_sound


@pytest.mark.parametrize(
    ("gain_db", "told"),
    [
        (0, []),
        (-35, []),
        (-50, ["{} is so quiet that little or no speech is heard in it; make it louder."]),
        (-75, ["{} is so quiet that little or no speech is heard in it; make it louder."]),
        (-np.inf, ["{} is silent; the lips rest."]),
    ],
)
def test_a_sound_too_quiet_to_be_heard_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, gain_db: float, told: list[str]
) -> None:
    time = np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE
    syllables = np.sin(2 * np.pi * 2 * time).clip(0) * np.sin(2 * np.pi * 300 * time)
    path = tmp_path / "a.flac"
    write_sound(path, (syllables * 10 ** (gain_db / 20)).astype(np.float32), SAMPLE_RATE)
    driving_sound(path)
    assert caplog.messages == [line.format(path) for line in told]


def test_how_far_it_is_read_is_told_of_a_long_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, told = tmp_path / "hum.wav", list[tuple[int, int]]()
    write_sound(path, np.zeros(5 * SAMPLE_RATE, np.float32), SAMPLE_RATE)

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    driving_sound(path, progress=tell)
    assert told == []
    monkeypatch.setattr(driving, "_LONG", 4)
    driving_sound(path, Fraction(2), tell)  # three seconds are left
    assert told == []
    driving_sound(path, Fraction(1), tell)
    assert len(told) > 2 and told == sorted(told)
    assert told[0][0] == 0 and told[-1] == (4, 4)


def test_a_sound_without_speech_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "hum.wav"
    hum = 0.3 * np.sin(2 * np.pi * 100 * np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE)
    write_sound(path, hum.astype(np.float32), SAMPLE_RATE)
    driving_sound(path)
    assert caplog.messages == [f"No speech is heard in {path}; the lips rest."]
