from collections.abc import Collection
from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import MOUTH_CORNERS, OUTER
from synclips.render.occlusion import UsualFace, covers, distinct
from synclips.render.view import view

SIZE = 96
FRAMES = 30
WHEN = range(11, 15)
HAND = (70, 75, 80)
AHEAD = np.zeros(FRAMES, np.float32)  # nobody turns the head


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


def finds(crops: np.ndarray, points: np.ndarray, covered: Collection[int]) -> dict[int, np.ndarray]:
    """What is found in each of the covered frames; in all others nothing may be."""
    usual = UsualFace(crops, points, AHEAD)
    found = {}
    for index in range(FRAMES):
        hidden = usual.hidden(crops[index], points[index])
        assert (hidden is not None) == (index in covered), index
        if hidden is not None:
            found[index] = hidden
    return found


def test_what_stands_before_the_face_is_found_where_it_is(
    before: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    crops, points, bars = before
    for index, hidden in finds(crops, points, WHEN).items():
        assert set(np.unique(hidden)) == {0, 1}
        face = np.zeros((SIZE, SIZE), bool)
        low, high = points[index].min(axis=0), points[index].max(axis=0)
        face[int(low[1]) : int(high[1]) - 3, int(low[0]) : int(high[0])] = True
        truth = bars[index] & face
        assert truth.sum() > 100
        assert hidden[truth].mean() > 0.95
        beside = face & ~cv2.dilate(bars[index].astype(np.uint8), np.ones((9, 9))).astype(bool)
        assert hidden[beside].mean() < 0.01


def test_a_head_turned_further_than_ever_is_not_known(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    yaw = np.r_[np.linspace(-10, 10, FRAMES - 2), 40, 41].astype(np.float32)
    usual = UsualFace(*film, yaw)
    assert all(usual.knows(turned) for turned in (-13, -5, 0, 9, 13))
    assert not any(usual.knows(turned) for turned in (-25, 20, 40.5))


def test_speech_alone_hides_nothing(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film
    assert not finds(crops, points, ())


def test_another_light_is_nothing_before_the_face(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film
    usual = UsualFace(crops, points, AHEAD)
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
    assert UsualFace(crops, points, AHEAD).hidden(crops[5], points[5]) is None


def test_what_is_there_most_of_the_time_is_how_the_face_looks(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = film[0].copy(), film[1]
    for index in range(FRAMES):
        crops[index][stick(points[index], 12)] = (30, 35, 40)  # a beard
    assert not finds(crops, points, ())


def test_lips_are_covered_or_not(film: tuple[np.ndarray, np.ndarray]) -> None:
    points = film[1][0]
    assert covers(stick(points, -4).astype(np.float32), points)
    below = points[OUTER, 1].max() - points[MOUTH_CORNERS, 1].mean()
    assert not covers(stick(points, below + 6).astype(np.float32), points)


def fingers(points: np.ndarray, crop: np.ndarray, top: float) -> tuple[np.ndarray, np.ndarray]:
    """A crop with fingers in the colour of the skin, each with its shadow, and where they are."""
    region = stick(points, top)
    region[:, : round(float(points[MOUTH_CORNERS].mean(axis=0)[0])) - 14] = False
    wide = cv2.dilate(region.astype(np.uint8), np.ones((1, 13))) > 0
    shade = 0.5 + 0.55 * np.abs(np.sin(np.arange(SIZE) / 3.2))
    covered = crop.copy()
    skin = np.median(crop[20:30].reshape(-1, 3), axis=0)
    covered[wide] = np.clip(skin * shade[:, None, None], 0, 255).repeat(SIZE, 1)[wide]
    return covered, wide


@pytest.fixture(scope="module")
def smooth(film: tuple[np.ndarray, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The film of somebody with smooth skin."""
    return np.stack([cv2.GaussianBlur(crop, (0, 0), 3) for crop in film[0]]), film[1]


def seen(points: np.ndarray, region: np.ndarray) -> np.ndarray:
    """What of a region is before the face."""
    return region & (np.arange(SIZE) < points[:, 1].max() - 4)[:, None]


def test_a_hand_in_the_colour_of_the_face_is_found_by_its_shadows(
    smooth: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = smooth[0].copy(), smooth[1]
    truth = {}
    for index in WHEN:
        crops[index], truth[index] = fingers(points[index], crops[index], -2)
    for index, hidden in finds(crops, points, WHEN).items():
        assert hidden[seen(points[index], truth[index])].mean() > 0.9


def test_a_hand_over_the_lips_in_many_frames_is_no_part_of_the_face(
    smooth: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = smooth[0].copy(), smooth[1]
    often = range(0, FRAMES, 3)
    for index in often:
        crops[index][stick(points[index], -5)] = HAND
    for index, hidden in finds(crops, points, often).items():
        assert hidden[seen(points[index], stick(points[index], -5))].mean() > 0.9


def test_what_comes_down_over_the_nose_alone_is_none(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film[0].copy(), film[1]
    x, y = np.round(points[5][OUTER].mean(axis=0)).astype(int)
    top = round(float(points[5][OUTER, 1].min()))
    crops[5][: top - 1, x - 10 : x + 10] = (30, 35, 40)
    assert UsualFace(crops, points, AHEAD).hidden(crops[5], points[5]) is None


def test_a_hand_over_nearly_half_of_the_face_does_not_say_how_the_rest_is_lit(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = film
    usual = UsualFace(crops, points, AHEAD)
    covered = crops[5].copy()
    hand = np.zeros((SIZE, SIZE), bool)
    hand[:, :44] = True
    covered[hand] = HAND
    hidden = usual.hidden(covered, points[5])
    assert hidden is not None
    beside = ~cv2.dilate(hand.astype(np.uint8), np.ones((9, 9))).astype(bool)
    assert hidden[beside].mean() < 0.02


def test_beyond_the_picture_there_is_nothing(film: tuple[np.ndarray, np.ndarray]) -> None:
    crops, points = film
    usual = UsualFace(crops, points, AHEAD)
    for above_chin in (12, 35):  # a little of the face is cut off, or most of it
        cut = round(float(points[5][:, 1].max())) - above_chin
        crop = crops[5].copy()
        crop[cut:] = (200, 30, 30)  # whatever the last row of the picture was
        shown = np.repeat(np.arange(SIZE)[:, None] < cut, SIZE, axis=1)
        assert usual.hidden(crop, points[5]) is not None
        assert usual.hidden(crop, points[5], shown) is None
    crop[: cut - 3, 40:56] = HAND
    assert usual.hidden(crop, points[5], shown) is None, "landmarks of half a face are guessed"


def test_where_a_hand_was_before_the_lips_a_fainter_one_is_found(
    smooth: tuple[np.ndarray, np.ndarray],
) -> None:
    crops, points = smooth[0].copy(), smooth[1]
    faint = 20
    middle = round(float(points[faint][MOUTH_CORNERS, 0].mean()))
    bar = stick(points[faint], 4) & (np.abs(np.arange(SIZE) - middle) <= 3)
    crops[faint][bar] -= 28  # 3.5 times the least that is usual; narrow
    assert UsualFace(crops, points, AHEAD).hidden(crops[faint], points[faint]) is None
    for index in WHEN:
        crops[index][stick(points[index], -5)] = HAND
    hidden = UsualFace(crops, points, AHEAD).hidden(crops[faint], points[faint])
    assert hidden is not None
    assert hidden[seen(points[faint], bar)].mean() > 0.7


def test_between_the_lips_a_hand_is_followed_by_its_colour(
    smooth: tuple[np.ndarray, np.ndarray],
) -> None:
    """A bar in the colour of the lips: only on the skin it is unusual."""
    crops, points = smooth[0].copy(), smooth[1]
    index, top = 4, -14  # the mouth is wide open
    bar = stick(points[index], top)
    crops[index][bar] = (120, 100, 110)
    usual = UsualFace(crops, points, AHEAD)
    hidden = usual.hidden(crops[index], points[index])
    assert hidden is not None
    lips = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillConvexPoly(lips, np.round(cv2.convexHull(points[index][OUTER])).astype(int), 1)
    assert hidden[bar & (lips > 0)].mean() > 0.9


def test_a_face_as_it_is_seldom_seen_is_nothing_before_it(
    film: tuple[np.ndarray, np.ndarray],
) -> None:
    """A little unusual all over one side, in over the outline: a shadow, not a hand."""
    crops, points = film[0].copy(), film[1]
    for index in WHEN:
        side = np.arange(SIZE) > points[index][MOUTH_CORNERS][:, 0].max() - 4
        crops[index][:, side] = (0.86 * crops[index][:, side]).astype(np.uint8)
    finds(crops, points, ())


def test_a_picture_that_stands_still_is_one_frame(film: tuple[np.ndarray, np.ndarray]) -> None:
    moving = [film[0][0] // 2 + 2 * index for index in range(4)]
    still = [
        moving[3] + np.uint8(index % 2) * (np.arange(SIZE) % 2 == 0)[:, None] for index in range(5)
    ]
    assert distinct([*moving, *still, moving[0], moving[1]]) == [0, 1, 2, 3, 9, 10]
