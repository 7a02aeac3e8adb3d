from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import (
    KEPT,
)
from synclips.faces.track import assemble_track, track_faces
from synclips.media.picture import RgbPicture
from synclips.media.video import Frame


def clock(count: int, rate: int = 25) -> list[Fraction]:
    return [Fraction(index, rate) for index in range(count)]


def filmed(head: Any, count: int, yaw: float = 0.0) -> np.ndarray:
    """A talking head that turns from one side to the other and back."""
    angles = yaw * np.sin(2 * np.pi * np.arange(count) / 60)
    turns = np.stack([head.rotation(yaw=angle, roll=angle / 3) for angle in angles])
    return head.film(head.speech(count), turns)  # type: ignore[no-any-return]


def test_track_asks_for_every_frame_once_and_in_order(head: Any) -> None:
    wanted = filmed(head, 12)

    class Tracker:
        def __init__(self) -> None:
            self.seen: list[int] = []

        def find(self, image: np.ndarray) -> np.ndarray | None:
            self.seen.append(int(image[0, 0, 0]))
            return None if self.seen[-1] == 4 else wanted[self.seen[-1]]

        def close(self) -> None: ...

    tracker, done = Tracker(), []
    frames = (
        Frame(RgbPicture(np.full((2, 2, 3), index, np.uint8)), Fraction(index, 30), index)
        for index in range(12)
    )
    track = track_faces(frames, tracker, done.append)
    assert tracker.seen == list(range(12)) == [count - 1 for count in done]
    assert track.times == tuple(Fraction(index, 30) for index in range(12))
    np.testing.assert_array_equal(track.points[5:], wanted[5:])
    assert track.runs == (slice(0, 12),)


def test_no_frames_make_an_empty_track() -> None:
    track = assemble_track([], np.zeros((0, len(KEPT), 3), np.float32))
    assert len(track) == track.face_count == 0
    assert track.runs == ()


@pytest.mark.parametrize(("rate", "gap"), [(25, 1), (25, 5), (24, 5), (60, 12), (4, 1)])
def test_short_gaps_are_bridged(head: Any, rate: int, gap: int) -> None:
    points = np.repeat(filmed(head, 1), 40, axis=0)
    points[..., 0] += np.arange(40)[:, None]  # the head moves steadily to the right
    lost = points.copy()
    lost[7 : 7 + gap] = np.nan
    track = assemble_track(clock(40, rate), lost)
    np.testing.assert_allclose(track.points, points, atol=1e-3)
    assert track.runs == (slice(0, 40),)
    assert np.isnan(lost[7]).all(), "the caller's landmarks were changed"


@pytest.mark.parametrize(("rate", "gap"), [(25, 6), (60, 13), (4, 2)])
def test_long_gaps_stay_marked(head: Any, rate: int, gap: int) -> None:
    points = filmed(head, 30)
    points[10 : 10 + gap] = np.nan
    track = assemble_track(clock(30, rate), points)
    assert track.runs == (slice(0, 10), slice(10 + gap, 30))
    assert np.isnan(track.points[10 : 10 + gap]).all()
    assert track.face_count == 30 - gap


def test_nothing_is_invented_before_the_first_and_after_the_last_face(head: Any) -> None:
    points = filmed(head, 20)
    points[:2] = points[-3:] = np.nan
    track = assemble_track(clock(20), points)
    assert track.runs == (slice(2, 17),)
    assert np.isnan(track.points[:2]).all()
    assert np.isnan(track.points[-3:]).all()


def test_cuts_split(head: Any) -> None:
    points = filmed(head, 30)
    points[10:, :, :2] += 100  # 100 pixels at once, of 120 between the eyes
    points[20:] *= 1.4  # a closer shot
    track = assemble_track(clock(30), points)
    assert track.runs == (slice(0, 10), slice(10, 20), slice(20, 30))


@pytest.mark.parametrize("lost", [0, 2])
def test_a_cut_to_another_face_at_the_same_place_splits(head: Any, lost: int) -> None:
    points = np.repeat(filmed(head, 1), 20, axis=0)

    class Tracker:
        def __init__(self) -> None:
            self.count = -1

        def find(self, image: np.ndarray) -> np.ndarray | None:
            self.count += 1
            return None if 10 <= self.count < 10 + lost else points[self.count]

        def close(self) -> None: ...

    def film(*levels: int) -> Any:
        return (
            Frame(RgbPicture(picture(level)), Fraction(i, 25), i) for i, level in enumerate(levels)
        )

    def picture(level: int) -> np.ndarray:
        image = np.full((480, 640, 3), level, np.uint8)
        image[:, 320:] = 250 - level  # one half of the face lit, and then the other
        return image

    there = track_faces(film(*[90] * 10, *[160] * 10), Tracker())
    assert there.runs == (slice(0, 10), slice(10 + lost, 20))
    slowly = track_faces(film(*range(90, 170, 4)), Tracker())
    assert slowly.runs == (slice(0, 20),), "a face that is lit otherwise little by little"


def test_a_gap_over_a_cut_is_not_bridged(head: Any) -> None:
    points = filmed(head, 20)
    points[12:, :, 0] += 500
    points[10:12] = np.nan
    track = assemble_track(clock(20), points)
    assert track.runs == (slice(0, 10), slice(12, 20))


def test_a_head_that_moves_fast_is_not_cut(head: Any) -> None:
    points = filmed(head, 20)
    points[..., 0] += 40 * np.arange(20)[:, None]
    assert assemble_track(clock(20), points).runs == (slice(0, 20),)
    points[..., 0] += 50 * np.arange(20)[:, None]  # 90 of 120 pixels between the eyes
    assert len(assemble_track(clock(20), points).runs) == 20
    assert assemble_track(clock(20, 15), points).runs == (slice(0, 20),), "in more time"
