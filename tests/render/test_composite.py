"""Carrying a drawing out, piece by piece; whole drawings are looked at in test_painter."""

import cv2
import numpy as np
import pytest

from synclips.render.composite import blend

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
