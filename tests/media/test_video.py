import logging
import os
import shutil
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition

from synclips.errors import InputError
from synclips.media import still, video
from synclips.media.audio import probe_sound
from synclips.media.color import ColorInfo
from synclips.media.orientation import Orientation
from synclips.media.video import VideoReader

NTSC = [Fraction(1001 * n, 30000) for n in range(12)]


def assert_same_backward(reader):
    frames = list(reader.frames())
    backward = list(reader.frames_backward([frame.time for frame in frames]))
    assert [frame.index for frame in backward] == list(range(len(frames)))[::-1]
    for frame in backward:
        assert frame.time == frames[frame.index].time
        assert np.array_equal(frame.image, frames[frame.index].image)


def test_times_are_exact_at_ntsc_rate(tmp_path, raw_video):
    path = raw_video(tmp_path / "a.mp4", NTSC, rate=Fraction(30000, 1001))
    reader = VideoReader(path)
    frames = list(reader.frames())
    assert [frame.time for frame in frames] == NTSC
    assert [frame.index for frame in frames] == list(range(12))
    assert reader.info.frame_rate == Fraction(30000, 1001)
    assert reader.info.duration == Fraction(12 * 1001, 30000)
    assert reader.info.frame_count == 12
    assert not reader.info.is_image


def test_variable_frame_times_are_kept(tmp_path, raw_video):
    times = [Fraction(t, 1000) for t in (0, 33, 40, 140, 141, 900)]
    path = raw_video(tmp_path / "a.mp4", times)
    assert [frame.time for frame in VideoReader(path).frames()] == times


def test_frames_show_what_was_written(tmp_path, raw_video, gradient):
    path = raw_video(tmp_path / "a.mp4", NTSC[:4])
    for index, frame in enumerate(VideoReader(path).frames()):
        expected = gradient(64, 48, index).astype(int)
        assert frame.image.shape == (48, 64, 3) and frame.image.dtype == np.uint8
        assert np.abs(frame.image - expected).mean() < 3
    assert index == 3


def test_frames_starts_anew_each_time(tmp_path, raw_video):
    reader = VideoReader(raw_video(tmp_path / "a.mp4", NTSC))
    half_read = reader.frames()
    next(half_read), next(half_read)
    assert next(reader.frames()).index == 0
    assert next(half_read).index == 2


def test_repeated_timestamps_become_increasing(tmp_path, raw_video, hold):
    # Matroska counts milliseconds; at 2000 frames a second each appears twice.
    times = [Fraction(n, 2000) for n in range(10)]
    path = raw_video(tmp_path / "a.mkv", times, codec="ffv1", options={})
    with av.open(str(path)) as container:
        stamps = [frame.pts for frame in container.decode(video=0)]
    assert len(set(stamps)) < 10, "the file was meant to have repeated timestamps"
    reader = VideoReader(path)
    read = [frame.time for frame in reader.frames()]
    assert len(read) == 10 and read[0] == 0
    assert all(later > earlier for earlier, later in zip(read, read[1:], strict=False))
    hold(reader, 3)
    assert_same_backward(reader)


def test_a_restarted_clock_goes_on(tmp_path, raw_video, hold):
    part = raw_video(tmp_path / "a.ts", [Fraction(n, 25) for n in range(50)])
    path = tmp_path / "twice.ts"
    path.write_bytes(part.read_bytes() * 2)
    reader = VideoReader(path)
    read = [frame.time for frame in reader.frames()]
    assert read == [Fraction(n, 25) for n in range(len(read))]
    assert len(read) > 95  # the seam may cost a frame or two
    hold(reader, 10)
    assert_same_backward(reader)


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("options", [{"g": "7"}, {"g": "7", "x264-params": "open-gop=1"}, {}])
def test_backward_is_forward_reversed(tmp_path, raw_video, hold, suffix, options):
    times = [Fraction(n, 25) for n in range(40)]
    path = raw_video(tmp_path / f"a.{suffix}", times, options=options, time_base=Fraction(1, 25))
    reader = VideoReader(path)
    hold(reader, 6)
    assert_same_backward(reader)


def test_backward_seeks_instead_of_decoding_everything(tmp_path, raw_video, monkeypatch, hold):
    path = raw_video(tmp_path / "a.mp4", [Fraction(n, 25) for n in range(60)], options={"g": "10"})
    reader = VideoReader(path)
    times = [frame.time for frame in reader.frames()]
    decoded = 0

    def count(*args):
        nonlocal decoded
        for frame in decode(*args):
            decoded += 1
            yield frame

    decode = video.decode
    monkeypatch.setattr(video, "decode", count)
    hold(reader, 10)
    assert len(list(reader.frames_backward(times))) == 60
    assert decoded <= 120


@pytest.mark.parametrize(
    ("counterclockwise", "degrees", "corner"),
    [(0, 0, (0, 0)), (270, 90, (0, 1)), (180, 180, (1, 1)), (90, 270, (1, 0))],
)
def test_rotation_is_undone(tmp_path, raw_video, counterclockwise, degrees, corner):
    def marked(width, height, _):
        image = np.zeros((height, width, 3), np.uint8)
        image[:16, :16] = 255  # stored at the upper left
        return image

    path = raw_video(
        tmp_path / "a.mp4",
        NTSC[:2],
        rotate=(counterclockwise, False),
        images=marked,
        sample_aspect_ratio=Fraction(4, 3),
    )
    reader = VideoReader(path)
    turned = degrees in (90, 270)
    assert (reader.info.width, reader.info.height) == ((48, 64) if turned else (64, 48))
    assert reader.info.sample_aspect_ratio == (Fraction(3, 4) if turned else Fraction(4, 3))
    image = next(reader.frames()).image
    assert image.shape == (reader.info.height, reader.info.width, 3)
    ends = (slice(12), slice(-12, None))
    assert image[ends[corner[0]], ends[corner[1]]].mean() > 240
    assert image.astype(int).sum() < 1.2 * 16 * 16 * 3 * 255  # and dark elsewhere


def test_mirroring_is_undone(tmp_path, raw_video, gradient):
    plain = VideoReader(raw_video(tmp_path / "a.mp4", NTSC[:1]))
    mirrored = VideoReader(raw_video(tmp_path / "b.mp4", NTSC[:1], rotate=(0, True)))
    expected = next(plain.frames()).image[:, ::-1]
    # Colour is coded between the pixels, half a pixel to one side of where it is mirrored.
    assert np.abs(next(mirrored.frames()).image - expected.astype(int)).max() <= 2


def test_odd_sizes_are_read(tmp_path, raw_video, gradient):
    path = raw_video(
        tmp_path / "a.mkv", NTSC[:2], size=(61, 47), codec="ffv1", options={}, pix_fmt="yuv420p"
    )
    reader = VideoReader(path)
    assert (reader.info.width, reader.info.height) == (61, 47)
    image = next(reader.frames()).image
    assert np.abs(image - gradient(61, 47, 0).astype(int)).mean() < 3


def test_ten_bits_become_eight(tmp_path, raw_video, gradient):
    path = raw_video(tmp_path / "a.mkv", NTSC[:1], codec="ffv1", options={}, pix_fmt="yuv420p10le")
    image = next(VideoReader(path).frames()).image
    assert image.dtype == np.uint8
    assert np.abs(image - gradient(64, 48, 0).astype(int)).mean() < 3


def delayed(path, picture, sound, delays):
    """A file of two, each so many seconds late."""
    with av.open(str(picture)) as a, av.open(str(sound)) as b, av.open(str(path), "w") as out:
        streams = [out.add_stream_from_template(c.streams[0]) for c in (a, b)]
        for container, stream, delay in zip((a, b), streams, delays, strict=True):
            for packet in container.demux():
                if packet.dts is None:
                    continue
                packet.pts += round(delay / packet.time_base)
                packet.dts += round(delay / packet.time_base)
                packet.stream = stream
                out.mux(packet)
    return path


def test_start_is_the_pictures_delay_behind_the_sound(tmp_path, raw_video, click):
    picture, sound = raw_video(tmp_path / "a.mp4", NTSC), click(tmp_path / "a.wav")
    reader = VideoReader(delayed(tmp_path / "late.mkv", picture, sound, (0.5, 0)))
    assert reader.info.start == Fraction(1, 2)
    assert next(reader.frames()).time == 0


@pytest.mark.parametrize("late", [0, 60])
def test_a_clock_that_begins_late_makes_nothing_longer(tmp_path, raw_video, click, late):
    """As of a recording of something that was going on."""
    picture = raw_video(tmp_path / "a.mp4", [Fraction(n, 25) for n in range(50)])
    sound = click(tmp_path / "a.wav", length=2.5)
    path = delayed(tmp_path / "late.mkv", picture, sound, (late + 0.5, late))
    assert VideoReader(path).info.duration == pytest.approx(2, abs=0.06)
    assert probe_sound(path).duration == pytest.approx(2.5, abs=0.06)


def write_picture(path, codec, pix_fmt, image):
    with av.open(str(path), "w", format="image2", container_options={"update": "1"}) as container:
        stream = container.add_stream(codec, rate=1)
        stream.height, stream.width = image.shape[:2]
        stream.pix_fmt = pix_fmt
        kind = "rgba" if image.shape[2] == 4 else "rgb24"
        full = 2 if codec == "mjpeg" else None
        frame = av.VideoFrame.from_ndarray(image, kind)
        frame = frame.reformat(format=pix_fmt, dst_color_range=full)
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("name", "codec", "pix_fmt"),
    [
        ("a.png", "png", "rgb24"),
        ("a.jpg", "mjpeg", "yuvj420p"),
        ("a.webp", "libwebp", "yuv420p"),
        ("odd %d: name.jpg", "mjpeg", "yuvj420p"),
    ],
)
def test_a_picture_is_a_video_of_one_frame(tmp_path, gradient, hold, name, codec, pix_fmt):
    image = gradient(64, 48)
    write_picture(tmp_path / "p", codec, pix_fmt, image).rename(tmp_path / name)
    reader = VideoReader(tmp_path / name)
    assert reader.info.is_image and reader.info.frame_count == 1
    assert reader.info.color == ColorInfo()  # what is made from it should be ordinary video
    (frame,) = reader.frames()
    assert frame.time == 0 and frame.index == 0
    assert np.abs(frame.image - image.astype(int)).mean() < 4
    hold(reader, 1)
    assert_same_backward(reader)


@pytest.mark.parametrize(("frames", "is_image"), [(1, True), (3, False)])
def test_a_gif_of_one_frame_is_a_picture(tmp_path, gradient, frames, is_image):
    with av.open(str(tmp_path / "a.gif"), "w") as container:
        stream = container.add_stream("gif", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "rgb8"
        for shift in range(frames):
            image = np.roll(gradient(64, 48), 8 * shift, axis=1)
            frame = av.VideoFrame.from_ndarray(image, "rgb24").reformat(format="rgb8")
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    info = VideoReader(tmp_path / "a.gif").info
    assert info.is_image == is_image
    assert info.frame_count == frames


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        (4000, 3000, (2880, 2160)),
        (2500, 5000, (1920, 3840)),
        (3000, 3000, (2160, 2160)),
        (3840, 2160, (3840, 2160)),
        (31, 4001, (30, 3840)),
    ],
)
def test_a_still_is_no_larger_than_what_can_be_played(tmp_path, gradient, width, height, size):
    image = gradient(width, height)
    reader = VideoReader(write_picture(tmp_path / "a.png", "png", "rgb24", image))
    assert (reader.info.width, reader.info.height) == size
    frame = next(reader.frames())
    assert frame.image.shape == (size[1], size[0], 3)
    assert frame.picture.draft().shape == frame.image.shape
    rows = (np.arange(size[1]) + 0.5) * height / size[1]
    columns = (np.arange(size[0]) + 0.5) * width / size[0]
    expected = image[np.ix_(rows.astype(int), columns.astype(int))]
    assert np.abs(frame.image - expected.astype(int)).mean() < 3


def test_what_is_transparent_is_white(tmp_path, gradient):
    colour = gradient(64, 48)
    alpha = np.full((48, 64), 255, np.uint8)
    alpha[:, :20], alpha[:, 20:40] = 0, 100
    path = write_picture(tmp_path / "a.png", "png", "rgba", np.dstack([colour, alpha]))
    frame = next(VideoReader(path).frames())
    assert np.array_equal(frame.image[:, 40:], colour[:, 40:])
    assert (frame.image[:, :20] == 255).all()
    half = colour[:, 20:40] * (100 / 255) + 155
    assert np.abs(frame.image[:, 20:40] - half).max() <= 0.51
    assert np.array_equal(frame.picture.draft(), frame.image)


def test_cover_art_is_no_video(tmp_path, gradient):
    path = tmp_path / "song.mp3"
    with av.open(str(path), "w") as container:
        sound = container.add_stream("libmp3lame", rate=44100, layout="mono")
        cover = container.add_stream("png", rate=1, pix_fmt="rgb24", width=64, height=48)
        cover.disposition = Disposition.attached_pic
        container.mux(cover.encode(av.VideoFrame.from_ndarray(gradient(64, 48), "rgb24")))
        container.mux(cover.encode(None))
        silence = av.AudioFrame.from_ndarray(np.zeros((1, 44100), np.float32), "flt", "mono")
        silence.sample_rate = 44100
        container.mux(sound.encode(silence))
        container.mux(sound.encode(None))
    with pytest.raises(InputError, match="no picture"):
        VideoReader(path)


@pytest.mark.parametrize(
    ("value", "corner"),
    [
        (1, (0, 0)),
        (2, (0, 1)),
        (3, (1, 1)),
        (4, (1, 0)),
        (5, (0, 0)),
        (6, (0, 1)),
        (7, (1, 1)),
        (8, (1, 0)),
    ],
)
def test_exif_orientation_is_honoured(tmp_path, value, corner):
    image = np.zeros((48, 64, 3), np.uint8)
    image[:16, :16] = 255
    path = write_picture(tmp_path / "a.jpg", "mjpeg", "yuvj420p", image)
    tag = struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, value, 0, 0)
    exif = b"Exif\0\0II*\0" + struct.pack("<I", 8) + tag
    plain = path.read_bytes()
    header = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    path.write_bytes(plain[:2] + header + plain[2:])
    assert Orientation.from_exif(exif[6:]) == Orientation.from_exif(exif)  # of a TIFF
    reader = VideoReader(path)
    upright = next(reader.frames()).image
    assert upright.shape == ((64, 48, 3) if value > 4 else (48, 64, 3))
    assert (reader.info.height, reader.info.width) == upright.shape[:2]
    ends = (slice(12), slice(-12, None))
    places = [(row, column) for row in (0, 1) for column in (0, 1)]
    assert [p for p in places if upright[ends[p[0]], ends[p[1]]].mean() > 128] == [corner]


def test_a_file_cut_off_gives_the_frames_before(tmp_path, raw_video, hold, rng, caplog):
    def noise(width, height, _):
        return rng.integers(0, 255, (height, width, 3), dtype=np.uint8)

    whole = raw_video(tmp_path / "a.mkv", NTSC, images=noise, options={"g": "1", "crf": "10"})
    path = tmp_path / "cut.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    reader, original = VideoReader(path), list(VideoReader(whole).frames())
    kept = list(reader.frames())
    assert 4 <= len(kept) <= 7
    for ours, theirs in zip(kept[:-1], original, strict=False):
        assert ours.time == theirs.time and np.array_equal(ours.image, theirs.image)
    hold(reader, 2)
    assert_same_backward(reader)


def damaged(path, raw_video, *which):
    """Twelve frames, some of them zeros."""
    times = [Fraction(n, 25) for n in range(12)]
    rate = Fraction(1, 25)
    raw_video(path, times, codec="png", options={}, pix_fmt="rgb24", time_base=rate)
    data = bytearray(path.read_bytes())
    starts = [at for at in range(len(data)) if data[at : at + 4] == b"\x89PNG"]
    assert len(starts) == 12
    for at in which:
        data[starts[at] : starts[at] + 60] = bytes(60)
    path.write_bytes(data)
    return path


def test_a_damaged_part_is_left_out_and_told(tmp_path, raw_video, caplog):
    path = damaged(tmp_path / "a.avi", raw_video, 5)
    with caplog.at_level(logging.WARNING):
        times = [frame.time for frame in VideoReader(path).frames()]
    # A decoder with several threads may lose a neighbour with the damaged frame.
    assert 10 <= len(times) <= 11
    assert set(times) >= {Fraction(n, 25) for n in (0, 1, 2, 3, 8, 9, 10, 11)}
    assert "a.avi" in caplog.text and "left out" in caplog.text


def test_many_damaged_parts_do_not_fill_a_log(tmp_path, raw_video, caplog):
    path = damaged(tmp_path / "a.avi", raw_video, 2, 5, 8)
    with caplog.at_level(logging.WARNING):
        assert len(list(VideoReader(path).frames())) < 12
    assert len(caplog.messages) == len(set(caplog.messages)) == 1


def test_an_animated_webp_is_named_as_what_it_is(tmp_path):
    path = tmp_path / "a.webp"
    head = b"RIFF\x2c\0\0\0WEBPVP8X\x0a\0\0\0\x02\0\0\0\x0f\0\0\x0f\0\0"
    path.write_bytes(head + b"ANIM\x06\0\0\0\0\0\0\0\0\0" + b"ANMF\0\0\0\0")
    with pytest.raises(InputError, match="is an animated WebP, which cannot be read; make it an"):
        VideoReader(path)


def make_bad(tmp_path, kind, raw_video, click):
    path = tmp_path / f"{kind}.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "text":
        path.write_text("This is no video.\n" * 100)
    elif kind == "notes":
        path = tmp_path / "notes.txt"
        path.write_text("This is no video either.\n" * 100)
    elif kind == "no index":
        whole = raw_video(tmp_path / "whole.mp4", NTSC)
        path.write_bytes(whole.read_bytes()[:-900])
    elif kind == "sound only":
        shutil.copy(click(tmp_path / "a.wav"), path)
    elif kind == "no frames":
        part = raw_video(tmp_path / "whole.mkv", NTSC).read_bytes()
        path.write_bytes(part[: part.index(b"\x1f\x43\xb6\x75")])  # up to the first cluster
    return path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "does not exist"),
        ("folder", "is a folder"),
        ("empty", "is empty"),
        ("text", "not a media file"),
        ("notes", "not a media file"),
        ("no index", "cut off or damaged"),
        ("sound only", "no picture"),
        ("no frames", "no frame"),
    ],
)
def test_unusable_files_are_named_with_the_reason(tmp_path, raw_video, click, kind, reason):
    path = make_bad(tmp_path, kind, raw_video, click)
    with pytest.raises(InputError, match=reason) as caught:
        VideoReader(path)
    assert str(path) in str(caught.value)
    assert str(caught.value).endswith(".") and "\n" not in str(caught.value)


def test_the_length_is_that_of_the_picture(tmp_path, raw_video, click):
    """Matroska says only how long the longest of its tracks is."""
    picture = raw_video(tmp_path / "a.mp4", [Fraction(i, 25) for i in range(10)])
    sound = click(tmp_path / "a.wav", length=3.0)
    paths = [tmp_path / "both.mkv", tmp_path / "both.mp4"]
    for path in paths:
        with (
            av.open(str(picture)) as pictures,
            av.open(str(sound)) as sounds,
            av.open(str(path), "w") as both,
        ):
            shown = both.add_stream_from_template(pictures.streams.video[0])
            heard = both.add_stream("aac", rate=48_000)
            for packet in pictures.demux(video=0):
                if packet.size:
                    packet.stream = shown
                    both.mux(packet)
            for frame in sounds.decode(audio=0):
                both.mux(heard.encode(frame))
            both.mux(heard.encode(None))
    assert VideoReader(paths[0]).info.duration > 2
    for path in paths:
        assert float(VideoReader(path).length()) == pytest.approx(0.4, abs=0.002)


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_the_length_has_a_last_picture_that_comes_late(tmp_path, raw_video, suffix):
    """As of a screen on which nothing moves at last; MP4 counts when frames are decoded."""
    times = [*(Fraction(i, 25) for i in range(20)), Fraction(2)]
    options = {"bf": "2", "b_strategy": "0", "crf": "10"}
    path = raw_video(tmp_path / f"a.{suffix}", times, options=options)
    assert VideoReader(path).length() >= 2


def test_a_thread_of_a_picture_keeps_its_pixels(tmp_path):
    write_picture(tmp_path / "thin.png", "png", "rgb24", np.full((2, 9000, 3), 90, np.uint8))
    reader = VideoReader(tmp_path / "thin.png")
    assert (reader.info.width, reader.info.height) == (3840, 2)
    assert next(reader.frames()).image.shape == (2, 3840, 3)


class Unnamed:
    """A frame with side data that PyAV has no name for, so that it tells of none."""

    def __init__(self, frame: av.VideoFrame) -> None:
        self.rotation = frame.rotation

    @property
    def side_data(self):
        raise ValueError


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_video_stands_upright_whatever_else_is_told_of_its_frames(tmp_path, raw_video, turn):
    path = raw_video(tmp_path / "a.mp4", [Fraction(0)], rotate=(turn, False))
    with av.open(str(path)) as container:
        first = next(container.decode(video=0))
    upright = still.orientation_of(first, path, False)
    assert still.orientation_of(Unnamed(first), path, False) == upright
    path.write_bytes(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0")
    assert still.orientation_of(Unnamed(first), path, False) == upright
    assert still.orientation_of(Unnamed(first), path, True) == Orientation.from_degrees(90)


def test_two_fields_and_a_timecode_are_told(tmp_path, raw_video):
    plain = VideoReader(raw_video(tmp_path / "a.mp4", [Fraction(0), Fraction(1, 25)])).info
    assert not plain.is_interlaced and plain.timecode is None
    fields = raw_video(
        tmp_path / "b.mov", [Fraction(0)], options={"x264-params": "tff=1:interlaced=1"}
    )
    info = VideoReader(fields).info
    assert info.is_interlaced
    assert plain.remarks == ()
    assert info.remarks == (
        f"{fields} is interlaced, the result is not: two fields make a picture.",
    )


def test_a_pipe_is_named_as_what_it_is(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InputError, match=r"pipe\.mp4 is a pipe or device, which is read only once"):
        VideoReader(tmp_path / "pipe.mp4")


def test_nothing_is_decoded_behind_the_last_frame_wanted(tmp_path, raw_video, monkeypatch):
    reader = VideoReader(raw_video(tmp_path / "a.mp4", NTSC, rate=Fraction(30000, 1001)))
    decoded = []
    whole = VideoReader._decoded

    def counted(self, container):
        for frame in whole(self, container):
            decoded.append(frame)
            yield frame

    monkeypatch.setattr(VideoReader, "_decoded", counted)
    assert [frame.index for frame in reader.frames(only={1, 3})] == [1, 3]
    assert len(decoded) == 4
    assert list(reader.frames(only=())) == []


@pytest.mark.parametrize("suffix", ["mp4", "mkv", "ts", "avi"])
@pytest.mark.parametrize("options", [{"g": "7"}, {"g": "7", "x264-params": "open-gop=1"}, {}])
def test_picked_frames_are_those_of_a_whole_pass(tmp_path, raw_video, suffix, options):
    times = [Fraction(n, 25) for n in range(40)]
    path = raw_video(tmp_path / f"a.{suffix}", times, options=options, time_base=Fraction(1, 25))
    reader = VideoReader(path)
    whole = list(reader.frames())
    only = {3, 4, 11, 26, 27, 39}
    picked = list(reader.picked([frame.time for frame in whole], only))
    assert [frame.index for frame in picked] == sorted(only)
    for frame in picked:
        assert frame.time == whole[frame.index].time
        np.testing.assert_array_equal(frame.image, whole[frame.index].image)


def test_what_no_picked_frame_needs_is_not_decoded(tmp_path, raw_video, monkeypatch):
    path = raw_video(tmp_path / "a.mp4", [Fraction(n, 25) for n in range(60)], options={"bf": "3"})
    reader = VideoReader(path)
    times = [frame.time for frame in reader.frames()]
    seen = []
    decode = video.decode

    def count(*args, **options):
        for frame in decode(*args, **options):
            seen.append(frame.pts)
            yield frame

    monkeypatch.setattr(video, "decode", count)
    assert [frame.index for frame in reader.picked(times, {0, 59})] == [0, 59]
    assert len(seen) < 45
    assert list(reader.picked(times, ())) == []


def test_an_address_is_told_from_a_name_that_is_wrong() -> None:
    with pytest.raises(InputError, match=r"talk.mp4 is an address; download it first"):
        VideoReader(Path("https://example.org/talk.mp4"))
