import math
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.evaluation import metrics
from synclips.evaluation.reconstruction import (
    PictureErrors,
    first_that_counts,
    lay_on,
    picture_errors,
)
from synclips.evaluation.tracked import Tracked
from synclips.faces.shape import LipShape
from synclips.faces.track import assemble_track
from synclips.media.writer import VideoWriter

SIZE = 128
COUNT = 20
EYES = 60.0  # pixels

Image = NDArray[np.uint8]


def scenery() -> Image:
    """Detail that codecs keep, everywhere different."""
    noise = np.random.default_rng(5).integers(30, 220, (SIZE // 4, SIZE // 4, 3), np.uint8)
    return np.asarray(cv2.resize(noise, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC), np.uint8)


def moved(image: Image, x: float, y: float) -> Image:
    place = np.array([[1, 0, x], [0, 1, y]], np.float64)
    return np.asarray(cv2.warpAffine(image, place, (SIZE, SIZE), flags=cv2.INTER_CUBIC), np.uint8)


def film(
    path: Path,
    images: list[Image],
    shape: LipShape,
    at: tuple[float, float] = (64, 40),
    zoom: float = 1.0,
) -> Tracked:
    """A video, and a track that says that its face stands at `at`."""
    rate = Fraction(25)
    with VideoWriter(
        path, width=SIZE, height=SIZE, frame_rate=rate, time_base=1 / rate, crf=1
    ) as writer:
        for index, image in enumerate(images):
            writer.write(image, index / rate)
    face = shape.template * EYES * zoom + np.array([*at, 0], np.float32)
    points = np.repeat(face[None], len(images), axis=0).astype(np.float32)
    return Tracked(path, assemble_track([index / rate for index in range(len(images))], points))


@pytest.fixture
def truth(tmp_path: Path, shape: LipShape) -> Tracked:
    return film(tmp_path / "truth.mp4", [scenery()] * COUNT, shape)


def test_the_truth_is_equal_to_itself(truth: Tracked, shape: LipShape) -> None:
    assert picture_errors(truth, truth, shape) == PictureErrors(math.inf, pytest.approx(1))


def test_one_equal_frame_does_not_make_a_mean_infinite(
    truth: Tracked, shape: LipShape, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = iter([math.inf] + [30.0] * (COUNT - 1))
    monkeypatch.setattr(metrics, "psnr", lambda seen, expected: next(errors))
    mean = picture_errors(truth, truth, shape).psnr
    assert mean == pytest.approx((100 + 30 * (COUNT - 1)) / COUNT)


def test_a_head_elsewhere_is_laid_on_the_true_one(
    tmp_path: Path, truth: Tracked, shape: LipShape
) -> None:
    images = [moved(scenery(), 6, -4)] * COUNT
    found = film(tmp_path / "found.mp4", images, shape, (70, 36))
    lost = film(tmp_path / "lost.mp4", images, shape)  # the head is not where the picture is
    assert picture_errors(found, truth, shape).psnr > 33
    assert picture_errors(found, truth, shape).ssim > 0.95
    assert picture_errors(lost, truth, shape).psnr < 20


def test_a_blurred_mouth_is_worse(tmp_path: Path, truth: Tracked, shape: LipShape) -> None:
    errors = []
    for sigma in (1.0, 3.0):
        soft = np.asarray(cv2.GaussianBlur(scenery(), (0, 0), sigma), np.uint8)
        output = film(tmp_path / f"{sigma}.mp4", [soft] * COUNT, shape)
        errors.append(picture_errors(output, truth, shape))
    assert errors[0].psnr > errors[1].psnr + 3
    assert 1 > errors[0].ssim > errors[1].ssim


def test_only_the_mouth_counts(tmp_path: Path, truth: Tracked, shape: LipShape) -> None:
    box = (slice(76, 112), slice(40, 88))  # the mouth and a margin
    image = np.zeros_like(scenery())
    image[box] = scenery()[box]
    output = film(tmp_path / "mouth.mp4", [image] * COUNT, shape)
    assert picture_errors(output, truth, shape).psnr > 35


def test_frames_near_to_the_cut_do_not_count(
    tmp_path: Path, truth: Tracked, shape: LipShape
) -> None:
    black = np.zeros_like(scenery())
    images = [black] * 4 + [scenery()] * (COUNT - 4)
    output = film(tmp_path / "late.mp4", images, shape)
    assert picture_errors(output, truth, shape).ssim < 0.9
    assert picture_errors(output, truth, shape, first_that_counts(Fraction(25))).ssim > 0.99


@pytest.mark.parametrize("rate", [25, 50, Fraction(30000, 1001), 10])
def test_five_frames_of_grid_lie_between(rate: Fraction) -> None:
    since = first_that_counts(Fraction(rate))
    last_given = -1 / Fraction(rate)  # the frame before the cut
    assert since - last_given >= Fraction(1, 5)
    # The first frame of the second half that counts is no later than it must be.
    assert since - 1 / Fraction(rate) - last_given < Fraction(1, 5)


def test_moments_without_a_face_do_not_count(
    tmp_path: Path, truth: Tracked, shape: LipShape
) -> None:
    black = np.zeros_like(scenery())
    output = film(tmp_path / "gap.mp4", [scenery()] * 12 + [black] * 8, shape)
    points = np.asarray(output.track.points[0:COUNT]).copy()
    points[12:] = np.nan
    gap = Tracked(output.path, assemble_track(output.track.times, points))
    assert picture_errors(output, truth, shape).ssim < 0.8
    assert picture_errors(gap, truth, shape).ssim > 0.99
    points[:] = np.nan
    never = Tracked(output.path, assemble_track(output.track.times, points))
    assert math.isnan(picture_errors(never, truth, shape).psnr)
    assert math.isnan(picture_errors(truth, never, shape).ssim)


def test_after_the_end_of_the_output_nothing_is_compared(
    tmp_path: Path, truth: Tracked, shape: LipShape
) -> None:
    images = [scenery()] * 10
    short = film(tmp_path / "short.mp4", images, shape)
    black = np.zeros_like(scenery())
    longer = film(tmp_path / "longer.mp4", images + [black] * 10, shape)
    assert picture_errors(short, truth, shape).ssim > 0.99
    assert picture_errors(short, longer, shape).ssim > 0.99
    assert picture_errors(longer, truth, shape).ssim < 0.8


def test_a_mouth_of_few_pixels_has_no_ssim(tmp_path: Path, shape: LipShape) -> None:
    tiny = film(tmp_path / "tiny.mp4", [scenery()] * COUNT, shape, zoom=0.2)
    assert math.isnan(picture_errors(tiny, tiny, shape).ssim)


def test_lay_on_turns_and_scales() -> None:
    image = scenery()
    there = np.array([[1, 0, 20], [0, 1, 30]], np.float64)
    angle = np.radians(10)
    turn = 1.2 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    here = np.column_stack([turn, [40, 20]])
    box = (slice(35, 75), slice(25, 85))
    seen = lay_on(image, here, there, box)
    assert seen.shape == (40, 60, 3)
    # Pixel (10, 5) of the box is crop point (15, 10).
    x, y = turn @ [15, 10] + [40, 20]
    assert seen[5, 10] == pytest.approx(image[round(y), round(x)], abs=30)
    np.testing.assert_array_equal(lay_on(image, there, there, box), image[box])
