"""A small picture in a frame: in its place, in its light, and nowhere else."""

import cv2
import numpy as np
import pytest

from synclips.faces.crop import CropSpec, Placement, transform
from synclips.faces.landmarks import KEPT, LIPS
from synclips.media.box import Box
from synclips.media.picture import RgbPicture
from synclips.render.inset import inset, match_rim
from synclips.render.mask import picture_mask
from synclips.render.performance import Painted
from synclips.render.view import view

SPEC = CropSpec(size=32, extent=1.0, below_mouth=0.05)
RED = np.array([200, 60, 40])


def placed(step: float, at: tuple[float, float] = (120, 90), degrees: float = 0) -> np.ndarray:
    """(2, 3) of a crop whose pixels are `step` frame pixels wide, centred at a place."""
    c, s = step * np.cos(np.radians(degrees)), step * np.sin(np.radians(degrees))
    linear = np.array([[c, -s], [s, c]])
    return np.column_stack([linear, np.array(at) - linear @ np.full(2, 15.5)])


@pytest.fixture
def frame() -> np.ndarray:
    """(180, 240, 3) noisy skin, brighter on the right."""
    noise = np.random.default_rng(3).normal(0, 6, (180, 240, 1))
    skin = np.array([150, 120, 110]) + np.linspace(-30, 30, 240)[:, None]
    return np.clip(skin + noise, 0, 255).astype(np.uint8)


def landmarks(to_image: np.ndarray) -> np.ndarray:
    """(P, 2) whose lips lie on an oval in the middle of the crop."""
    points = np.full((1, len(KEPT), 2), 15.5, np.float32)
    angle = np.linspace(0, 2 * np.pi, len(LIPS))
    points[0, LIPS] += np.stack([8 * np.cos(angle), 4 * np.sin(angle)], axis=-1)
    return transform(points, to_image[None])[0]


def drawn(frame: np.ndarray, to_image: np.ndarray, picture: np.ndarray) -> Painted:
    return inset(RgbPicture(frame), landmarks(to_image), Placement(to_image, SPEC), picture)


def mouth(shift: int = 0) -> np.ndarray:
    """(32, 32, 3) grey skin with a red mouth in the middle."""
    picture = np.full((32, 32, 3), 128, np.float32)
    picture[13:20, 9 + shift : 23 + shift] = RED
    return picture


def redness(image: np.ndarray) -> np.ndarray:
    colour = image.astype(int)
    return np.asarray(colour[..., 0] - colour[..., 1:].max(axis=-1) > 95)


@pytest.mark.parametrize(("step", "degrees"), [(0.7, 0), (2.0, 0), (2.5, 30), (5.3, -20)])
def test_nothing_outside_the_mask_changes(frame: np.ndarray, step: float, degrees: float) -> None:
    before = frame.copy()
    painted = drawn(frame, placed(step, degrees=degrees), mouth())
    assert np.array_equal(frame, before)
    mask = np.zeros(frame.shape[:2], np.float32)
    mask[painted.box.rows, painted.box.columns] = painted.mask
    changed = (painted.image != frame).any(axis=-1)
    assert not changed[mask == 0].any()
    assert changed[mask == 1].mean() > 0.9
    assert 0 <= mask.min() <= mask.max() <= 1
    # The mask is trimmed to what it edits, and a part of the crop's square.
    assert painted.mask[0].any() and painted.mask[-1].any()
    assert 0.4 < (mask > 0).sum() / (32 * step) ** 2 < 0.75


@pytest.mark.parametrize(("step", "degrees"), [(1.0, 0), (3.0, 0), (2.5, 30)])
def test_the_mouth_is_where_the_crop_says(frame: np.ndarray, step: float, degrees: float) -> None:
    turn = np.radians(degrees)
    along, down = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    for shift in (0, 3):
        image = drawn(frame, placed(step, degrees=degrees), mouth(shift)).image
        found = redness(image)
        y, x = (float(axis.mean()) for axis in np.nonzero(found))
        # Of columns 9 to 22 and rows 13 to 19 the middle is at 15.5 and 16; the crop's at 15.5.
        wanted = np.array([120, 90]) + step * (shift * along + 0.5 * down)
        assert np.hypot(x - wanted[0], y - wanted[1]) < 0.35
        assert found.sum() == pytest.approx(7 * 14 * step**2, abs=21 * step)


def test_a_picture_appears_by_its_share(frame: np.ndarray) -> None:
    to_image = placed(3)
    full = drawn(frame, to_image, mouth()).image
    whole, fits = full.astype(float) - frame, (full > 0) & (full < 255)
    points = landmarks(to_image)
    half = inset(RgbPicture(frame), points, Placement(to_image, SPEC), mouth(), share=0.5).image
    assert np.abs(whole).max() > 60
    np.testing.assert_allclose((half - frame.astype(float))[fits], whole[fits] / 2, atol=1)


def test_a_picture_of_the_frame_itself_changes_little(frame: np.ndarray) -> None:
    smooth = cv2.GaussianBlur(frame, (0, 0), 6).astype(np.uint8)
    for step in (1.0, 2.3):
        to_image = placed(step)
        same = view(smooth, to_image, 32).astype(np.float32)
        image = drawn(smooth, to_image, same).image
        assert np.abs(image.astype(int) - smooth).max() <= 3


def test_light_is_taken_from_the_rim(frame: np.ndarray) -> None:
    to_image = placed(2.5)
    smooth = cv2.GaussianBlur(frame, (0, 0), 4).astype(np.uint8)
    before = view(smooth, to_image, 32)
    dark = before.astype(np.float32) * 1.0 - np.array([60, 20, -10])
    dark += np.linspace(-20, 20, 32)[:, None, None]
    mask = picture_mask(landmarks(np.eye(2, 3)), Placement(np.eye(2, 3), SPEC), Box(0, 0, 32, 32))
    matched = match_rim(dark, before, mask)
    assert np.abs(dark - before).mean() > 25
    assert np.abs(matched - before).mean() < 1
    # What differs in the middle is the new mouth, and stays.
    dark[13:20, 9:23] += (80, 0, 0)
    again = match_rim(dark, before, mask)
    stays = again[13:20, 9:23] - before[13:20, 9:23]
    assert np.abs(stays - (80, 0, 0)).max() < 4


def test_a_face_at_the_edge_is_drawn_as_far_as_it_shows(frame: np.ndarray) -> None:
    painted = drawn(frame, placed(2.5, at=(5, 170)), mouth())
    assert redness(painted.image)[160:, :20].any()
    assert painted.box.left == 0 and painted.box.bottom == 180
    beyond = drawn(frame, placed(2.5, at=(-300, 90)), mouth())
    assert np.array_equal(beyond.image, frame)
    assert not beyond.mask.any()
