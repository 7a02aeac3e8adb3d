from dataclasses import replace

import pytest

from synclips.errors import ConfigError
from synclips.training.best import Best, check_watch
from synclips.training.options import LoopOptions

OPTIONS = LoopOptions(1, 1, 1e-3, warmup=0, patience=2, watch="val_x")


def test_patience_runs_out_when_nothing_gets_better() -> None:
    best = Best("val_x", "higher")
    taken = []
    for step, value in enumerate([1.0, 3.0, 3.0, 4.0, 2.0, 3.9]):
        assert not best.over(OPTIONS)
        taken.append(best.take({"step": step, "val_x": value}))
    assert taken == [True, True, False, True, False, False]
    assert (best.value, best.step) == (4.0, 3)
    assert best.over(OPTIONS)
    assert not best.over(LoopOptions(1, 1, 1e-3, warmup=0))
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


def test_held_out_figures_are_known_before() -> None:
    known = ("error", "error_*")
    for fine in ("val_error", "val_error_flite_rms", "loss"):
        check_watch("phones", replace(OPTIONS, watch=fine), known)
    check_watch("phones", replace(OPTIONS, watch="val_eror", patience=0), known)
    for wrong in ("val_eror", "error"):
        with pytest.raises(ConfigError, match=f"phones names '{wrong}', .* one of val_error, val_"):
            check_watch("phones", replace(OPTIONS, watch=wrong), known)
