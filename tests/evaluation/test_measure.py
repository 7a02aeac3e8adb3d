import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import InputError, NoFaceError
from synclips.evaluation.measure import Measured, compare, measure
from synclips.faces.landmarks import INNER_LOWER, LIPS
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker

Clip = Callable[..., Path]
Opening = Callable[[float], float]
OpenTracker = Callable[[], FaceTracker]

SPEECH = np.ones(500, np.float32)


def wave(time: float) -> float:
    """Opens and closes about once per second, with a closed start."""
    return 0.1 - 0.1 * math.cos(2 * math.pi * time * (1 + 0.1 * time))


def wave_without_face(time: float) -> float:
    return -1 if 0.8 <= time < 1.2 else wave(time)


@pytest.fixture
def measured(tmp_path: Path, write_clip: Clip, shape: LipShape, tracker: OpenTracker) -> Measured:
    return measure(write_clip(tmp_path / "clip.mp4", wave), shape, tracker)


def test_the_opening_is_measured_in_eye_distances(measured: Measured) -> None:
    truth = np.array([wave(k / 25) for k in range(50)])
    assert len(measured) == 50
    assert measured.duration == 2
    # The tracker's smoothing and the codec's grey levels are all that is between.
    np.testing.assert_allclose(measured.opening, truth, atol=0.006)
    assert np.ptp(measured.width) < 0.005


def test_only_the_lower_inner_lip_moves(measured: Measured) -> None:
    moved = np.abs(measured.lips - measured.lips[0]).max(axis=(0, 2))
    lower = np.isin(LIPS, INNER_LOWER)
    assert (moved[lower] > 0.15).all()
    assert (moved[~lower] < 0.01).all()


@pytest.mark.parametrize("rate", [Fraction(50), Fraction(30000, 1001)])
def test_every_frame_rate_gives_the_same_curve(
    tmp_path: Path,
    measured: Measured,
    write_clip: Clip,
    shape: LipShape,
    tracker: OpenTracker,
    rate: Fraction,
) -> None:
    other = measure(write_clip(tmp_path / "other.mp4", wave, rate=rate), shape, tracker)
    common = min(len(other), len(measured))
    assert common >= 49
    np.testing.assert_allclose(other.opening[:common], measured.opening[:common], atol=0.008)
    assert len(other.frame_times) == int(2 * rate)


def test_no_face_is_not_a_number(
    tmp_path: Path, write_clip: Clip, shape: LipShape, tracker: OpenTracker
) -> None:
    path = write_clip(tmp_path / "gap.mp4", wave_without_face)
    gap = measure(path, shape, tracker)
    assert np.flatnonzero(np.isnan(gap.opening)).tolist() == list(range(20, 30))
    assert np.flatnonzero(np.isnan(gap.texture)).tolist() == list(range(20, 30))
    scores = compare(gap, gap, SPEECH)
    assert scores.lip_error == 0
    assert np.flatnonzero(np.isnan(gap.change)).tolist() == [0, *range(20, 31)]
    assert scores.texture_ratio == scores.flicker_ratio == 1


def test_a_file_without_a_face_is_named(
    tmp_path: Path, write_clip: Clip, shape: LipShape, tracker: OpenTracker
) -> None:
    path = write_clip(tmp_path / "empty.mp4", lambda time: -1)
    with pytest.raises(NoFaceError, match=r"empty\.mp4 .* less than a second"):
        measure(path, shape, tracker)


def test_against_itself_everything_is_right(measured: Measured) -> None:
    scores = compare(measured, measured, SPEECH)
    assert (scores.lip_error, scores.best_lag, scores.on_time) == (0, 0, 1)
    assert scores.correlation == pytest.approx(1)
    assert scores.opening_ratio == pytest.approx(1)
    assert scores.seconds == 2
    assert math.isnan(scores.silent_motion)


def test_lips_that_round_by_half_are_told(measured: Measured) -> None:
    width = 0.5 + 0.1 * np.sin(np.arange(len(measured)) / 3).astype(np.float32)
    truth, output = replace(measured, width=width), replace(measured, width=0.3 + width / 2)
    scores = compare(output, truth, SPEECH)
    assert scores.width_ratio == pytest.approx(0.5, abs=1e-3)
    assert scores.width_correlation == pytest.approx(1)


def test_a_late_output_is_late(measured: Measured) -> None:
    late = replace(
        measured,
        opening=np.r_[np.full(4, measured.opening[0]), measured.opening[:-4]],
        lips=np.concatenate([np.repeat(measured.lips[:1], 4, axis=0), measured.lips[:-4]]),
    )
    scores = compare(late, measured, SPEECH)
    assert (scores.best_lag, scores.on_time) == (4, 0)
    assert scores.best_correlation > 0.99 > scores.correlation
    assert scores.lip_error > 1


def test_only_the_common_time_counts(measured: Measured) -> None:
    half = replace(
        measured,
        opening=measured.opening[:30],
        width=measured.width[:30],
        lips=measured.lips[:30],
        texture=np.where(measured.frame_times < 1.2, measured.texture, 1e9),
        change=np.where(measured.frame_times < 1.2, measured.change, 1e9),
    )
    scores = compare(half, measured, SPEECH)
    assert scores.seconds == pytest.approx(1.2)
    assert scores.texture_ratio == pytest.approx(1)
    assert scores.flicker_ratio == pytest.approx(1)
    assert scores.lip_error == 0


def test_too_little_in_common(measured: Measured) -> None:
    short = replace(measured, path=Path("short.mp4"), opening=measured.opening[:20])
    with pytest.raises(InputError, match=r"short\.mp4 and .*clip\.mp4"):
        compare(short, measured, SPEECH)
