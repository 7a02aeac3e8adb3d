import numpy as np
import pytest

from synclips.speech.colour import LastingDifference


def sentence(seed: int, vowel: float, rest: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Noise around two means, in turns of 100 frames, between silence of another kind."""
    draw = np.random.default_rng(seed)
    vowels = np.arange(800) % 200 < 100
    spoken = (np.arange(800) >= 100) & (np.arange(800) < 700)
    difference = np.where(vowels, vowel, rest)[:, None] + draw.normal(size=(800, 4))
    difference[~spoken] = 50.0
    return difference, vowels, spoken


def test_is_the_mean_of_vowels_and_of_the_rest_with_gentle_turns() -> None:
    lasting = LastingDifference()
    difference, vowels, spoken = sentence(0, vowel=2.0, rest=-1.0)
    lasting.add(difference, vowels & spoken, spoken)
    found = lasting.along(vowels)
    assert found.shape == difference.shape
    np.testing.assert_allclose(found[250], 2.0, atol=0.2)
    np.testing.assert_allclose(found[350], -1.0, atol=0.2)
    assert np.abs(np.diff(found, axis=0)).max() < 0.3


def test_every_sentence_counts() -> None:
    lasting = LastingDifference()
    for seed, vowel in enumerate((1.0, 3.0)):
        difference, vowels, spoken = sentence(seed, vowel, rest=0.0)
        lasting.add(difference, vowels & spoken, spoken)
    np.testing.assert_allclose(lasting.along(np.ones(50, bool)), 2.0, atol=0.2)


def test_nothing_known_is_no_difference() -> None:
    lasting = LastingDifference()
    assert not lasting.along(np.ones(9, bool)).any()
    lasting.add(np.ones((9, 3)), np.ones(9, bool), np.ones(9, bool))  # vowels only
    found = lasting.along(np.zeros(9, bool))
    assert found.shape == (9, 3)
    assert found == pytest.approx(0.0)
