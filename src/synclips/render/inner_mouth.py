"""An inside of the mouth for lips that open where no frame of the video shows one.

A portrait with a closed mouth has no teeth to move. What the generator paints there is the mean of
the mouths it knows, a haze. Drawn here is what all mouths share: a dark cavity, the edge of the
upper teeth, which stay where they are while the jaw goes down, and the tongue in a wide mouth, lit
as the skin around the lips. Nobody's teeth in particular. Lengths are in eye distances.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.faces.box import Box
from synclips.faces.crop import CropSpec, invert, transform
from synclips.faces.landmarks import INNER, RING
from synclips.render.view import box_of

Array = NDArray[np.float32]

# A frame whose lips are as near as the first shows nothing of the inside, as far apart as the
# second, enough of it; and by how much the new lips must be further apart.
_NOTHING, _ENOUGH = 0.025, 0.065
_WIDER = 0.02

_EDGE = 0.008  # how soft the rim of the lips is
# Upper incisors are 10 mm high (eyes 90 mm apart at their outer corners); the lip hides a third.
_TEETH = 0.072
_TEETH_EDGE = 0.014
_TEETH_GAPS = (0.0, 0.09, -0.09, 0.16, -0.16)
_GAP_WIDTH = 0.005
# Between a warm white and the light on the skin.
_TEETH_WHITE = (1.06, 1.0, 0.90)
_TEETH_LIGHT, _TEETH_OWN = 0.70, 50.0
# Of the skin.
CAVITY = (0.30, 0.17, 0.16)
_TONGUE = (0.62, 0.36, 0.36)


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
    to_image: NDArray[np.float64],
    spec: CropSpec,
    share: float,
) -> None:
    """Lay an inside of the mouth over a part of a frame, in place.

    Args:
        picture: (h, w, 3) pixels of the box, 0 to 255.
        box: which part of the frame.
        target: (P, >=2) landmarks as they are drawn, frame pixels.
        to_image: (2, 3) crop pixels to frame pixels.
        spec: geometry of the crop.
        share: how much of it shows, see `emptiness`.
    """
    mouth = box_of(target[INNER, :2], 1, box)
    if 0 in mouth.size:
        return
    from_image = invert(to_image[None])
    lips = transform(target[None], from_image)[0]
    x, y = np.arange(mouth.left, mouth.right), np.arange(mouth.top, mouth.bottom)
    u, v = (np.add.outer(b * y, a * x + c).astype(np.float32) for a, b, c in from_image[0])
    part = picture[mouth.inside(box)]
    ring = np.rint(target[RING, :2] - (box.left, box.top)).astype(int)
    ring = np.clip(ring, 0, np.subtract(box.size, 1))
    skin = np.median(picture[ring[:, 1], ring[:, 0]], axis=0).astype(np.float32)
    inside, cover = inner_mouth(lips, u, v, spec.pixels_per_eye_distance, skin)
    part += (share * cover)[..., None] * (inside - part)


def inner_mouth(
    lips: Array, u: Array, v: Array, eye_distance: float, skin: Array
) -> tuple[Array, Array]:
    """An inside of the mouth and where it shows.

    Args:
        lips: (P, 2) landmarks, level with the head: x grows from corner to corner.
        u: (h, w) where the pixels are, in the coordinates of the landmarks.
        v: (h, w) likewise, downwards.
        eye_distance: in the same unit.
        skin: (3,) colour of the skin around the lips, 0 to 255.

    Returns:
        Pixels (h, w, 3), 0 to 255, and from 0 to 1 where they show, (h, w).
    """
    top, gap = lip_edges(lips, u)
    gap /= eye_distance
    below = (v - top) / eye_distance
    above = gap - below
    left, right = lips[INNER[[0, 10]], 0].tolist()
    aside = (u - (left + right) / 2) / eye_distance
    middle = np.abs(aside) / max((right - left) / 2 / eye_distance, 1e-3)

    length = _TEETH * (1 - 0.3 * middle**2)
    teeth = 1 - ramp((below - length) / _TEETH_EDGE + 0.5)
    teeth *= 1 - ramp((middle - 0.45) / 0.45)
    teeth *= ramp((gap - 0.012) / 0.03)
    # Lips and cheeks shade them.
    shade = (0.45 + 0.55 * ramp(below / 0.045)) * (1 - 0.4 * middle**2)
    for place in _TEETH_GAPS:
        shade -= 0.10 * np.exp(-np.square((aside - place) / _GAP_WIDTH))
    light = _TEETH_LIGHT * skin.mean() + _TEETH_OWN
    bright = light * (0.6 * np.array(_TEETH_WHITE, np.float32) + 0.4 * skin / max(skin.mean(), 1))

    room = np.maximum(gap - _TEETH, 0)
    tongue = ramp((0.75 * room - above) / 0.03) * ramp(room / 0.05)
    picture = np.ones_like(u)[..., None] * (skin * np.array(CAVITY, np.float32))
    picture = _over(picture, skin * np.array(_TONGUE, np.float32), tongue)
    picture *= (0.65 + 0.35 * ramp(above / 0.03))[..., None]
    picture += teeth[..., None] * (shade[..., None] * bright - picture)
    cover = ramp(below / _EDGE + 0.5) * ramp(above / _EDGE + 0.5)
    cover = cover * ((u > left) & (u < right))
    return picture.astype(np.float32), cover.astype(np.float32)


def lip_edges(lips: Array, u: Array) -> tuple[Array, Array]:
    """Where the edge of the upper lip runs, and how far below that of the lower one does.

    Args:
        lips: (P, 2) landmarks, level with the head.
        u: places along the mouth, any shape, in the same unit.
    """
    upper, lower = lips[INNER[:11]], lips[np.concatenate([INNER[10:], INNER[:1]])]
    heights = []
    for edge in (upper, lower):
        order = np.argsort(edge[:, 0])
        heights.append(np.interp(u, edge[order, 0], edge[order, 1]).astype(np.float32))
    top, bottom = heights
    return top, np.maximum(bottom - top, 0)


def _over(picture: Array, colour: Array, share: Array) -> Array:
    result: Array = picture + share[..., None] * (colour - picture)
    return result


def ramp(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """0 below 0, 1 above 1, level at both ends."""
    inside = np.clip(values, 0, 1)
    result: NDArray[np.floating] = inside * inside * (3 - 2 * inside)
    return result
