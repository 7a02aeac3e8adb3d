"""The offset of a clip: found where it is clear, refused where sound and lips are strangers."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from synclips.adapt import offset
from synclips.adapt.offset import correlation, find_offset
from synclips.adapt.own_speech import MARGIN
from synclips.checkpoint import Checkpoint


@pytest.mark.parametrize("late", [-9, 0, 14])
def test_a_clear_offset_is_found(trained: Checkpoint, everybody: Any, late: int) -> None:
    pieces = replace(everybody, late=late).speak(seed=2)
    found = find_offset(trained.motion, pieces, trained.shape.opening_effect)
    assert found is not None
    assert abs(found - late) <= 1


def test_strangers_have_none(trained: Checkpoint, make_speaker: Any) -> None:
    opening = trained.shape.opening_effect
    for seed in range(3):
        pieces = make_speaker(1.0, 0.3, unrelated=True).speak(seed)
        assert find_offset(trained.motion, pieces, opening) is None


def test_an_offset_out_of_reach_is_not_taken_for_its_edge(
    trained: Checkpoint, everybody: Any
) -> None:
    (piece,) = everybody.speak(seed=4)
    shifted = replace(piece, motion=np.roll(piece.motion, 24, axis=0))  # 24 > MARGIN
    opening = trained.shape.opening_effect
    assert find_offset(trained.motion, [shifted], opening) is None


@pytest.mark.parametrize(
    ("heights", "found"),
    [
        ({5: 0.55, 0: 0.2}, 5),
        ({5: 0.45, 0: 0.2}, None),  # so much agrees by chance somewhere
        ({0: 0.45}, 0),  # but less often where it ought to
        ({0: 0.35}, None),
        ({5: 0.8, -12: 0.7, 0: 0.45}, 0),  # two peaks: neither is the offset
        ({5: 0.8, -12: 0.7, 0: 0.35}, None),
        ({MARGIN: 0.8, 0: 0.2}, None),  # what still rises at the edge is no peak
        ({-MARGIN: 0.8, 0: 0.45}, 0),
        ({MARGIN - 1: 0.8, 0: 0.2}, MARGIN - 1),
    ],
)
def test_another_offset_than_none_needs_more_agreement(
    trained: Checkpoint,
    everybody: Any,
    monkeypatch: pytest.MonkeyPatch,
    heights: dict[int, float],
    found: int | None,
) -> None:
    agreement = np.zeros(2 * MARGIN + 1)
    for lag, height in heights.items():
        agreement[MARGIN + lag] = height
    monkeypatch.setattr(offset, "agreement_at_lags", lambda *_: agreement)
    opening = trained.shape.opening_effect
    assert find_offset(trained.motion, everybody.speak(seed=2), opening) == found


def test_correlation_of_a_still_curve_is_zero() -> None:
    moving = np.sin(np.arange(50.0))
    assert correlation(moving, np.full(50, 0.1)) == 0
    assert correlation(moving, -2 * moving) == pytest.approx(-1)
