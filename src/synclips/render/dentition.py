"""Rows of teeth as they are seen between lips: shapes and shades, nobody's in particular.

Lengths are in eye distances; the outer corners of two eyes are about 90 mm apart. Crowns are as
wide as anatomy has them (upper incisors 8.5 and 6.5 mm, canines 7.5 mm; lower incisors 5 and 5.5
mm, canines 7 mm: Nelson, Wheeler's Dental Anatomy), less where the arch turns away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.render.ramp import ramp

Array = NDArray[np.float32]

_SOFT = 0.012  # edges
_LIGHT_LEFT = 0.12  # of the light, behind the corners of the mouth
_ROUND = 0.10  # darker at the sides of a tooth
_GAP, _GAP_DARK = 0.006, 0.16
_CLEAR, _CLEAR_DARK = 0.012, 0.16  # enamel near the edge, through which one sees the dark
_LEAST_PIXELS = 1.3  # what is softer than that has steps


@dataclass(frozen=True)
class Row:
    """Half of a row of teeth, from the middle outwards.

    Attributes:
        borders: where teeth begin and end, from 0 on; they fade towards the last one.
        shorter: by how much the edge of each is behind that of the first.
        corners: by how much its own edge is behind at its sides.
        powers: how it gets there: 1 is a point, 4 nearly a square.
        depth: standard deviation of the light from the middle to the sides.
    """

    borders: tuple[float, ...]
    shorter: tuple[float, ...]
    corners: tuple[float, ...]
    powers: tuple[float, ...]
    depth: float


UPPER = Row(
    borders=(0, 0.094, 0.163, 0.220, 0.258, 0.286, 0.310),
    shorter=(0, 0.009, 0.003, 0.016, 0.022, 0.030),
    corners=(0.007, 0.010, 0.020, 0.014, 0.014, 0.014),
    powers=(3.5, 2.5, 1.5, 1.8, 1.8, 1.8),
    depth=0.15,
)
LOWER = Row(
    borders=(0, 0.056, 0.118, 0.182, 0.225, 0.260, 0.290),
    shorter=(0, 0.001, -0.004, 0.006, 0.012, 0.020),
    corners=(0.005, 0.006, 0.016, 0.012, 0.012, 0.012),
    powers=(4, 3, 1.5, 1.8, 1.8, 1.8),
    depth=0.13,
)


def teeth(row: Row, aside: Array, behind: Array, pixel: float) -> tuple[Array, Array]:
    """Where the teeth of a row are, and how bright.

    Args:
        row: their shapes.
        aside: (h, w) how far to the right of its middle.
        behind: (h, w) how far from the line of the edges, towards the gums.
        pixel: length of one, to which edges and gaps are never finer.

    Returns:
        From 0 to 1 where they are, and from 0 to 1 of the light, (h, w) each.
    """
    away = np.abs(aside)
    borders = np.array(row.borders, np.float32)
    last = len(row.shorter) - 1
    tooth = np.clip(np.searchsorted(borders, away, side="right") - 1, 0, last)
    width = np.diff(borders)[tooth]
    across = np.clip(2 * (away - borders[tooth]) / width - 1, -1, 1)
    shorter, corners, powers = (
        np.array(each, np.float32)[tooth] for each in (row.shorter, row.corners, row.powers)
    )
    inside = behind - shorter - corners * np.abs(across) ** powers
    there = ramp(inside / softness(_SOFT, pixel) + 0.5)
    there *= 1 - ramp((away - borders[-2]) / (borders[-1] - borders[-2]))
    light = _LIGHT_LEFT + (1 - _LIGHT_LEFT) * np.exp(-0.5 * np.square(away / row.depth))
    light *= 1 - _ROUND * np.square(across)
    gap = max(_GAP, 0.6 * pixel)
    beside = (1 - np.abs(across)) * width / 2
    light *= 1 - _GAP_DARK * _GAP / gap * np.exp(-np.square(beside / gap))
    light *= 1 - _CLEAR_DARK * np.exp(-np.maximum(inside, 0) / _CLEAR)
    return there.astype(np.float32), light.astype(np.float32)


def softness(wanted: float, pixel: float) -> float:
    """How soft to draw an edge that would have steps where it is finer than a pixel."""
    return max(wanted, _LEAST_PIXELS * pixel)
