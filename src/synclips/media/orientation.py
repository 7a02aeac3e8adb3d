"""How a stored picture must be turned to stand upright.

Knows the two ways files say so: the display matrix of video containers (ISO/IEC 14496-12, "tkhd")
and the Exif orientation tag of pictures (CIPA DC-008, tag 0x0112). Does not know files or codecs.
"""

import struct
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

# Exif value -> (transpose, flip rows, flip columns), applied in that order.
_EXIF = {
    1: (False, False, False),
    2: (False, False, True),
    3: (False, True, True),
    4: (False, True, False),
    5: (True, False, False),
    6: (True, False, True),
    7: (True, True, True),
    8: (True, True, False),
}


@dataclass(frozen=True)
class Orientation:
    """One of the eight ways to lay a rectangle: transpose first, then flip rows and columns."""

    transpose: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    @classmethod
    def from_matrix(cls, matrix: bytes) -> Self:
        """Read a display matrix of nine native 32-bit integers, rounded to quarter turns."""
        a, b, _, c, d, *_ = struct.unpack("9i", matrix[:36])
        if abs(a) + abs(d) >= abs(b) + abs(c):
            return cls(False, d < 0, a < 0)
        return cls(True, b < 0, c < 0)

    @classmethod
    def from_degrees(cls, clockwise: int) -> Self:
        """Make a pure rotation; the angle is rounded to quarter turns."""
        return cls(*_EXIF[(1, 6, 3, 8)[round(clockwise / 90) % 4]])

    @classmethod
    def from_exif(cls, data: bytes) -> Self:
        """Find the orientation tag in the bytes of a picture file; upright when there is none."""
        if data[:4] in (b"II*\0", b"MM\0*"):  # TIFF, of which Exif is a kind
            return cls(*_EXIF.get(_exif_orientation(data), _EXIF[1]))
        for marker in (b"Exif\0\0", b"eXIf", b"EXIF"):
            start = data.find(marker)
            if start < 0:
                continue
            # WebP puts the chunk's length between its name and the TIFF header.
            tiff = start + len(marker) + (4 if marker == b"EXIF" else 0)
            return cls(*_EXIF.get(_exif_orientation(data[tiff : tiff + 65536]), _EXIF[1]))
        return cls()

    def apply(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Turn a stored picture (H, W, 3) upright; the result is contiguous."""
        return np.ascontiguousarray(self.view(image))

    def view(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A stored picture (H, W, ...) upright, as a view of the same memory."""
        if self.transpose:
            image = image.swapaxes(0, 1)
        if self.flip_rows:
            image = image[::-1]
        if self.flip_columns:
            image = image[:, ::-1]
        return image


def _exif_orientation(tiff: bytes) -> int:
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, directory)
        for entry in range(count):
            tag, _, _, value = struct.unpack_from(order + "HHIH", tiff, directory + 2 + 12 * entry)
            if tag == 0x0112:
                return int(value)
    except struct.error:  # a damaged tag is no reason to refuse the picture
        pass
    return 1
