import numpy as np
import pytest

from synclips.speech.timbre import _warp, smooth


def test_smoothing_keeps_the_sum_and_the_ends() -> None:
    rows = np.zeros((41, 2))
    rows[20, 0] = 1
    rows[:, 1] = 5
    found = smooth(rows, 3.0)
    assert found[:, 0].sum() == pytest.approx(1)
    assert found[20, 0] == found[:, 0].max() < 0.2
    np.testing.assert_allclose(found[:, 1], 5)


def test_a_shorter_vocal_tract_has_higher_resonances() -> None:
    bins = np.arange(513)
    spectrum = np.exp(-(((bins - 100) / 10) ** 2))
    assert _warp(spectrum, 1.2).argmax() == 120
    np.testing.assert_allclose(_warp(spectrum, 1.0), spectrum)
