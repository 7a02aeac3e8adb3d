"""A crossfade: how long it takes, what leaves, and where there is none."""

from typing import Any

import pytest

from synclips.render.crossfade import SECONDS, Crossfade, follow

BANK: Any = object()
A: Any = "a"
B: Any = "b"
C: Any = "c"
# Pictures per second of which two, or four, make a fade.
HALVES, QUARTERS = 2 / SECONDS, 4 / SECONDS


def run(rate: float, *nearest: Any) -> list[tuple[Any, Any, float]]:
    """Nearest, leaving and share of pictures that follow each other, so many per second."""
    last, seen = None, []
    for number, one in enumerate(nearest):
        last = follow(last, BANK, one, number / rate)
        seen.append((last.nearest, last.leaving, round(last.share, 3)))
    return seen


def test_a_new_frame_shows_half_and_then_alone() -> None:
    assert run(HALVES, A, A, B, B, B) == [
        (A, None, 1),
        (A, None, 1),
        (B, A, 0.5),
        (B, None, 1),
        (B, None, 1),
    ]


@pytest.mark.parametrize("rate", [24, 25, 29.97, 30, 50, 60])
def test_it_takes_as_long_at_any_rate(rate: float) -> None:
    shares = [share for _, _, share in run(rate, A, *[B] * 10)]
    assert shares[0] == 1
    assert shares[1] == pytest.approx(1 / rate / SECONDS, abs=1e-3)
    assert shares[1:] == sorted(shares[1:])
    over = next(number for number, share in enumerate(shares[1:], 1) if share == 1)
    assert (over - 1) / rate < SECONDS <= over / rate + 1e-3


def test_at_a_low_rate_nothing_fades() -> None:
    assert run(12, A, B) == [(A, None, 1), (B, None, 1)]


def test_who_comes_back_goes_on_from_what_is_seen_of_them() -> None:
    # B has a quarter, so A goes on from three quarters of itself.
    assert run(QUARTERS, A, B, A) == [(A, None, 1), (B, A, 0.25), (A, None, 1)]
    assert run(QUARTERS, A, B, B, A) == [(A, None, 1), (B, A, 0.25), (B, A, 0.5), (A, B, 0.75)]


def test_of_two_the_one_that_is_seen_more_leaves_for_a_third() -> None:
    assert run(QUARTERS, A, B, C)[-1] == (C, A, 0.25)
    assert run(QUARTERS, A, B, B, B, C)[-1] == (C, B, 0.25)


def test_nothing_fades_over_a_cut_or_after_the_face_was_gone() -> None:
    other: Any = object()
    before = Crossfade(BANK, 1.0, A)
    assert follow(before, other, B, 1.04).leaving is None
    assert follow(before, BANK, B, 1.3).leaving is None
    assert follow(None, BANK, B, 1.04).leaving is None
