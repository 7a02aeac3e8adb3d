from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import EYE_CORNERS
from synclips.faces.pose import Pose, fit_pose, own_template, smooth, smooth_pose

STILL = np.zeros((1, 4), np.float32)


def test_a_known_similarity_is_found_exactly(head: Any) -> None:
    turns = np.stack(
        [
            head.rotation(),
            head.rotation(yaw=35, pitch=-10, roll=20),
            head.rotation(yaw=-60, roll=-90),
        ]
    )
    points = head.film(np.repeat(STILL, 3, axis=0), turns, scale=87.5, at=(412, 99))
    pose = fit_pose(points, head.shape.template)
    np.testing.assert_allclose(pose.scale, 87.5, rtol=1e-5)
    np.testing.assert_allclose(pose.rotation, turns, atol=1e-5)
    np.testing.assert_allclose(pose.translation, [[412, 99, 0]] * 3, atol=1e-3)
    np.testing.assert_allclose(pose.apply(head.shape.template), points, atol=2e-3)
    np.testing.assert_allclose(
        pose.invert(points), [head.shape.template] * 3, atol=2e-5, strict=False
    )


def test_speech_does_not_turn_the_head(head: Any) -> None:
    wide = np.array([[4, 2, -2, 3]], np.float32)
    closed, open_ = (fit_pose(head.film(lips), head.shape.template) for lips in (STILL, wide))
    np.testing.assert_allclose(open_.rotation, closed.rotation, atol=1e-6)
    np.testing.assert_allclose(open_.translation, closed.translation, atol=1e-4)


def test_a_mirrored_face_is_not_met_with_a_reflection(head: Any) -> None:
    points = head.film(STILL)
    points[..., 2] *= -1
    assert np.linalg.det(fit_pose(points, head.shape.template).rotation) == pytest.approx(1)


@pytest.mark.parametrize("yaw", [-40.0, 0.0, 25.0])
def test_yaw_is_the_turn_of_the_head_whatever_its_pitch_and_roll(head: Any, yaw: float) -> None:
    turns = np.stack([head.rotation(yaw=yaw), head.rotation(yaw=yaw, pitch=20)])
    pose = fit_pose(head.film(np.repeat(STILL, 2, axis=0), turns), head.shape.template)
    np.testing.assert_allclose(pose.yaw, yaw, atol=2)
    rolled = fit_pose(head.film(STILL, head.rotation(roll=30)[None]), head.shape.template)
    assert rolled.yaw[0] == pytest.approx(0, abs=0.01)


def test_pitch_leaves_yaw_alone(head: Any) -> None:
    pose = fit_pose(head.film(STILL, head.rotation(pitch=25)[None]), head.shape.template)
    assert pose.yaw[0] == pytest.approx(0, abs=0.01)
    assert np.degrees(np.arcsin(pose.rotation[0, 2, 1])) == pytest.approx(25, abs=0.01)


def test_indexing_takes_a_part_of_the_poses(head: Any) -> None:
    turns = np.stack([head.rotation(yaw=angle) for angle in (0, 10, 20, 30)])
    pose = fit_pose(head.film(np.repeat(STILL, 4, axis=0), turns), head.shape.template)
    part = pose[1:3]
    assert len(part) == 2
    np.testing.assert_array_equal(part.rotation, pose.rotation[1:3])


def test_own_template_fits_where_a_strangers_does_not(head: Any, rng: np.random.Generator) -> None:
    stranger = head.shape.template + rng.normal(size=head.shape.template.shape) * 0.03
    stranger = stranger.astype(np.float32)
    turns = np.stack([head.rotation(yaw=angle) for angle in np.linspace(-35, 35, 21)])
    points = head.film(np.zeros((21, 4), np.float32), turns)
    own = own_template(points, stranger)

    def misfit(template: np.ndarray) -> float:
        return float(np.abs(fit_pose(points, template).apply(template) - points).max())

    assert misfit(stranger) > 3  # pixels, of 120 between the eyes
    assert misfit(own) < 0.01
    assert np.linalg.norm(own[EYE_CORNERS[1]] - own[EYE_CORNERS[0]]) == pytest.approx(1, abs=1e-5)
    # The stranger still says where front is: together they differ by no turn.
    np.testing.assert_allclose(fit_pose(own[None], stranger).rotation[0], np.eye(3), atol=1e-3)


def test_smoothing_has_no_lag() -> None:
    pulse = np.zeros((41, 1), np.float32)
    pulse[20] = 1
    result = smooth(pulse, 2.0)[:, 0]
    assert np.argmax(result) == 20
    np.testing.assert_allclose(result, result[::-1], atol=1e-7)
    assert result.sum() == pytest.approx(1, abs=1e-5)
    assert result[20] < 0.25


@pytest.mark.parametrize("length", [2, 3, 5, 30])
def test_smoothing_does_not_pull_the_ends(length: int) -> None:
    line = np.stack([np.arange(length), 5 - 2 * np.arange(length)], axis=-1).astype(np.float32)
    np.testing.assert_allclose(smooth(line, 3.0), line, atol=1e-4)


def test_smoothing_removes_jitter(rng: np.random.Generator) -> None:
    noise = rng.normal(size=(400, 2)).astype(np.float32)
    assert smooth(noise, 2.0).std() < 0.45 * noise.std()
    np.testing.assert_array_equal(smooth(noise, 0), noise)
    np.testing.assert_array_equal(smooth(noise[:1], 2.0), noise[:1])


def test_smoothed_poses_stay_rotations(head: Any, rng: np.random.Generator) -> None:
    angles = np.linspace(-30, 30, 25) + rng.normal(size=25) * 0.3
    turns = np.stack([head.rotation(yaw=angle, roll=angle / 2) for angle in angles])
    pose = fit_pose(head.film(np.zeros((25, 4), np.float32), turns), head.shape.template)
    steady = smooth_pose(pose, 2.0)
    identity = steady.rotation @ steady.rotation.transpose(0, 2, 1)
    np.testing.assert_allclose(identity, np.tile(np.eye(3), (25, 1, 1)), atol=1e-5)
    np.testing.assert_allclose(np.linalg.det(steady.rotation), 1, atol=1e-5)
    assert np.abs(np.diff(steady.yaw, 2)).mean() < 0.3 * np.abs(np.diff(pose.yaw, 2)).mean()
    assert isinstance(steady, Pose)


def test_a_quick_head_is_not_smoothed_away(head: Any) -> None:
    # Footage that repeats every other frame: the head jumps a sixth of an eye distance at a time.
    places = np.repeat(np.arange(12) * 10.0, 2)
    film = head.film(np.zeros((24, 4), np.float32), np.tile(np.eye(3), (24, 1, 1)))
    film[..., 0] += places[:, None].astype(np.float32)
    pose = fit_pose(film, head.shape.template)
    steady = smooth_pose(pose, 1.0)
    away = np.linalg.norm(steady.translation - pose.translation, axis=1) / pose.scale
    assert away.max() < 0.016
    assert away.max() > 0.01
