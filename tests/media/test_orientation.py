import struct

import numpy as np
import pytest

from synclips.media.orientation import Orientation

IMAGE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)
ONE = 1 << 16


def matrix(a, b, c, d):
    return struct.pack("9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_quarter_turns_agree_with_numpy(turns):
    orientation = Orientation.from_degrees(90 * turns)
    assert np.array_equal(orientation.apply(IMAGE), np.rot90(IMAGE, -turns))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((ONE, 0, 0, ONE), IMAGE),
        ((0, ONE, -ONE, 0), np.rot90(IMAGE, -1)),
        ((-ONE, 0, 0, -ONE), np.rot90(IMAGE, 2)),
        ((0, -ONE, ONE, 0), np.rot90(IMAGE, 1)),
        ((-ONE, 0, 0, ONE), IMAGE[:, ::-1]),
        ((ONE, 300, -300, ONE), IMAGE),  # a camera held almost straight
    ],
)
def test_display_matrix(values, expected):
    assert np.array_equal(Orientation.from_matrix(matrix(*values)).apply(IMAGE), expected)


@pytest.mark.parametrize("data", [b"", b"Exif\0\0", b"Exif\0\0MM\0*\xff\xff\xff\xff", b"eXIfII*\0"])
def test_damaged_exif_means_upright(data):
    assert Orientation.from_exif(data) == Orientation()


@pytest.mark.parametrize(
    "head", [b"..Exif\0\0", b"..eXIf", b"..EXIF\x1a\0\0\0", b"..EXIF\x20\0\0\0Exif\0\0"]
)
@pytest.mark.parametrize("order", ["<", ">"])
def test_exif_is_found_in_jpeg_png_and_webp(head, order):
    tiff = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(
        order + "IHHHIHH", 8, 1, 0x0112, 3, 1, 6, 0
    )
    assert Orientation.from_exif(head + tiff) == Orientation.from_degrees(90)
