from typing import Any

import numpy as np
import pytest

from synclips.faces.crop import (
    CropSpec,
    between,
    crop_to_image,
    invert,
    magnification,
    transform,
)
from synclips.faces.landmarks import EYE_CORNERS, LIPS
from synclips.faces.pose import Pose, fit_pose

SPEC = CropSpec()


def poses(head: Any, *angles: dict[str, float]) -> tuple[np.ndarray, Pose]:
    """Landmarks and poses of a silent head of 300 pixels between the eyes, in a 4K picture."""
    turns = np.stack([head.rotation(**angle) for angle in angles])
    points = head.film(np.zeros((len(angles), 4), np.float32), turns, 300, (2900, 1500))
    return points, fit_pose(points, head.shape.template)


def test_crop_to_image_and_back_is_exact_to_a_thousandth_of_a_pixel(
    head: Any, rng: np.random.Generator
) -> None:
    _, pose = poses(head, {}, {"roll": 31.0, "yaw": 20.0}, {"roll": -170.0})
    to_image = crop_to_image(pose, head.shape.template, SPEC)
    places = rng.uniform(-10, SPEC.size + 10, size=(3, 50, 2)).astype(np.float32)
    there = transform(places, to_image)
    assert np.abs(there - places).min() > 100
    # Half a crop pixel is some pixels of this picture, float32 keeps 1/4000 of one.
    np.testing.assert_allclose(transform(there, invert(to_image)), places, atol=1e-3)


@pytest.mark.parametrize("roll", [-90.0, -25.0, 0.0, 60.0])
def test_crop_is_level_with_a_rolled_head(head: Any, roll: float) -> None:
    points, pose = poses(head, {"roll": roll})
    to_image = crop_to_image(pose, head.shape.template, SPEC)
    inside = transform(points, invert(to_image))[0]
    left, right = inside[EYE_CORNERS]
    assert left[1] == pytest.approx(right[1], abs=1e-2)
    assert right[0] - left[0] == pytest.approx(SPEC.pixels_per_eye_distance, rel=1e-3)
    middle = inside[LIPS].mean(axis=0)
    assert middle[0] == pytest.approx((SPEC.size - 1) / 2, abs=0.05)
    below = SPEC.below_mouth * SPEC.pixels_per_eye_distance
    assert middle[1] == pytest.approx((SPEC.size - 1) / 2 - below, abs=0.05)


def test_turning_the_head_does_not_roll_the_crop(head: Any) -> None:
    _, pose = poses(head, {"yaw": 40.0}, {"pitch": 30.0})
    linear = crop_to_image(pose, head.shape.template, SPEC)[:, :, :2]
    np.testing.assert_allclose(linear[:, 1, 0], 0, atol=1e-4)
    np.testing.assert_allclose(linear[:, 0, 0], 300 / SPEC.pixels_per_eye_distance, rtol=1e-4)


def test_crop_follows_the_size_of_the_face(head: Any) -> None:
    still = np.zeros((1, 4), np.float32)
    steps = []
    for scale in (60.0, 240.0):
        pose = fit_pose(head.film(still, scale=scale), head.shape.template)
        steps.append(crop_to_image(pose, head.shape.template, SPEC)[0, 0, 0])
    assert steps[1] == pytest.approx(4 * steps[0], rel=1e-4)


def test_one_crop_lies_within_another(head: Any) -> None:
    face, lips = CropSpec(96, 2.6, -0.45), CropSpec(32, 1.0, 0.05)
    poses = fit_pose(
        head.film(np.zeros((2, 4), np.float32), head.rotation(roll=20)[None]), head.shape.template
    )
    large, small = (crop_to_image(poses, head.shape.template, spec) for spec in (face, lips))
    corners = np.array([[[0, 0], [31, 0], [13, 27]]], np.float32)
    directly = transform(corners, small[:1])
    by_the_face = transform(transform(corners, between(lips, face)[None]), large[:1])
    np.testing.assert_allclose(by_the_face, directly, atol=0.05)


def test_spec_goes_through_plain_values() -> None:
    spec = CropSpec(64, 1.5, 0.1)
    assert CropSpec(**spec.to_dict()) == spec
    assert spec.pixels_per_eye_distance == pytest.approx(64 / 1.5)


@pytest.mark.parametrize("degrees", [0, 30, -90])
def test_a_turn_does_not_magnify(degrees: float) -> None:
    a = np.radians(degrees)
    turn = 2.5 * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    assert magnification(np.column_stack([turn, [40, -7]])) == pytest.approx(2.5)
