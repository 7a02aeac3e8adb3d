"""Carrying a drawing out, piece by piece; whole drawings are looked at in test_painter."""

from typing import Any

import cv2
import numpy as np

from synclips.faces.landmarks import INNER
from synclips.media.box import Box
from synclips.render.composite import Fields, compose, lit, shaded, within
from synclips.render.lip_edges import lip_edges
from synclips.render.lip_map import fill, lip_zones
from synclips.render.references import Reference
from synclips.render.view import Part


def test_what_lips_shade_is_red_and_what_they_do_not_is_as_it_was() -> None:
    red, green, blue = shaded(np.array([[1.0, 0.7, 0.4]], np.float32)).T
    np.testing.assert_allclose(red[:, 0], [1, 0.7, 0.4])
    np.testing.assert_array_equal(green, blue)
    assert green[0, 0] == 1
    assert (np.diff((green / red)[:, 0]) < 0).all()


def test_at_the_border_of_the_picture_what_is_there_stretches() -> None:
    """Everything goes up by ten pixels, but the picture has nothing to follow its last row."""
    box, size = Box(20, 50, 60, 100), (100, 200)
    moves = np.zeros((50, 40, 2), np.float32)
    moves[..., 1] = 10
    down = within(moves, box, size)[..., 1]
    shown = np.arange(50, 100)[:, None] + down
    assert (down[:30] == 10).all()
    assert (down[-1] == 0).all()
    assert shown.max() == 99
    steps = np.diff(shown, axis=0)
    assert (steps > 0).all() and (steps < 1).any()


def test_what_is_made_brighter_does_not_glow() -> None:
    grey = np.tile(np.arange(0, 256, 5, dtype=np.float32)[None, :, None], (2, 1, 3))
    before = grey.copy()
    bright = lit(grey, np.array([1.35, 1.2, 0.5], np.float32))
    assert np.array_equal(grey, before)
    np.testing.assert_allclose(bright[0, 20], [135, 120, 50], rtol=1e-5)  # of 100
    assert bright.max() <= 255 and bright[0, -1, 0] == 255 and bright[0, -1, 2] == 127.5
    assert (np.diff(bright[0], axis=0) > 0).all(), "lighter stays lighter"
    teeth = bright[0, 44]  # of 220
    assert teeth[0] < 240 < 220 * 1.35


def test_inside_of_the_picture_everything_goes_where_it_shall(rng: np.random.Generator) -> None:
    moves = rng.uniform(-8, 8, (40, 40, 2)).astype(np.float32)
    np.testing.assert_array_equal(within(moves, Box(20, 20, 60, 60), (80, 80)), moves)
    left = within(np.full((40, 40, 2), -8, np.float32), Box(0, 20, 40, 60), (80, 80))
    assert (left[:, 0, 0] == 0).all() and (left[:, 16:, 0] == -8).all()
    assert (left[..., 1] == -8).all()


def test_rims_of_lips_have_no_steps_and_what_does_not_move_stays(talker: Any) -> None:
    size = 96
    target = talker.film(np.array([[2.0]], np.float32), scale=60, at=(48, 0))[0, :, :2]
    lips = lip_zones(target, size) > 0
    image = np.full((size, size, 3), 200, np.uint8)
    image[:20] = 0
    flow = np.zeros((size, size, 12), np.float32)
    nothing, everywhere = np.zeros((size, size, 4), np.float32), np.ones((size, size), np.float32)
    fields = Fields(flow, nothing, everywhere, (1.0,), np.ones((1, 3), np.float32), 0.0)
    box, same = Box(0, 0, size, size), np.eye(2, 3)
    lent = [Reference(target, image, image, box, same, 0.0, 0.5)]

    def drawn() -> np.ndarray:
        return compose(Part(image, box), same, target, lent, fields, box, (size, size))[..., 0]

    np.testing.assert_array_equal(drawn(), image[..., 0])
    assert lips[30:].any() and not lips[:25].any()
    flow[..., 7] = flow[..., 11] = -90  # both lips look at what is black
    seen = drawn()
    inside = cv2.erode(fill(target[INNER], size), np.ones((5, 5))) == 1
    deep = cv2.erode(lips.astype(np.uint8), np.ones((5, 5))) == 1
    assert (seen[inside] == 200).all() and (seen[deep] == 0).all(), "no wider than a rim"
    # As much is seen of the inside in every column as the lips leave, to a part of a pixel.
    left, right = target[INNER, 0][[0, 10]]
    columns = np.arange(int(left + 0.25 * (right - left)), int(right - 0.25 * (right - left)))
    low, high = np.rint(target[INNER, 1][[5, 15]]).astype(int)
    shown = seen[low - 3 : high + 4, columns].sum(axis=0) / 200
    gap = lip_edges(target, columns.astype(np.float32))[1]
    assert np.abs(shown - gap).max() < 0.5
    assert np.abs(np.diff(shown)).max() < 0.9
