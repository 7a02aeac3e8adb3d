"""Where a frame keeps its own pixels because something stands before the face.

What was found on the small crop is enlarged and given the edges of the picture. Knows neither how
occluders are found nor how mouths are drawn.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import magnification
from synclips.media.box import Box
from synclips.render.composite import Fields, enlarge
from synclips.render.sampling import moved

Array = NDArray[np.float32]

# Crop pixels within which an edge of the picture is the edge of the occluder.
_REACH = 3.0
# Levels: weaker edges are none.
_EDGE = 8.0


def clear_of(
    hidden: Array,
    fields: Fields,
    image: NDArray[np.uint8],
    to_image: NDArray[np.float64],
    box: Box,
) -> Array:
    """What an occluder leaves of the mask of a box, (h, w): it is neither drawn over nor moved.

    Args:
        hidden: (S, S) what was found, in crop pixels.
        fields: the drawing.
        image: (h, w, 3) the box.
        to_image: (2, 3) crop pixels to frame pixels.
        box: of the frame.
    """
    # Where the flow would draw what stands before the face beside its place.
    beside = moved(hidden, fields.flow[..., :2]) * (1 - fields.window)
    return (1 - matte(hidden, image, to_image, box)) * (
        1 - enlarge(beside[..., None], to_image, box)[..., 0]
    )


def matte(
    hidden: Array, image: NDArray[np.uint8], to_image: NDArray[np.float64], box: Box
) -> Array:
    """How much of each pixel of a box is the occluder, (h, w) from 0 to 1.

    Args:
        hidden: (S, S) what was found, in crop pixels.
        image: (h, w, 3) the box.
        to_image: (2, 3) crop pixels to frame pixels.
        box: of the frame.

    Source: He, Sun and Tang, Guided image filtering, IEEE PAMI 35(6), 2013; here with the luma of
    the picture as guide.
    """
    rough = enlarge(hidden[..., None], to_image, box)[..., 0]
    if not rough.any():
        return rough
    guide = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    width = 2 * max(1, round(_REACH * magnification(to_image))) + 1

    def mean(values: NDArray[np.floating]) -> Array:
        return np.asarray(cv2.blur(values, (width, width)), np.float32)

    middle, level = mean(guide), mean(rough)
    slope = (mean(guide * rough) - middle * level) / (
        mean(guide * guide) - middle * middle + _EDGE**2
    )
    refined = mean(slope) * guide + mean(level - slope * middle)
    # From there steep again: an occluder is opaque but for its rim.
    return np.asarray(np.clip(2 * refined - 0.5, 0, 1), np.float32)
