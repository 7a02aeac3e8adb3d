import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.training.options import LoopOptions


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_size": 0}, "batch_size must be at least 1, not 0"),
        ({"micro_batch": -1}, "micro_batch must be at least 0"),
        ({"learning_rate": float("nan")}, "learning_rate must be above 0, not nan"),
        ({"learning_rate": float("inf")}, "learning_rate must be at least 0 and finite, not inf"),
        ({"decay": float("nan")}, "decay must be at least 0 and finite, not nan"),
        ({"clip": float("inf")}, "clip must be at least 0 and finite, not inf"),
        ({"ema": 1.0}, "ema must be .* below 1"),
        ({"precision": "bf17"}, "precision must be one of 32, bf16, 16, not 'bf17'"),
        ({"better": "more"}, "better must be higher or lower"),
        ({"patience": 3}, "patience needs watch"),
        ({"validate_every": 0}, "validate_every must be at least 1"),
        ({"steps": 100}, "warmup of 100 steps never ends in 100 steps; give a smaller"),
        ({"warmup": 200}, "warmup of 200 steps never ends in 101"),
    ],
)
def test_what_cannot_be_meant_is_refused(changed: dict[str, object], message: str) -> None:
    values = {"steps": 101, "batch_size": 2, "learning_rate": 1e-3}
    LoopOptions(**values)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=message):
        LoopOptions(**(values | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("batch", "micro", "pieces"),
    [(8, 0, (8,)), (8, 8, (8,)), (8, 20, (8,)), (8, 4, (4, 4)), (10, 4, (4, 4, 2))],
)
def test_pieces_are_as_large_as_allowed_and_make_up_the_batch(
    batch: int, micro: int, pieces: tuple[int, ...]
) -> None:
    assert LoopOptions(1, batch, 1e-3, warmup=0, micro_batch=micro).pieces == pieces


def test_learning_rate_rises_then_falls_to_a_twentieth() -> None:
    options = LoopOptions(steps=100, batch_size=1, learning_rate=2.0, warmup=10)
    rates = [options.rate(step) for step in range(100)]
    assert rates[0] == pytest.approx(0.2)
    assert np.argmax(rates) in (9, 10)
    assert max(rates) == pytest.approx(2.0)
    assert rates[55] == pytest.approx(1.05)
    assert rates[-1] == pytest.approx(0.1, abs=4e-3)
    assert (np.diff(rates[10:]) <= 0).all()
