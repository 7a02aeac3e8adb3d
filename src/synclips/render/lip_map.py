"""Where lips and the inside of the mouth are, as small pictures the generator can read."""

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER, OUTER

Array = NDArray[np.float32]

_FRACTION_BITS = 4
_FINE = 4  # parts of the side of a pixel


def lip_maps(points: Array, size: int) -> Array:
    """Antialiased inside of the mouth and lips, (P, 2) crop pixels -> (2, S, S) in [0, 1]."""
    inner = fill(points[INNER], size)
    return np.stack([inner, np.maximum(fill(points[OUTER], size) - inner, 0)])


def lip_zones(points: Array, size: int | tuple[int, int]) -> NDArray[np.uint8]:
    """Which flow of `render.warp` holds where, (P, 2) pixels -> (H, W).

    0 elsewhere, 1 on the upper lip, 2 on the lower lip.

    Not antialiased: a mixture of the two lips' flows would point at what lies between them. The
    outlines include their edge, so closed lips leave no gap.
    """
    shape = (size, size) if isinstance(size, int) else size
    zones = np.zeros(shape, np.uint8)
    upper = np.concatenate([OUTER[:11], INNER[10::-1]])
    lower = np.concatenate([OUTER[10:], OUTER[:1], INNER[:1], INNER[:9:-1]])
    for value, outline in ((1, upper), (2, lower)):
        corners = np.round(points[outline, :2] * (1 << _FRACTION_BITS)).astype(np.int32)
        cv2.fillPoly(zones, [corners], value, cv2.LINE_8, _FRACTION_BITS)
    return zones


def fill(outline: Array, size: int | tuple[int, int]) -> Array:
    """A filled outline (V, 2) as (H, W) float32 in [0, 1], antialiased."""
    shape = (size, size) if isinstance(size, int) else size
    canvas = np.zeros(shape, np.uint8)
    corners = np.round(outline * (1 << _FRACTION_BITS)).astype(np.int32)
    cv2.fillPoly(canvas, [corners], 255, cv2.LINE_AA, _FRACTION_BITS)
    return canvas.astype(np.float32) / np.float32(255)


def coverage(outline: Array, size: tuple[int, int]) -> Array:
    """How much of each pixel lies within an outline (V, 2), as (H, W) from 0 to 1.

    `fill` is wider by half a pixel, that of the line that it draws around.
    """
    height, width = size
    fine = np.zeros((_FINE * height, _FINE * width), np.uint8)
    # The middle of a pixel has whole coordinates; of its parts none is in its middle.
    corners = (outline + 0.5) * _FINE - 0.5
    fixed = np.round(corners * (1 << _FRACTION_BITS)).astype(np.int32)
    cv2.fillPoly(fine, [fixed], 255, cv2.LINE_8, _FRACTION_BITS)
    return cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA) / np.float32(255)
