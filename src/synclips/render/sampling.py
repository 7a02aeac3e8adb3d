"""Pixels of a picture at places between its own, straight from the original.

Knows affine maps, displacements and pixels, nothing of faces. Small fields and crops, which nobody
sees, are looked up linearly.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.media.box import Box
from synclips.render.view import Part

Array = NDArray[np.float32]
Image = NDArray[np.uint8]

_REPEATED = cv2.BORDER_REPLICATE


def look_up(source: Part, to_source: NDArray[np.float64], moves: Array, box: Box) -> Array:
    """Pixels of a picture for a box of the frame, (h, w, 3).

    Args:
        source: what is known of the picture.
        to_source: (2, 3) frame pixels to pixels of the picture.
        moves: (h, w, 2) how much further, in pixels of the picture.
        box: which pixels of the frame.
    """
    columns = np.arange(box.left, box.right)
    rows = np.arange(box.top, box.bottom)

    def place(axis: int, corner: int, further: Array) -> Array:
        a, b, c = to_source[axis]
        across = (a * columns + (c - corner)).astype(np.float32)
        even: Array = np.add.outer((b * rows).astype(np.float32), across)
        even += further
        return even

    to_right, down = (np.asarray(one, np.float32) for one in cv2.split(moves))
    x, y = place(0, source.box.left, to_right), place(1, source.box.top, down)
    return sampled(source.image, x, y)


def sampled(image: Image, x: Array, y: Array) -> Array:
    """Pixels of an image at places between them, (h, w) and (h, w) -> (h, w, 3).

    Cubic at thirds of a pixel and linear between them, in two thirds of the time that OpenCV takes
    for cubic at every place. Whole places give the very pixels. Uses `x` and `y` up.
    """
    height, width = image.shape[:2]
    left, right = (int(np.clip(end, 0, width - 1)) for end in (x.min() - 2, x.max() + 3))
    top, bottom = (int(np.clip(end, 0, height - 1)) for end in (y.min() - 2, y.max() + 3))
    part = image[top : bottom + 1, left : right + 1]
    fine = cv2.resize(part, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    for places, first in ((x, left), (y, top)):
        places -= first
        places *= 3
        places += 1
    return np.asarray(cv2.remap(fine, x, y, cv2.INTER_LINEAR, borderMode=_REPEATED), np.float32)


def moved(field: NDArray[np.integer | np.floating], moves: Array) -> Array:
    """A field or crop (S, S, ...) looked up so much further (S, S, 2), with its border repeated."""
    x, y = np.meshgrid(*(np.arange(side, dtype=np.float32) for side in moves.shape[1::-1]))
    looked_up = cv2.remap(
        field, x + moves[..., 0], y + moves[..., 1], cv2.INTER_LINEAR, borderMode=_REPEATED
    )
    return np.asarray(looked_up, np.float32)
