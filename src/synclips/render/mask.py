"""Which pixels of a frame are edited, and how much.

The mask covers the mouth as it was and the mouth as it shall be, with everything either of them
moves: lips, the skin around them, chin and jaw. A smaller mask leaves the old smile sticking out
beside the new lips; a half-face mask shows a seam. Outside it the frame is the input, bit for bit.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import JAW_SLOTS, MOUTH, RIGID_SLOTS
from synclips.render.view import Box

Array = NDArray[np.float32]

# Eye distances: how far the mask reaches beyond the landmarks, and how soft its rim is.
_MARGIN = 0.07
_FEATHER = 0.10
# The mouth and what is below it; the corners of the jaw near the ears hardly move.
_OUTLINE = np.concatenate([MOUTH[:75], JAW_SLOTS[2:-2], RIGID_SLOTS[-3:-1]])


def edit_mask(
    points: Array, target: Array, to_image: NDArray[np.float64], spec: CropSpec, box: Box
) -> Array:
    """Soft mask over a box of the frame.

    Args:
        points: (P, >=2) landmarks as they are, frame pixels.
        target: (P, >=2) landmarks as they shall be.
        to_image: (2, 3) crop pixels to frame pixels.
        spec: geometry of the crop.
        box: part of the frame that the mask is made for.

    Returns:
        (h, w) from 0 to 1; exactly 0 wherever nothing is to change.
    """
    width, height = box.size
    if width == 0 or height == 0:
        return np.zeros((height, width), np.float32)
    eye_distance = float(np.hypot(to_image[0, 0], to_image[1, 0])) * spec.pixels_per_eye_distance
    corner = np.array([box.left, box.top], np.float32)
    both = np.concatenate([points[_OUTLINE, :2], target[_OUTLINE, :2]]) - corner
    hull = cv2.convexHull(both.astype(np.float32))[:, 0]
    canvas = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(canvas, np.round(hull * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    # Grow, then blur by the same amount: one inside the hull, zero beyond margin and feather.
    distance = cv2.distanceTransform(255 - canvas, cv2.DIST_L2, 3)
    reach = (_MARGIN + _FEATHER) * eye_distance
    ramp = np.clip((reach - distance) / max(_FEATHER * eye_distance, 1.0), 0, 1)
    mask = ramp * ramp * (3 - 2 * ramp)
    result: Array = (mask * _inside_crop(to_image, spec, box)).astype(np.float32)
    return result


def _inside_crop(to_image: NDArray[np.float64], spec: CropSpec, box: Box) -> Array:
    """1 inside the crop, falling to 0 at its border, where the warp is pinned."""
    axis = np.minimum(np.arange(spec.size), np.arange(spec.size)[::-1]) / (0.06 * spec.size)
    ramp = np.clip(axis, 0, 1)
    window = np.minimum(ramp[:, None], ramp[None, :]).astype(np.float32)
    shifted = to_image.copy()
    shifted[:, 2] -= (box.left, box.top)
    return cv2.warpAffine(
        window, shifted, box.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    ).astype(np.float32)
