from dataclasses import replace

import cv2
import numpy as np

from synclips.media.box import Box
from synclips.render.composite import Fields
from synclips.render.matte import clear_of, matte

SIZE, STEP = 96, 4
TO_IMAGE = np.array([[STEP, 0, 10.0], [0, STEP, 20.0]])
BOX = Box(10, 20, 10 + SIZE * STEP - STEP, 20 + SIZE * STEP - STEP)


def test_the_edge_is_that_of_the_picture() -> None:
    """What was found is a crop pixel or two too large and small; its outline is a disc's."""
    width, height = BOX.size
    y, x = np.mgrid[:height, :width]
    disc = np.hypot(x - 190, y - 200) < 90
    image = np.where(disc[..., None], (60, 60, 70), (200, 150, 130)).astype(np.uint8)
    v, u = np.mgrid[:SIZE, :SIZE]
    found = (np.hypot(u - 190 / STEP, v - 200 / STEP - 1.5) < 90 / STEP + 0.5).astype(np.float32)
    alpha = matte(found, image, TO_IMAGE, BOX)
    assert alpha.shape == (height, width)
    assert 0 <= alpha.min() <= alpha.max() <= 1
    enlarged = cv2.resize(found, None, fx=STEP, fy=STEP)[:height, :width] > 0.5
    wrong = np.mean((alpha > 0.5) != disc)
    assert wrong < 0.5 * np.mean(enlarged != disc)
    # Opaque but for the rim, and nothing far from it.
    rim = np.abs(np.hypot(x - 190, y - 200) - 90)
    assert alpha[disc & (rim > 30)].min() > 0.99
    assert alpha[~disc & (rim > 40)].max() < 0.01


def test_where_nothing_was_found_nothing_is_kept() -> None:
    image = np.full((BOX.size[1], BOX.size[0], 3), 90, np.uint8)
    assert not matte(np.zeros((SIZE, SIZE), np.float32), image, TO_IMAGE, BOX).any()


def test_nothing_is_fetched_from_an_occluder() -> None:
    hidden = np.zeros((SIZE, SIZE), np.float32)
    hidden[50:] = 1
    flow = np.zeros((SIZE, SIZE, 12), np.float32)
    flow[..., 1] = 6  # everything moves up by six: pixels are looked up that much lower
    nothing = np.zeros((SIZE, SIZE), np.float32)
    inner, gains = np.zeros((SIZE, SIZE, 4), np.float32), np.ones((1, 3), np.float32)
    fields = Fields(flow, inner, nothing, (1.0,), gains, 6.0)
    image = np.full((BOX.size[1], BOX.size[0], 3), 90, np.uint8)
    image[50 * STEP :] = 200
    clear = clear_of(hidden, fields, image, TO_IMAGE, BOX)
    assert clear[44 * STEP :].max() == 0
    assert clear[: 43 * STEP].min() > 0.99
    # What another frame shows is not fetched from this one.
    elsewhere = clear_of(hidden, replace(fields, window=nothing + 1), image, TO_IMAGE, BOX)
    assert elsewhere[: 47 * STEP].min() > 0.99
    assert elsewhere[53 * STEP :].max() < 0.01
