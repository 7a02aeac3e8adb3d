"""The dark line where lips meet.

Lips that close over an open mouth are brought together from pixels that lay apart, in the light;
side by side they look cut out, or keep a bright line of what was between them. Filmed lips that
touch have a line along which they shade each other. Here it is drawn where it is missing.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import Placement, transform
from synclips.faces.landmarks import INNER, OUTER
from synclips.media.box import Box
from synclips.render.blending import blurred
from synclips.render.composite import shaded
from synclips.render.lip_edges import across, along, corners, lip_edges
from synclips.render.lip_map import fill
from synclips.render.ramp import ramp
from synclips.render.view import box_of

Array = NDArray[np.float32]

# Of the light on the lips around it, what the line has, and how broad it is above and below (eye
# distances, standard deviations): in 18 clips its middle has .22 to .78, half of them up to .62.
# Where lips are dark nearby as it is, it may have so much more.
_LIGHT, _ABOVE, _BELOW, _SPARED = 0.6, 0.012, 0.007, 0.25
# Eye distances: lips so far apart as good as touch, and so far do not; and by how much nearer than
# they were filmed they have come to it.
_TOUCHING, _APART, _CLOSING = 0.02, 0.05, 0.02
# Eye distances: over how much of its ends the line fades, how near is nearby, and how far around it
# the light is taken (a standard deviation).
_ENDS, _NEAR, _AROUND = 0.06, 0.025, 0.05
# Pixels: the eye distance of the picture that is looked at, if that is not smaller still; and the
# finest line, which is paler instead where it ought to be finer.
_COARSE, _FINEST = 80.0, 0.6
# Standard deviations from the line at which nothing is left of it.
_FAR = 4.0
# Places from left to right at which the line is worked out; more than a mouth has pixels in most
# pictures, and between them it is straight.
_STEPS = 1024


def close_seam(
    picture: Array,
    box: Box,
    target: Array,
    placement: Placement,
    lending: Sequence[Array],
    shares: Sequence[float],
) -> None:
    """Darken lips along the line where they have come to meet, unless they are dark, in place.

    Where they met in the frames that lend them, they are as they were filmed.

    Args:
        picture: (h, w, 3) pixels of the box, 0 to 255.
        box: which part of the frame.
        target: (P, >=2) landmarks as they are drawn, frame pixels.
        placement: of the crop in the frame.
        lending: (P, 2) landmarks of the frames that lend their mouths, crop pixels; others may
            follow.
        shares: of each of those in what is drawn; together 1.
    """
    scale, eye_distance = placement.spec.pixels_per_eye_distance, placement.eye_distance
    mouth = box_of(target[OUTER, :2], 1, box)
    seam = box_of(target[INNER, :2], _FAR * max(_ABOVE * eye_distance, _FINEST), mouth)
    if 0 in seam.size:
        return
    lips = transform(target, placement.from_image) / scale
    u, v = ((place / scale).astype(np.float32) for place in placement.places(seam))
    # All but the height hangs on nothing but how far to the right a pixel is.
    first, last = float(u.min()), float(u.max())
    places = np.linspace(first, last, _STEPS, dtype=np.float32)
    course = _course(lips, places, [points / scale for points in lending], shares)
    if course[..., 2].max() < 0.01:
        return
    steps = (u - np.float32(first)) * np.float32((_STEPS - 1) / max(last - first, 1e-6))
    looked_up = cv2.remap(course, steps, np.zeros_like(steps), cv2.INTER_LINEAR)
    top, gap, strength = np.asarray(cv2.split(looked_up), np.float32)
    line = _line(v - top, gap, _FINEST / eye_distance) * strength
    mean = cv2.transform(picture[mouth.inside(box)], np.full((1, 3), 1 / 3))
    light = np.asarray(mean + 1, np.float32)
    own = fill(target[OUTER, :2] - (mouth.left, mouth.top), light.shape)
    around = _around(light, own, eye_distance)
    light, usual, darkest = (one[seam.inside(mouth)] for one in (light, *around))
    wanted = _LIGHT + _SPARED * (1 - ramp((darkest - _LIGHT) / (1 - _LIGHT)))
    kept = np.minimum(wanted * usual / light, 1)
    picture[seam.inside(box)] *= shaded((1 + line * (kept - 1)).astype(np.float32))


def _course(lips: Array, u: Array, lending: Sequence[Array], shares: Sequence[float]) -> Array:
    """The line from left to right, (1, n, 3): edge of the upper lip, gap below it, and strength.

    Args:
        lips: (P, 2) the new landmarks, eye distances.
        u: (n,) places along the mouth.
        lending: (P, 2) landmarks of the frames that lend, eye distances.
        shares: of each of them in what is drawn.
    """
    top, gap = lip_edges(lips, u)
    left, right = corners(lips)
    ends = ramp((u - left) / _ENDS) * ramp((right - u) / _ENDS)
    touching = (1 - ramp((gap - _TOUCHING) / (_APART - _TOUCHING))) * ends
    places = np.clip(along(lips, u), 0, 1)
    closing = np.zeros_like(u)
    for lent, share in zip(lending, shares, strict=False):
        filmed = lip_edges(lent, across(lent, places))[1]
        closing += np.float32(share) * ramp((filmed - gap) / _CLOSING)
    return np.stack([top, gap, touching * closing], axis=-1, dtype=np.float32)[None]


def _around(light: Array, lips: Array, eye_distance: float) -> tuple[Array, Array]:
    """The light of lips around each pixel, and the darkest near it as a share of that.

    Args:
        light: (h, w) of each pixel.
        lips: (h, w) what of it are lips.
        eye_distance: pixels.
    """
    full = light.shape[::-1]
    step = max(eye_distance / _COARSE, 1.0)
    size = tuple(max(round(side / step), 1) for side in full)
    seen, own = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (light, lips))
    unit = eye_distance / step
    usual = blurred(seen * own, _AROUND * unit) / (blurred(own, _AROUND * unit) + 1e-3)
    reach = 2 * round(_NEAR * unit) + 1
    near = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))
    darkest = cv2.erode(seen / (usual + 1e-3), near)
    large = (cv2.resize(one, full, interpolation=cv2.INTER_LINEAR) for one in (usual, darkest))
    usual, darkest = (np.asarray(one, np.float32) for one in large)
    return usual, darkest


def _line(below: Array, gap: Array, finest: float) -> Array:
    """How much of the line is so far below the edge of the upper lip (eye distances), 0 to 1."""
    aside = np.maximum(-below, below - gap)
    broad = np.where(2 * below < gap, np.float32(_ABOVE), np.float32(_BELOW))
    drawn = np.maximum(broad, np.float32(finest))
    line: Array = broad / drawn * np.exp(-np.square(np.maximum(aside, 0) / drawn) / 2)
    return line
