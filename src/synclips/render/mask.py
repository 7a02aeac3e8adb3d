"""Which pixels of a frame are edited, and how much.

The mask covers the mouth as it was and the mouth as it shall be, with everything either of them
moves: lips, the skin around them, chin and jaw. A smaller mask leaves the old smile sticking out
beside the new lips; a half-face mask shows a seam. Outside it the frame is the input, bit for bit.
Where the mouth comes as a whole picture, the mask is as large as that picture allows.
"""

from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import Placement, into_box
from synclips.faces.landmarks import JAW_SLOTS, LIPS, MOUTH, RIGID_SLOTS
from synclips.media.box import Box
from synclips.render.ramp import ramp
from synclips.render.view import box_of

Array = NDArray[np.float32]
T = TypeVar("T", np.float32, np.bool_)

OUTLINE = np.concatenate([np.setdiff1d(MOUTH, JAW_SLOTS), JAW_SLOTS[2:-2], RIGID_SLOTS[-3:-1]])
"""The mouth and what is below it; the corners of the jaw near the ears hardly move."""

# Eye distances: how far the mask reaches beyond the landmarks, and how soft its rim is.
_MARGIN = 0.07
_FEATHER = 0.10
# Sides of the crop from its centre: where the oval ends. Less above, where the nose begins.
_ABOVE, _ELSEWHERE = 0.36, 0.48
# Up to which share of that it is whole.
_WHOLE = 0.75
# Sides of the crop over which the lower half of a face fades in, and every mask from its border on.
_SOFT, _BORDER = 0.08, 0.06


def mask_box(points: Array, target: Array, placement: Placement, box: Box) -> Box:
    """The part of a box of the frame outside of which `edit_mask` is 0; may be empty.

    Args:
        points: (P, >=2) landmarks as they are, frame pixels.
        target: (P, >=2) landmarks as they shall be.
        placement: of the crop in the frame.
        box: the largest it may be.
    """
    both = np.concatenate([points[OUTLINE, :2], target[OUTLINE, :2]])
    return box_of(both, (_MARGIN + _FEATHER) * placement.eye_distance + 1, box)


def edit_mask(points: Array, target: Array, placement: Placement, box: Box) -> Array:
    """Soft mask over a box of the frame.

    Args:
        points: (P, >=2) landmarks as they are, frame pixels.
        target: (P, >=2) landmarks as they shall be.
        placement: of the crop in the frame.
        box: part of the frame that the mask is made for.

    Returns:
        (h, w) from 0 to 1; exactly 0 wherever nothing is to change.
    """
    width, height = box.size
    if width == 0 or height == 0:
        return np.zeros((height, width), np.float32)
    both = np.concatenate([points[OUTLINE, :2], target[OUTLINE, :2]])
    mask = _grown(both, placement, box) * _inside_crop(placement, box)
    return mask.astype(np.float32)


def _grown(points: Array, placement: Placement, box: Box) -> Array:
    """The hull of some points (V, 2) of the frame with a soft rim around it, over a box."""
    eye_distance = placement.eye_distance
    corner = np.array([box.left, box.top], np.float32)
    hull = cv2.convexHull((points - corner).astype(np.float32))[:, 0]
    canvas = np.zeros(box.size[::-1], np.uint8)
    cv2.fillConvexPoly(canvas, np.round(hull * 16).astype(np.int32), 255, cv2.LINE_AA, 4)
    # Grow, then blur by the same amount: one inside the hull, zero beyond margin and feather.
    distance = cv2.distanceTransform(255 - canvas, cv2.DIST_L2, 3)
    reach = (_MARGIN + _FEATHER) * eye_distance
    return ramp((reach - distance) / max(_FEATHER * eye_distance, 1.0))


def picture_mask(points: Array, placement: Placement, box: Box) -> Array:
    """Soft mask for a whole picture of the mouth, over a box of the frame.

    The mouth as it was, wherever in the crop this person has it, and an oval for the mouth as it
    shall be, of which nothing is known but that it fits the crop.

    Args:
        points: (P, >=2) landmarks as they are, frame pixels.
        placement: of the crop in the frame.
        box: part of the frame that the mask is made for.

    Returns:
        (h, w) from 0 to 1; exactly 0 at the border of the crop and outside it.
    """
    width, height = box.size
    if width == 0 or height == 0:
        return np.zeros((height, width), np.float32)
    grown = _grown(points[LIPS, :2], placement, box) * _inside_crop(placement, box)
    mask: Array = np.maximum(grown, _oval(placement, box)).astype(np.float32)
    return mask


def lower_mask(points: Array, placement: Placement, box: Box) -> Array:
    """Soft mask for the lower half of a picture of a face, over a box of the frame.

    Args:
        points: not looked at; masks are made from the same things.
        placement: of the crop in the frame.
        box: part of the frame that the mask is made for.

    Returns:
        (h, w) from 0 to 1; exactly 0 in the upper half, at the border of the crop and outside it.
    """
    u, v = _places(placement, box)
    half = 0.5 / placement.spec.size  # of the centre of the last pixel to the border
    inwards = np.minimum(0.5 - half - np.maximum(np.abs(u), v), v - half)
    return ramp(inwards / _SOFT)


def _oval(placement: Placement, box: Box) -> Array:
    u, v = _places(placement, box)
    radius = np.hypot(u / _ELSEWHERE, v / np.where(v < 0, _ABOVE, _ELSEWHERE))
    return ramp((1 - radius) / (1 - _WHOLE)).astype(np.float32)


def _places(placement: Placement, box: Box) -> tuple[Array, Array]:
    """Where the pixels of a box lie, in sides of the crop from its centre: right and down."""
    from_image, size = placement.from_image.astype(np.float32), placement.spec.size
    y, x = np.mgrid[box.index].astype(np.float32)
    middle = (size - 1) / 2
    u, v = ((row[0] * x + row[1] * y + row[2] - middle) / size for row in from_image)
    return u, v


def trimmed(mask: NDArray[T], box: Box) -> tuple[NDArray[T], Box]:
    """Only the rows and columns of a mask (h, w) that are edited; as it is where none are."""
    # Three times as fast as to look for rows and columns with `any`.
    edited = mask if mask.dtype == np.bool_ else mask != 0
    left, top, width, height = cv2.boundingRect(edited.view(np.uint8))
    if width == 0:
        return mask, box
    inside = Box(left, top, left + width, top + height)
    return mask[inside.index], inside.moved(box.left, box.top)


def _inside_crop(placement: Placement, box: Box) -> Array:
    """1 inside the crop, falling to 0 at its border, where the warp is pinned."""
    size = placement.spec.size
    axis = np.minimum(np.arange(size), np.arange(size)[::-1]) / (_BORDER * size)
    rise = np.clip(axis, 0, 1)
    window = np.minimum(rise[:, None], rise[None, :]).astype(np.float32)
    to_box = into_box(placement.to_image, box)
    return cv2.warpAffine(
        window, to_box, box.size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT
    ).astype(np.float32)
