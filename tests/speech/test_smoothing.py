import numpy as np
import pytest

from synclips.speech.smoothing import smooth


def test_keeps_the_sum_and_the_ends() -> None:
    rows = np.zeros((41, 2))
    rows[20, 0] = 1
    rows[:, 1] = 5
    found = smooth(rows, 3.0)
    assert found[:, 0].sum() == pytest.approx(1)
    assert found[20, 0] == found[:, 0].max() < 0.2
    np.testing.assert_allclose(found[:, 1], 5)
