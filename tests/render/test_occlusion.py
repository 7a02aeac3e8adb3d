from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import MOUTH_CORNERS, OUTER
from synclips.render.occlusion import UsualFace, covers
from synclips.render.view import view

SIZE = 96
FRAMES = 30
WHEN = range(11, 15)


@pytest.fixture(scope="module")
def film(make_scene: Any, talker: Any) -> tuple[np.ndarray, np.ndarray]:
    """A talking person in crops: (n, S, S, 3) pictures and (n, P, 2) landmarks."""
    scene = make_scene(talker.shape, talker.film(talker.speech(FRAMES)[:, :1]))
    pictures = [
        view(frame.image, to_image, SIZE)
        for frame, to_image in zip(scene.frames, scene.to_image, strict=True)
    ]
    return np.stack(pictures), transform(scene.segment.points, invert(scene.to_image))


def stick(points: np.ndarray, top: float) -> np.ndarray:
    """(S, S) a bar from below up to so many crop pixels under the middle of the mouth."""
    x, y = points[MOUTH_CORNERS].mean(axis=0)
    region = np.zeros((SIZE, SIZE), np.uint8)
    left, right = round(float(x)) - 8, round(float(x)) + 8
    cv2.rectangle(region, (left, round(float(y) + top)), (right, SIZE), 1, cv2.FILLED)
    return region > 0


@pytest.fixture(scope="module")
def before(film: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same with a dark bar before the chin in some frames, and where it is (n, S, S)."""
    crops, points = film[0].copy(), film[1]
    bars = np.zeros((FRAMES, SIZE, SIZE), bool)
    for index in WHEN:
        bars[index] = stick(points[index], 6)
        crops[index][bars[index]] = (30, 35, 40)
    return crops, points, bars


def test_what_stands_before_the_face_is_found_where_it_is(
    before: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    crops, points, bars = before
    usual = UsualFace(crops, points)
    for index in range(FRAMES):
        hidden = usual.hidden(crops[index], points[index])
        if index not in WHEN:
            assert hidden is None
            continue
        assert hidden is not None
        assert set(np.unique(hidden)) == {0, 1}
        face = np.zeros((SIZE, SIZE), bool)
        low, high = points[index].min(axis=0), points[index].max(axis=0)
        face[int(low[1]) : int(high[1]) - 3, int(low[0]) : int(high[0])] = True
        truth = bars[index] & face
        assert truth.sum() > 100
        assert hidden[truth].mean() > 0.95
        beside = face & ~cv2.dilate(bars[index].astype(np.uint8), np.ones((9, 9))).astype(bool)
        assert hidden[beside].mean() < 0.01


def test_speech_alone_hides_nothing(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film
    usual = UsualFace(crops, points)
    assert all(usual.hidden(*one) is None for one in zip(crops, points, strict=True))


def test_another_light_is_nothing_before_the_face(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film
    usual = UsualFace(crops, points)
    dim = (crops[3] * np.array([0.6, 0.65, 0.7])).astype(np.uint8)
    assert usual.hidden(dim, points[3]) is None
    # Nor does it keep a bar from being found.
    bar = stick(points[3], 6)
    dim[bar] = (160, 180, 170)
    hidden = usual.hidden(dim, points[3])
    assert hidden is not None
    assert hidden[bar & (np.arange(SIZE) < points[3][:, 1].max() - 4)[:, None]].mean() > 0.9


def test_what_does_not_come_from_outside_belongs_to_the_face(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = film[0].copy(), film[1]
    x, y = np.round(points[5][OUTER].mean(axis=0)).astype(int)
    crops[5][y - 6 : y + 7, x - 8 : x + 9] = (30, 35, 40)  # an open, dark mouth
    assert UsualFace(crops, points).hidden(crops[5], points[5]) is None


def test_what_is_there_most_of_the_time_is_how_the_face_looks(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = film[0].copy(), film[1]
    for index in range(FRAMES):
        crops[index][stick(points[index], 12)] = (30, 35, 40)  # a beard
    usual = UsualFace(crops, points)
    assert all(usual.hidden(*one) is None for one in zip(crops, points, strict=True))


def test_lips_are_covered_or_not(film: tuple[np.ndarray, np.ndarray]) -> None:
    points = film[1][0]
    assert covers(stick(points, -4).astype(np.float32), points)
    below = points[OUTER, 1].max() - points[MOUTH_CORNERS, 1].mean()
    assert not covers(stick(points, below + 6).astype(np.float32), points)
