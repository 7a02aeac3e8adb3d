import numpy as np
import pytest

from synclips.speech.clarity import bearable, clarity


def heard(seed: int = 0) -> np.ndarray:
    draw = np.random.default_rng(seed)
    return np.repeat(draw.normal(size=(40, 16)), 10, axis=0)


EVERYWHERE = np.ones(400, bool)


def test_the_same_words_are_clear_and_a_speaker_is_no_loss() -> None:
    before = heard()
    speaker = np.random.default_rng(1).normal(size=16)
    assert clarity(before, before, EVERYWHERE) == pytest.approx(1.0)
    assert clarity(before, 2 * before + 3 * speaker, EVERYWHERE) == pytest.approx(1.0)


def test_the_mean_is_that_of_speech() -> None:
    spoken = np.arange(400) < 200
    before = heard()
    before[200:] = 30.0
    after = before.copy()
    after[:200] += np.random.default_rng(1).normal(size=16)
    assert clarity(before, after, spoken)[:200] == pytest.approx(1.0)


@pytest.mark.parametrize("nearness", [0.0, 1.0])
def test_a_word_that_is_lost_is_changed_less_and_the_others_are_left(nearness: float) -> None:
    before = heard()
    after = before.copy()
    after[150:250] = heard(seed=5)[:100]
    clear = clarity(before, after, EVERYWHERE)
    assert clear[170:230].mean() < 0.3
    assert clear[:140].mean() > 0.9
    strength = bearable(clear, nearness)
    assert strength.shape == (400, 1)
    assert strength[200] == pytest.approx(0.0, abs=0.01)
    assert strength[:80] == pytest.approx(1.0, abs=0.01)
    assert strength[320:] == pytest.approx(1.0, abs=0.01)
    assert np.abs(np.diff(strength[:, 0])).max() < 0.1  # no step


def test_more_is_borne_by_voices_that_are_far_apart() -> None:
    far, near = (bearable(np.full(50, 0.75), nearness) for nearness in (0.0, 1.0))
    assert far == pytest.approx(1.0)
    assert near == pytest.approx(0.5)


def test_more_must_be_heard_of_a_language_the_ear_knows_less_well() -> None:
    clear = np.full(50, 0.81)
    known, foreign = (bearable(clear, 1.0, familiar) for familiar in (True, False))
    assert known == pytest.approx(0.8)
    assert foreign == pytest.approx(0.5)
    assert bearable(clear, 0.0, False) == pytest.approx(0.5), "however near the voices are"
