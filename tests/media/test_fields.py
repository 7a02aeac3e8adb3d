from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.codec.context import Flags

from synclips.media.color import ColorConverter
from synclips.media.video import VideoReader


def two_fields(width, height, index):
    """A bright square on its way to the right; the upper lines see it later, as they are coded."""
    image = np.full((height, width, 3), 60, np.uint8)
    for field in (0, 1):
        left = 8 + 16 * index + 8 * (1 - field)
        image[32 + field : 96 : 2, left : left + 40] = 220
    return image


FIELDS: dict[str, Any] = {
    "size": (256, 128),
    "images": two_fields,
    "options": {"crf": "4", "x264-params": "tff=1:interlaced=1:keyint=4"},
}


def teeth(image):
    """How much the edges look like a comb: lines differ from both of their neighbours."""
    luma = image.mean(axis=-1)
    return np.abs(luma[1:-1] - (luma[:-2] + luma[2:]) / 2)[40:80].max(axis=1).mean()


def test_of_two_fields_whole_pictures_are_made(tmp_path, raw_video):
    times = [Fraction(k, 25) for k in range(10)]
    path = raw_video(tmp_path / "a.mov", times, **FIELDS)
    reader = VideoReader(path)
    assert reader.info.is_interlaced
    frames = list(reader.frames())
    assert [frame.time for frame in frames] == times
    for frame in frames:
        stored = two_fields(256, 128, frame.index)
        assert teeth(stored) > 60 > 12 > teeth(frame.image)
        # The picture is that of its first field, and where nothing moves it is as it was.
        left = 8 + 16 * frame.index
        square = frame.image[32:96].mean(axis=(0, 2))
        assert square[left + 1 : left + 39].min() > 190
        assert square[: max(left - 2, 0)].max(initial=0) < 90 > square[left + 43 :].max()
        assert np.abs(frame.image[:28].astype(int) - 60).max() <= 3
        assert frame.picture.coded(ColorConverter(reader.info.color)) is not None


def test_whole_pictures_of_two_fields_are_the_same_backward(tmp_path, raw_video, hold):
    times = [Fraction(k, 25) for k in range(13)]
    reader = VideoReader(raw_video(tmp_path / "a.mov", times, **FIELDS))
    forward = list(reader.frames())
    for held in (1, 3, 4, 5):
        hold(reader, held)
        backward = list(reader.frames_backward(times))
        for before, after in zip(forward[::-1], backward, strict=True):
            assert (before.index, before.time) == (after.index, after.time)
            np.testing.assert_array_equal(before.image, after.image)


def test_a_picture_that_is_told_in_passes_is_whole(tmp_path, raw_video):
    """PNG calls that interlaced, too."""
    path = raw_video(
        tmp_path / "a.png",
        [Fraction(0)],
        size=(256, 128),
        codec="png",
        pix_fmt="rgb24",
        options={},
        images=two_fields,
        flags=Flags.interlaced_dct,
    )
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).interlaced_frame
    reader = VideoReader(path)
    assert not reader.info.is_interlaced
    np.testing.assert_array_equal(next(reader.frames()).image, two_fields(256, 128, 0))
