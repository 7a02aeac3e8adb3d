"""Teeth that keep their size in a mouth that opens wider than in the frames it is drawn from.

Landmarks know the rims of the lips and nothing of what is between them, so a flow by landmarks
stretches an inside that was half as high to twice its height: long, soft teeth. Here its upper part
keeps its distance from the upper lip and its lower part that from the lower one, as teeth do; what
opens between them, where the frame is darkest, is cavity. Where it is dark below the upper lip,
what is lit is tongue or lower teeth, and goes with the lower one. Lengths are crop pixels but for
the thresholds, which are in eye distances.
"""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER, INNER_LOWER, OUTER_LOWER, RING, mouth_opening
from synclips.render.composite import Fields
from synclips.render.inner_mouth import CAVITY, lip_edges, nothing_shown, ramp
from synclips.render.view import Box, box_of

Array = NDArray[np.float32]

# Wider by the first than in a frame, nothing is held yet; by the second, everything.
_STRETCHED, _TORN = 0.015, 0.045
# A frame that shows less than this share of every pixel is left alone.
_LITTLE = 0.02
# How soft the edges of teeth are.
_EDGE = 0.02
# Share of the width of the mouth that is its corner.
_CORNER = 0.15
# Crop pixels over which lips pass into the inside, and deviation of what softens the rest.
_RIM = 1.0
_SOFT = 0.8
# Heights at which the inside of a mouth is looked at, from the upper lip down, and where upper and
# lower teeth part if nothing dark is seen between them: at the lower lip, which covers the rest.
_LEVELS = np.linspace(0.1, 1, 10)
_NO_PARTING = 0.9
# Share of the range of light by which a gap is darker than what is above and below it.
_DARKER = 0.2
_LUMA = np.array([0.299, 0.587, 0.114])
# Of the light on the lower lip: where it is darker than that below the upper lip are no teeth;
# what only lies in its shade is lighter. The topmost level always lies in it.
_EMPTY = 0.65


def hold_teeth(
    fields: Fields,
    target: Array,
    sources: Sequence[tuple[Array, NDArray[np.uint8]]],
    eye_distance: float,
) -> Fields:
    """The drawing with an inside of the mouth that does not stretch.

    Args:
        fields: the drawing.
        target: (P, 2) landmarks as they shall be, crop pixels.
        sources: landmarks (P, 2) in crop pixels and crop (S, S, 3) of the frame to edit, and of
            that which lends its mouth.
        eye_distance: crop pixels.

    Returns:
        Other fields, or the same where no frame needs to be stretched.
    """
    size = len(fields.flow)
    mouth = box_of(target[INNER], 0, Box(0, 0, size, size))
    if 0 in mouth.size:
        return fields
    rows, columns = mouth.inside(Box(0, 0, size, size))
    opening = float(mouth_opening(target))
    window = fields.window[rows, columns]
    shares = np.stack([1 - window, window], axis=-1)
    # The frame to edit is often closed, and then hardly shows.
    shows = shares.max(axis=(0, 1)) > _LITTLE
    holds = [
        _share(opening - float(mouth_opening(points)), eye_distance) if shown else 0.0
        for shown, (points, _) in zip(shows, sources, strict=True)
    ]
    if not any(holds):
        return fields
    u = np.arange(size, dtype=np.float32)[columns]
    v = np.arange(size, dtype=np.float32)[rows, None]
    top, gap = lip_edges(target, u)
    depth = np.clip(v - top, 0, gap)
    inside = ramp((v - top) / _RIM) * ramp((top + gap - v) / _RIM)
    along = _along(target, u)
    # In the corners there are no teeth, and landmarks say little about where lips begin.
    inside *= ramp(np.minimum(along, 1 - along) / _CORNER)
    flow = fields.flow.copy()
    clear = np.zeros_like(fields.window)
    dark = np.zeros((*depth.shape, 1), np.float32)
    cavity = np.zeros((*depth.shape, 3), np.float32)
    usual = _skin(*sources[0]) * np.array(CAVITY)
    gains = np.ones(3), fields.gains
    for number, (hold, (points, crop)) in enumerate(zip(holds, sources, strict=True)):
        if hold == 0:
            continue
        own_top, own_gap = lip_edges(points, _across(points, along))
        height, colour = _parting(points, crop)
        upper = own_gap * height
        lower = own_gap - upper
        held = np.where(depth <= upper, depth, np.maximum(upper, own_gap - (gap - depth)))
        moved = flow[rows, columns, 2 * number + 1]
        moved += _soft(hold * inside * (own_top + held - v - moved))
        missing = np.minimum(depth - upper, gap - lower - depth)
        hidden = hold * inside * ramp(missing / (_EDGE * eye_distance))
        shown = 1 - nothing_shown(float(mouth_opening(points)) / eye_distance)
        clear += (fields.window if number else 1 - fields.window) * hold * shown
        share = shares[..., number, None] * _soft(hidden)[..., None]
        dark += share
        cavity += share * min(usual, colour * gains[number], key=np.sum)
    inner = fields.inner.copy()
    # The generator paints a haze over what it expects to be stretched; what is held is clear.
    inner[..., 3] *= 1 - clear
    _darken(inner[rows, columns], dark, cavity)
    return replace(fields, flow=flow, inner=inner)


def _share(wider: float, eye_distance: float) -> float:
    return float(ramp(np.array((wider / eye_distance - _STRETCHED) / (_TORN - _STRETCHED))))


def _soft(values: Array) -> Array:
    """Without the steps that landmarks a pixel apart make from column to column, (h, w)."""
    return np.asarray(cv2.GaussianBlur(values.astype(np.float32), (0, 0), _SOFT), np.float32)


def _along(points: Array, u: Array) -> Array:
    left, right = float(points[INNER[0], 0]), float(points[INNER[10], 0])
    return (u - left) / max(right - left, 1e-3)


def _across(points: Array, along: Array) -> Array:
    left, right = float(points[INNER[0], 0]), float(points[INNER[10], 0])
    return left + along * (right - left)


def _parting(points: Array, crop: NDArray[np.uint8]) -> tuple[float, NDArray[np.float64]]:
    """Where upper and lower teeth part, as share of the gap, and the colour seen there.

    At the darkest height in the middle that has light above and below it, or only below if it is as
    dark as a mouth that shows no upper teeth. The colour (3,) is from 0 to 1.
    """
    u = _across(points, np.linspace(0.3, 0.7, 9, dtype=np.float32))
    top, gap = lip_edges(points, u)
    levels = _LEVELS.astype(np.float32)[:, None]
    seen = _seen(crop, np.broadcast_to(u, (len(levels), len(u))), top + levels * gap)
    light = seen @ _LUMA
    lip = (points[INNER_LOWER] + points[OUTER_LOWER]) / 2
    empty = light < _EMPTY * (_seen(crop, *lip.T[:, None]) @ _LUMA)
    empty[0] = False
    above = np.where(empty, np.inf, np.maximum.accumulate(light))
    below = np.maximum.accumulate(light[::-1])[::-1]
    darker = np.minimum(above, below) - light
    darkest = int(darker.argmax())
    if darker[darkest] <= _DARKER * np.ptp(light):
        return _NO_PARTING, np.ones(3)
    return float(_LEVELS[darkest]), seen[darkest]


def _seen(crop: NDArray[np.uint8], u: Array, v: Array) -> NDArray[np.float64]:
    """Mean colour of each row of places (h, w) in a picture, (h, 3) from 0 to 1."""
    places = u.astype(np.float32), v.astype(np.float32)
    colours = cv2.remap(crop, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mean: NDArray[np.float64] = colours.mean(axis=1, dtype=np.float64) / 255
    return mean


def _skin(points: Array, crop: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Colour of the skin around the lips, (3,) from 0 to 1."""
    ring = np.clip(np.rint(points[RING]).astype(int), 0, len(crop) - 1)
    colour: NDArray[np.float64] = np.median(crop[ring[:, 1], ring[:, 0]], axis=0) / 255
    return colour


def _darken(inner: Array, dark: Array, cavity: Array) -> None:
    """Lay a `cavity` (h, w, 3), times how `dark` it is, over an inner mouth (h, w, 4), in place."""
    cover = inner[..., 3:].copy()
    together = 1 - (1 - cover) * (1 - dark)
    before = cover * (1 - dark) * inner[..., :3]
    inner[..., :3] = (before + cavity) / np.maximum(together, 1e-6)
    inner[..., 3:] = together
