"""Laying one picture over another."""

import numpy as np

from synclips.render.blending import blend, blurred


def test_blending_leaves_what_the_mask_leaves(rng: np.random.Generator) -> None:
    image = rng.integers(0, 255, (80, 120, 3), dtype=np.uint8)
    mask = np.zeros(image.shape[:2], np.float32)
    mask[:, 60:], mask[:, 50:60] = 1, 0.25
    result = blend(image, mask, np.full(image.shape, 200.0, np.float32))
    assert np.array_equal(result[:, :50], image[:, :50])
    assert (result[:, 60:] == 200).all()
    soft = image[:, 50:60] + 0.25 * (200.0 - image[:, 50:60])
    assert np.abs(result[:, 50:60] - soft).max() <= 0.5


def test_blurring_spreads_light_and_loses_none() -> None:
    spot = np.zeros((41, 41, 3), np.float32)
    spot[20, 20] = (100, 50, 0)
    soft = blurred(spot, 3.0)
    np.testing.assert_allclose(soft.sum(axis=(0, 1)), (100, 50, 0), rtol=1e-4)
    away = soft[20, 23, 0] / soft[20, 20, 0]
    assert abs(away - np.exp(-0.5)) < 0.01, "a deviation from the middle"
    np.testing.assert_allclose(blurred(spot[..., 0], 3.0), soft[..., 0], rtol=1e-5)
