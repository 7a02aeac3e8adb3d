import numpy as np
import pytest

from synclips.render.ramp import ramp


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_ramp_is_level_at_its_ends_and_steepest_between(kind: type[np.floating]) -> None:
    at = np.linspace(-1, 2, 301, dtype=kind)
    values = ramp(at)
    assert values.dtype == kind
    assert (values[at <= 0] == 0).all() and (values[at >= 1] == 1).all()
    slope = np.diff(values) * 100
    assert slope.min() >= 0
    assert slope[100] < 0.05 and slope[199] < 0.05
    assert slope[150] == pytest.approx(1.5, abs=0.01)
    assert values[150] == pytest.approx(0.5)
