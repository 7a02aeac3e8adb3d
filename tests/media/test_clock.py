from fractions import Fraction

import pytest

from synclips.media.clock import Clock


@pytest.mark.parametrize(
    ("stamps", "milliseconds"),
    [
        ([0, 40, 80], [0, 40, 80]),
        ([500, 540, 700], [0, 40, 200]),  # from the first frame, pauses kept
        ([0, 40, 40, 80], [0, 40, 60, 80]),  # repeated
        ([0, None, 40, None, 80], [0, 20, 40, 60, 80]),  # missing
        ([None, 40, 80], [0, 40, 80]),
        ([None] * 4, [0, 40, 80, 120]),  # a raw stream
        ([None, None, 80, None], [0, 40, 80, 100]),
        ([0, 40, 20, 80], [0, 40, 60, 80]),  # a small step back
        ([0, 40, 80, 81], [0, 40, 80, 81]),
        ([5000, 5040, 0, 40, 80], [0, 40, 80, 120, 160]),  # restarted
        ([0, 40, 9_000_000, 9_000_040], [0, 40, 80, 120]),  # a jump no pause explains
    ],
)
def test_time_moves_forward(stamps, milliseconds):
    clock = Clock(Fraction(1, 1000), Fraction(25))
    assert [clock.time(stamp) * 1000 for stamp in stamps] == milliseconds


def test_good_timestamps_are_exact():
    clock = Clock(Fraction(1, 30000), Fraction(30000, 1001))
    assert [clock.time(1001 * n) for n in range(5)] == [Fraction(1001 * n, 30000) for n in range(5)]
