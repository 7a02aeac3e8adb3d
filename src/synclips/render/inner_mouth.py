"""An inside of the mouth for lips that open where no frame of the video shows one.

A portrait with a closed mouth has no teeth to move. What the generator paints there is the mean of
the mouths it knows, a haze. Drawn here is what all mouths share: the upper teeth, which stay with
the skull while the lips go up and down, in a wide mouth the lower ones, which go with the jaw, the
tongue behind them and the dark, lit as the skin around the lips. Nobody's in particular. Lengths
are in eye distances.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import Placement, transform
from synclips.faces.landmarks import INNER, RING
from synclips.media.box import Box
from synclips.render.dentition import LOWER, UPPER, softness, teeth
from synclips.render.lip_edges import corners, lip_edges
from synclips.render.ramp import ramp
from synclips.render.view import box_of

Array = NDArray[np.float32]

# A frame whose lips are as near as the first shows nothing of the inside, as far apart as the
# second, enough of it; and by how much the new lips must be further apart.
_NOTHING, _ENOUGH = 0.025, 0.065
_WIDER = 0.02

_EDGE = 0.014  # how soft the rim of the lips is
# Below closed lips the upper teeth end by so much; the line of their edges rises to both sides by
# so much of the square of the distance.
_SHOWN, _BOW = 0.02, 0.10
# The lower ones come up behind the lip from one opening to another, and fall to both sides.
_LOWER_FROM, _LOWER_OVER, _LOWER_HIDDEN, _LOWER_RISE, _LOWER_BOW = 0.09, 0.14, 0.02, 0.062, 0.25
_LOWER_LIGHT = 0.86
# Sides of a turned head are foreshortened, within reason.
_LEAST_SIDE, _MOST_SIDE = 0.5, 1.5
# Enamel: a power of the light on the skin, since what is bright is nearer to white; a warm white
# with something of the skin's own colour.
_ENAMEL, _ENAMEL_POWER = 255.0, 0.55
_WHITE, _TINT = (1.03, 1.0, 0.93), 0.25
# What skin usually has of red, green and blue, of their mean. From one distance to that on (of the
# logarithms) it is the light that has a colour, wholly from another, and teeth have as much of it.
_USUAL_SKIN, _COLOURED, _FLOODED, _SHARED = (1.25, 0.94, 0.81), 0.15, 0.4, 0.8
# Of the skin: far in the mouth, above the lower lip, and the tongue.
_DARK, _FLOOR, _TONGUE = (0.13, 0.065, 0.06), (0.15, 0.075, 0.07), (0.74, 0.44, 0.44)
# Half the width of the tongue, how high it stands for an opening, from which on.
_TONGUE_HALF, _TONGUE_HIGH, _TONGUE_FROM = 0.24, 0.62, 0.05


def emptiness(opening: float, shown: float) -> float:
    """How far a mouth shall open that was nowhere seen open, from 0 to 1.

    Args:
        opening: of the new lips, eye distances.
        shown: of the most open mouth there is to draw from.
    """
    return float(nothing_shown(shown) * ramp(np.array((opening - shown) / _WIDER)))


def nothing_shown(opening: float) -> float:
    """How little lips so far apart (eye distances) show of what is between them, from 0 to 1."""
    return float(1 - ramp(np.array((opening - _NOTHING) / (_ENOUGH - _NOTHING))))


def draw_inner_mouth(
    picture: Array,
    box: Box,
    target: Array,
    placement: Placement,
    line: float,
    share: float,
) -> None:
    """Lay an inside of the mouth over a part of a frame, in place.

    Args:
        picture: (h, w, 3) pixels of the box, 0 to 255.
        box: which part of the frame.
        target: (P, >=2) landmarks as they are drawn, frame pixels.
        placement: of the crop in the frame.
        line: how far down in the crop closed lips meet, crop pixels.
        share: how much of it shows, see `emptiness`.
    """
    mouth = box_of(target[INNER, :2], 1, box)
    if 0 in mouth.size:
        return
    lips = transform(target, placement.from_image)
    u, v = (place.astype(np.float32) for place in placement.places(mouth))
    part = picture[mouth.inside(box)]
    ring = np.rint(target[RING, :2] - (box.left, box.top)).astype(int)
    ring = np.clip(ring, 0, np.subtract(box.size, 1))
    skin = np.median(picture[ring[:, 1], ring[:, 0]], axis=0).astype(np.float32)
    scale, pixel = placement.spec.pixels_per_eye_distance, 1 / placement.eye_distance
    inside, cover = inner_mouth(lips / scale, u / scale, v / scale, line / scale, pixel, skin)
    part += (share * cover)[..., None] * (inside - part)


def inner_mouth(
    lips: Array, u: Array, v: Array, line: float, pixel: float, skin: Array
) -> tuple[Array, Array]:
    """An inside of the mouth and where it shows.

    Args:
        lips: (P, 2) landmarks, level with the head: x grows from corner to corner.
        u: (h, w) where the pixels are, in the coordinates of the landmarks.
        v: (h, w) likewise, downwards.
        line: where closed lips meet, likewise.
        pixel: length of one.
        skin: (3,) colour of the skin around the lips, 0 to 255.

    Returns:
        Pixels (h, w, 3), 0 to 255, and from 0 to 1 where they show, (h, w).
    """
    top, gap = lip_edges(lips, u)
    below = v - top
    above = gap - below
    left, right = corners(lips)
    corner = np.abs(u - (left + right) / 2) / max((right - left) / 2, 1e-3)
    aside = _aside(lips, u)
    jaw = float(lips[INNER[15], 1])
    opening = jaw - float(lips[INNER[5], 1])

    picture = cavity(lips, u, v, skin, skin * np.array(_DARK, np.float32))
    enamel = _enamel(skin)
    rise = ramp(np.array((opening - _LOWER_FROM) / _LOWER_OVER)) * _LOWER_RISE - _LOWER_HIDDEN
    falls, rises = (np.float32(bow) * np.square(aside) for bow in (_LOWER_BOW, _BOW))
    low, light = teeth(LOWER, aside, v - np.float32(jaw - rise) - falls, pixel)
    light *= _LOWER_LIGHT * (0.75 + 0.25 * ramp(above / 0.03))
    picture = _over(picture, light[..., None] * enamel, low)
    up, light = teeth(UPPER, aside, np.float32(line + _SHOWN) - rises - v, pixel)
    # Lips and cheeks shade them.
    light *= 0.42 + 0.58 * ramp((below + 0.004) / 0.05)
    light *= 1 - 0.75 * ramp((corner - 0.55) / 0.42)
    picture = _over(picture, light[..., None] * enamel, up)
    shade = (0.74 + 0.26 * ramp(above / 0.03)) * (0.7 + 0.3 * ramp(below / 0.015))
    picture = picture * (shade * (1 - 0.55 * ramp((corner - 0.6) / 0.4)))[..., None]
    soft = softness(_EDGE, pixel)
    cover = ramp(below / soft + 0.5) * ramp(above / soft + 0.5) * ((u > left) & (u < right))
    cover = cover * (1 - 0.6 * ramp((corner - 0.7) / 0.3))
    return picture.astype(np.float32), cover.astype(np.float32)


def cavity(lips: Array, u: Array, v: Array, skin: Array, dark: Array) -> Array:
    """What is behind teeth, (h, w, 3): the dark (3,), and in a wide mouth a tongue.

    The other arguments are those of `inner_mouth`.
    """
    top, gap = lip_edges(lips, u)
    jaw = float(lips[INNER[15], 1])
    floor = ramp(1 - (gap - (v - top)) / 0.12)[..., None] * skin * np.array(_FLOOR, np.float32)
    opening = jaw - float(lips[INNER[5], 1])
    return _with_tongue(dark + floor, _aside(lips, u), jaw - v, opening, skin)


def _aside(lips: Array, u: Array) -> Array:
    """How far to the right of the middle of the teeth places are, were the head not turned."""
    left, right = corners(lips)
    middle = float(lips[INNER[[5, 15]], 0].mean())
    side = np.where(u < middle, middle - left, right - middle) / max((right - left) / 2, 1e-3)
    aside = (u - middle) / np.clip(side, _LEAST_SIDE, _MOST_SIDE)
    return np.asarray(aside, np.float32)


def _with_tongue(picture: Array, aside: Array, high: Array, opening: float, skin: Array) -> Array:
    """The tongue laid over the dark, a dome that a wide mouth shows, `high` above the lower lip."""
    tall = _TONGUE_HIGH * max(opening - _TONGUE_FROM, 0)
    out = aside / _TONGUE_HALF
    lift = tall * np.sqrt(np.clip(1 - np.square(out), 0, 1)) - high
    there = ramp(lift / 0.035 + 0.35) * ramp((1.05 - np.abs(out)) / 0.3)
    there = there * ramp(np.array((opening - 0.07) / 0.06))
    front = np.clip(lift / max(tall, 0.03), 0, 1)  # from the far end, which is dark, to the tip
    tone = 0.5 + 0.55 * ramp(1.2 * front)
    tone *= 1 - 0.13 * np.exp(-np.square(aside / 0.018)) * ramp(1.5 * front)
    tone *= 1 - 0.35 * np.square(np.clip(out, -1, 1))
    # It is wet: a shine at either side of the groove.
    wet = np.exp(-np.square((front - 0.72) / 0.12) - np.square((np.abs(aside) - 0.055) / 0.035))
    colour = tone[..., None] * skin * np.array(_TONGUE, np.float32)
    return _over(picture, colour + 0.1 * wet[..., None] * _enamel(skin), there)


def _enamel(skin: Array) -> Array:
    """(3,) colour of teeth in the light that falls on the skin."""
    level = max(float(skin.mean()), 1.0)
    white = _ENAMEL * (level / 255) ** _ENAMEL_POWER * np.array(_WHITE, np.float32)
    own = np.maximum(skin / level, 0.05)
    light = own / np.array(_USUAL_SKIN, np.float32)
    away = np.abs(np.log(light)).max()
    share = _SHARED * ramp((away - _COLOURED) / (_FLOODED - _COLOURED))
    colour: Array = np.minimum(white * (1 - _TINT + _TINT * own) * light**share, 255)
    return colour


def _over(picture: Array, colour: Array, share: Array) -> Array:
    result: Array = picture + share[..., None] * (colour - picture)
    return result
