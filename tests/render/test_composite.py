"""Carrying a drawing out, piece by piece; whole drawings are looked at in test_painter."""

import cv2
import numpy as np
import pytest

from synclips.faces.box import Box
from synclips.render.composite import blend, within

Array = np.ndarray


@pytest.fixture
def image(rng: np.random.Generator) -> Array:
    few = rng.integers(0, 255, (20, 30, 3), dtype=np.uint8)
    return cv2.resize(few, (120, 80), interpolation=cv2.INTER_CUBIC)


def test_blending_leaves_what_the_mask_leaves(image: Array) -> None:
    mask = np.zeros(image.shape[:2], np.float32)
    mask[:, 60:], mask[:, 50:60] = 1, 0.25
    result = blend(image, mask, np.full(image.shape, 200.0, np.float32))
    assert np.array_equal(result[:, :50], image[:, :50])
    assert (result[:, 60:] == 200).all()
    soft = image[:, 50:60] + 0.25 * (200.0 - image[:, 50:60])
    assert np.abs(result[:, 50:60] - soft).max() <= 0.5


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


def test_inside_of_the_picture_everything_goes_where_it_shall(rng: np.random.Generator) -> None:
    moves = rng.uniform(-8, 8, (40, 40, 2)).astype(np.float32)
    np.testing.assert_array_equal(within(moves, Box(20, 20, 60, 60), (80, 80)), moves)
    left = within(np.full((40, 40, 2), -8, np.float32), Box(0, 20, 40, 60), (80, 80))
    assert (left[:, 0, 0] == 0).all() and (left[:, 16:, 0] == -8).all()
    assert (left[..., 1] == -8).all()
