import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.evaluation import metrics
from synclips.faces.landmarks import KEPT, OUTER


@pytest.fixture
def lips(rng: np.random.Generator) -> NDArray[np.float32]:
    return rng.normal(0, 0.02, (60, 40, 3)).astype(np.float32)


@pytest.fixture
def curve(rng: np.random.Generator) -> NDArray[np.float64]:
    """A smooth irregular curve, unlike itself at any other time."""
    return np.convolve(rng.normal(size=140), np.hanning(9), "valid")[:100]


@pytest.fixture
def picture(rng: np.random.Generator) -> NDArray[np.uint8]:
    return cv2.GaussianBlur(rng.integers(0, 256, (40, 60, 3), np.uint8), (0, 0), 0.8)


class TestLipVertexError:
    def test_one_vertex_off_by_three_percent(self, lips: NDArray[np.float32]) -> None:
        moved = lips.copy()
        moved[:, 5, 1] += 0.03
        largest, mean = metrics.lip_vertex_error(moved, lips)
        assert largest == pytest.approx(3, abs=1e-3)
        assert mean == pytest.approx(3 / 40, abs=1e-3)

    def test_an_instant_without_a_face_does_not_count(self, lips: NDArray[np.float32]) -> None:
        moved = lips + np.float32(0.01)
        expected = metrics.lip_vertex_error(moved[10:], lips[10:])
        moved[:10] = np.nan
        assert metrics.lip_vertex_error(moved, lips) == pytest.approx(expected)

    def test_nothing_in_common(self, lips: NDArray[np.float32]) -> None:
        assert all(map(math.isnan, metrics.lip_vertex_error(lips * np.nan, lips)))


class TestCorrelation:
    @pytest.mark.parametrize("lag", [-4, 0, 3])
    def test_a_known_lag_is_found(self, curve: NDArray[np.float64], lag: int) -> None:
        late = np.roll(curve, lag)
        values = metrics.correlation_at_lags(late[10:90], curve[10:90], 8)
        assert len(values) == 17
        assert metrics.best_lag(values) == (lag, pytest.approx(1))
        assert values[8] == pytest.approx(np.corrcoef(late[10:90], curve[10:90])[0, 1])
        assert lag == 0 or values[8] < 0.9

    def test_scale_and_offset_do_not_matter_but_sign_does(self, curve: NDArray[np.float64]) -> None:
        assert metrics.correlation(0.1 * curve + 5, curve) == pytest.approx(1)
        assert metrics.correlation(-curve, curve) == pytest.approx(-1)

    def test_gaps_are_left_out(self, curve: NDArray[np.float64]) -> None:
        holed = curve.copy()
        holed[20:40] = np.nan
        assert metrics.correlation(holed, curve) == pytest.approx(1)
        assert metrics.best_lag(metrics.correlation_at_lags(holed, curve, 5))[0] == 0

    def test_a_constant_curve_has_none(self, curve: NDArray[np.float64]) -> None:
        values = metrics.correlation_at_lags(np.full(100, 0.1, np.float32), curve, 3)
        assert np.isnan(values).all()
        assert all(map(math.isnan, metrics.best_lag(values)))

    def test_too_short_for_the_lag(self, curve: NDArray[np.float64]) -> None:
        values = metrics.correlation_at_lags(curve[:12], curve[:12], 5)
        assert np.isnan(values[[0, -1]]).all()
        assert values[5] == pytest.approx(1)

    def test_of_equal_lags_the_smaller_wins(self) -> None:
        assert metrics.best_lag(np.array([0.8, 0.1, 0.2, 0.8, 0.3])) == (1, 0.8)


def test_ratio_of_a_scaled_curve(curve: NDArray[np.float64]) -> None:
    assert metrics.ratio(0.6 * curve + 2, curve) == pytest.approx(0.6)
    assert math.isnan(metrics.ratio(curve, np.ones(100)))


class TestMotionInSilence:
    @pytest.fixture
    def activity(self) -> NDArray[np.float32]:
        """Speech at 50 Hz during the first 30 of 60 frames."""
        return np.repeat([1, 0], [60, 61]).astype(np.float32)

    def test_speech_does_not_count(
        self, lips: NDArray[np.float32], activity: NDArray[np.float32]
    ) -> None:
        lips[30:] = lips[30]
        assert metrics.motion_in_silence(lips, activity) == pytest.approx(0, abs=1e-6)

    def test_silence_does(self, lips: NDArray[np.float32], activity: NDArray[np.float32]) -> None:
        lips[:] = 0
        lips[30::2, :, 0] = 0.01
        assert metrics.motion_in_silence(lips, activity) == pytest.approx(1, rel=1e-3)

    def test_the_step_out_of_speech_does_not(
        self, lips: NDArray[np.float32], activity: NDArray[np.float32]
    ) -> None:
        lips[:30], lips[30:] = 0.5, 0
        assert metrics.motion_in_silence(lips, activity) == pytest.approx(0, abs=1e-6)

    def test_too_little_silence(self, lips: NDArray[np.float32]) -> None:
        activity = np.ones(121, np.float32)
        activity[40:50] = 0  # 0.18 s from first to last instant
        assert math.isnan(metrics.motion_in_silence(lips, activity))
        activity[40:51] = 0
        assert metrics.motion_in_silence(lips, activity) > 0

    def test_after_the_sound_nothing_is_known(self, lips: NDArray[np.float32]) -> None:
        assert math.isnan(metrics.motion_in_silence(lips, np.zeros(8, np.float32)))


def test_jitter_ignores_steady_motion_and_sees_shaking(lips: NDArray[np.float32]) -> None:
    lips[:] = np.arange(60)[:, None, None] * np.float32(0.01)
    assert metrics.jitter(lips) == pytest.approx(0, abs=1e-4)
    lips[:] = 0
    lips[::2, :, 1] = 0.01  # second differences of 0.02
    assert metrics.jitter(lips) == pytest.approx(2, rel=1e-3)


class TestMouthBox:
    def test_encloses_the_lips_with_a_margin(self) -> None:
        points = np.zeros((len(KEPT), 3), np.float32)
        points[OUTER, 0] = np.linspace(100, 200, 20)
        points[OUTER, 1] = np.linspace(50, 90, 20)
        rows, columns = metrics.mouth_box(points, 300, 300)
        assert (rows, columns) == (slice(46, 95), slice(90, 211))

    def test_ends_at_the_border(self) -> None:
        points = np.full((len(KEPT), 2), -50, np.float32)
        points[OUTER[0]] = 20
        rows, columns = metrics.mouth_box(points, 30, 16)
        assert (rows, columns) == (slice(0, 28), slice(0, 16))
        points[OUTER] = -50
        image = np.zeros((30, 16, 3), np.uint8)
        assert math.isnan(metrics.texture(image[metrics.mouth_box(points, 30, 16)]))


class TestTexture:
    def test_a_blurred_picture_has_less(self, picture: NDArray[np.uint8]) -> None:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.5)
        assert metrics.texture(soft) < 0.3 * metrics.texture(picture)

    def test_brightness_does_not_matter(self) -> None:
        assert metrics.texture(np.full((9, 9, 3), 200, np.uint8)) == pytest.approx(0, abs=1e-12)

    def test_ratio_of_geometric_means(self) -> None:
        output, truth = np.array([1.0, 4.0, np.nan]), np.array([4.0, 16.0])
        assert metrics.texture_ratio(output, truth) == pytest.approx(0.25)
        assert math.isnan(metrics.texture_ratio(np.array([np.nan]), truth))


class TestFlicker:
    def test_ratio_of_the_largest_changes(self) -> None:
        truth = np.r_[np.nan, np.full(90, 2.0), np.full(10, 8.0)]
        output = np.r_[np.nan, np.full(90, 1.0), np.full(10, 12.0)]
        assert metrics.flicker_ratio(truth, truth) == 1
        assert metrics.flicker_ratio(output, truth) == pytest.approx(1.5)
        # What one frame in a hundred does is chance.
        assert metrics.flicker_ratio(np.r_[output, 200.0], truth) == pytest.approx(1.5)

    def test_what_is_not_known_is_not_a_number(self) -> None:
        some = np.full(20, 1.0)
        assert math.isnan(metrics.flicker_ratio(some, np.full(20, np.nan)))
        assert math.isnan(metrics.flicker_ratio(some, np.zeros(20)))


class TestPictureErrors:
    def test_psnr(self, picture: NDArray[np.uint8]) -> None:
        assert metrics.psnr(picture, picture) == math.inf
        off = np.clip(picture, 0, 250) + np.uint8(5)
        assert metrics.psnr(off, np.clip(picture, 0, 250)) == pytest.approx(34.151, abs=1e-3)

    def test_as_scikit_image(self, picture: NDArray[np.uint8]) -> None:
        judge = pytest.importorskip("skimage.metrics", reason="scikit-image is not installed")
        other = cv2.GaussianBlur(picture, (0, 0), 1.0)
        theirs = judge.structural_similarity(
            metrics.luma(picture),
            metrics.luma(other),
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
            data_range=255,
        )
        assert metrics.ssim(picture, other) == pytest.approx(theirs, abs=1e-6)
        assert metrics.psnr(picture, other) == pytest.approx(
            judge.peak_signal_noise_ratio(picture, other)
        )

    def test_ssim_ranks(self, picture: NDArray[np.uint8]) -> None:
        assert metrics.ssim(picture, picture) == pytest.approx(1)
        soft, softer = (cv2.GaussianBlur(picture, (0, 0), sigma) for sigma in (0.7, 2.0))
        assert metrics.ssim(picture, softer) < metrics.ssim(picture, soft) < 1

    def test_ssim_needs_equal_sizes(self, picture: NDArray[np.uint8]) -> None:
        with pytest.raises(ValueError, match="one size"):
            metrics.ssim(picture, picture[:20])
        with pytest.raises(ValueError, match="11 x 11"):
            metrics.ssim(picture[:9], picture[:9])
