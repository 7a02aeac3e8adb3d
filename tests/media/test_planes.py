import numpy as np
import pytest
from av.video.frame import VideoFrame

from synclips.media.box import Box
from synclips.media.orientation import Orientation
from synclips.media.planes import move, paste, planes, shift, turned

KINDS = {
    "yuv420p": (255, (2, 2)),
    "yuv420p10le": (1023, (2, 2)),
    "yuv422p10le": (1023, (2, 1)),
}


@pytest.fixture(params=list(KINDS))
def kind(request):
    return request.param


@pytest.fixture
def noise(kind, rng):
    """Frames of random numbers."""

    def make(width, height, low=0.0, high=1.0):
        frame = VideoFrame(width, height, kind)
        most = KINDS[kind][0]
        for plane in planes(frame):
            plane[:] = rng.integers(int(low * most), int(high * most) + 1, plane.shape)
        return frame

    return make


def pictures(frame):
    """What the planes show, without the ends of rows."""
    across, down = KINDS[frame.format.name][1]
    sizes = [(frame.height, frame.width)] + [(frame.height // down, frame.width // across)] * 2
    return [
        plane[:height, :width].astype(int)
        for plane, (height, width) in zip(planes(frame), sizes, strict=True)
    ]


def parts(kind, rows, columns):
    across, down = KINDS[kind][1]
    small = (
        slice(rows.start // down, rows.stop // down),
        slice(columns.start // across, columns.stop // across),
    )
    return (rows, columns), small, small


def test_a_part_is_moved_to_the_bit(kind, noise):
    source, target = noise(48, 32), noise(40, 24)
    rows, columns = slice(10, 18), slice(6, 26)
    expected = pictures(target)
    for old, new, from_, to in zip(
        expected,
        pictures(source),
        parts(kind, rows, columns),
        parts(kind, slice(4, 12), slice(20, 40)),
        strict=True,
    ):
        old[to] = new[from_]
    move(source, Box(6, 10, 26, 18), target, 4, 20)
    for seen, wanted in zip(pictures(target), expected, strict=True):
        np.testing.assert_array_equal(seen, wanted)


def test_a_frame_is_pasted_whole(kind, noise):
    part, frame = noise(20, 8), noise(40, 24)
    paste(part, frame, 16, 20)
    for seen, own, place in zip(
        pictures(frame),
        pictures(part),
        parts(kind, slice(16, 24), slice(20, 40)),
        strict=True,
    ):
        np.testing.assert_array_equal(seen[place], own)


def test_a_shift_adds_what_differs_and_keeps_what_does_not(kind, noise):
    frame, before, after = noise(40, 24, 0.3, 0.7), noise(20, 8, 0.3, 0.7), noise(20, 8, 0.3, 0.7)
    own, old, new = (pictures(one) for one in (frame, before, after))
    shift(frame, before, after, 12, 10)
    for seen, kept, gone, come, place in zip(
        pictures(frame), own, old, new, parts(kind, slice(12, 20), slice(10, 30)), strict=True
    ):
        expected = kept.copy()
        expected[place] += come - gone
        unit = (KINDS[kind][0] + 1) // 256
        np.testing.assert_array_equal(seen, expected.clip(unit, 255 * unit - 1))
    again = pictures(frame)
    shift(frame, after, after, 12, 10)
    for seen, kept in zip(pictures(frame), again, strict=True):
        np.testing.assert_array_equal(seen, kept)


def test_numbers_beyond_the_range_stay_where_nothing_differs():
    frame = VideoFrame(4, 2, "yuv420p10le")
    before, after = VideoFrame(4, 2, "yuv420p10le"), VideoFrame(4, 2, "yuv420p10le")
    for one, levels in ((frame, (0, 1023, 500, 500)), (before, [500] * 4), (after, [500] * 4)):
        planes(one)[0][:, :4] = levels
        for plane in planes(one)[1:]:
            plane[:] = 512
    planes(after)[0][:, 2:4] = 1000, 0
    shift(frame, before, after, 0, 0)
    np.testing.assert_array_equal(planes(frame)[0][0, :4], [0, 1023, 1000, 4])


@pytest.mark.parametrize("kind", ["yuv420p", "yuv420p10le"], indirect=True)
def test_a_frame_is_turned_with_its_colours(kind, noise):
    frame = noise(40, 24)
    upright = turned(frame, Orientation.from_degrees(90))
    assert (upright.width, upright.height, upright.format.name) == (24, 40, kind)
    for seen, stored in zip(pictures(upright), pictures(frame), strict=True):
        np.testing.assert_array_equal(seen, np.rot90(stored, -1))
