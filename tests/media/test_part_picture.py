"""A part of a picture, edited and put back."""

import numpy as np

from synclips.media.box import Box
from synclips.media.color import ColorConverter, ColorInfo
from synclips.media.part_picture import PartPicture
from synclips.media.picture import EditedPicture, RgbPicture
from synclips.media.video import VideoReader


def test_a_part_of_a_picture_is_edited_as_a_picture_and_put_back(clip):
    box = Box(20, 10, 140, 60)
    whole = next(VideoReader(clip).frames()).picture
    (part, *_) = (frame.picture for frame in VideoReader(clip).part(box).frames())
    assert part.size == (50, 120)
    np.testing.assert_array_equal(part.image, whole.image[box.index])
    np.testing.assert_array_equal(part.part(Box(0, 5, 9, 15)), whole.image[15:25, 20:29])
    assert part.draft().shape == part.draft_part(Box(0, 0, 120, 50)).shape == (50, 120, 3)
    patch = np.zeros((8, 12, 3), np.uint8)
    edited = EditedPicture(part, Box(60, 30, 72, 38), patch)
    result = part.whole(edited)
    assert result.size == whole.size
    changed = (result.image != whole.image).any(axis=-1)
    assert changed[40:48, 80:92].mean() > 0.9
    changed[40:48, 80:92] = False
    assert not changed.any()
    np.testing.assert_array_equal(result.draft(), result.image)
    np.testing.assert_array_equal(result.draft_part(Box(0, 0, 9, 9)), whole.image[:9, :9])
    converter = ColorConverter(VideoReader(clip).info.color)
    before, after = (one.coded(converter).to_ndarray(format="yuv420p") for one in (whole, result))
    luma, colours = np.split(before != after, [90])
    places = [(luma, 1), *((colour, 2) for colour in colours.reshape(2, 45, 80))]
    for other, step in places:
        edge = slice(40 // step, 48 // step), slice(80 // step, 92 // step)
        assert other[edge].any()
        other[edge] = False
        assert not other.any()


def test_a_part_of_what_is_no_ordinary_video_leads_through_rgb(blots):
    base = RgbPicture(blots)
    part = PartPicture(base, Box(20, 10, 140, 60))
    assert part.coded(ColorConverter(ColorInfo())) is None
    assert part.whole(part).coded(ColorConverter(ColorInfo())) is None
    np.testing.assert_array_equal(part.whole(part).image, blots)
