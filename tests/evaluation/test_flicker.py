"""What flashes in a mouth is told from what moves."""

import math
from typing import Any

import cv2
import numpy as np
import pytest

from synclips.evaluation.flicker import Flicker
from synclips.faces.landmarks import INNER


def changes(shape: Any, frames: Any, points: Any) -> list[float]:
    flicker = Flicker(shape)
    return [flicker.step(*one) for one in zip(frames, points, strict=True)]


@pytest.fixture
def film(talker: Any, make_scene: Any) -> tuple[list[np.ndarray], np.ndarray]:
    """Sixteen frames of a mouth that opens and closes."""
    openings = (1.5 + np.sin(np.arange(16) / 3)).astype(np.float32)
    scene = make_scene(talker.shape, talker.film(openings[:, None]))
    return [frame.image for frame in scene.frames], scene.segment.points


def test_a_mouth_that_moves_changes_less_than_one_that_flashes(talker: Any, film: Any) -> None:
    frames, points = film
    steady = changes(talker.shape, frames, points)
    assert math.isnan(steady[0]) and np.isfinite(steady[1:]).all()
    flashing = list(frames)
    bright = frames[8].copy()
    cv2.fillPoly(bright, [points[8, INNER, :2].astype(np.int32)], (255, 255, 255))
    flashing[8] = bright
    flashed = changes(talker.shape, flashing, points)
    assert min(flashed[8:10]) > 2 * max(steady[1:])
    np.testing.assert_array_equal(flashed[1:8], steady[1:8])


@pytest.mark.parametrize("turn", [0, 25])
def test_a_head_that_moves_does_not_matter(talker: Any, film: Any, turn: float) -> None:
    frames, points = film
    still = changes(talker.shape, [frames[3]] * 2, points[[3, 3]])[1]
    assert still == 0
    affine = cv2.getRotationMatrix2D((300, 240), turn, 0.8)
    affine[:, 2] += (20, 10)
    moved = cv2.warpAffine(frames[3], affine, (640, 480), flags=cv2.INTER_AREA)
    places = points[3].copy()
    places[:, :2] = places[:, :2] @ affine[:, :2].T + affine[:, 2]
    seen = changes(talker.shape, [frames[3], moved], [points[3], places])[1]
    assert seen < 4


def test_without_a_face_nothing_is_known(talker: Any, film: Any) -> None:
    frames, points = film
    seen = changes(talker.shape, frames[:5], [points[0], points[1], None, points[3], points[4]])
    assert np.isnan(seen).tolist() == [True, False, True, True, False]
