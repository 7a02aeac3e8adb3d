"""Reconstruction: how near the pixels of a redrawn mouth come to the true ones.

The system gets the first half of a clip and the sound of the second; the second half is the truth.
What it is given shows no true frame and none nearer than 0.2 s to one that counts, so no system,
whatever it is made of, can copy the mouth it must draw. Heads move meanwhile; each output frame is
therefore laid on the true one by the head poses of both before pixels are compared, the unedited
one likewise. Does not know how the videos came to be.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.evaluation import metrics
from synclips.evaluation.tracked import Tracked
from synclips.faces.crop import CropSpec, invert
from synclips.faces.shape import LipShape
from synclips.media.video import VideoReader

MIN_DISTANCE = Fraction(5, 25)
"""Seconds between a true frame and any frame that the system was given: 5 frames of GRID."""

SMALLEST_BOX = 11
"""Pixels of a side of the mouth box, below which SSIM is not defined."""

_SPEC = CropSpec()
_SAME_TIME = Fraction(1, 50)  # seconds; frames of one moment are not further apart


@dataclass(frozen=True)
class PictureErrors:
    """Means over the frames that count; NaN if there is none.

    Attributes:
        psnr: Of the mouth box, dB, see `metrics.mean_psnr`; infinite if all frames are equal.
        ssim: Of its luma.
    """

    psnr: float = math.nan
    ssim: float = math.nan


def first_that_counts(frame_rate: Fraction) -> Fraction:
    """Seconds after the cut of the first frame that is far enough from all frames before it."""
    return max(Fraction(0), MIN_DISTANCE - 1 / frame_rate)


def picture_errors(
    output: Tracked, truth: Tracked, shape: LipShape, since: Fraction = Fraction(0)
) -> PictureErrors:
    """Compare the mouths of an output with the true ones, moment by moment.

    Args:
        output: What is judged; frames and times as those of the truth, heads may be elsewhere.
        truth: The true frames.
        shape: Shape space, for the head pose.
        since: Seconds at which the comparison begins.

    Raises:
        InputError: If a file cannot be read.
    """
    drawn_to_image = output.crops(shape, _SPEC)
    true_to_image = truth.crops(shape, _SPEC)
    end = output.track.times[-1] + _SAME_TIME
    times = [time for time in truth.track.times if time <= end]
    found: list[tuple[float, float]] = []
    true_frames = VideoReader(truth.path).frames()
    for true, drawn in zip(true_frames, output.frames_at(times), strict=False):
        here, there = drawn_to_image.get(drawn.index), true_to_image.get(true.index)
        if true.time < since or here is None or there is None:
            continue
        box = metrics.mouth_box(truth.track.points[true.index], *true.image.shape[:2])
        expected = true.image[box]
        if min(expected.shape[:2]) < SMALLEST_BOX:
            continue
        seen = lay_on(drawn.image, here, there, box)
        found.append((metrics.psnr(seen, expected), metrics.ssim(seen, expected)))
    if not found:
        return PictureErrors()
    psnr, ssim = zip(*found, strict=True)
    return PictureErrors(metrics.mean_psnr(psnr), math.fsum(ssim) / len(ssim))


def lay_on(
    image: NDArray[np.uint8],
    here: NDArray[np.float64],
    there: NDArray[np.float64],
    box: tuple[slice, slice],
) -> NDArray[np.uint8]:
    """What a box of another picture would show if the head of `image` were there.

    Args:
        image: (H, W, 3).
        here: (2, 3) crop pixels to pixels of `image`.
        there: (2, 3) the same of the other picture, whose head is elsewhere.
        box: Rows and columns of the other picture.

    Returns:
        (h, w, 3); a picture whose head is at the same place comes back as it is.
    """
    back = invert(there)
    rows, columns = box
    linear = here[:, :2] @ back[:, :2]
    shift = here[:, :2] @ back[:, 2] + here[:, 2] + linear @ [columns.start, rows.start]
    size = (columns.stop - columns.start, rows.stop - rows.start)
    moved = cv2.warpAffine(
        image,
        np.column_stack([linear, shift]),
        size,
        flags=cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(moved, np.uint8)
