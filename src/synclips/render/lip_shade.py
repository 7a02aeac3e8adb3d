"""The shade of the lips on what is between them.

Less light falls into a mouth that is nearly closed, so its teeth are darker than in the frame, of a
mouth more open, that they are taken from. As bright as there, they are a white line between lips
that ought to have met.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER
from synclips.render.composite import Fields
from synclips.render.lip_edges import across, along, lip_edges
from synclips.render.lip_map import fill
from synclips.render.ramp import ramp

Array = NDArray[np.float32]

# Of the light in an open mouth, what is left between lips that touch; and how far apart they are,
# in eye distances, where none is missing.
_LEAST, _OPEN = 0.62, 0.09
# Crop pixels: lips less far apart show less of what is between them than the thinnest line does;
# and how much of that line is left where they touch.
_THIN, _SEAM = 1.2, 0.6


def shade_mouth(
    fields: Fields, target: Array, frames: Sequence[Array], eye_distance: float
) -> Fields:
    """The drawing with an inside of the mouth as dark as lips so near to each other leave it.

    Args:
        fields: the drawing.
        target: (P, 2) landmarks as they shall be, crop pixels.
        frames: (P, 2) landmarks of the frame to edit and of those that lend their mouths, in crop
            pixels; others may follow.
        eye_distance: crop pixels.
    """
    u = np.arange(len(fields.flow), dtype=np.float32)
    places = np.clip(along(target, u), 0, 1)
    room = lip_edges(target, u)[1]
    new = _light(room / eye_distance)
    kept = []
    for points in frames[: 1 + len(fields.shares)]:
        gap = lip_edges(points, across(points, places))[1]
        kept.append(np.minimum(new / _light(gap / eye_distance), 1))
    if min(one.min() for one in kept) == 1:
        return fields
    shown = _SEAM + (1 - _SEAM) * ramp(room / _THIN)
    inside = (fill(target[INNER], len(fields.flow)) * shown)[..., None]
    return replace(fields, light=(1 - inside * (1 - np.stack(kept, axis=-1))).astype(np.float32))


def _light(gap: Array) -> Array:
    """How much of the light falls between lips so far apart (eye distances), from 0 to 1."""
    return np.asarray(_LEAST + (1 - _LEAST) * ramp(gap / _OPEN), np.float32)
