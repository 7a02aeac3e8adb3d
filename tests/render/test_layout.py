from typing import Any

import numpy as np
import pytest

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import INNER_LOWER, LIPS, OUTER
from synclips.render.layout import Layout
from synclips.render.view import view

SIZE = 96


@pytest.fixture(scope="module")
def points(scene: Any) -> np.ndarray:
    """(n, P, 2) landmarks of the scene in crop pixels."""
    return transform(scene.segment.points, invert(scene.to_image))


def marked(place: np.ndarray) -> np.ndarray:
    """A grey crop with a soft white spot."""
    y, x = np.mgrid[:SIZE, :SIZE]
    spot = np.exp(-(np.square(x - place[0]) + np.square(y - place[1])) / 8)
    return np.repeat((60 + 180 * spot)[..., None], 3, axis=-1).astype(np.uint8)


def brightest(image: np.ndarray) -> np.ndarray:
    """(x, y) of the middle of what is bright."""
    weight = np.clip(image.astype(float) - 130, 0, None)
    y, x = np.mgrid[:SIZE, :SIZE]
    return np.array([(x * weight).sum(), (y * weight).sum()]) / weight.sum()


@pytest.mark.parametrize("slot", [OUTER[15], OUTER[5], len(LIPS) + 25])
def test_each_part_of_the_face_comes_to_its_place(points: np.ndarray, slot: int) -> None:
    middle, open_ = points.mean(axis=0), points[4]
    assert np.abs(open_ - middle)[INNER_LOWER].max() > 4, "nothing to lay out"
    layout = Layout(middle, SIZE)
    laid = layout.lay(marked(open_[slot]), open_)
    assert np.abs(brightest(laid[..., 0]) - middle[slot]).max() < 1
    # A frame that lies as the layout does stays as it is.
    same = layout.lay(marked(middle[slot]), middle)
    assert np.abs(same - marked(middle[slot])).max() == 0


def test_the_way_back_ends_where_it_began(points: np.ndarray) -> None:
    shut, open_ = points[0], points[4]
    layout = Layout(shut, SIZE)
    chin = OUTER[15]  # the middle of the lower lip's rim
    field = marked(shut[chin])[..., 0].astype(np.float32)
    there = layout.back(field, open_)
    assert np.abs(brightest(there) - open_[chin]).max() < 1
    assert np.abs(brightest(field) - open_[chin]).max() > 3


def test_a_picture_of_the_face_looks_the_same_in_every_frame(
    scene: Any, points: np.ndarray
) -> None:
    crops = [view(scene.frames[i].image, scene.to_image[i], SIZE) for i in (0, 4)]
    layout = Layout(points[0], SIZE)
    rim = np.round(points[0][OUTER]).astype(int)  # where lips and skin meet
    x, y = rim.T
    apart = np.abs(crops[0][y, x].astype(int) - crops[1][y, x]).mean()
    laid = [layout.lay(crop, points[i]) for crop, i in zip(crops, (0, 4), strict=True)]
    assert np.abs(laid[0][y, x] - laid[1][y, x]).mean() < 0.6 * apart
