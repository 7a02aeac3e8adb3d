from dataclasses import dataclass, replace

import numpy as np
import pytest

from synclips.corpus.augmentation import Augmentation, require_positive
from synclips.errors import ConfigError


@dataclass(frozen=True)
class Weather(Augmentation):
    rain_probability: float = 0.5
    rain_depth: float = 3.0
    wind_probability: float = 0.2
    snow_probability: float = 0.0


def happening(how: Weather, rng: np.random.Generator) -> dict[str, float]:
    return {kind: float(dice.random()) for kind, dice in how.draw(rng)}


def test_kinds_are_named_by_their_chance() -> None:
    assert Weather.kinds() == ("rain", "wind", "snow")
    assert Weather().only("snow") == Weather(0, 3.0, 0, 1)
    assert Weather().only() == Weather(0, 3.0, 0, 0)
    with pytest.raises(ValueError, match="no kind fog"):
        Weather().only("fog")


def test_kinds_happen_as_often_as_said(rng: np.random.Generator) -> None:
    days = [happening(Weather(), rng) for _ in range(2000)]
    assert np.mean(["rain" in day for day in days]) == pytest.approx(0.5, abs=0.04)
    assert np.mean(["wind" in day for day in days]) == pytest.approx(0.2, abs=0.04)
    assert not any("snow" in day for day in days)
    assert all("snow" in happening(Weather().only("snow"), rng) for _ in range(20))


def test_one_kind_does_not_change_the_dice_of_another() -> None:
    dry = replace(Weather(wind_probability=1), rain_probability=0)
    wet = replace(dry, rain_probability=1)
    one, other = np.random.default_rng(3), np.random.default_rng(3)
    first, second = happening(dry, one), happening(wet, other)
    assert first["wind"] == second["wind"] != second["rain"]
    assert one.random() == other.random(), "what follows differs"


def test_impossible_values_are_refused() -> None:
    for chance in (-0.1, 1.5, float("nan")):
        with pytest.raises(ConfigError, match=r"Weather: wind_probability must be from 0"):
            Weather(wind_probability=chance)
    with pytest.raises(ConfigError, match="rain_depth must not be negative"):
        require_positive(Weather(rain_depth=-1), "rain_depth")
