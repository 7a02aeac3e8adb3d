from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import INNER, mouth_opening
from synclips.render.lip_edges import across, along, corners, lip_edges


@pytest.fixture
def lips(head: Any) -> np.ndarray:
    """Landmarks (P, 2) of an open mouth, pixels."""
    return head.film(np.array([[2.0, 0, 0, 0]], np.float32))[0, :, :2]  # type: ignore[no-any-return]


def test_places_along_a_mouth_run_from_corner_to_corner(lips: np.ndarray) -> None:
    left, right = corners(lips)
    assert left < right
    np.testing.assert_allclose(along(lips, np.float32([left, right])), [0, 1], atol=1e-6)
    shares = np.linspace(-0.5, 1.5, 9, dtype=np.float32)
    np.testing.assert_allclose(along(lips, across(lips, shares)), shares, atol=1e-5)


def test_edges_pass_through_their_landmarks_and_meet_in_the_corners(lips: np.ndarray) -> None:
    top, gap = lip_edges(lips, lips[INNER[1:10], 0])
    np.testing.assert_allclose(top, lips[INNER[1:10], 1], atol=1e-3)
    assert gap[4] == pytest.approx(float(mouth_opening(lips)), rel=0.15)
    np.testing.assert_allclose(lip_edges(lips, np.float32(corners(lips)))[1], 0, atol=1e-3)
