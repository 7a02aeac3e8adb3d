from fractions import Fraction

import numpy as np
import pytest

from synclips.media.box import Box
from synclips.media.color import ColorConverter
from synclips.media.video import VideoReader

TIMES = [Fraction(0), Fraction(1, 25)]


def coded_planes(reader):
    """What the encoder is given of the first frame."""
    converter = ColorConverter(reader.info.color)
    coded = next(reader.frames()).picture.coded(converter)
    flat = coded.to_ndarray()
    colours = flat[coded.height :].reshape(2, coded.height // 2, coded.width // 2)
    return [flat[: coded.height], *colours]


@pytest.mark.parametrize(
    ("counterclockwise", "mirrored"), [(90, False), (180, False), (270, False), (0, True)]
)
def test_what_a_telephone_turned_goes_to_the_encoder_as_it_is(
    tmp_path, raw_video, counterclockwise, mirrored
):
    stored = VideoReader(raw_video(tmp_path / "a.mp4", TIMES))
    turned = VideoReader(raw_video(tmp_path / "b.mp4", TIMES, rotate=(counterclockwise, mirrored)))
    for before, after in zip(coded_planes(stored), coded_planes(turned), strict=True):
        turned_by_hand = before[:, ::-1] if mirrored else np.rot90(before, counterclockwise // 90)
        np.testing.assert_array_equal(after, turned_by_hand)


@pytest.mark.parametrize("pix_fmt", ["yuv420p10le", "yuv422p", "yuv422p10le", "yuv444p"])
def test_more_bits_or_colours_become_plain_once(tmp_path, raw_video, gradient, pix_fmt):
    path = raw_video(tmp_path / "a.mkv", TIMES, codec="ffv1", options={}, pix_fmt=pix_fmt)
    reader = VideoReader(path)
    picture = next(reader.frames()).picture
    assert np.abs(picture.image - gradient(64, 48, 0).astype(int)).mean() < 1.5
    box = Box(20, 10, 50, 30)
    np.testing.assert_array_equal(picture.part(box), picture.image[box.index])
    converter = ColorConverter(reader.info.color)
    coded = picture.coded(converter)
    assert coded is not None and coded.format.name == "yuv420p"
    whole = converter.to_rgb(coded, 64, 48)
    assert np.abs(whole.astype(int) - picture.image).max() <= 1
