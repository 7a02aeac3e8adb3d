from typing import Any

import cv2
import numpy as np
import pytest

from synclips.faces.landmarks import (
    GAP_LOWER,
    GAP_UPPER,
    INNER,
    INNER_LOWER,
    INNER_UPPER,
    OUTER,
)
from synclips.render.lip_map import fill, lip_maps, lip_zones

SIZE = 96


@pytest.fixture
def mouth(head: Any) -> Any:
    """Make landmarks (P, 2) in crop pixels with an opening in standard deviations."""

    def at(opening: float) -> np.ndarray:
        lips = np.array([[opening, 0, 0, 0]], np.float32)
        face = head.film(lips, scale=60, at=(48, 0))[0, :, :2]
        return face + np.array([0, 40 - face[OUTER, 1].mean()], np.float32)  # type: ignore[no-any-return]

    return at


def at(picture: np.ndarray, place: np.ndarray) -> float:
    x, y = np.round(place).astype(int)
    return float(picture[y, x])


def test_an_open_mouth_is_an_inside_with_lips_around(mouth: Any) -> None:
    points = mouth(2)
    inner, lips = lip_maps(points, SIZE)
    # Pixels that the outline crosses count, so a filled area is up to half a rim larger.
    for area, outline in ((inner, points[INNER]), (inner + lips, points[OUTER])):
        exact, rim = cv2.contourArea(outline), cv2.arcLength(outline, closed=True)
        assert exact < area.sum() < exact + rim
    middle = points[INNER].mean(axis=0)
    assert at(inner, middle) == 1
    assert at(lips, middle) == 0
    above = (points[GAP_UPPER[1]] + points[OUTER[5]]) / 2
    assert at(lips, above) == 1
    assert at(inner, above) == 0
    assert inner[:20].max() == lips[:20].max() == 0


def test_a_closed_mouth_has_hardly_an_inside(mouth: Any) -> None:
    shut, lips = lip_maps(mouth(0), SIZE)
    assert shut.sum(axis=0).max() < 2.1
    assert lips.sum(axis=0).max() > 6
    assert lip_maps(mouth(2), SIZE)[0].sum(axis=0).max() > 6


def test_maps_are_soft_at_the_rim_and_never_above_one(mouth: Any) -> None:
    maps = lip_maps(mouth(1.3), SIZE)
    assert maps.dtype == np.float32
    assert maps.min() == 0
    assert maps.sum(axis=0).max() <= 1
    assert ((maps > 0.1) & (maps < 0.9)).sum() > 20


def test_zones_tell_upper_from_lower_lip(mouth: Any) -> None:
    points = mouth(2)
    zones = lip_zones(points, SIZE)
    assert set(np.unique(zones)) == {0, 1, 2}
    assert at(zones, (points[GAP_UPPER[1]] + points[OUTER[5]]) / 2) == 1
    assert at(zones, (points[GAP_LOWER[1]] + points[OUTER[15]]) / 2) == 2
    assert at(zones, points[INNER].mean(axis=0)) == 0
    assert at(zones, np.array([5, 5])) == 0


def test_closed_lips_leave_no_gap_between_their_zones(mouth: Any) -> None:
    points = mouth(0)
    zones = lip_zones(points, SIZE)
    for x in range(int(points[INNER_UPPER, 0].min()), int(points[INNER_UPPER, 0].max())):
        column = zones[:, x]
        covered = np.flatnonzero(column)
        assert (np.diff(covered) == 1).all(), "a pixel between the lips belongs to neither"
        assert {1, 2} <= set(column)
    assert np.abs(points[INNER_UPPER] - points[INNER_LOWER]).max() < 2


def test_a_rectangle_may_be_asked_for(mouth: Any) -> None:
    points = mouth(2)
    part = lip_zones(points, (70, SIZE))
    assert np.array_equal(part, lip_zones(points, SIZE)[:70])


def test_fill_is_exact_to_a_fraction_of_a_pixel() -> None:
    square = np.array([[2, 2], [10.5, 2], [10.5, 8], [2, 8]], np.float32)
    picture = fill(square, (12, 16))
    assert picture.shape == (12, 16)
    assert picture[5, 5] == 1
    assert 0.2 < picture[5, 11] < 0.8
    assert picture[5, 13] == 0
