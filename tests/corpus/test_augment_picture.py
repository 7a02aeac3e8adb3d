"""A face of squares goes in: grey skin, and a bright mark around every landmark."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus.augment_picture import (
    PictureAugmentation,
    augment_run,
    blur,
    compress,
    mirror,
    move,
    recolour,
    relight,
)
from synclips.errors import ConfigError

Array = NDArray[np.float32]
HOW = PictureAugmentation()
FRAMES, SIZE = 6, 64
PLACING = ("rotation", "placement", "jitter", "flip")


@pytest.fixture
def run() -> tuple[Array, Array]:
    """Marks stand still on skin of one colour, which is darker on the left."""
    pictures = np.empty((FRAMES, SIZE, SIZE, 3), np.float32)
    pictures[:] = np.array([0.5, 0.4, 0.35], np.float32)
    pictures[:, :, : SIZE // 2] *= np.float32(0.8)
    points = np.array([(20, 18), (45, 20), (30, 44), (40, 40)], np.float32)
    for x, y in points.astype(int):
        pictures[:, y - 1 : y + 2, x - 1 : x + 2] = (0.9, 0.85, 0.9)
    return pictures, np.repeat(points[None], FRAMES, axis=0)


def marks(picture: Array) -> Array:
    """Centres (P, 2) of the bright marks."""
    bright = (picture.min(axis=-1) > 0.6).astype(np.uint8)
    count, labels = cv2.connectedComponents(bright)
    weight = np.maximum(picture.min(axis=-1) - 0.6, 0)
    return np.array(
        [
            [np.average(axis, weights=weight * (labels == label)) for axis in (X, Y)]
            for label in range(1, count)
        ]
    )


Y, X = np.mgrid[:SIZE, :SIZE]


def test_what_is_off_changes_nothing(run: tuple[Array, Array], rng: np.random.Generator) -> None:
    pictures, points = run
    before = pictures.copy(), points.copy()
    same, places = augment_run(pictures, points, HOW.only(), rng)
    assert same is pictures
    assert places is points
    for kind in HOW.kinds():
        augment_run(pictures, points, HOW.only(kind), rng)
    np.testing.assert_array_equal(pictures, before[0], "the caller's pictures were changed")
    np.testing.assert_array_equal(points, before[1])


@pytest.mark.parametrize("kind", HOW.kinds())
def test_each_kind_alone(kind: str, run: tuple[Array, Array], rng: np.random.Generator) -> None:
    pictures, points = run
    change = 0.0
    for _ in range(5):
        changed, places = augment_run(pictures, points, HOW.only(kind), rng)
        assert changed.shape == pictures.shape
        assert changed.dtype == places.dtype == np.float32
        assert changed.min() >= 0
        assert changed.max() <= 1
        assert (np.abs(places - points).max() > 0.01) == (kind in PLACING)
        # Only what trembles tells the frames of a run apart.
        trembles = kind in ("jitter", "light", "noise")
        assert (np.ptp(changed, axis=0).max() > 1e-3) == trembles
        change = max(change, float(np.abs(changed - pictures).max()))
    assert change > 0.02


@pytest.mark.parametrize("kinds", [*((kind,) for kind in PLACING), PLACING])
def test_points_stay_on_what_they_mark(
    kinds: tuple[str, ...], run: tuple[Array, Array], rng: np.random.Generator
) -> None:
    far = replace(HOW, rotation_degrees=15, placement_shift=0.08, jitter_shift=0.02)
    moved = []
    for _ in range(8):
        changed, places = augment_run(*run, far.only(*kinds), rng)
        for picture, expected in zip(changed, places, strict=True):
            found = marks(picture)
            assert len(found) == len(expected)
            distance = np.linalg.norm(found[:, None] - expected, axis=-1).min(axis=0)
            assert distance.max() < 0.3
        moved.append(np.abs(places - run[1]).max())
    assert max(moved) > 2


def test_one_turn_for_the_whole_run(run: tuple[Array, Array], rng: np.random.Generator) -> None:
    angles = []
    for _ in range(200):
        _, places = augment_run(*run, HOW.only("rotation"), rng)
        across = places[:, 1] - places[:, 0]
        angle = np.degrees(np.arctan2(across[:, 1], across[:, 0]) - np.arctan2(2, 25))
        assert np.ptp(angle) < 1e-3
        # About the middle of the crop, at the same distance from it.
        reach = np.linalg.norm(places - (SIZE - 1) / 2, axis=-1)
        np.testing.assert_allclose(
            reach, np.linalg.norm(run[1] - (SIZE - 1) / 2, axis=-1), rtol=1e-4
        )
        angles.append(angle[0])
    assert -8 <= min(angles) < -6
    assert 6 < max(angles) <= 8


def test_mirror_is_exact(run: tuple[Array, Array]) -> None:
    pictures, points = run
    mirrored, places = mirror(pictures, points)
    np.testing.assert_array_equal(mirrored, pictures[:, :, ::-1])
    np.testing.assert_array_equal(places[..., 0], SIZE - 1 - points[..., 0])
    np.testing.assert_array_equal(places[..., 1], points[..., 1])


def test_a_move_by_whole_pixels_is_exact(run: tuple[Array, Array]) -> None:
    pictures, points = run
    affine = np.repeat([[[1.0, 0, 3], [0, 1, -2]]], FRAMES, axis=0)
    moved, places = move(pictures, points, affine)
    np.testing.assert_allclose(moved[:, :-2, 3:], pictures[:, 2:, :-3], atol=1e-6)
    np.testing.assert_allclose(places, points + [3, -2])


def test_light_keeps_its_direction_and_its_contrast(run: tuple[Array, Array]) -> None:
    pictures = np.full_like(run[0], 0.25)
    lit = relight(pictures, np.full(FRAMES, 1.5), 0.5, np.array([0.2, 0.0]))
    # 0.25 ** 0.5 * 1.5, a fifth less at the top and a fifth more at the bottom.
    np.testing.assert_allclose(lit[:, 0], 0.6, rtol=1e-5)
    np.testing.assert_allclose(lit[:, -1], 0.9, rtol=1e-5)
    gain = np.linspace(1, 2, FRAMES)
    np.testing.assert_allclose(
        relight(pictures, gain, 1.0, np.zeros(2))[:, 5, 5, 1], 0.25 * gain, rtol=1e-5
    )


def test_colour_without_saturation_is_grey(run: tuple[Array, Array]) -> None:
    grey = recolour(run[0], np.ones(3), 0.0)
    assert np.ptp(grey, axis=-1).max() < 1e-6
    np.testing.assert_allclose(grey[0, 0, 60, 0], 0.299 * 0.5 + 0.587 * 0.4 + 0.114 * 0.35)
    red = recolour(run[0], np.array([1.5, 1, 1]), 1.0)
    np.testing.assert_allclose(red / run[0], np.broadcast_to([1.5, 1, 1], red.shape), rtol=1e-5)


def test_blur_spreads_by_its_radius() -> None:
    spot = np.zeros((1, SIZE, SIZE, 3), np.float32)
    spot[0, 32, 32] = 1
    spread = blur(spot, 2.0)[0, ..., 0]
    assert spread.sum() == pytest.approx(1, abs=1e-3)
    assert np.sqrt(np.sum(spread * (X - 32) ** 2)) == pytest.approx(2, rel=0.03)
    np.testing.assert_array_equal(blur(spot, 0.0), spot)


def test_compression_keeps_colours_and_loses_detail(rng: np.random.Generator) -> None:
    picture = np.full((1, SIZE, SIZE, 3), (0.8, 0.2, 0.1), np.float32)
    np.testing.assert_allclose(compress(picture, 90), picture, atol=0.02)  # red is not blue
    grain = rng.normal(size=(1, SIZE, SIZE, 1)) * 0.05  # grey: colours are halved at any quality
    noisy = np.clip(picture + grain, 0, 1).astype(np.float32)
    loss = [np.abs(compress(noisy, quality) - noisy).mean() for quality in (90, 30)]
    assert 0 < loss[0] < 0.7 * loss[1]


def test_noise_is_no_louder_than_asked(run: tuple[Array, Array], rng: np.random.Generator) -> None:
    how = replace(HOW, noise_level=0.05).only("noise")
    levels = [np.std(augment_run(*run, how, rng)[0] - run[0]) for _ in range(40)]
    assert 0.04 < max(levels) < 0.052
    assert min(levels) < 0.01


def test_the_generator_decides(run: tuple[Array, Array]) -> None:
    always = HOW.only(*HOW.kinds())
    one, same, other = (augment_run(*run, always, np.random.default_rng(s)) for s in (5, 5, 6))
    np.testing.assert_array_equal(one[0], same[0])
    np.testing.assert_array_equal(one[1], same[1])
    assert np.abs(one[0] - other[0]).max() > 0.05


def test_one_kind_more_leaves_the_others_as_they_are(run: tuple[Array, Array]) -> None:
    straight = augment_run(*run, HOW.only("rotation"), np.random.default_rng(8))[1]
    flipped = augment_run(*run, HOW.only("light", "rotation"), np.random.default_rng(8))[1]
    np.testing.assert_array_equal(straight, flipped)


@pytest.mark.parametrize(
    "wrong",
    [{"noise_level": -0.1}, {"placement_scale": 1.0}, {"jpeg_quality": 0}, {"flip_probability": 2}],
)
def test_impossible_strengths_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=f"PictureAugmentation: .*{next(iter(wrong))}"):
        PictureAugmentation(**wrong)  # type: ignore[arg-type]
