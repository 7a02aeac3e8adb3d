"""Where the eyes of a portrait are."""

import cv2
import numpy as np
import pytest

from synclips.faces.eyes import Eye, find_eyes
from synclips.faces.landmarks import EYE_CORNERS
from synclips.faces.tracker import MediaPipeTracker


@pytest.fixture(scope="module")
def points(portrait: np.ndarray) -> np.ndarray:
    with MediaPipeTracker() as tracker:
        found = tracker.find(portrait)
    assert found is not None
    return found


def check(eyes: tuple[Eye, ...], points: np.ndarray) -> None:
    """Both are between the outer corners of the face, open, and below their brows."""
    left, right = eyes
    outer = points[EYE_CORNERS, :2]
    distance = np.linalg.norm(outer[1] - outer[0])
    np.testing.assert_allclose(left.upper[0], outer[0], atol=0.06 * distance)
    np.testing.assert_allclose(right.upper[-1], outer[1], atol=0.06 * distance)
    for eye in eyes:
        np.testing.assert_array_equal(eye.upper[[0, -1]], eye.lower[[0, -1]])
        assert (np.diff(eye.upper[:, 0]) > 0).all() and (np.diff(eye.brow[:, 0]) > 0).all()
        assert (eye.upper[1:-1, 1] < eye.lower[1:-1, 1]).all()
        assert eye.brow[:, 1].max() < eye.upper[:, 1].min()
        assert 0.15 < eye.width / distance < 0.45
        assert 0.2 < eye.openness < 0.5


def test_a_portrait_has_two_open_eyes(portrait: np.ndarray, points: np.ndarray) -> None:
    check(find_eyes(portrait, points), points)


def test_a_small_face_in_a_large_picture_has_them_too(
    portrait: np.ndarray, points: np.ndarray
) -> None:
    large = np.full((1500, 2400, 3), 90, np.uint8)
    large[1000:1240, 1900:2220] = portrait
    moved = points + np.float32([1900, 1000, 0])
    check(find_eyes(large, moved), moved)


def test_a_face_larger_than_what_is_looked_at_has_them_too(
    portrait: np.ndarray, points: np.ndarray
) -> None:
    large = cv2.resize(portrait, None, fx=7, fy=7, interpolation=cv2.INTER_CUBIC)
    check(find_eyes(large, points * 7), points * 7)


def test_what_is_no_face_has_none(portrait: np.ndarray, points: np.ndarray) -> None:
    assert find_eyes(np.full_like(portrait, 90), points) == ()
    # Another face than the one that was asked for.
    assert find_eyes(portrait, points + np.float32([30, 0, 0])) == ()
