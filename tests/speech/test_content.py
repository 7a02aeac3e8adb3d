import hashlib

import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.models.weights import SPEECH_WEIGHTS
from synclips.speech.content import Statistics, content, listen, raw_content
from synclips.speech.world import RATE, analyse


def test_the_ear_stays_as_it_is() -> None:
    """Profiles that people have hold what it heard, and thresholds of `clarity` hang on it."""
    weights = (SPEECH_WEIGHTS / "content.safetensors").read_bytes()
    assert hashlib.sha256(weights).hexdigest().startswith("8ca82c157063e3ee1c303793f864dfb9")
    sound = np.sin(np.arange(SAMPLE_RATE, dtype=np.float32) * 0.1)
    heard = listen(sound, 100)
    assert heard.shape == (100, 128)
    np.testing.assert_allclose(heard[50, :4], [-1.017, 0.407, 0.234, 0.920], atol=0.02)


def test_the_same_vowel_of_two_people_is_nearer_than_another(world: None, low, high) -> None:
    found = []
    for talker in (low, high):
        speech = analyse(talker.say(6.0, RATE))
        raw = raw_content(talker.say(6.0, SAMPLE_RATE), speech)
        assert len(raw) == len(speech)
        found.append(content(raw, Statistics.of(raw)))
    count = min(map(len, found))
    first, second = (rows[:count] for rows in found)  # the same syllables at the same time
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-6)
    together = np.sum(first * second, axis=1).mean()
    apart = np.sum(first * np.roll(second, 90, axis=0), axis=1).mean()
    assert together > apart + 0.2


def test_statistics_of_parts_are_those_of_the_whole() -> None:
    rows = np.random.default_rng(0).normal(3, 2, size=(100, 5))
    both = Statistics.of(rows[:30]).plus(Statistics.of(rows[30:]))
    np.testing.assert_allclose(both.standardised(rows), Statistics.of(rows).standardised(rows))
    standard = both.standardised(rows)
    assert standard.mean() == pytest.approx(0, abs=1e-9)
    assert standard.std() == pytest.approx(1, abs=0.01)
