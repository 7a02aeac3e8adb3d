"""Carrying a drawing out, piece by piece; whole drawings are looked at in test_painter."""

import cv2
import numpy as np
import pytest

from synclips.render.composite import blend, frame_shares

Array = np.ndarray


@pytest.fixture
def image(rng: np.random.Generator) -> Array:
    few = rng.integers(0, 255, (20, 30, 3), dtype=np.uint8)
    return cv2.resize(few, (120, 80), interpolation=cv2.INTER_CUBIC)


def test_shares_leave_out_what_hardly_shows(rng: np.random.Generator) -> None:
    choice = rng.normal(0, 4, (30, 40, 4)).astype(np.float32)
    window = np.ones((30, 40), np.float32)
    window[:, :10], window[:, 10:20] = 0, 0.5
    shares = np.stack(frame_shares(choice, window), axis=-1)
    assert shares.sum(axis=-1) == pytest.approx(1, abs=1e-5)
    assert (shares[:, :10] == [1, 0, 0, 0]).all()
    assert (shares[:, 10:20, 0] >= 0.5).all()
    exact = np.exp(choice) / np.exp(choice).sum(axis=-1, keepdims=True)
    assert np.abs(shares - exact)[:, 20:].max() < 0.01
    assert (shares[:, 20:] == 0).mean() > 0.2


def test_blending_leaves_what_the_mask_leaves(image: Array) -> None:
    mask = np.zeros(image.shape[:2], np.float32)
    mask[:, 60:], mask[:, 50:60] = 1, 0.25
    result = blend(image, mask, np.full(image.shape, 200.0, np.float32))
    assert np.array_equal(result[:, :50], image[:, :50])
    assert (result[:, 60:] == 200).all()
    soft = image[:, 50:60] + 0.25 * (200.0 - image[:, 50:60])
    assert np.abs(result[:, 50:60] - soft).max() <= 0.5
