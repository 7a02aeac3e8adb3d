"""What a video file shows of a mouth over time, and how two such measurements compare.

`measure` tracks a file once and keeps landmarks and curves only, so a measurement is small however
large the video is. All curves stand on one grid of 25 instants per second from the first frame on,
which makes files of different frame rates comparable. Does not know how the files came to be.
"""

import math
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError, NoFaceError
from synclips.evaluation import metrics
from synclips.evaluation.flicker import Flicker
from synclips.evaluation.tracked import OpenTracker, Tracked
from synclips.faces.landmarks import LIPS, mouth_opening, mouth_width
from synclips.faces.segment import Segment, analyse
from synclips.faces.shape import LipShape
from synclips.faces.track import track_faces
from synclips.faces.tracker import FaceTracker, MediaPipeTracker
from synclips.features.timing import GRID_FRAME_RATE
from synclips.media.video import VideoReader

MAX_LAG = 10
"""Instants (0.4 s) by which sound and picture are searched for an offset."""

MIN_INSTANTS = 25
"""Instants with a face (1 s); over less nothing is compared."""


@dataclass(frozen=True, eq=False)
class Measured(Tracked):
    """Mouth curves of one file; row k of the first three describes k / 25 seconds.

    Attributes:
        duration: Seconds, to the end of the last frame.
        opening: (N,) gap of the inner lips in eye distances; NaN without a face, as below.
        width: (N,) distance of the mouth corners in eye distances.
        lips: (N, L, 3) displacement of the lip vertices from the speaker's own closed mouth, in
            the canonical frame, in eye distances.
        frame_times: (F,) seconds of the frames themselves.
        texture: (F,) variance of the Laplacian in the mouth box of each frame.
        change: (F,) by which the look of the mouth differs from the frame before, see `Flicker`.
    """

    duration: Fraction
    opening: NDArray[np.float32]
    width: NDArray[np.float32]
    lips: NDArray[np.float32]
    frame_times: NDArray[np.float64]
    texture: NDArray[np.float64]
    change: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.opening)


@dataclass(frozen=True)
class Scores:
    """One output against the truth; definitions and units in `metrics`, NaN where undefined.

    Attributes:
        seconds: Common duration that was compared.
        lip_error: Lip vertex error, largest vertex, % of the eye distance.
        lip_error_mean: Lip vertex error, mean vertex.
        correlation: Of the mouth opening, as it is.
        best_correlation: Of the mouth opening, at the best lag.
        best_lag: Frames at 25 Hz by which the output is late.
        on_time: 1 if the best lag is at most one frame, else 0; a share once averaged.
        opening_ratio: Deviation of the opening over that of the truth.
        width_correlation: Of the distance of the mouth corners: rounding and spreading.
        width_ratio: Deviation of that distance over that of the truth.
        silent_motion: Motion in silence, % of the eye distance per frame.
        jitter: Second difference, % of the eye distance per frame squared.
        texture_ratio: Detail in the mouth box over that of the truth.
        flicker_ratio: How much the look of the mouth changes at most, over that of the truth.
        sync_offset: Frames at 25 Hz by which the picture is late against the sound of the truth,
            to the ear of a judge. This and the next two are NaN without a judge.
        sync_distance: Mean distance of picture and sound at that offset.
        sync_confidence: How much nearer they are there than at other offsets.
        psnr: Of the redrawn mouth in reconstruction, dB.
        ssim: Of the same.
        lag_size: Of the best lag without its sign; unlike lags, sizes do not cancel in a mean.
        sync_offset_size: The same of the offset.
    """

    seconds: float
    lip_error: float
    lip_error_mean: float
    correlation: float
    best_correlation: float
    best_lag: float
    on_time: float
    opening_ratio: float
    width_correlation: float
    width_ratio: float
    silent_motion: float
    jitter: float
    texture_ratio: float
    flicker_ratio: float
    sync_offset: float = math.nan
    sync_distance: float = math.nan
    sync_confidence: float = math.nan
    psnr: float = math.nan
    ssim: float = math.nan
    lag_size: float = math.nan
    sync_offset_size: float = math.nan


def measure(video: Path, shape: LipShape, open_tracker: OpenTracker = MediaPipeTracker) -> Measured:
    """Track a file and measure its mouth.

    Args:
        video: Any video with one face.
        shape: Shape space that says what a closed mouth is; the same for all that is compared.
        open_tracker: Makes the tracker; a new one per file, so that files do not influence each
            other.

    Raises:
        InputError: If the file cannot be read, or is shorter than a second.
        NoFaceError: If a face is seen for less than a second.
    """
    reader = VideoReader(video)
    with closing(_Watcher(open_tracker(), Flicker(shape))) as tracker:
        track = track_faces(reader.frames(), tracker)
    times = np.array([float(time) for time in track.times])
    count = math.floor(track.times[-1] * GRID_FRAME_RATE) + 1
    grid = np.arange(count) / float(GRID_FRAME_RATE)
    # Columns: opening, width, then the lips flat.
    curves = np.full((count, 2 + 3 * len(LIPS)), np.nan, np.float32)
    for segment in analyse(track, shape):
        seen = times[segment.frames]
        inside = (grid >= seen[0]) & (grid <= seen[-1])
        curves[inside] = _resample(_curves(segment), seen, grid[inside])
    if count < MIN_INSTANTS:
        seconds = float(track.times[-1] + 1 / reader.info.frame_rate)
        raise InputError(
            f"{video} lasts {seconds:.2f} s, less than the second that is compared at least; give"
            " a longer clip."
        )
    if np.isfinite(curves[:, 0]).sum() < MIN_INSTANTS:
        raise NoFaceError(
            f"{video} shows a face for less than a second; measure a longer clip with one face."
        )
    return Measured(
        path=video,
        track=track,
        duration=track.times[-1] + 1 / reader.info.frame_rate,
        opening=curves[:, 0],
        width=curves[:, 1],
        lips=curves[:, 2:].reshape(count, len(LIPS), 3),
        frame_times=times,
        texture=np.array(tracker.texture),
        change=np.array(tracker.change),
    )


def compare(output: Measured, truth: Measured, activity: NDArray[np.float32]) -> Scores:
    """Compare the lips of an output with the true ones, over their common duration from the start.

    Args:
        output: What is judged.
        truth: How the lips really moved.
        activity: (M,) `speech_activity` of the sound that drives the output, for the motion in
            silence.

    Returns:
        All scores but those of the judge and of reconstruction.

    Raises:
        InputError: If less than a second shows both faces.
    """
    count = min(len(output), len(truth))
    both = np.isfinite(output.opening[:count]) & np.isfinite(truth.opening[:count])
    if both.sum() < MIN_INSTANTS:
        raise InputError(
            f"{output.path} and {truth.path} show a face together for less than a second;"
            " compare longer clips."
        )
    opening, true_opening = output.opening[:count], truth.opening[:count]
    width, true_width = output.width[:count], truth.width[:count]
    lips, true_lips = output.lips[:count], truth.lips[:count]
    largest, mean = metrics.lip_vertex_error(lips, true_lips)
    correlations = metrics.correlation_at_lags(opening, true_opening, MAX_LAG)
    lag, at_lag = metrics.best_lag(correlations)
    end = count / float(GRID_FRAME_RATE)
    seen, truly_seen = output.frame_times < end, truth.frame_times < end
    return Scores(
        seconds=end,
        lip_error=largest,
        lip_error_mean=mean,
        correlation=float(correlations[MAX_LAG]),
        best_correlation=at_lag,
        best_lag=lag,
        on_time=math.nan if math.isnan(lag) else float(abs(lag) <= 1),
        opening_ratio=metrics.ratio(opening, true_opening),
        width_correlation=metrics.correlation(width, true_width),
        width_ratio=metrics.ratio(width, true_width),
        silent_motion=metrics.motion_in_silence(lips, activity),
        jitter=metrics.jitter(lips),
        texture_ratio=metrics.texture_ratio(output.texture[seen], truth.texture[truly_seen]),
        flicker_ratio=metrics.flicker_ratio(output.change[seen], truth.change[truly_seen]),
        lag_size=abs(lag),
    )


class _Watcher:
    """Passes frames on to a tracker and measures each mouth while its picture is at hand."""

    def __init__(self, tracker: FaceTracker, flicker: Flicker) -> None:
        self._tracker = tracker
        self._flicker = flicker
        self.texture: list[float] = []
        self.change: list[float] = []

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        points = self._tracker.find(image)
        value = math.nan
        if points is not None:
            value = metrics.texture(image[metrics.mouth_box(points, *image.shape[:2])])
        self.texture.append(value)
        self.change.append(self._flicker.step(image, points))
        return points

    def close(self) -> None:
        self._tracker.close()


def _curves(segment: Segment) -> NDArray[np.float32]:
    """(n, 2 + 3 L): opening, width and the lips flat, of each frame."""
    lips = segment.canonical[:, LIPS] - segment.neutral[LIPS]
    opening, width = mouth_opening(segment.canonical), mouth_width(segment.canonical)
    joined = np.column_stack([opening, width, lips.reshape(len(segment), -1)])
    return joined.astype(np.float32)


def _resample(
    values: NDArray[np.float32], times: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linear interpolation of rows, (n, D) at `times` -> (m, D) at `at`, which lie within."""
    before = np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 1)
    after = np.minimum(before + 1, len(times) - 1)
    span = np.where(after > before, times[after] - times[before], 1.0)
    weight = ((at - times[before]) / span)[:, None]
    return (1 - weight) * values[before] + weight * values[after]
