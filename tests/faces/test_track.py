from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    JAW_SLOTS,
    KEPT,
    MOUTH,
    RIGID_SLOTS,
    mouth_opening,
)
from synclips.faces.track import BRIDGED_GAP, FaceTrack, analyse, assemble_track, track_faces
from synclips.media.picture import RgbPicture
from synclips.media.video import Frame

SIDES_OF_JAW = JAW_SLOTS[[0, 1, 2, 3, -4, -3, -2, -1]]


def clock(count: int) -> list[Fraction]:
    return [Fraction(index, 25) for index in range(count)]


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
    assert track.segments == (slice(0, 12),)


def test_no_frames_make_an_empty_track() -> None:
    track = assemble_track([], np.zeros((0, len(KEPT), 3), np.float32))
    assert len(track) == track.face_count == 0
    assert track.segments == ()


@pytest.mark.parametrize("gap", [1, BRIDGED_GAP])
def test_short_gaps_are_bridged(head: Any, gap: int) -> None:
    points = np.repeat(filmed(head, 1), 20, axis=0)
    points[..., 0] += np.arange(20)[:, None]  # the head moves steadily to the right
    lost = points.copy()
    lost[7 : 7 + gap] = np.nan
    track = assemble_track(clock(20), lost)
    np.testing.assert_allclose(track.points, points, atol=1e-3)
    assert track.segments == (slice(0, 20),)
    assert np.isnan(lost[7]).all(), "the caller's landmarks were changed"


def test_long_gaps_stay_marked(head: Any) -> None:
    points = filmed(head, 30)
    points[10 : 10 + BRIDGED_GAP + 1] = np.nan
    track = assemble_track(clock(30), points)
    assert track.segments == (slice(0, 10), slice(16, 30))
    assert np.isnan(track.points[10:16]).all()
    assert track.face_count == 24


def test_nothing_is_invented_before_the_first_and_after_the_last_face(head: Any) -> None:
    points = filmed(head, 20)
    points[:2] = points[-3:] = np.nan
    track = assemble_track(clock(20), points)
    assert track.segments == (slice(2, 17),)
    assert np.isnan(track.points[:2]).all()
    assert np.isnan(track.points[-3:]).all()


def test_cuts_split(head: Any) -> None:
    points = filmed(head, 30)
    points[10:, :, :2] += 100  # 100 pixels at once, of 120 between the eyes
    points[20:] *= 1.4  # a closer shot
    track = assemble_track(clock(30), points)
    assert track.segments == (slice(0, 10), slice(10, 20), slice(20, 30))


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
    assert there.segments == (slice(0, 10), slice(10 + lost, 20))
    slowly = track_faces(film(*range(90, 170, 4)), Tracker())
    assert slowly.segments == (slice(0, 20),), "a face that is lit otherwise little by little"


def test_a_gap_over_a_cut_is_not_bridged(head: Any) -> None:
    points = filmed(head, 20)
    points[12:, :, 0] += 500
    points[10:12] = np.nan
    track = assemble_track(clock(20), points)
    assert track.segments == (slice(0, 10), slice(12, 20))


def test_a_head_that_moves_fast_is_not_cut(head: Any) -> None:
    points = filmed(head, 20)
    points[..., 0] += 40 * np.arange(20)[:, None]
    assert assemble_track(clock(20), points).segments == (slice(0, 20),)


def test_lip_motion_does_not_depend_on_the_turning_of_the_head(head: Any) -> None:
    still, turning = (
        next(analyse(assemble_track(clock(90), filmed(head, 90, yaw)), head.shape))
        for yaw in (0.0, 25.0)
    )
    assert turning.pose.yaw.max() > 23
    truth = head.speech(90)
    for segment in (still, turning):
        for k in range(4):
            assert np.corrcoef(segment.coefficients[:, k], truth[:, k])[0, 1] > 0.99, k
    # In standard deviations; a quarter of a deviation is seen by nobody.
    assert np.abs(turning.coefficients - still.coefficients).max() < 0.25
    openings = [mouth_opening(segment.canonical) for segment in (still, turning)]
    assert np.abs(openings[1] - openings[0]).max() < 0.01
    assert mouth_opening(turning.neutral) < 0.012


def test_target_with_its_own_lips_is_the_face_that_was_seen(head: Any) -> None:
    segment = next(analyse(assemble_track(clock(90), filmed(head, 90, 25.0)), head.shape))
    redrawn = segment.target(np.arange(90), segment.coefficients, head.shape)
    assert np.abs(redrawn - segment.points).max() < 1.0  # pixels, of 120 between the eyes
    for kept in (RIGID_SLOTS, CHEEK_SLOTS):
        np.testing.assert_array_equal(redrawn[:, kept], segment.points[:, kept])


def test_what_lips_do_beyond_the_basis_stays_in_the_target(head: Any) -> None:
    points = filmed(head, 90)
    drift = 6 * np.sin(2 * np.pi * np.arange(90) / 60)  # pixels, as a tracker errs on a turned head
    points[:, MOUTH, 0] += drift[:, None]
    segment = next(analyse(assemble_track(clock(90), points), head.shape))
    redrawn = segment.target(np.arange(90), segment.coefficients, head.shape)
    assert np.abs(redrawn - segment.points).max() < 1.5


def test_a_strangers_face_as_template_does_no_harm(head: Any, rng: np.random.Generator) -> None:
    other = head.shape.template.copy()
    other[RIGID_SLOTS] += rng.normal(size=(len(RIGID_SLOTS), 3)).astype(np.float32) * 0.04
    strangers = replace(head.shape, template=other)
    track = assemble_track(clock(90), filmed(head, 90, 25.0))
    segment = next(analyse(track, strangers))
    redrawn = segment.pose.apply(segment.neutral)[:, RIGID_SLOTS]
    assert np.abs(redrawn - segment.points[:, RIGID_SLOTS]).max() < 1.5
    for k in range(4):
        assert np.corrcoef(segment.coefficients[:, k], head.speech(90)[:, k])[0, 1] > 0.97, k


def test_target_poses_other_lips_with_each_frames_head(head: Any) -> None:
    count = 60
    segment = next(analyse(assemble_track(clock(count), filmed(head, count, 25.0)), head.shape))
    other = np.zeros((count, 4), np.float32)
    other[:, 0] = np.linspace(0, 2.5, count)
    target = segment.target(np.arange(count), other, head.shape)
    angles = 25 * np.sin(2 * np.pi * np.arange(count) / 60)
    turns = np.stack([head.rotation(yaw=angle, roll=angle / 3) for angle in angles])
    wanted = head.film(other, turns)
    # The person's own rest position (mean width and smile) is kept: a few pixels.
    assert np.abs(mouth_opening(target) - mouth_opening(wanted)).max() < 2.0
    offset = (target - wanted)[:, MOUTH]
    assert np.linalg.norm(offset, axis=-1).mean() < 6.0
    # Any frames, in any order.
    chosen = np.array([40, 3, 3])
    np.testing.assert_allclose(
        segment.target(chosen, other[chosen], head.shape), target[chosen], atol=1e-3
    )
    silent = segment.target(chosen, np.zeros((3, 4), np.float32), head.shape)
    assert mouth_opening(silent).max() < 2.0


def test_a_jaw_that_slides_along_a_turning_head_is_not_dragged_out(head: Any) -> None:
    shape = head.sliding()
    points = filmed(head, 60, 25.0)
    points[28:33, JAW_SLOTS, 0] += 8  # pixels, of 120 between the eyes
    segment = next(analyse(assemble_track(clock(60), points), shape))
    assert segment.coefficients[30, 4] > 0.8
    other = segment.coefficients.copy()
    other[:, 4] = 0  # a new mouth knows of no slide
    moved = segment.target(np.arange(60), other, shape) - segment.points
    assert np.abs(moved[30, SIDES_OF_JAW, 0]).max() < 1
    # The chin, which no background lies beside, is where the new coefficients want it.
    assert moved[30, JAW_SLOTS[8], 0] < -5


def test_lips_that_open_pull_the_sides_of_the_jaw(head: Any) -> None:
    basis = head.shape.basis.copy()
    basis[0, SIDES_OF_JAW, 1] += 0.05
    basis[0] /= np.linalg.norm(basis[0])
    shape = replace(head.shape, basis=basis)
    segment = next(analyse(assemble_track(clock(60), filmed(head, 60, 25.0)), shape))
    other = segment.coefficients.copy()
    other[:, 0] += 2.0
    moved = segment.target(np.arange(60), other, shape) - segment.points
    pull = shape.decode(np.array([2.0, 0, 0, 0], np.float32))
    wanted = segment.pose.turned(pull[None])[30, SIDES_OF_JAW, 1]
    assert wanted.min() > 2
    np.testing.assert_allclose(moved[30, SIDES_OF_JAW, 1], wanted, rtol=0.15)


def test_segments_of_one_frame_can_be_analysed(head: Any) -> None:
    track = FaceTrack((Fraction(0),), filmed(head, 1), (slice(0, 1),))
    segment = next(analyse(track, head.shape))
    assert len(segment) == 1
    np.testing.assert_allclose(segment.points, track.points)
