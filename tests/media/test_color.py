import av
import numpy as np
import pytest

from synclips.media.color import FULL, LIMITED, ColorConverter, ColorInfo

WEIGHTS = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}


def planes(image, space, range_):
    """ITU-T H.273 section 8.3, written out."""
    red, green, blue = np.moveaxis(image / 255.0, -1, 0)
    kr, kb = WEIGHTS[space]
    y = kr * red + (1 - kr - kb) * green + kb * blue
    cb, cr = (blue - y) / 2 / (1 - kb), (red - y) / 2 / (1 - kr)
    if range_ == LIMITED:
        return 16 + 219 * y, 128 + 224 * cb, 128 + 224 * cr
    return 255 * y, 128 + 255 * cb, 128 + 255 * cr


def flat(plane):
    return np.array(plane).reshape(plane.height, plane.line_size)[:, : plane.width].astype(float)


@pytest.mark.parametrize("space", sorted(WEIGHTS))
@pytest.mark.parametrize("range_", [LIMITED, FULL])
def test_conversion_follows_the_standard_both_ways(gradient, space, range_):
    image = gradient(128, 96, 3)
    converter = ColorConverter(ColorInfo(range_, space, 2, 2))
    coded = converter.from_rgb(av.VideoFrame.from_ndarray(image, "rgb24"))
    assert (coded.colorspace, coded.color_range) == (space, range_)
    for plane, expected in zip(coded.planes, planes(image, space, range_), strict=True):
        factor = expected.shape[0] // plane.height
        expected = expected.reshape(plane.height, factor, plane.width, factor).mean(axis=(1, 3))
        assert np.abs(flat(plane) - expected).mean() < 0.7
        assert abs((flat(plane) - expected).mean()) < 0.15
    back = ColorConverter(ColorInfo(range_, space, 2, 2)).to_rgb(coded, 128, 96)
    assert np.abs(back - image.astype(int)).mean() < 1.5
    assert np.abs((back - image.astype(int)).mean(axis=(0, 1))).max() < 1


@pytest.mark.parametrize(
    ("size", "tagged", "expected"),
    [
        ((640, 480), 2, 6),
        ((1280, 720), 2, 1),
        ((720, 1280), 2, 1),
        ((1920, 800), 2, 1),
        ((640, 480), 1, 1),
        ((1280, 720), 5, 5),
        ((1280, 720), 8, 1),  # YCgCo is not served, so it is guessed
    ],
)
def test_untagged_video_is_guessed_by_size(size, tagged, expected):
    frame = av.VideoFrame(*size, "yuv420p")
    frame.colorspace = tagged
    assert ColorInfo.of(frame).space == expected


def test_range_comes_from_the_tag_or_the_format():
    frame = av.VideoFrame(64, 48, "yuv420p")
    assert ColorInfo.of(frame).range == LIMITED
    frame.color_range = FULL
    assert ColorInfo.of(frame).range == FULL
    assert ColorInfo.of(av.VideoFrame(64, 48, "yuvj420p")).range == FULL


def test_rgb_passes_unchanged(gradient):
    image = gradient(64, 48)
    frame = av.VideoFrame.from_ndarray(image, "rgb24")
    assert ColorInfo.of(frame) == ColorInfo()
    assert np.array_equal(ColorConverter(ColorInfo()).to_rgb(frame, 64, 48), image)
