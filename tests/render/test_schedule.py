from collections.abc import Iterator, Sequence
from fractions import Fraction as F
from typing import Any

import numpy as np
import pytest

from synclips.media.picture import RgbPicture
from synclips.media.video import Frame
from synclips.render.schedule import end_of_way, schedule, showing_count, standing, still

EVEN = [F(index, 25) for index in range(6)]
# Variable frame rate: no two intervals are the same.
UNEVEN = [F(0), F(1, 30), F(1, 10), F(1, 4), F(3, 10), F(7, 12)]


class Reader:
    """A video in memory; the red of a frame is its number."""

    def __init__(self, times: Sequence[F]) -> None:
        self._frames = [
            Frame(RgbPicture(np.full((1, 1, 3), index, np.uint8)), time, index)
            for index, time in enumerate(times)
        ]

    def frames(self) -> Iterator[Frame]:
        yield from self._frames

    def frames_backward(self, times: Sequence[F]) -> Iterator[Frame]:
        assert list(times) == [frame.time for frame in self._frames]
        yield from reversed(self._frames)


def play(times: Sequence[F], length: F, extend: str = "bounce") -> tuple[list[int], list[F]]:
    reader: Any = Reader(times)
    showings = list(schedule(reader, times, length, F(25), extend))
    return [showing.frame.index for showing in showings], [showing.time for showing in showings]


def test_a_sound_as_long_as_the_video_shows_every_frame_in_time() -> None:
    assert play(EVEN, F(11, 50)) == ([0, 1, 2, 3, 4, 5], EVEN)
    assert play(UNEVEN, F(59, 100)) == ([0, 1, 2, 3, 4, 5], UNEVEN)


def test_a_shorter_sound_ends_the_video() -> None:
    assert play(EVEN, F(3, 25)) == ([0, 1, 2], EVEN[:3])
    assert play(EVEN, F(31, 250)) == ([0, 1, 2, 3], EVEN[:4])
    assert play(UNEVEN, F(26, 100)) == ([0, 1, 2, 3], UNEVEN[:4])


def test_there_is_always_a_frame() -> None:
    assert play(EVEN, F(0)) == ([0], [F(0)])


def test_a_longer_sound_turns_the_video_around_again_and_again() -> None:
    indices, times = play(EVEN, F(18, 25))
    assert indices == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3, 4, 5, 4, 3]
    assert times == [F(count, 25) for count in range(18)]


def test_intervals_are_kept_on_the_way_back() -> None:
    indices, times = play(UNEVEN, F(2))
    assert indices[:14] == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0, 1, 2, 3]
    for before, after, start, end in zip(indices, indices[1:], times, times[1:], strict=False):
        assert end - start == abs(UNEVEN[after] - UNEVEN[before])
    assert times[-1] < 2 <= times[-1] + F(1, 3)


def test_a_longer_sound_can_begin_the_video_anew() -> None:
    indices, times = play(EVEN, F(15, 25), "loop")
    assert indices == [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2]
    assert times == [F(count, 25) for count in range(15)]
    # The last frame lasts as long as frames do on average.
    end = UNEVEN[-1] + F(1, 25)
    assert play(UNEVEN, end + F(1, 5), "loop")[1] == [*UNEVEN, *(end + at for at in UNEVEN[:3])]


def test_a_longer_sound_can_hold_the_last_picture() -> None:
    indices, times = play(EVEN, F(10, 25), "hold")
    assert indices == [0, 1, 2, 3, 4, 5, 5, 5, 5, 5]
    assert times == [F(count, 25) for count in range(10)]
    assert play(UNEVEN, UNEVEN[-1] + F(2, 25), "hold")[1] == [*UNEVEN, UNEVEN[-1] + F(1, 25)]


def test_lips_go_on_while_the_last_picture_is_held() -> None:
    reader: Any = Reader(EVEN)
    plan = standing(
        schedule(reader, EVEN, F(8, 25), F(25), "hold"), lambda one, other: one != other
    )
    assert [showing.moment * 25 for showing in plan] == [0, 0, 0, 0, 0, 0, 6, 7]


@pytest.mark.parametrize("extend", ["loop", "hold"])
@pytest.mark.parametrize("times", [EVEN, UNEVEN, EVEN[:2], EVEN[:1]])
@pytest.mark.parametrize(
    "length", [F(0), F(1, 100), F(1, 5), F(6, 25), F(7, 12), F(187, 300), F(1), F(7, 3)]
)
def test_however_it_goes_on_it_ends_with_the_sound(times: list[F], length: F, extend: str) -> None:
    indices, shown = play(times, length, extend)
    assert all(a < b for a, b in zip(shown, shown[1:], strict=False))
    assert indices[: len(times)] == list(range(len(times)))[: len(indices)]
    assert shown[-1] < length or len(shown) == 1
    # Another frame would have begun with the end of the sound, or after it.
    after = play(times, length + 1, extend)[1]
    assert after[: len(shown)] == shown
    assert after[len(shown)] >= length
    assert showing_count(times, length, F(25), extend) == len(shown)


@pytest.mark.parametrize("times", [EVEN, UNEVEN, EVEN[:2], EVEN[:3]])
@pytest.mark.parametrize("length", [F(1, 100), F(1, 5), F(7, 12), F(1), F(7, 6), F(7, 3)])
def test_time_always_moves_on_and_neighbours_differ(times: list[F], length: F) -> None:
    indices, shown = play(times, length)
    assert all(a < b for a, b in zip(shown, shown[1:], strict=False))
    assert all(abs(a - b) == 1 for a, b in zip(indices, indices[1:], strict=False))
    assert shown[0] == 0
    assert shown[-1] < length
    assert showing_count(times, length, F(25)) == len(shown)


def test_a_video_of_one_frame_is_a_picture() -> None:
    indices, times = play([F(0)], F(1, 5))
    assert indices == [0] * 5
    assert times == [F(count, 25) for count in range(5)]


def test_a_picture_lasts_as_long_as_the_sound() -> None:
    reader: Any = Reader([F(0)])
    for length, count in ((F(2), 60), (F(59, 30), 59), (F(199, 100), 60), (F(1, 1000), 1)):
        showings = list(still(reader, length, F(30)))
        assert [showing.time for showing in showings] == [F(number, 30) for number in range(count)]
        assert {showing.frame.index for showing in showings} == {0}


def test_a_picture_that_frames_repeat_stands_since_it_was_first_shown() -> None:
    reader: Any = Reader(EVEN)
    picture = [0, 1, 1, 2, 2, 3]

    def repeats(frame: int, other: int) -> bool:
        return frame != other and picture[frame] == picture[other]

    plan = list(standing(schedule(reader, EVEN, F(11, 25), F(25)), repeats))
    assert [showing.frame.index for showing in plan] == [0, 1, 2, 3, 4, 5, 4, 3, 2, 1, 0]
    assert [showing.time * 25 for showing in plan] == list(range(11))
    # On the way back it is the later frame that is shown first.
    assert [showing.moment * 25 for showing in plan] == [0, 1, 1, 3, 3, 5, 6, 6, 8, 8, 10]


def test_lips_of_a_still_picture_go_on() -> None:
    reader: Any = Reader(EVEN[:1])
    plan = standing(schedule(reader, EVEN[:1], F(4, 25), F(25)), lambda one, other: one != other)
    assert [showing.moment * 25 for showing in plan] == [0, 1, 2, 3]


@pytest.mark.parametrize("times", [EVEN, UNEVEN, [*UNEVEN, F(18, 30)], [F(0), F(1)], [F(0)]])
def test_a_way_ends_before_a_frame_is_shown_again(times: list[F]) -> None:
    rate = (len(times) - 1) / times[-1] if times[-1] else F(25)
    end = end_of_way(times, rate)
    assert times[-1] < end <= times[-1] + 1 / rate
    assert showing_count(times, end, rate) == len(times)
