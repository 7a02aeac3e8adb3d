"""Pictures of one size that can be put side by side: whole frames, mouths, lines of text.

Knows pixels only.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

_LINE = 24  # pixels, of a line of text
_PAPER, _INK = 245, 40  # grey levels


def frame_tile(image: Image, width: int, height: int) -> Image:
    """A whole frame, as large as it fits, in the middle of a tile."""
    rows, columns = image.shape[:2]
    zoom = min(width / columns, height / rows)
    size = (max(1, round(columns * zoom)), max(1, round(rows * zoom)))
    method = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    small = cv2.resize(image, size, interpolation=method)
    tile = blank(width, height)
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    tile[y : y + size[1], x : x + size[0]] = small
    return tile


def mouth_tile(image: Image, affine: NDArray[np.float64] | None, size: int) -> Image:
    """The crop of a frame whose pixels `affine` (2, 3) maps to the frame; None without a face."""
    if affine is None:
        tile = blank(size, size)
        cv2.putText(tile, "no face", (8, size // 2), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (_INK,) * 3)
        return tile
    step = float(np.linalg.norm(affine[:, 0]))
    if step > 1:  # a large face is reduced: without a blur it would show stairs
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.5 * step), np.uint8)
    flags = cv2.INTER_LANCZOS4 | cv2.WARP_INVERSE_MAP
    crop = cv2.warpAffine(image, affine, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)


def text_tile(text: str, width: int) -> Image:
    """A line of text."""
    tile = blank(width, _LINE)
    plain = text.encode("ascii", "replace").decode()  # all that the Hershey fonts have
    cv2.putText(tile, plain, (6, 17), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (_INK,) * 3, 1, cv2.LINE_AA)
    return tile


def blank(width: int, height: int) -> Image:
    """Paper."""
    return np.full((height, width, 3), _PAPER, np.uint8)
