from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest
from drawing import unmoved

from synclips.faces.crop import invert, transform
from synclips.faces.landmarks import CHEEK_SLOTS, FOLDS, MOUTH_CORNERS, OUTER, mouth_width
from synclips.render.composite import Fields
from synclips.render.folds import fade_folds
from synclips.render.lip_map import fill
from synclips.render.references import AlignedFace

SIZE, EYES = 96, 60.0
SKIN = np.array([190, 150, 130], np.float32)


def lips(head: Any, scene: Any, wide: float, smiling: float = 0.0) -> np.ndarray:
    """Landmarks (P, 2) in crop pixels."""
    film = head.film(np.array([[0, wide, 0, smiling]], np.float32))
    return transform(film, invert(scene.to_image[:1]))[0, :, :2]


@pytest.fixture(scope="module")
def smile(head: Any, scene: Any) -> np.ndarray:
    return lips(head, scene, 3.0)


@pytest.fixture(scope="module")
def fold(smile: np.ndarray) -> np.ndarray:
    """(S, S) how deep a fold the cheek has, downward from the wing of the nose."""
    line = np.zeros((SIZE, SIZE), np.float32)
    middle = smile[FOLDS[0][[1, 3, 9]]].mean(axis=0)
    ends = np.rint(middle + [[3, -4], [-3, 4]]).astype(int)
    cv2.line(line, ends[0].tolist(), ends[1].tolist(), 1.0, 3)
    return np.asarray(cv2.GaussianBlur(line, (0, 0), 1.5), np.float32)


@pytest.fixture
def crop(smile: np.ndarray, fold: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A cheek with a fold, pores, and dark red lips."""
    face = SKIN - 60 * fold[..., None] + rng.normal(0, 4, (SIZE, SIZE, 1))
    face[fill(smile[OUTER], SIZE) > 0.5] = (140, 40, 50)
    return face.round().clip(0, 255).astype(np.uint8)


def without(crop: np.ndarray, fields: Fields) -> np.ndarray:
    assert fields.folds is not None
    return crop - fields.folds


def test_a_fold_fades_beside_a_narrower_mouth(
    head: Any, scene: Any, smile: np.ndarray, fold: np.ndarray, crop: np.ndarray
) -> None:
    depths = []
    for wide in (1.5, 0.8, 0.0, -1.0):
        fields = fade_folds(
            unmoved(SIZE, 0.0), AlignedFace(smile, crop), lips(head, scene, wide), None, EYES
        )
        skin = crop if fields.folds is None else without(crop, fields)
        depths.append(float(SKIN.mean() - skin[fold > 0.5].mean()))
    assert depths[0] > 30
    assert depths == sorted(depths, reverse=True)
    assert depths[-1] < 0.6 * depths[0]


def test_a_fold_fades_above_lower_corners(
    head: Any, scene: Any, smile: np.ndarray, crop: np.ndarray
) -> None:
    level, hanging = lips(head, scene, 3.0), lips(head, scene, 3.0, -4.0)
    assert mouth_width(level) == pytest.approx(float(mouth_width(hanging)), abs=0.5)
    assert (hanging - level)[MOUTH_CORNERS, 1].min() > 0.03 * EYES
    assert fade_folds(unmoved(SIZE, 0.0), AlignedFace(level, crop), level, None, EYES).folds is None
    assert (
        fade_folds(unmoved(SIZE, 0.0), AlignedFace(level, crop), hanging, None, EYES).folds
        is not None
    )
    # What goes up does not smile less.
    assert (
        fade_folds(unmoved(SIZE, 0.0), AlignedFace(hanging, crop), level, None, EYES).folds is None
    )


def test_pores_and_lips_and_what_is_far_stay(
    head: Any, scene: Any, smile: np.ndarray, fold: np.ndarray, crop: np.ndarray
) -> None:
    fields = fade_folds(
        unmoved(SIZE, 0.0), AlignedFace(smile, crop), lips(head, scene, -1.0), None, EYES
    )
    after = without(crop, fields)
    assert (after == crop)[fill(smile[OUTER], SIZE) > 0.5].all()
    far = np.ones((SIZE, SIZE), np.uint8)
    for side in FOLDS:
        hull = cv2.convexHull(smile[side].astype(np.float32))[:, 0]
        far[fill(hull, SIZE) > 0] = 0
    far = cv2.erode(far, np.ones((23, 23)))
    assert far.any()
    assert np.abs(after - crop)[far > 0].max() < 0.5
    # What is finer than a fold is still there.
    cheek = smile[[*CHEEK_SLOTS[2:3], MOUTH_CORNERS[0]]].mean(axis=0).round().astype(int)
    patch = np.s_[cheek[1] - 4 : cheek[1] + 5, cheek[0] - 4 : cheek[0] + 5]
    assert after[patch].std() > 0.6 * crop[patch].std() > 0


def test_as_wide_a_mouth_keeps_its_folds(smile: np.ndarray, crop: np.ndarray) -> None:
    fields = unmoved(SIZE, 0.0)
    assert fade_folds(fields, AlignedFace(smile, crop), smile, None, EYES) is fields


def test_what_is_before_the_face_is_no_fold(
    head: Any, scene: Any, smile: np.ndarray, crop: np.ndarray
) -> None:
    narrow = lips(head, scene, -1.0)
    assert mouth_width(smile) - mouth_width(narrow) > 0.16 * EYES
    hand = np.zeros((SIZE, SIZE), np.float32)
    hand[:, : int(smile[MOUTH_CORNERS[0], 0])] = 1
    covered = np.where(hand[..., None] > 0, np.uint8(20), crop)
    fields = fade_folds(unmoved(SIZE, 0.0), AlignedFace(smile, covered), narrow, hand, EYES)
    after = without(covered, fields)
    assert (after == covered)[hand > 0].all()
    # Nor does it darken the cheek beside it.
    assert np.abs(after - covered).max() < 60


def test_folds_go_where_the_skin_goes(
    head: Any, scene: Any, smile: np.ndarray, crop: np.ndarray
) -> None:
    narrow = lips(head, scene, -1.0)
    still = fade_folds(unmoved(SIZE, 0.0), AlignedFace(smile, crop), narrow, None, EYES).folds
    flow = np.zeros((SIZE, SIZE, 12), np.float32)
    flow[..., 0] = 5  # what is shown lies five pixels to the right
    moving = replace(unmoved(SIZE, 0.0), flow=flow)
    moved = fade_folds(moving, AlignedFace(smile, crop), narrow, None, EYES).folds
    assert still is not None and moved is not None
    assert np.abs(still).max() > 10
    np.testing.assert_allclose(moved[:, 10:80], still[:, 15:85], atol=1e-3)
