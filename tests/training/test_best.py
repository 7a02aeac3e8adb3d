import pytest

from synclips.errors import ConfigError
from synclips.training.best import Best
from synclips.training.options import LoopOptions

OPTIONS = LoopOptions(1, 1, 1e-3, patience=2, watch="val_x")


def test_patience_runs_out_when_nothing_gets_better() -> None:
    best = Best("val_x", "higher")
    taken = []
    for step, value in enumerate([1.0, 3.0, 3.0, 4.0, 2.0, 3.9]):
        assert not best.over(OPTIONS)
        taken.append(best.take({"step": step, "val_x": value}))
    assert taken == [True, True, False, True, False, False]
    assert (best.value, best.step) == (4.0, 3)
    assert best.over(OPTIONS)
    assert not best.over(LoopOptions(1, 1, 1e-3))
    assert Best(**best.to_dict()) == best


def test_what_is_not_a_number_is_never_the_best() -> None:
    best = Best("val_x", "lower")
    nan = float("nan")
    assert [best.take({"step": 1, "val_x": x}) for x in (nan, 2.0, nan, 1.0)] == [
        False,
        True,
        False,
        True,
    ]


def test_a_figure_that_is_not_logged_is_refused() -> None:
    with pytest.raises(ConfigError, match="'val_x', which is not logged; logged are loss, val_y"):
        Best("val_x", "lower").take({"val_y": 1.0, "loss": 2.0})
