"""Between a picture and its aligned crop: the part of the picture a crop covers, and how it looks.

Knows affine maps and pixels, nothing of faces.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import into_box, magnification
from synclips.media.box import Box
from synclips.media.picture import Picture

# Pixels of the picture per pixel of the crop.
_ROUGH_FROM = 3.0


def box_of(places: NDArray[np.floating], reach: float, within: Box) -> Box:
    """Smallest box that holds some places (N, 2) and so many pixels around each.

    Clipped to another box; may be empty.
    """
    low = np.floor(places.min(axis=0) - reach).astype(int)
    high = np.ceil(places.max(axis=0) + reach).astype(int) + 1
    left, top = np.clip(low, (within.left, within.top), (within.right, within.bottom)).tolist()
    right, bottom = np.clip(high, (left, top), (within.right, within.bottom)).tolist()
    return Box(left, top, right, bottom)


def box_around(to_image: NDArray[np.float64], side: int, size: tuple[int, int]) -> Box:
    """Smallest box that holds a crop of a side, clipped to a height and width; may be empty."""
    return carried(Box(0, 0, side, side), to_image, 1, Box.whole(size))


def carried(part: Box, to_image: NDArray[np.float64], reach: float, within: Box) -> Box:
    """Smallest box of a picture, as of `box_of`, that holds the pixels of a part of its crop."""
    left, top, right, bottom = part.left, part.top, part.right - 1, part.bottom - 1
    corners = np.array([[left, top], [right, top], [left, bottom], [right, bottom]], np.float64)
    return box_of(corners @ to_image[:, :2].T + to_image[:, 2], reach, within)


def shown_of(to_image: NDArray[np.float64], size: int, box: Box) -> NDArray[np.bool_] | None:
    """Which pixels of a crop (S, S) a picture shows; None if it shows all of them.

    Args:
        to_image: (2, 3) crop pixels to pixels of the picture.
        size: side of the crop S.
        box: what there is of the picture around the crop, as `box_around` gives it.
    """

    def inside(u: NDArray[np.intp], v: NDArray[np.intp]) -> NDArray[np.bool_]:
        x, y = (row[0] * u + row[1] * v + row[2] for row in to_image)
        within = (x > box.left - 0.5) & (x < box.right - 0.5)
        return np.asarray(within & (y > box.top - 0.5) & (y < box.bottom - 0.5), np.bool_)

    ends = np.array([0, size - 1])
    if inside(*np.meshgrid(ends, ends)).all():
        return None
    return inside(*np.meshgrid(np.arange(size), np.arange(size)))


@dataclass(frozen=True, eq=False)
class Part:
    """A rectangle of a picture.

    Attributes:
        image: (h, w, 3) RGB; not to be written to.
        box: where it lies.
    """

    image: NDArray[np.uint8]
    box: Box

    def cut(self, box: Box) -> NDArray[np.uint8]:
        """The pixels of a box of the picture that lies within the part."""
        return self.image[box.inside(self.box)]


def crop_of(picture: Picture, to_image: NDArray[np.float64], size: int) -> NDArray[np.uint8]:
    """The crop (S, S, 3) of a picture, of which no more is converted than it shows."""
    crop = box_around(to_image, size, picture.size)
    # At its rim the crop shows half a crop pixel more.
    step = magnification(to_image)
    box = grown(crop, int(step) + 1, picture.size)
    # Each pixel of a small crop of a large face is a mean, in which what is rough gets lost.
    take = picture.draft_part if step >= _ROUGH_FROM else picture.part
    return view(take(box), into_box(to_image, box), size)


def part_of(picture: Picture, box: Box, reach: int) -> Part:
    """A box of a picture and so many pixels around it; at least one pixel."""
    box = grown(box, reach, picture.size)
    return Part(picture.part(box), box)


def grown(box: Box, reach: int, size: tuple[int, int]) -> Box:
    """A box with so many pixels more on each side, within a height and width; never empty."""
    height, width = size
    left, top = min(max(box.left - reach, 0), width - 1), min(max(box.top - reach, 0), height - 1)
    right, bottom = min(box.right + reach, width), min(box.bottom + reach, height)
    return Box(left, top, max(right, left + 1), max(bottom, top + 1))


def view(image: NDArray[np.uint8], to_image: NDArray[np.float64], size: int) -> NDArray[np.uint8]:
    """The crop of a picture, (H, W, 3) -> (S, S, 3), without aliasing however large the face."""
    step = magnification(to_image)
    # A large face is made small first, so that three samples per pixel of the crop are enough.
    shrink = max(1, min(round(step) // 3, *image.shape[:2]))
    if shrink > 1:
        height, width = (side // shrink for side in image.shape[:2])
        whole = image[: height * shrink, : width * shrink]  # anything else takes ten times as long
        image = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA).astype(np.uint8)
        # Pixel centres: x' + 0.5 = (x + 0.5) / shrink.
        to_image = to_image / shrink
        to_image[:, 2] += 0.5 / shrink - 0.5
        step /= shrink
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
