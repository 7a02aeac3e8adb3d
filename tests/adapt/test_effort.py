"""What a user may say about the time that learning takes."""

import math

import pytest

from synclips.adapt.effort import BRIEF, THOROUGH, Effort, parse_effort
from synclips.errors import ConfigError


def test_words_and_numbers() -> None:
    assert parse_effort("auto") == BRIEF
    assert parse_effort("off") is None
    assert parse_effort("4") == Effort(100, 4.0)
    # On a slow machine too, `auto` does the same.
    assert BRIEF.seconds == math.inf


@pytest.mark.parametrize("text", ["", "yes", "0", "-3", "nan", "inf"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="--adapt takes auto, off or a number"):
        parse_effort(text)


def test_more_speech_is_worth_more_steps_up_to_the_limit() -> None:
    assert BRIEF.steps_for(5) == 30
    assert THOROUGH.steps_for(5) == 60
    assert THOROUGH.steps_for(30) == 360
    assert BRIEF.steps_for(30) == BRIEF.steps
    assert THOROUGH.steps_for(600) == THOROUGH.steps
