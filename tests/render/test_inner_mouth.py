from typing import Any

import numpy as np
import pytest

from synclips.faces.crop import Placement
from synclips.faces.landmarks import INNER, INNER_LOWER, INNER_UPPER, mouth_opening
from synclips.media.box import Box
from synclips.render.inner_mouth import draw_inner_mouth, emptiness, inner_mouth

SKIN = np.array([190, 150, 130], np.float32)


def lips(head: Any, opening: float) -> np.ndarray:
    """Landmarks (P, 2) with an eye distance of 120 pixels."""
    return head.film(np.array([[opening, 0, 0, 0]], np.float32))[0, :, :2]


def drawn(head: Any, opening: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Landmarks, picture and cover over 640 x 480 pixels."""
    points = lips(head, opening)
    return points, *inside(head, points, SKIN)


def inside(head: Any, points: np.ndarray, skin: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Picture and cover; closed lips of the head meet where its closed mouth is."""
    u, v = np.meshgrid(np.arange(640, dtype=np.float32), np.arange(480, dtype=np.float32))
    line = lips(head, 0.0)[INNER_UPPER[4], 1]
    return inner_mouth(points / 120, u / 120, v / 120, line / 120, 1 / 120, skin)


def column(points: np.ndarray, picture: np.ndarray, cover: np.ndarray) -> np.ndarray:
    """Brightness from the upper to the lower lip, in the middle of the mouth."""
    middle = np.round(points[INNER, 0].mean()).astype(int) + 4  # beside the gap of the incisors
    shown = cover[:, middle] > 0.9
    return picture[shown, middle].mean(axis=1)


def test_only_a_mouth_that_no_frame_shows_open_is_made_up() -> None:
    assert emptiness(0.1, 0.01) == 1
    assert emptiness(0.1, 0.08) == 0
    assert emptiness(0.01, 0.01) == 0
    assert 0 < emptiness(0.1, 0.045) < 1
    assert 0 < emptiness(0.02, 0.01) < 1
    opening = [emptiness(x, 0.01) for x in np.linspace(0, 0.1, 30)]
    assert (np.diff(opening) >= 0).all()


def test_it_shows_between_the_lips_and_nowhere_else(head: Any) -> None:
    points, _, cover = drawn(head, 2.0)
    between = (points[INNER_UPPER] + points[INNER_LOWER])[2:-2] / 2
    x, y = np.round(between).astype(int).T
    assert cover[y, x].min() > 0.95
    low, high = points[INNER].min(axis=0), points[INNER].max(axis=0)
    rows, columns = np.nonzero(cover > 0.05)
    assert (columns >= low[0] - 1).all() and (columns <= high[0] + 1).all()
    assert (rows >= low[1] - 2).all() and (rows <= high[1] + 2).all()
    _, _, shut = drawn(head, 0.0)
    assert (shut > 0.5).sum() < 0.1 * (cover > 0.5).sum()


def test_teeth_are_above_the_dark_and_the_tongue_is_below_it(head: Any) -> None:
    bright = column(*drawn(head, 2.0))
    teeth, dark = int(bright.argmax()), int(bright.argmin())
    assert teeth < dark < len(bright) * 0.6
    assert bright[teeth] > 6 * bright[dark]
    tongue = bright[dark:].max()
    assert 3 * bright[dark] < tongue < 0.7 * bright[teeth]


def test_upper_teeth_stay_with_the_skull(head: Any) -> None:
    edges, lip = [], []
    for opening, lifted in ((1.6, 0), (2.4, 0), (2.0, 6)):
        points = lips(head, opening)
        points[INNER_UPPER, 1] -= lifted
        picture, cover = inside(head, points, SKIN)
        bright = column(points, picture, cover)
        first = np.flatnonzero(cover[:, round(points[INNER, 0].mean()) + 4] > 0.9)[0]
        teeth = int(bright[:12].argmax())
        edges.append(first + teeth + np.flatnonzero(bright[teeth:] < 0.4 * bright[teeth])[0])
        lip.append(first)
    assert max(edges) - min(edges) <= 1, "pixels"
    assert lip[2] <= lip[0] - 6, "the lip goes up"


def test_lower_teeth_come_up_in_a_wide_mouth(head: Any) -> None:
    narrow, wide = (column(*drawn(head, opening))[-8:] for opening in (1.6, 2.6))
    assert np.diff(narrow)[:-1].min() > -5, "the tongue gets lighter towards the lip"
    assert wide.max() > 1.5 * narrow.max()
    assert np.diff(wide).max() > 30, "and teeth have an edge"


def test_the_light_is_that_of_the_skin(head: Any) -> None:
    points = lips(head, 2.0)
    bright, _ = inside(head, points, SKIN)
    dim, _ = inside(head, points, SKIN / 3)
    assert dim.max() < 0.7 * bright.max()


@pytest.mark.parametrize("left", [0, 300, 900])
def test_a_part_of_a_frame_is_drawn_on_in_place(scene: Any, left: int) -> None:
    target = scene.target(0, 2.0)
    picture = np.full((480, 640, 3), 150, np.float32)
    box = Box(left, 0, left + 640, 480)
    draw_inner_mouth(picture, box, target, Placement(scene.to_image[0], scene.spec), 40.0, 1.0)
    changed = (picture != 150).any(axis=-1)
    places = target[INNER, :2] - (left, 0)
    if left == 900:
        assert not changed.any()
        return
    rows, columns = np.nonzero(changed)
    low, high = places.min(axis=0), places.max(axis=0)
    assert changed.any()
    assert columns.min() >= low[0] - 2 and columns.max() <= high[0] + 2
    assert rows.min() >= low[1] - 2 and rows.max() <= high[1] + 2
    assert mouth_opening(target) > 10


def test_no_share_changes_nothing(scene: Any) -> None:
    picture = np.full((480, 640, 3), 150, np.float32)
    target = scene.target(0, 2.0)
    box = Box(0, 0, 640, 480)
    draw_inner_mouth(picture, box, target, Placement(scene.to_image[0], scene.spec), 40.0, 0.0)
    assert (picture == 150).all()


def test_a_black_picture_is_no_reason_to_fail(head: Any) -> None:
    picture, _ = inside(head, lips(head, 2.0), np.zeros(3, np.float32))
    assert np.isfinite(picture).all()


def test_teeth_have_the_colour_of_coloured_light(head: Any) -> None:
    points = lips(head, 2.4)
    usual, red = (
        inside(head, points, np.array(skin, np.float32))[0] for skin in (SKIN, (160, 60, 65))
    )
    brightest = usual.sum(axis=-1) > np.percentile(usual.sum(axis=-1), 98)
    of_usual, of_red = (
        picture[brightest].mean(axis=0) / picture[brightest].mean() for picture in (usual, red)
    )
    assert of_usual.max() < 1.15, "nearly white"
    assert of_red[0] > 1.25 * of_red[1]


def test_the_corners_fade_into_the_lips(head: Any) -> None:
    points, _, cover = drawn(head, 2.4)
    left, right = points[INNER[[0, 10]], 0]
    half = (right - left) / 2
    across = np.abs(np.arange(640) - (left + right) / 2) / half
    assert cover[:, across < 0.5].max(axis=0).min() == pytest.approx(1, abs=0.01)
    assert cover[:, (across > 0.93) & (across < 1)].max() < 0.6
