"""Laying one picture over another."""

import numpy as np

from synclips.render.blending import blend


def test_blending_leaves_what_the_mask_leaves(rng: np.random.Generator) -> None:
    image = rng.integers(0, 255, (80, 120, 3), dtype=np.uint8)
    mask = np.zeros(image.shape[:2], np.float32)
    mask[:, 60:], mask[:, 50:60] = 1, 0.25
    result = blend(image, mask, np.full(image.shape, 200.0, np.float32))
    assert np.array_equal(result[:, :50], image[:, :50])
    assert (result[:, 60:] == 200).all()
    soft = image[:, 50:60] + 0.25 * (200.0 - image[:, 50:60])
    assert np.abs(result[:, 50:60] - soft).max() <= 0.5
