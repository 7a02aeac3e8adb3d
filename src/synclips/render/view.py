"""Between a picture and its aligned crop: the part of the picture a crop covers, and how it looks.

Knows affine maps and pixels, nothing of faces.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """A rectangle of pixels: left and top inside, right and bottom outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def rows(self) -> slice:
        """Rows of a picture."""
        return slice(self.top, self.bottom)

    @property
    def columns(self) -> slice:
        """Columns of a picture."""
        return slice(self.left, self.right)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.right - self.left, self.bottom - self.top


def box_around(to_image: NDArray[np.float64], size: int, width: int, height: int) -> Box:
    """Smallest box that holds a crop of `size` pixels, clipped to a picture; may be empty."""
    corners = np.array([[0, 0], [size - 1, 0], [0, size - 1], [size - 1, size - 1]], np.float64)
    places = corners @ to_image[:, :2].T + to_image[:, 2]
    low = np.floor(places.min(axis=0)).astype(int) - 1
    high = np.ceil(places.max(axis=0)).astype(int) + 2
    left, top = (int(x) for x in np.clip(low, 0, (width, height)))
    right, bottom = (int(x) for x in np.clip(high, (left, top), (width, height)))
    return Box(left, top, right, bottom)


def view(image: NDArray[np.uint8], to_image: NDArray[np.float64], size: int) -> NDArray[np.uint8]:
    """The crop of a picture, (H, W, 3) -> (S, S, 3), without aliasing however large the face."""
    step = float(np.hypot(to_image[0, 0], to_image[1, 0]))
    times = max(1, round(step))
    # Pixel centres of the finer crop: (u + 0.5) / times - 0.5 in pixels of the crop.
    linear = to_image[:, :2] / times
    shift = to_image[:, :2] @ np.full(2, 0.5 / times - 0.5) + to_image[:, 2]
    fine = cv2.warpAffine(
        image,
        np.column_stack([linear, shift]),
        (size * times, size * times),
        flags=(cv2.INTER_LINEAR if times > 1 else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    if times > 1:
        fine = cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA)
    return fine.astype(np.uint8)
