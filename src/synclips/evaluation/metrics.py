"""The numbers by which lip motion and mouth pictures are judged, each with unit and source.

Pure functions on arrays. Lip motion comes on the 25 Hz grid of `measure`: lips (N, L, 3) are
displacements from the speaker's own closed mouth in the canonical frame, in eye distances, and
instants without a face are NaN and never count. Nothing here reads files or finds faces.
"""

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import OUTER
from synclips.features.timing import MOTION_PER_GRID_FRAME

Curve = NDArray[np.floating]

MIN_OVERLAP = 10
"""Instants (0.4 s); a correlation over fewer says nothing."""

MIN_SILENCE = 5
"""Frame-to-frame steps (0.2 s) of silence below which motion in silence is not defined."""

BOX_MARGIN = 0.2
"""By how much the box around the outer lips is enlarged."""

EXACT = 100.0
"""PSNR, dB, that counts in a mean for what is equal; pictures of 8 bits that differ have less."""

_PERCENT = 100.0
_FLASH = 0.95  # share of frames that change less
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


def lip_vertex_error(a: Curve, b: Curve) -> tuple[float, float]:
    """How far the lips are from where they should be, in % of the eye distance.

    Args:
        a: (N, L, 3) lip displacements.
        b: (N, L, 3) those of the truth.

    Returns:
        Mean over time of the largest distance among the lip vertices (Richard et al. 2021,
        MeshTalk, section 4), and mean over time and vertices. NaN if no instant shows both.
    """
    distance = np.linalg.norm(a - b, axis=-1)  # (N, L)
    distance = distance[np.isfinite(distance).all(axis=1)]
    if len(distance) == 0:
        return math.nan, math.nan
    return _PERCENT * float(distance.max(axis=1).mean()), _PERCENT * float(distance.mean())


def correlation(a: Curve, b: Curve) -> float:
    """Pearson correlation of two curves (N,); NaN if one is constant or too little is known."""
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < MIN_OVERLAP:
        return math.nan
    x, y = a[known].astype(np.float64), b[known].astype(np.float64)
    x, y = x - x.mean(), y - y.mean()
    power = float((x @ x) * (y @ y))
    # Rounding leaves a constant curve a power this far above zero.
    if power <= 1e-24:
        return math.nan
    return float(np.clip((x @ y) / math.sqrt(power), -1, 1))


def correlation_at_lags(a: Curve, b: Curve, max_lag: int) -> NDArray[np.float64]:
    """Correlation of `a`, shifted, with `b`.

    Args:
        a: (N,) curve of the output.
        b: (N,) curve of the truth.
        max_lag: Largest shift in instants.

    Returns:
        (2 max_lag + 1,) correlations of a[t + lag] with b[t] for lag = -max_lag..max_lag: a
        maximum at a positive lag means that the output is late.
    """
    count = len(a)
    values = []
    for lag in range(-max_lag, max_lag + 1):
        here = slice(max(0, lag), max(0, min(count, count + lag)))
        there = slice(max(0, -lag), max(0, min(count, count - lag)))
        values.append(correlation(a[here], b[there]))
    return np.array(values)


def best_lag(correlations: NDArray[np.float64]) -> tuple[float, float]:
    """Where `correlation_at_lags` is largest.

    Returns:
        The lag in instants (of two equal ones, the smaller shift) and the correlation there; NaN
        twice if none is defined.
    """
    if not np.isfinite(correlations).any():
        return math.nan, math.nan
    lags = np.arange(len(correlations)) - len(correlations) // 2
    nearest_first = np.argsort(np.abs(lags), kind="stable")
    best = nearest_first[int(np.nanargmax(correlations[nearest_first]))]
    return float(lags[best]), float(correlations[best])


def ratio(output: Curve, truth: Curve) -> float:
    """How much a mouth opens and closes, rounds and spreads: its deviation over that of the truth.

    Of openings or widths (N,). 1 is right, less is mumbling. That of the opening is the counterpart
    in time of the open-area ratio, which agrees with people's judgement where PSNR does not.
    """
    known = np.isfinite(output) & np.isfinite(truth)
    if known.sum() < MIN_OVERLAP or float(truth[known].std()) == 0:
        return math.nan
    return float(output[known].std() / truth[known].std())


def motion_in_silence(lips: Curve, activity: NDArray[np.float32]) -> float:
    """How much the lips move while nobody speaks, in % of the eye distance per 25 Hz frame.

    Args:
        lips: (N, L, 3) lip displacements.
        activity: (M,) of `speech_activity`, at 50 Hz, of the sound that drives the lips.

    Returns:
        Mean distance that a lip vertex goes from one frame to the next, over the steps during
        which activity is 0 throughout; NaN if these last less than 0.2 s.
    """
    step = _mean_norm(np.diff(lips, axis=0))  # (N - 1,)
    quiet = np.zeros(MOTION_PER_GRID_FRAME * len(lips) + 1, dtype=bool)
    known = min(len(quiet), len(activity))
    quiet[:known] = activity[:known] == 0
    starts = MOTION_PER_GRID_FRAME * np.arange(len(step))
    silent = np.isfinite(step)
    for within in range(MOTION_PER_GRID_FRAME + 1):
        silent &= quiet[starts + within]
    if silent.sum() < MIN_SILENCE:
        return math.nan
    return _PERCENT * float(step[silent].mean())


def jitter(lips: Curve) -> float:
    """Mean second difference of the lips (N, L, 3), in % of the eye distance per frame squared.

    Real speech has some of its own, so it is read beside the value of the real video.
    """
    bend = _mean_norm(np.diff(lips, n=2, axis=0))
    bend = bend[np.isfinite(bend)]
    return _PERCENT * float(bend.mean()) if len(bend) else math.nan


def _mean_norm(change: Curve) -> NDArray[np.float64]:
    """Mean length of (N, L, 3) vectors over L; NaN where one is unknown."""
    length: NDArray[np.float64] = np.linalg.norm(change, axis=-1).mean(axis=-1)
    return length


def mouth_box(points: Curve, height: int, width: int) -> tuple[slice, slice]:
    """Rows and columns of the box around the outer lips, enlarged by 20 %.

    Args:
        points: (P, 2 or 3) kept landmarks in pixels.
        height: Of the picture; the box ends at its border.
        width: Of the picture.
    """
    outer = points[OUTER, :2]
    low, high = outer.min(axis=0), outer.max(axis=0)
    margin = (high - low) * BOX_MARGIN / 2
    x0, y0 = np.floor(low - margin).astype(int)
    x1, y1 = np.ceil(high + margin).astype(int) + 1
    return slice(max(0, y0), min(height, max(0, y1))), slice(max(0, x0), min(width, max(0, x1)))


def texture(image: NDArray[np.uint8]) -> float:
    """Detail of a picture (H, W, 3): variance of the Laplacian of its luma.

    Source: the focus measure of Pech-Pacheco et al., ICPR 2000. NaN below 3 x 3 pixels.
    """
    if min(image.shape[:2]) < 3:
        return math.nan
    return float(cv2.Laplacian(luma(image), cv2.CV_64F, ksize=1).var())


def texture_ratio(output: Curve, truth: Curve) -> float:
    """Detail of the mouth relative to the truth; 1 is as sharp, less is blurred.

    Args:
        output: (N,) `texture` of the mouth box in each frame of the output, each box placed by
            that frame's own landmarks; NaN without a face.
        truth: (M,) the same of the truth; the frames need not correspond.

    Returns:
        Ratio of the geometric means over the frames.
    """
    means = []
    for values in (output, truth):
        known = values[np.isfinite(values) & (values > 0)]
        if len(known) == 0:
            return math.nan
        means.append(float(np.log(known).mean()))
    return math.exp(means[0] - means[1])


def flicker_ratio(output: Curve, truth: Curve) -> float:
    """How much a mouth flashes where its look changes most; 1 is as real, more is flicker.

    Args:
        output: (N,) change of the look of the mouth from frame to frame (`flicker`) in the output;
            NaN where it is not known.
        truth: (M,) the same of the truth; the frames need not correspond.

    Returns:
        Ratio of the 95th percentiles; NaN where one is not known or 0.
    """
    highest = []
    for values in (output, truth):
        known = values[np.isfinite(values)]
        if len(known) < MIN_OVERLAP:
            return math.nan
        highest.append(float(np.quantile(known, _FLASH)))
    return highest[0] / highest[1] if highest[1] > 0 else math.nan


def psnr(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of two 8-bit pictures of one size, in dB; infinite if equal."""
    error = float(np.square(a.astype(np.float64) - b).mean())
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def mean_psnr(values: Sequence[float]) -> float:
    """Mean of some PSNR, dB, of which equal pictures count `EXACT`; infinite if all are equal.

    One equal frame would make a mean infinite, and say nothing of the others.
    """
    if all(value == math.inf for value in values):
        return math.inf
    return math.fsum(min(value, EXACT) for value in values) / len(values)


def ssim(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Structural similarity of the luma of two RGB pictures (H, W, 3), 1 if equal.

    Source: Wang et al., Image quality assessment: from error visibility to structural similarity,
    IEEE TIP 13(4), 2004: Gaussian window of 11 x 11, deviation 1.5, K1 .01, K2 .03; windows that
    reach over the border are left out.

    Raises:
        ValueError: The sizes differ or are below 11 x 11.
    """
    if a.shape != b.shape or min(a.shape[:2]) < 11:
        raise ValueError(
            f"SSIM needs two pictures of one size from 11 x 11, not {a.shape, b.shape}"
        )

    def windowed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(cv2.GaussianBlur(values, (11, 11), 1.5)[5:-5, 5:-5], np.float64)

    x, y = luma(a), luma(b)
    mean_x, mean_y = windowed(x), windowed(y)
    variance_x = windowed(x * x) - mean_x**2
    variance_y = windowed(y * y) - mean_y**2
    covariance = windowed(x * y) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_x * mean_y + c1) * (2 * covariance + c2)
    below = (mean_x**2 + mean_y**2 + c1) * (variance_x + variance_y + c2)
    return float((above / below).mean())


def luma(image: NDArray[np.uint8]) -> NDArray[np.float64]:
    """BT.601 luma of an RGB picture, (H, W, 3) -> (H, W) in 0..255, not rounded."""
    return np.asarray(image @ _LUMA, dtype=np.float64)
