"""Aligned crops as pictures: cut out of frames, and many of them in one row of bytes.

A crop that is smaller than what it shows is drawn several times as large and averaged down, so
that nothing finer than its pixels turns into patterns. Pictures are stored as JPEG, one after the
other; knows nothing of clips or files.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError

QUALITY = 95

Picture = NDArray[np.uint8]


def fineness(to_image: NDArray[np.float64]) -> int:
    """How many times as large crops must be drawn so that no pixel of the image is passed over.

    Args:
        to_image: (N, 2, 3) maps from crop to image pixels; the median counts, so that frames of
            one face are all equally sharp.
    """
    step = np.sqrt(np.abs(np.linalg.det(to_image[:, :, :2])))
    return max(1, int(np.ceil(np.median(step) - 0.05)))


def cut_out(image: Picture, to_image: NDArray[np.float64], size: int, fine: int = 1) -> Picture:
    """One aligned crop.

    Args:
        image: (H, W, 3).
        to_image: (2, 3) map from crop pixels to image pixels, integers at pixel centres.
        size: side S of the crop.
        fine: see `fineness`.

    Returns:
        (S, S, 3); what lies beyond the image is its reflection.
    """
    linear = to_image[:, :2]
    corner = to_image[:, 2] + linear @ np.full(2, (1 / fine - 1) / 2)
    drawn = cv2.warpAffine(
        image,
        np.concatenate([linear / fine, corner[:, None]], axis=1),
        (size * fine, size * fine),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REFLECT,
    )
    return shrink(drawn.astype(np.uint8, copy=False), size)


def shrink(picture: Picture, size: int) -> Picture:
    """Average a square picture down to another side."""
    if len(picture) == size:
        return picture
    small = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA)
    return small.astype(np.uint8, copy=False)


def encode(picture: Picture) -> bytes:
    """(S, S, 3) RGB as JPEG."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    return cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), flags)[1].tobytes()


def pack(pictures: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Files in a row: all bytes, and where each of them ends."""
    ends = np.cumsum([len(data) for data in pictures], dtype=np.int64)
    return np.frombuffer(b"".join(pictures), np.uint8), ends


def unpack(
    data: NDArray[np.uint8], ends: NDArray[np.int64], size: int | None = None
) -> tuple[NDArray[np.uint8], int]:
    """Decode what `pack` put in a row.

    Args:
        data: all bytes.
        ends: (T,) where each picture ends; one without bytes is black.
        size: side wanted, at most the stored one; the stored one by default.

    Returns:
        (T, S, S, 3) RGB, and the side as stored (0 if all are empty).

    Raises:
        ValueError: a picture is damaged.
        ConfigError: larger pictures are wanted than are stored.
    """
    starts = np.concatenate([[0], ends[:-1]])
    result: NDArray[np.uint8] | None = None
    stored = 0
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if start == end:
            continue
        picture = cv2.imdecode(data[start:end], cv2.IMREAD_COLOR)
        if picture is None:
            raise ValueError(f"picture {index} is damaged")
        stored = len(picture)
        if result is None:
            side = size or stored
            if side > stored:
                raise ConfigError(
                    f"Crops of {side} pixels are wanted and {stored} were prepared; want smaller"
                    " ones or prepare larger ones."
                )
            result = np.zeros((len(ends), side, side, 3), np.uint8)
        small = shrink(picture.astype(np.uint8, copy=False), len(result[index]))
        result[index] = small[..., ::-1]
    if result is None:
        result = np.zeros((len(ends), size or 0, size or 0, 3), np.uint8)
    return result, stored
