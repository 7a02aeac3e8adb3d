import numpy as np
import pytest

from synclips.speech.tract import TractLength, warp
from synclips.speech.world import FFT, RATE

BINS = np.arange(FFT // 2 + 1)


def vowels(factor: float, seed: int = 3) -> np.ndarray:
    """(20, bins) log spectra with three resonances each, all moved by a factor."""
    draw = np.random.default_rng(seed)
    hertz = BINS * RATE / FFT
    rows = [
        sum(
            np.exp(-(((hertz - factor * centre) / 150) ** 2))
            for centre in draw.uniform((300, 900, 2300), (800, 2000, 3000))
        )
        for _ in range(20)
    ]
    return 5 * np.array(rows)


def test_a_shorter_vocal_tract_has_higher_resonances() -> None:
    spectrum = np.exp(-(((BINS - 100) / 10) ** 2))
    assert warp(spectrum, 1.2).argmax() == 120
    np.testing.assert_allclose(warp(spectrum, 1.0), spectrum)


@pytest.mark.parametrize("factor", [0.89, 1.0, 1.14])
def test_is_told_by_vowels_whatever_the_microphone_and_the_level(factor: float) -> None:
    tract = TractLength()
    microphone = 4 * np.cos(BINS / 90)
    level = np.linspace(-2, 2, 20)[:, None]
    tract.compare(vowels(1.0), vowels(factor) + microphone + level)
    assert tract.factor == pytest.approx(factor, abs=0.011)
    peak = tract.moved(vowels(1.0))[0].argmax()
    assert peak == pytest.approx(vowels(factor)[0].argmax(), abs=2)


def test_spectra_are_not_squeezed_to_be_like_others() -> None:
    """Vowels that have nothing to do with each other say nothing about the tract."""
    found = []
    for seed in range(12):
        tract = TractLength()
        for number in range(20):
            tract.compare(vowels(1.0, 100 * seed + number), vowels(1.0, 5000 + 100 * seed + number))
        found.append(tract.factor)
    assert 0.95 < np.median(found) < 1.1


def test_one_odd_sentence_does_not_turn_it_around() -> None:
    tract = TractLength()
    for _ in range(3):
        tract.compare(vowels(1.0), vowels(1.1))
    tract.compare(vowels(1.0), vowels(0.9))
    assert tract.factor > 1.0


def test_nothing_is_moved_before_anything_is_known() -> None:
    tract = TractLength()
    tract.compare(vowels(1.0)[:1], vowels(1.1)[:1])
    assert tract.factor == 1.0
    np.testing.assert_array_equal(tract.moved(vowels(1.0)), vowels(1.0))
