"""Teeth that keep their size in a mouth that opens otherwise than in the frames it is drawn from.

Landmarks know the rims of the lips and nothing of what is between them, so a flow by landmarks
stretches an inside that was half as high to twice its height: long, soft teeth; and one that was
twice as high it squeezes into a white line. Here its upper part keeps its distance from the upper
lip and its lower part that from the lower one, as teeth do; what opens between them is cavity, as
dark as it is there, and what has no room is behind the lips. Where it is dark below the upper lip
and no upper teeth are seen, what is lit is tongue or lower teeth, and goes with the lower lip; so
does what is as red as the lips. The haze that the generator paints over an inside it expects to be
stretched is taken away as far as frames are held. Lengths are crop pixels but for the thresholds,
which are in eye distances.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER, INNER_LOWER, OUTER_LOWER, RING, mouth_opening
from synclips.media.box import Box
from synclips.render.blending import blurred
from synclips.render.composite import Fields
from synclips.render.inner_mouth import cavity, nothing_shown
from synclips.render.lip_edges import across, along, lip_edges
from synclips.render.ramp import ramp
from synclips.render.references import AlignedFace
from synclips.render.view import box_of

Array = NDArray[np.float32]

# Wider by the first than in a frame, nothing is held yet; by the second, everything.
_STRETCHED, _TORN = 0.015, 0.045
# The same of less wide, where teeth would be squeezed.
_SQUEEZED, _FLAT = 0.01, 0.03
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
_LEVELS = np.linspace(0.1, 1, 10, dtype=np.float32)
_NO_PARTING = 0.9
# Places along the mouth at which the parting is looked for, and what it costs, of the range of
# light, to be elsewhere than in the middle, for all of the gap.
_PLACES = np.linspace(0.1, 0.9, 17, dtype=np.float32)
_STRAIGHT = 1.0
_BOWED = 1.5  # places over which it is smoothed (deviation)
# Share of the redness of the lower lip up to which what is seen is teeth, and the redness of a lip
# below which the picture has too little colour to tell.
_PINK, _GREY = 0.5, 0.1
# Share of the range of light by which a gap is darker than what is above and below it.
_DARKER = 0.2
_LUMA = np.array([0.299, 0.587, 0.114])
# Of the light on the lower lip, and crop pixels: as dark, and so far down from the upper lip, it is
# where no upper teeth are. Teeth in the shade of the lip are lighter, and the shade is thinner.
_EMPTY, _SHADE = 0.65, 1.5
_UNSEEN = (1.0, 1.0, 1.0)
# What is dark between teeth at most, of the skin.
_CAVITY = (0.30, 0.17, 0.16)


@dataclass(frozen=True, eq=False)
class _Room:
    """The room between the new lips, over a part of the crop.

    Attributes:
        u: (w,) how far to the right the pixels are.
        v: (h, 1) their heights.
        top: (w,) height of the edge of the upper lip.
        gap: (w,) distance of the lower lip from it.
        shares: (w,) places between the corners, from 0 to 1.
        inside: (h, w) 1 where teeth may be, 0 on the lips and in the corners.
    """

    u: Array
    v: Array
    top: Array
    gap: Array
    shares: Array
    inside: Array


def hold_teeth(
    fields: Fields,
    target: Array,
    sources: Sequence[AlignedFace],
    eye_distance: float,
) -> Fields:
    """The drawing with an inside of the mouth that keeps its size.

    Args:
        fields: the drawing.
        target: (P, 2) landmarks as they shall be, crop pixels.
        sources: the frame to edit, those that lend their mouths, and others that are not drawn.
        eye_distance: crop pixels.

    Returns:
        Fields with another flow between the lips, and the cavity in place of the paint there; the
        same ones where no frame is open otherwise.
    """
    size = len(fields.flow)
    mouth = box_of(target[INNER], 0, Box(0, 0, size, size))
    if 0 in mouth.size:
        return fields
    room, place = _room(target, mouth), mouth.index
    opening = float(mouth_opening(target))
    visible = fields.visible()
    drawn = sources[: len(visible)]
    # The frame to edit is often closed, and then hardly shows.
    holds = [
        _share(opening - float(mouth_opening(source.points)), eye_distance)
        if shown[place].max() > _LITTLE
        else 0.0
        for shown, source in zip(visible, drawn, strict=True)
    ]
    if not any(holds):
        return fields
    flow, inner = fields.flow.copy(), fields.inner.copy()
    clear = np.zeros_like(fields.window)
    dark = np.zeros((*room.inside.shape, 1), np.float32)
    deep = np.zeros((*room.inside.shape, 3), np.float32)
    skin = _skin(sources[0])
    usual = skin * np.array(_CAVITY)
    depth = np.clip(room.v - room.top, 0, room.gap)
    for number, (hold, source) in enumerate(zip(holds, drawn, strict=True)):
        if hold == 0:
            continue
        points = source.points
        own_top, own_gap = lip_edges(points, across(points, room.shares))
        height, colour = _parting(source, room.shares)
        upper = own_gap * height
        lower = own_gap - upper
        held = np.where(depth <= upper, depth, np.maximum(upper, own_gap - (room.gap - depth)))
        still = hold * room.inside
        moved = flow[place][..., 2 * number + 1]
        moved += _soft(still * (own_top + held - room.v - moved))
        missing = np.minimum(depth - upper, room.gap - lower - depth)
        hidden = still * ramp(missing / (_EDGE * eye_distance))
        share = (visible[number][place] * _soft(hidden))[..., None]
        dark += share
        lit = colour if number == 0 else colour * fields.gains[number - 1]
        least = np.minimum(usual, lit).astype(np.float32)
        deep += share * _behind(room, target, float(np.median(lower)), eye_distance, skin, least)
        # Over closed lips, which show nothing that could be held, what is painted stays.
        shown = 1 - nothing_shown(float(mouth_opening(points)) / eye_distance)
        clear += hold * shown * visible[number]
    # In rims and corners too, which are stretched still: beside what is held a haze is seen.
    inner[..., 3] *= 1 - clear
    _darken(inner[place], dark, deep)
    return replace(fields, flow=flow, inner=inner)


def _room(target: Array, mouth: Box) -> _Room:
    u = np.arange(mouth.left, mouth.right, dtype=np.float32)
    v = np.arange(mouth.top, mouth.bottom, dtype=np.float32)[:, None]
    top, gap = lip_edges(target, u)
    shares = along(target, u)
    inside = ramp((v - top) / _RIM) * ramp((top + gap - v) / _RIM)
    # In the corners there are no teeth, and landmarks say little about where lips begin.
    inside *= ramp(np.minimum(shares, 1 - shares) / _CORNER)
    return _Room(u, v, top, gap, shares, inside.astype(np.float32))


def _behind(
    room: _Room, target: Array, held: float, eye_distance: float, skin: Array, dark: Array
) -> Array:
    """What is seen behind teeth, (h, w, 3) from 0 to 1: a tongue that comes up behind lower ones.

    Args:
        room: where.
        target: (P, 2) the new landmarks, crop pixels.
        held: how much of the lower teeth is held above the lip, crop pixels.
        eye_distance: crop pixels.
        skin: (3,) its colour from 0 to 1.
        dark: (3,) the colour of the dark.
    """
    lips = target / eye_distance
    lips[INNER_LOWER, 1] -= held / eye_distance
    right, down = np.broadcast_arrays(room.u[None] / eye_distance, room.v / eye_distance)
    return np.asarray(cavity(lips, right, down, 255 * skin, 255 * dark) / 255, np.float32)


def _share(wider: float, eye_distance: float) -> float:
    least, most = (_STRETCHED, _TORN) if wider > 0 else (_SQUEEZED, _FLAT)
    return float(ramp(np.array((abs(wider) / eye_distance - least) / (most - least))))


def _soft(values: Array) -> Array:
    """Without the steps that landmarks a pixel apart make from column to column, (h, w)."""
    return blurred(values.astype(np.float32), _SOFT)


def _parting(source: AlignedFace, shares: Array) -> tuple[Array | float, NDArray[np.float64]]:
    """Where upper and lower teeth part, as share of the gap, and the colour seen there.

    In the middle of the mouth, at the height that is darkest beside what is above and below it, and
    at both sides, (w,), where it is dark near that. If none is darker by enough, and it is empty
    below the upper lip, at the darkest height there. If it is not, where teeth end and what is as
    red as the lips begins, which is tongue. The colour (3,) is from 0 to 1, white where there is no
    dark parting.
    """
    points, crop = source.points, source.crop
    u = across(points, np.linspace(0.3, 0.7, 9, dtype=np.float32))
    top, gap = lip_edges(points, u)
    columns = np.broadcast_to(u, (len(_LEVELS), len(u)))
    seen = _seen(crop, columns, top + _LEVELS[:, None] * gap)
    light = seen @ _LUMA
    above = np.maximum.accumulate(light)
    below = np.maximum.accumulate(light[::-1])[::-1]
    enough = _DARKER * np.ptp(light)
    darker = np.minimum(above, below) - light
    if darker.max() > enough:
        darkest = int(darker.argmax())
        return _bowed(source, shares, darkest), seen[darkest]
    lip = (points[INNER_LOWER] + points[OUTER_LOWER]) / 2
    on_lip = _seen(crop, *lip.T[:, None]).mean(axis=0)
    empty = np.logical_and.accumulate(light < _EMPTY * (on_lip @ _LUMA))
    if empty.any() and _LEVELS[empty][-1] * gap.mean() >= _SHADE:
        darkest = int(np.where(empty, light, np.inf).argmin())
        if below[darkest] - light[darkest] > enough:
            return float(_LEVELS[darkest]), seen[darkest]
    red = float(_redness(on_lip))
    if red < _GREY:
        return _NO_PARTING, np.array(_UNSEEN)
    teeth = np.flatnonzero(_redness(seen) < _PINK * red)
    below_teeth = _LEVELS[min(teeth[-1] + 1, len(_LEVELS) - 1)] if len(teeth) else _LEVELS[0]
    return min(float(below_teeth), _NO_PARTING), np.array(_UNSEEN)


def _bowed(source: AlignedFace, shares: Array, middle: int) -> Array:
    """Where teeth part at places along the mouth, (w,): rows of teeth are bowed, and heads turned.

    Args:
        source: the frame.
        shares: (w,) places between the corners, from 0 to 1.
        middle: which level it is in the middle of the mouth.
    """
    u = across(source.points, _PLACES)
    top, gap = lip_edges(source.points, u)
    v = (top + _LEVELS[:, None] * gap).astype(np.float32)
    places = np.broadcast_to(u, v.shape).astype(np.float32), v
    grey = cv2.cvtColor(source.crop, cv2.COLOR_RGB2GRAY)
    light = cv2.remap(grey, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    light = light.astype(np.float32) / max(float(np.ptp(light)), 1.0)
    away = np.abs(_LEVELS - _LEVELS[middle])[:, None]
    darkest = _LEVELS[(light + _STRAIGHT * away).argmin(axis=0)]
    bowed = cv2.GaussianBlur(darkest[None], (0, 0), _BOWED, borderType=cv2.BORDER_REPLICATE)[0]
    return np.asarray(np.interp(shares, _PLACES, bowed), np.float32)


def _redness(colour: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much more red than green there is in colours (..., 3), as a share of the red."""
    redness: NDArray[np.float64] = 1 - colour[..., 1] / np.maximum(colour[..., 0], 1e-3)
    return redness


def _seen(crop: NDArray[np.uint8], u: Array, v: Array) -> NDArray[np.float64]:
    """Mean colour of each row of places (h, w) in a picture, (h, 3) from 0 to 1."""
    places = u.astype(np.float32), v.astype(np.float32)
    colours = cv2.remap(crop, *places, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    mean: NDArray[np.float64] = colours.mean(axis=1, dtype=np.float64) / 255
    return mean


def _skin(source: AlignedFace) -> Array:
    """Colour of the skin around the lips, (3,) from 0 to 1."""
    ring = np.clip(np.rint(source.points[RING]).astype(int), 0, len(source.crop) - 1)
    return np.asarray(np.median(source.crop[ring[:, 1], ring[:, 0]], axis=0) / 255, np.float32)


def _darken(inner: Array, dark: Array, cavity: Array) -> None:
    """Lay a `cavity` (h, w, 3), times how `dark` (h, w, 1) it is, over an inner mouth (h, w, 4)."""
    cover = inner[..., 3:].copy()
    together = 1 - (1 - cover) * (1 - dark)
    before = cover * (1 - dark) * inner[..., :3]
    inner[..., :3] = (before + cavity) / np.maximum(together, 1e-6)
    inner[..., 3:] = together
