"""Laying one picture over another as far as a mask shows it, and making masks soft."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Image = NDArray[np.uint8]


def blend(before: Image, mask: Array, picture: Array) -> Image:
    """Pixels (h, w, 3) with a picture (h, w, 3) laid over them as far as the mask (h, w) shows it.

    Where the mask is 0 they stay what they were.
    """
    change = cv2.multiply(three(mask), cv2.subtract(picture, before, dtype=cv2.CV_32F))
    return np.asarray(cv2.add(change, before, dtype=cv2.CV_8U), np.uint8)  # rounds and clips


def three(weight: Array) -> Array:
    """A weight (h, w) for each colour, (h, w, 3): ten times faster than to broadcast it."""
    return np.asarray(cv2.merge((weight, weight, weight)), np.float32)


def blurred(picture: NDArray[Any], deviation: float) -> Array:
    """A picture (h, w) or (h, w, 3) of floats through a Gaussian of so many pixels."""
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), deviation), np.float32)
