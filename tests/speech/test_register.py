from pathlib import Path

import numpy as np
import pytest
import soxr

from synclips.demo import demo_files
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono, write_sound
from synclips.speech import register
from synclips.speech.register import gender_heard


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    """(n,) the speech of the demo, whose median pitch is 163 Hz."""
    pytest.importorskip("skimage", reason="scikit-image, which brings the demo")
    with demo_files() as (_, sound):
        return read_mono(sound, SAMPLE_RATE)


@pytest.mark.parametrize(
    ("faster", "gender"), [(1, "male"), (1.05, "female"), (1.5, "female"), (0.75, "male")]
)
def test_a_voice_is_as_high_as_those_that_engines_call_so(
    speech: np.ndarray, faster: float, gender: str, tmp_path: Path
) -> None:
    moved = soxr.resample(speech, SAMPLE_RATE, SAMPLE_RATE / faster).astype(np.float32)
    path = tmp_path / "voice.wav"
    write_sound(path, moved, SAMPLE_RATE)
    assert gender_heard(path) == gender


def test_where_nobody_speaks_no_voice_is_high(tmp_path: Path, rng: np.random.Generator) -> None:
    path = tmp_path / "noise.wav"
    write_sound(path, rng.normal(0, 0.05, 2 * SAMPLE_RATE).astype(np.float32), SAMPLE_RATE)
    assert gender_heard(path) is None


def test_what_comes_after_two_minutes_is_not_listened_to(
    speech: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    low = soxr.resample(speech, SAMPLE_RATE, SAMPLE_RATE / 0.75)
    high = np.tile(soxr.resample(speech, SAMPLE_RATE, SAMPLE_RATE / 1.5), 6)
    path = tmp_path / "voices.wav"
    write_sound(path, np.concatenate([low, high]).astype(np.float32), SAMPLE_RATE)
    assert gender_heard(path) == "female"
    monkeypatch.setattr(register, "_LISTENED", len(low) // SAMPLE_RATE)
    assert gender_heard(path) == "male"
