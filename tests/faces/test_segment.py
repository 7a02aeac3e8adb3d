from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import CHEEK_SLOTS, JAW_SLOTS, MOUTH, RIGID_SLOTS, mouth_opening
from synclips.faces.segment import analyse
from synclips.faces.track import FaceTrack, assemble_track

SIDES_OF_JAW = JAW_SLOTS[[0, 1, 2, 3, -4, -3, -2, -1]]


def clock(count: int) -> list[Fraction]:
    return [Fraction(index, 25) for index in range(count)]


def filmed(head: Any, count: int, yaw: float = 0.0) -> np.ndarray:
    """A talking head that turns from one side to the other and back."""
    angles = yaw * np.sin(2 * np.pi * np.arange(count) / 60)
    turns = np.stack([head.rotation(yaw=angle, roll=angle / 3) for angle in angles])
    return head.film(head.speech(count), turns)  # type: ignore[no-any-return]


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


def test_noise_is_smoothed_over_a_time_and_not_over_frames(
    head: Any, rng: np.random.Generator
) -> None:
    left = []
    for rate in (25, 50):
        points = np.repeat(filmed(head, 1), 4 * rate, axis=0)
        points += rng.normal(size=points.shape).astype(np.float32)  # pixels
        times = [Fraction(index, rate) for index in range(len(points))]
        segment = next(analyse(assemble_track(times, points), head.shape))
        left.append(float(np.std(mouth_opening(segment.points))))
    # White noise in twice as many frames of the same time: the root of two less is left.
    assert left[1] == pytest.approx(left[0] / np.sqrt(2), rel=0.15)


def test_a_head_that_stands_for_a_frame_is_where_it_stands(head: Any) -> None:
    """As films do of which two pictures in five are shown twice."""
    once = head.film(head.speech(60))
    once[..., 0] += 9 * np.arange(60)[:, None]  # pixels, of 120 between the eyes
    picture = np.sort(np.concatenate([np.arange(60), np.arange(0, 60, 3), np.arange(1, 60, 3)]))
    points, times = once[picture], clock(len(picture))
    stepping = assemble_track(times, points)
    plain, known = (
        next(analyse(track, head.shape))
        for track in (stepping, replace(stepping, pictures=picture.astype(np.int32)))
    )
    away = []
    for segment in (plain, known):
        error = segment.pose.translation[5:-5, 0] - 9 * picture[5:-5]
        away.append(np.abs(error - np.median(error)).max())
    assert away[0] > 1.5 and away[1] < 0.2
    same = picture[1:] == picture[:-1]
    np.testing.assert_array_equal(known.points[1:][same], known.points[:-1][same])
    np.testing.assert_array_equal(known.coefficients[1:][same], known.coefficients[:-1][same])
    assert len(known) == len(picture) and len(known.pose) == len(picture)
