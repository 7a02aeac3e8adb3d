"""How brightly a face is lit in a frame."""

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import EYE_CORNERS, MOUTH_CORNERS
from synclips.media.box import Box
from synclips.media.picture import Picture
from synclips.render.view import box_of, grown

# Of the distance from the eyes to the mouth, to each side of the middle between them: on skin.
_REACH = 0.3


def light_of(picture: Picture, points: NDArray[np.float32]) -> float:
    """Mean level of the skin around the nose, from 0 to 1.

    Args:
        picture: the frame.
        points: (P, >=2) landmarks in pixels.
    """
    eyes, mouth = (points[pair, :2].mean(axis=0) for pair in (EYE_CORNERS, MOUTH_CORNERS))
    reach = _REACH * float(np.linalg.norm(mouth - eyes))
    box = box_of((eyes + mouth)[None] / 2, reach, Box.whole(picture.size))
    return float(picture.draft_part(grown(box, 0, picture.size)).mean()) / 255
