from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.look import ANOTHER, SIDE, look_distance, look_of


@pytest.fixture(scope="module")
def points(head: Any) -> np.ndarray:
    """Landmarks of a face in a picture of 640 x 480."""
    return head.film(head.speech(1))[0]  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def picture(points: np.ndarray) -> np.ndarray:
    """A light face with dark eyes on a green wall."""
    image = np.full((480, 640, 3), (40, 120, 60), np.uint8)
    face = cv2.convexHull(np.round(points[:, :2]).astype(np.int32))
    cv2.fillConvexPoly(image, face, (220, 180, 160))
    for x, y in np.round(points[92:96:3, :2]).astype(int):
        cv2.circle(image, (int(x), int(y)), 14, (60, 40, 30), -1)
    return image


def test_a_face_looks_the_same_wherever_and_however_large_it_is(
    picture: np.ndarray, points: np.ndarray
) -> None:
    look = look_of(picture, points)
    assert look.shape == (SIDE, SIDE, 3)
    large = cv2.resize(picture, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    assert look_distance(look, look_of(large, points * 3)) < 3
    beside = np.roll(picture, 20, axis=1)
    assert look_distance(look, look_of(beside, points + np.array([20, 0, 0], np.float32))) < 1


def test_light_changes_it_less_than_another_face(picture: np.ndarray, points: np.ndarray) -> None:
    look = look_of(picture, points)
    darker = (picture * 0.7).astype(np.uint8)
    other = np.ascontiguousarray(picture[..., ::-1])
    other[(picture == (60, 40, 30)).all(axis=-1)] = (200, 200, 250)
    assert look_distance(look, look_of(darker, points)) < 0.5 * ANOTHER
    assert look_distance(look, look_of(other, points)) > ANOTHER


def test_a_face_that_leaves_the_picture_still_has_a_look(
    picture: np.ndarray, points: np.ndarray
) -> None:
    for shift in (-300, 400, 5000):
        look = look_of(picture, points + np.array([shift, shift, 0], np.float32))
        assert look.shape == (SIDE, SIDE, 3)
        assert np.isfinite(look).all()
