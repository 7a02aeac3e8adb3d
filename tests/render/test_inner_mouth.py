from typing import Any

import numpy as np
import pytest

from synclips.faces.box import Box
from synclips.faces.landmarks import INNER, INNER_LOWER, INNER_UPPER, mouth_opening
from synclips.render.inner_mouth import draw_inner_mouth, emptiness, inner_mouth

SKIN = np.array([190, 150, 130], np.float32)


def lips(head: Any, opening: float) -> np.ndarray:
    """Landmarks (P, 2) with an eye distance of 120 pixels."""
    return head.film(np.array([[opening, 0, 0, 0]], np.float32))[0, :, :2]


def drawn(head: Any, opening: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Landmarks, picture and cover over 640 x 480 pixels."""
    points = lips(head, opening)
    u, v = np.meshgrid(np.arange(640, dtype=np.float32), np.arange(480, dtype=np.float32))
    return points, *inner_mouth(points, u, v, 120.0, SKIN)


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


def test_teeth_are_above_and_it_is_dark_below(head: Any) -> None:
    bright = column(*drawn(head, 2.0))
    teeth, cavity = bright[: len(bright) // 2].max(), bright[-len(bright) // 4 :].min()
    assert teeth > 2.5 * cavity
    assert bright.argmax() < len(bright) / 2
    assert cavity < 0.4 * SKIN.mean()


def test_teeth_stay_while_the_jaw_goes_down(head: Any) -> None:
    edges = []
    for opening in (1.6, 2.4):
        points, picture, cover = drawn(head, opening)
        bright = column(points, picture, cover)
        top = points[INNER_UPPER[4], 1]
        edges.append(top + np.flatnonzero(bright > 0.5 * bright.max()).max())
    jaw = lips(head, 2.4)[INNER_LOWER[4], 1] - lips(head, 1.6)[INNER_LOWER[4], 1]
    assert jaw > 5
    assert abs(edges[1] - edges[0]) < 0.35 * jaw


def test_the_light_is_that_of_the_skin(head: Any) -> None:
    points = lips(head, 2.0)
    u, v = np.meshgrid(np.arange(640, dtype=np.float32), np.arange(480, dtype=np.float32))
    bright, _ = inner_mouth(points, u, v, 120.0, SKIN)
    dim, _ = inner_mouth(points, u, v, 120.0, SKIN / 3)
    assert dim.max() < 0.7 * bright.max()


@pytest.mark.parametrize("left", [0, 300, 900])
def test_a_part_of_a_frame_is_drawn_on_in_place(scene: Any, left: int) -> None:
    target = scene.target(0, 2.0)
    picture = np.full((480, 640, 3), 150, np.float32)
    box = Box(left, 0, left + 640, 480)
    draw_inner_mouth(picture, box, target, scene.to_image[0], scene.spec, 1.0)
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
    draw_inner_mouth(picture, box, target, scene.to_image[0], scene.spec, 0.0)
    assert (picture == 150).all()


def test_a_black_picture_is_no_reason_to_fail(head: Any) -> None:
    points = lips(head, 2.0)
    u, v = np.meshgrid(np.arange(640, dtype=np.float32), np.arange(480, dtype=np.float32))
    picture, _ = inner_mouth(points, u, v, 120.0, np.zeros(3, np.float32))
    assert np.isfinite(picture).all()
