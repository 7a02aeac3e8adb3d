"""Folds of a wide mouth that the new one does not have.

A mouth that was wide and is drawn narrower takes its skin along, and with it the folds that lead
from the wings of the nose to beside the corners of a smile. They would go on smiling beside lips
that say an o. Here they fade as far as the mouth is narrower than in the frame.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    FOLDS,
    MOUTH,
    MOUTH_CORNERS,
    NOSE,
    OUTER,
    mouth_width,
)
from synclips.render.blending import blurred, three
from synclips.render.composite import Fields
from synclips.render.lip_map import fill
from synclips.render.ramp import ramp
from synclips.render.references import AlignedFace
from synclips.render.sampling import moved

Array = NDArray[np.float32]

# Eye distances by which the mouth is narrower than in the frame, and its corners, on both sides,
# lower: nothing fades up to the first, all that may from the second on, and how much of a fold that
# is.
_LITTLE, _MUCH, _MOST = 0.06, 0.3, 0.85
# Eye distances, standard deviations: skin is finer than a fold, and a fold is narrower than what
# gives a cheek its form.
_FINE, _BROAD = 0.02, 0.14
# Eye distances: how softly what may fade begins, and how far from lips and nose.
_SOFT, _CLEAR = 0.05, 0.03


def fade_folds(
    fields: Fields,
    source: AlignedFace,
    target: Array,
    hidden: Array | None,
    eye_distance: float,
) -> Fields:
    """The drawing without the folds of a mouth that was wider.

    Args:
        fields: the drawing.
        source: the frame to edit.
        target: (P, 2) landmarks as they shall be.
        hidden: (S, S) where something stands before the face; None where nothing does.
        eye_distance: crop pixels.
    """
    points = source.points
    narrower = float(mouth_width(points) - mouth_width(target))
    lower = float((target - points)[MOUTH_CORNERS, 1].mean())
    relaxed = (narrower + 2 * lower) / eye_distance
    share = _MOST * float(ramp(np.array((relaxed - _LITTLE) / (_MUCH - _LITTLE))))
    if share == 0:
        return fields
    folds = moved(_folds(source, hidden, eye_distance), fields.flow[..., :2])
    return replace(fields, folds=np.float32(share) * folds)


def _folds(source: AlignedFace, hidden: Array | None, eye_distance: float) -> Array:
    """(S, S, 3) levels by which a face is lighter or darker for folds beside its mouth."""
    points, size = source.points, len(source.crop)
    skin = _hull(points[np.concatenate([MOUTH, CHEEK_SLOTS])], size)
    reach = 2 * round(_CLEAR * eye_distance) + 1
    for part in (OUTER, NOSE):
        skin *= 1 - cv2.dilate(_hull(points[part], size), np.ones((reach, reach)))
    if hidden is not None:
        skin *= 1 - hidden
    beside = np.maximum(*(_hull(points[side], size) for side in FOLDS))
    shown = blurred(beside, _SOFT * eye_distance) * blurred(skin, _CLEAR * eye_distance / 2)
    light = source.crop * three(skin)
    fine, broad = (
        blurred(light, part * eye_distance) / three(blurred(skin, part * eye_distance) + 1e-3)
        for part in (_FINE, _BROAD)
    )
    folds: Array = three(shown * skin) * (fine - broad)
    return folds


def _hull(points: Array, size: int) -> Array:
    """The hull of some points (V, 2), filled, (S, S)."""
    hull = cv2.convexHull(points.astype(np.float32))[:, 0]
    return fill(hull.astype(np.float32), size)
