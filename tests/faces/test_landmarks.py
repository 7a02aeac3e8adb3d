import itertools

import numpy as np
import pytest

from synclips.faces import landmarks
from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    INNER,
    INNER_LOWER,
    INNER_UPPER,
    JAW_SLOTS,
    KEPT,
    LIPS,
    MOUTH,
    MOUTH_CORNERS,
    OUTER,
    RIGID_SLOTS,
    mouth_opening,
    mouth_width,
)

GROUPS = ("LIPS_OUTER", "LIPS_INNER", "LIP_RING", "CHIN", "JAW", "RIGID", "CHEEK")


def test_no_mesh_point_belongs_to_two_groups() -> None:
    for one, other in itertools.combinations(GROUPS, 2):
        assert not set(getattr(landmarks, one)) & set(getattr(landmarks, other)), (one, other)
    assert len(set(KEPT.tolist())) == len(KEPT)
    assert KEPT.min() >= 0
    assert KEPT.max() < 468  # the irises are not kept: a blink would move them


def test_head_pose_is_read_from_nothing_that_speech_moves() -> None:
    assert not set(MOUTH) & set(RIGID_SLOTS)
    assert not set(MOUTH) & set(CHEEK_SLOTS)
    assert {*LIPS, *JAW_SLOTS} <= set(MOUTH)
    assert sorted({*MOUTH, *RIGID_SLOTS, *CHEEK_SLOTS}) == list(range(len(KEPT)))


def test_inner_lip_pairs_face_each_other() -> None:
    assert len(INNER_UPPER) == len(INNER_LOWER)
    assert not set(INNER_UPPER) & set(INNER_LOWER)
    # Everything of the inner contour but its two corners.
    assert len({*INNER_UPPER, *INNER_LOWER}) == len(INNER) - 2
    assert {*INNER_UPPER, *INNER_LOWER} < set(INNER)
    assert set(MOUTH_CORNERS) < set(OUTER)


def test_contours_of_both_lips_run_in_the_same_order() -> None:
    upper, lower = INNER[1:10], INNER[:10:-1]
    assert upper.tolist() == INNER_UPPER.tolist()
    assert lower.tolist() == INNER_LOWER.tolist()


@pytest.mark.parametrize("dimensions", [2, 3])
def test_opening_and_width_are_distances(dimensions: int) -> None:
    points = np.zeros((5, len(KEPT), dimensions), np.float32)
    points[:, INNER_LOWER, 1] = np.arange(5)[:, None]
    points[:, MOUTH_CORNERS[1], 0] = 7
    assert mouth_opening(points).tolist() == [0, 1, 2, 3, 4]
    assert mouth_width(points).tolist() == [7] * 5
