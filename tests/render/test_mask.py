from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.crop import CropSpec, Placement, crop_to_image, invert, transform
from synclips.faces.landmarks import CHIN, EYE_CORNERS, JAW_SLOTS, LIP_RING, LIPS, RIGID_SLOTS
from synclips.media.box import Box
from synclips.render.mask import edit_mask, lower_mask, mask_box, picture_mask, trimmed
from synclips.render.view import box_around

WHOLE = Box(0, 0, 640, 480)
AROUND = np.arange(len(LIPS) + len(LIP_RING) + len(CHIN))
# Below the mouth; further back towards the ears the jaw hardly moves.
JAW = JAW_SLOTS[5:-5]


def mask_of(scene: Any, index: int, target: np.ndarray, box: Box = WHOLE) -> np.ndarray:
    points = scene.segment.points[index]
    return edit_mask(points, target, Placement(scene.to_image[index], scene.spec), box)


def values(mask: np.ndarray, places: np.ndarray) -> np.ndarray:
    x, y = np.round(places[:, :2]).astype(int).T
    return mask[y, x]


@pytest.mark.parametrize("opening", [0.0, 2.5])
def test_it_covers_both_mouths_and_the_jaw(scene: Any, opening: float) -> None:
    for index in (0, 4):
        target = scene.target(index, opening)
        mask = mask_of(scene, index, target)
        for points in (scene.segment.points[index], target):
            assert values(mask, points[AROUND]).min() > 0.99
            assert values(mask, points[JAW]).min() > 0.9


@pytest.mark.parametrize("opening", [0.0, 2.5])
def test_the_box_of_a_mask_holds_all_of_it_and_little_more(scene: Any, opening: float) -> None:
    target = scene.target(4, opening)
    whole = mask_of(scene, 4, target)
    mouth = scene.segment.points[4], target, Placement(scene.to_image[4], scene.spec)
    box = mask_box(*mouth, WHOLE)
    near = edit_mask(*mouth, box)
    assert np.abs(near - whole[box.rows, box.columns]).max() < 0.02
    whole[box.rows, box.columns] = 0
    assert not whole.any()
    _, tight = trimmed(mask_of(scene, 4, target), WHOLE)
    assert np.prod(box.size) < 1.5 * np.prod(tight.size)
    beside = Box(0, 0, 50, 50)
    assert 0 in mask_box(*mouth, beside).size


def test_a_smile_that_goes_is_still_covered(scene: Any) -> None:
    points, target = scene.segment.points[0], scene.target(0, 0)
    wide = points.copy()
    middle = points[LIPS, 0].mean()
    wide[LIPS, 0] = middle + 1.5 * (points[LIPS, 0] - middle)
    args = (Placement(scene.to_image[0], scene.spec), WHOLE)
    corners = wide[[0, 10]]
    assert values(edit_mask(wide, target, *args), corners).min() > 0.99
    assert values(edit_mask(target, wide, *args), corners).min() > 0.99


def test_it_leaves_eyes_and_background_alone(scene: Any) -> None:
    mask = mask_of(scene, 4, scene.target(4, 2))
    points = scene.segment.points[4]
    assert values(mask, points[EYE_CORNERS]).max() == 0
    bridge = RIGID_SLOTS[4:8]
    assert values(mask, points[bridge]).max() == 0
    assert mask[:150].max() == 0
    assert mask[:, :200].max() == 0
    assert mask[:, 440:].max() == 0


def test_it_is_soft_at_the_rim(scene: Any) -> None:
    mask = mask_of(scene, 4, scene.target(4, 2))
    assert mask.dtype == np.float32
    assert mask.min() == 0
    assert mask.max() == 1
    step = max(np.abs(np.diff(mask, axis=0)).max(), np.abs(np.diff(mask, axis=1)).max())
    assert step < 0.25


def test_it_is_zero_from_the_border_of_the_crop_on(scene: Any) -> None:
    # A crop so narrow that the chin reaches over its border.
    spec = replace(scene.spec, extent=0.8)
    to_image = scene.to_image[4].copy()
    to_image[:, :2] /= 2
    to_image[:, 2] += scene.to_image[4][:, :2] @ np.full(2, (spec.size - 1) / 4)
    points, target = scene.segment.points[4], scene.target(4, 3)
    mask = edit_mask(points, target, Placement(to_image, spec), WHOLE)
    y, x = np.nonzero(mask)
    places = np.stack([x, y], axis=-1).astype(np.float32)
    inside = transform(places, invert(to_image))
    assert mask.max() == 1
    assert inside.min() > 0
    assert inside.max() < spec.size - 1
    # It would have gone on, had the crop.
    assert transform(target, invert(to_image))[JAW, 1].max() > spec.size


def test_a_part_is_a_part_of_the_whole(scene: Any) -> None:
    target = scene.target(4, 1)
    box = box_around(scene.to_image[4], scene.spec.size, (480, 640))
    whole, part = mask_of(scene, 4, target), mask_of(scene, 4, target, box)
    np.testing.assert_allclose(part, whole[box.rows, box.columns], atol=0.02)
    outside = whole.copy()
    outside[box.rows, box.columns] = 0
    assert outside.max() == 0


def test_no_pixels_no_mask(scene: Any) -> None:
    mask = mask_of(scene, 0, scene.target(0, 1), Box(10, 10, 10, 40))
    assert mask.shape == (30, 0)


def test_it_grows_with_the_face(scene: Any) -> None:
    points, target, to_image = scene.segment.points[4], scene.target(4, 1), scene.to_image[4]
    small = mask_of(scene, 4, target)
    larger = Placement(2 * to_image, scene.spec)
    twice = edit_mask(2 * points, 2 * target, larger, Box(0, 0, 1280, 960))
    shrunk = cv2.resize(twice, (640, 480), interpolation=cv2.INTER_AREA)
    assert np.abs(shrunk - small).max() < 0.15
    assert twice.sum() == pytest.approx(4 * small.sum(), rel=0.03)


def whole(scene: Any, index: int, box: Box = WHOLE) -> tuple[np.ndarray, np.ndarray, CropSpec]:
    """The mask of a whole picture, its crop to the frame, and its geometry."""
    spec = CropSpec(size=32, extent=1.0, below_mouth=0.05)
    pose = scene.segment.pose[index : index + 1]
    (to_image,) = crop_to_image(pose, scene.shape.template, spec)
    return picture_mask(scene.segment.points[index], Placement(to_image, spec), box), to_image, spec


@pytest.mark.parametrize("opening", [0.0, 2.5])
def test_the_picture_covers_both_mouths(scene: Any, opening: float) -> None:
    for index in (0, 4, 17):
        mask, _, _ = whole(scene, index)
        for points in (scene.segment.points[index], scene.target(index, opening)):
            assert values(mask, points[LIPS]).min() > 0.99
        assert values(mask, scene.segment.points[index][EYE_CORNERS]).max() == 0


def test_the_picture_covers_a_mouth_in_another_place(scene: Any) -> None:
    """Some people have the mouth nearer to the nose than the mean face has it."""
    _, to_image, spec = whole(scene, 4)
    points = scene.segment.points[4].copy()
    points[LIPS, 1] -= 0.16 * np.hypot(*to_image[:, 0]) * spec.size
    mask = picture_mask(points, Placement(to_image, spec), WHOLE)
    assert values(mask, points[LIPS]).min() > 0.99


def test_the_picture_mask_ends_within_its_crop(scene: Any) -> None:
    mask, to_image, spec = whole(scene, 4)
    y, x = np.nonzero(mask)
    places = np.stack([x, y], axis=-1).astype(np.float32)
    inside = transform(places, invert(to_image))
    assert inside.min() > 0
    assert inside.max() < spec.size - 1
    # It falls off without a step.
    assert np.abs(np.diff(mask, axis=0)).max() < 0.25
    assert np.abs(np.diff(mask, axis=1)).max() < 0.25


def test_the_picture_mask_leaves_the_nose_alone(scene: Any) -> None:
    for index in (0, 4, 17):
        mask, _, _ = whole(scene, index)
        nose = scene.segment.points[index][RIGID_SLOTS[-3:-1]]
        assert values(mask, nose).max() < 0.5


def test_the_picture_mask_does_not_depend_on_the_box(scene: Any) -> None:
    mask, _, _ = whole(scene, 4)
    part = Box(260, 190, 400, 330)
    np.testing.assert_allclose(whole(scene, 4, part)[0], mask[part.rows, part.columns], atol=0.05)


def test_half_a_face_ends_within_its_half(scene: Any) -> None:
    spec = CropSpec(size=96, extent=2.6, below_mouth=-0.45)
    (to_image,) = crop_to_image(scene.segment.pose[4:5], scene.shape.template, spec)
    points = scene.segment.points[4]
    mask = lower_mask(points, Placement(to_image, spec), WHOLE)
    for landmarks in (points, scene.target(4, 2.5)):
        assert values(mask, landmarks[LIPS]).min() > 0.99
        assert values(mask, landmarks[AROUND]).min() > 0.8
        assert values(mask, landmarks[EYE_CORNERS]).max() == 0
    y, x = np.nonzero(mask)
    places = np.stack([x, y], axis=-1).astype(np.float32)
    inside = transform(places, invert(to_image))
    assert inside[:, 0].min() > 0 and inside[:, 0].max() < 95
    assert inside[:, 1].min() > 48 and inside[:, 1].max() < 95
    assert np.abs(np.diff(mask, axis=0)).max() < 0.25
    assert np.abs(np.diff(mask, axis=1)).max() < 0.25


def test_trimming_keeps_what_is_edited() -> None:
    mask = np.zeros((6, 9), np.float32)
    mask[2, 3:5], mask[4, 7] = 0.5, 1
    less, box = trimmed(mask, Box(100, 200, 109, 206))
    assert box == Box(103, 202, 108, 205)
    assert np.array_equal(less, mask[2:5, 3:8])
    empty, box = trimmed(np.zeros((0, 4), np.float32), Box(5, 5, 9, 5))
    assert empty.shape == (0, 4)
    assert box == Box(5, 5, 9, 5)
