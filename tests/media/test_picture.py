from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import av.filter
import numpy as np
import pytest
from av.video.frame import VideoFrame

from synclips.media.box import Box
from synclips.media.color import BT601, BT709, FULL, LIMITED, ColorConverter, ColorInfo
from synclips.media.orientation import Orientation
from synclips.media.picture import DecodedPicture, EditedPicture, Picture, RgbPicture
from synclips.media.planes import planes as planes_of
from synclips.media.tone import HLG, PQ, ToneMapper, encoding
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter

HEIGHT, WIDTH = 90, 160
# Pixels per sample, along a row and down a column.
STEPS = {
    "yuv420p10le": ((1, 1), (2, 2), (2, 2)),
    "yuv422p10le": ((1, 1), (2, 1), (2, 1)),
}


def planes(frame):
    """Luma and the two colours of a 4:2:0 frame."""
    flat = frame.to_ndarray(format="yuv420p")
    colours = flat[frame.height :].reshape(2, frame.height // 2, frame.width // 2)
    return [flat[: frame.height], *colours]


def decoded(image, pix_fmt="yuv420p", orientation=None):
    frame = VideoFrame.from_ndarray(image, "rgb24").reformat(format=pix_fmt)
    converter = ColorConverter(ColorInfo())
    size = frame.width, frame.height
    return DecodedPicture(frame, size, converter, orientation or Orientation())


PARTS = [(0, 90, 0, 160), (0, 10, 0, 10), (31, 62, 41, 107), (80, 90, 151, 160), (7, 8, 9, 10)]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_is_what_the_whole_picture_shows_there(clip, part):
    top, bottom, left, right = part
    box = Box(left, top, right, bottom)
    for whole, frame in zip(VideoReader(clip).frames(), VideoReader(clip).frames(), strict=True):
        np.testing.assert_array_equal(frame.picture.part(box), whole.image[box.index])


def test_drafts_of_many_frames_are_each_their_own(rng: np.random.Generator) -> None:
    """Parts of other frames, of the same size as a picture, must not be left in it."""
    converter = ColorConverter(ColorInfo())
    pictures = []
    for size in [(64, 64), (64, 64), (160, 90), (64, 64)]:
        image = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
        frame = VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
        pictures.append(DecodedPicture(frame, size, converter, Orientation()))
    for _ in range(2):
        for picture in pictures:
            box = Box(1, 3, 64, 61)
            before = picture.draft()
            np.testing.assert_array_equal(
                picture.draft_part(box)[8:-8, 8:-8], before[box.index][8:-8, 8:-8]
            )
            np.testing.assert_array_equal(picture.draft(), before)


def test_interlaced_frames_among_others(blots: np.ndarray) -> None:
    """Their lines share colour otherwise, and a stream may have both."""
    frames = []
    for mode in ("prog", "tff"):
        filters = av.filter.Graph()
        source = filters.add_buffer(
            width=WIDTH, height=HEIGHT, format="yuv420p", time_base=Fraction(1, 25)
        )
        field = filters.add("setfield", f"mode={mode}")
        sink = filters.add("buffersink")
        source.link_to(field)
        field.link_to(sink)
        filters.configure()
        frame = VideoFrame.from_ndarray(blots, "rgb24").reformat(format="yuv420p")
        frame.pts = 0
        filters.push(frame)
        frames.append(filters.pull())
    assert [bool(frame.interlaced_frame) for frame in frames] == [False, True]
    converter = ColorConverter(ColorInfo())
    box = Box(40, 20, 100, 60)
    for frame in (*frames, *frames[::-1]):
        part, whole = (
            DecodedPicture(frame, (WIDTH, HEIGHT), converter, Orientation()) for _ in range(2)
        )
        np.testing.assert_array_equal(part.part(box), whole.image[box.index])


@pytest.mark.parametrize("size", [(161, 90), (160, 91), (161, 91)])
def test_parts_of_odd_sizes(rng: np.random.Generator, size: tuple[int, int]) -> None:
    image = rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    frame = VideoFrame.from_ndarray(image, "rgb24").reformat(format="yuv420p")
    part, whole = (
        DecodedPicture(frame, size, ColorConverter(ColorInfo()), Orientation()) for _ in range(2)
    )
    for box in (Box(40, 20, 100, 60), Box(99, 50, *size)):
        np.testing.assert_array_equal(part.part(box), whole.image[box.index])


def test_parts_asked_one_after_another_are_right(clip):
    frame, whole = (next(VideoReader(clip).frames()) for _ in range(2))
    for top, bottom, left, right in [*PARTS[1:], (33, 40, 50, 60), *PARTS]:
        box = Box(left, top, right, bottom)
        np.testing.assert_array_equal(frame.picture.part(box), whole.image[box.index])


@pytest.mark.parametrize("pix_fmt", ["yuv420p", "yuvj420p", "yuv420p10le", "yuv444p", "rgb24"])
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_parts_of_any_coding_and_orientation(blots, pix_fmt, turn):
    orientation = Orientation.from_degrees(turn)
    picture, whole = (decoded(blots, pix_fmt, orientation) for _ in range(2))
    box = Box(21, 11, 70, 50)
    np.testing.assert_array_equal(picture.part(box), whole.image[box.index])
    assert picture.size == whole.image.shape[:2] == whole.draft().shape[:2]


@pytest.mark.parametrize("turn", [0, 90])
def test_a_draft_looks_like_the_picture(gradient, turn):
    picture = decoded(gradient(WIDTH, HEIGHT, 3), orientation=Orientation.from_degrees(turn))
    difference = np.abs(picture.draft().astype(int) - picture.image)
    assert difference.mean() < 1.5
    assert difference.max() <= 8
    box = Box(21, 11, 70, 50)
    part = np.abs(picture.draft_part(box).astype(int) - picture.image[box.index])
    assert part.shape == (39, 49, 3)
    assert part.mean() < 1.5
    assert part.max() <= 8


def test_parts_may_be_asked_for_in_many_threads(clip):
    frames, whole = ([*VideoReader(clip).frames()] for _ in range(2))
    asked = [(k, Box(b, a, b + 40, a + 30)) for k in (0, 1) for a, b in ((2, 5), (44, 90))]

    def look(item):
        number, box = item
        return frames[number].picture.part(box)

    with ThreadPoolExecutor(4) as pool:
        for (k, box), part in zip(asked * 25, pool.map(look, asked * 25), strict=True):
            np.testing.assert_array_equal(part, whole[k].image[box.index])


def test_an_edited_picture_is_new_in_its_rectangle_only(blots):
    picture: Picture = decoded(blots)
    before = picture.image.copy()
    patch = np.full((21, 33, 3), 9, np.uint8)
    edited = EditedPicture(picture, Box(47, 31, 80, 52), patch)
    expected = before.copy()
    expected[31:52, 47:80] = 9
    np.testing.assert_array_equal(edited.image, expected)
    np.testing.assert_array_equal(edited.part(Box(3, 20, 90, 60)), expected[20:60, 3:90])
    np.testing.assert_array_equal(picture.image, before)


def test_what_is_not_edited_is_coded_as_it_was(clip):
    frame = next(VideoReader(clip).frames())
    converter = ColorConverter(VideoReader(clip).info.color)
    before = planes(frame.picture.coded(converter))
    edited = EditedPicture(frame.picture, Box(47, 31, 80, 52), np.full((21, 33, 3), 200, np.uint8))
    for plane, own, step in zip(planes(edited.coded(converter)), before, (1, 2, 2), strict=True):
        changed = plane != own
        # Colour is shared by two by two pixels, which begin at even ones.
        inside = np.zeros_like(changed)
        inside[30 // step : 52 // step, 46 // step : 80 // step] = True
        assert not changed[~inside].any()
        assert changed[inside].mean() > 0.8
    # Grey 200 in limited range.
    assert np.abs(planes(edited.coded(converter))[0][33:50, 49:78].astype(int) - 188).max() <= 1


@pytest.mark.parametrize("transfer", [BT709, PQ, HLG])
@pytest.mark.parametrize("turn", [None, (270, False)])
@pytest.mark.parametrize("pixels", ["yuv420p10le", "yuv422p10le"])
def test_ten_bits_that_are_not_edited_stay_for_an_encoder_that_keeps_them(
    tmp_path, raw_video, rng, transfer, turn, pixels
):
    def faint(width, height, _):
        return rng.integers(60, 160, (height, width, 3), dtype=np.uint8)

    path = raw_video(
        tmp_path / "in.mov",
        [Fraction(0)],
        pix_fmt="yuv420p10le",
        images=faint,
        rotate=turn,
        options={"crf": "0"},
        color_trc=transfer,
        color_primaries=9,
        colorspace=9,
        color_range=LIMITED,
    )
    reader = VideoReader(path, keeps_depth=True)
    assert (reader.info.bits, reader.info.color) == (10, ColorInfo(LIMITED, 9, 9, transfer))
    assert reader.info.is_hdr == (transfer != BT709) and reader.info.remarks == ()
    with av.open(str(path)) as container:
        (stored,) = container.decode(video=0)
        luma = planes_of(stored)[0][:48, :64].copy()
    if turn:
        luma = np.rot90(luma, -1)
    picture = next(reader.frames()).picture
    converter = encoding(reader.info.color, pixels)
    coded = picture.coded(converter)
    assert coded.format.name == pixels
    height, width = luma.shape
    np.testing.assert_array_equal(planes_of(coded)[0][:height, :width], luma)
    # Half of the patch is what is there already.
    patch = picture.part(Box(12, 9, 28, 33)).copy()
    patch[:12] = patch[:12] // 2 + 60
    edited = EditedPicture(picture, Box(12, 9, 28, 33), patch).coded(converter)
    for own, new, (across, down) in zip(
        planes_of(coded), planes_of(edited), STEPS[pixels], strict=True
    ):
        changed = own != new
        assert changed[10 // down : 20 // down, 12 // across : 28 // across].mean() > 0.8
        # Colour is interpolated over a few pixels.
        changed[8 // down : 24 // down, 12 // across : 28 // across] = False
        assert not changed.any()
    # And it shows what the patch does.
    again = ToneMapper(reader.info.color).sdr(edited) if transfer != BT709 else edited
    color = ColorInfo() if transfer != BT709 else reader.info.color
    seen = ColorConverter(color).to_rgb(again, width, height)[11:19, 14:26].astype(int)
    assert np.abs(seen - patch[2:10, 2:14]).mean() < 12


def test_a_picture_for_the_encoder_carries_nothing_of_the_decoder(clip):
    frame = next(VideoReader(clip).frames())
    coded = frame.picture.coded(ColorConverter(ColorInfo(space=BT601)))
    # The encoder would make the same kinds of frames, and writing to it would change the decoder's.
    assert coded.pict_type == 0
    assert (coded.colorspace, coded.color_range) == (BT601, LIMITED)


@pytest.mark.parametrize(
    "color", [ColorInfo(FULL, BT601), ColorInfo(LIMITED, BT709)], ids=["range", "matrix"]
)
def test_another_coding_leads_through_rgb(clip, color):
    frame = next(VideoReader(clip).frames())
    assert frame.picture.coded(ColorConverter(color)) is None


@pytest.mark.parametrize(("pix_fmt", "turn"), [("yuv444p", 0), ("yuv420p10le", 0), ("yuv420p", 90)])
def test_what_cannot_stay_as_it_is_leads_through_rgb(blots, pix_fmt, turn):
    picture = decoded(blots, pix_fmt, Orientation.from_degrees(turn))
    assert picture.coded(ColorConverter(ColorInfo())) is None
    assert RgbPicture(blots).coded(ColorConverter(ColorInfo())) is None


def test_untouched_pictures_are_written_without_a_loss(tmp_path, clip):
    reader = VideoReader(clip)
    target = tmp_path / "out.mp4"
    info = reader.info
    with VideoWriter(
        target,
        width=info.width,
        height=info.height,
        frame_rate=info.frame_rate,
        time_base=info.time_base,
        color=info.color,
        crf=0,  # lossless
    ) as writer:
        for frame in reader.frames():
            writer.write(frame.picture, frame.time)
    for frame, again in zip(reader.frames(), VideoReader(target).frames(), strict=True):
        converter = ColorConverter(info.color)
        for own, written in zip(
            planes(frame.picture.coded(converter)),
            planes(again.picture.coded(converter)),
            strict=True,
        ):
            np.testing.assert_array_equal(own, written)
