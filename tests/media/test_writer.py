import errno
import os
import threading
from fractions import Fraction

import av
import numpy as np
import pytest

from synclips.errors import InputError, OutputError
from synclips.media.audio import probe_sound, read_mono
from synclips.media.color import BT601, BT709, FULL, LIMITED, ColorConverter, ColorInfo
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter

NTSC = Fraction(30000, 1001)


def write(path, images, times=None, **options):
    height, width = images[0].shape[:2]
    options.setdefault("frame_rate", Fraction(25))
    options.setdefault("time_base", Fraction(1, 90000))
    if times is None:
        times = [n / options["frame_rate"] for n in range(len(images))]
    with VideoWriter(path, width=width, height=height, **options) as writer:
        for image, time in zip(images, times, strict=True):
            writer.write(image, time)
    return path


@pytest.fixture
def images(gradient):
    return [gradient(64, 48, step) for step in range(30)]


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
@pytest.mark.parametrize(
    ("rate", "time_base"),
    [
        (NTSC, Fraction(1, 30000)),
        (NTSC, Fraction(1001, 30000)),
        (NTSC, Fraction(1, 90000)),
        (Fraction(24000, 1001), Fraction(1, 24000)),
        (Fraction(25), Fraction(1, 12800)),
        (Fraction(60), Fraction(1, 60)),
    ],
)
def test_times_come_back_exactly(tmp_path, images, suffix, rate, time_base):
    path = write(tmp_path / f"a.{suffix}", images, frame_rate=rate, time_base=time_base)
    reader = VideoReader(path)
    assert [frame.time for frame in reader.frames()] == [n / rate for n in range(30)]
    assert abs(reader.info.frame_rate - rate) < Fraction(1, 100)
    assert abs(reader.info.duration - 30 / rate) < Fraction(1, 1000)
    assert reader.info.start == 0


def test_variable_times_come_back_exactly(tmp_path, images):
    times = [Fraction(t, 1000) for t in (0, 33, 40, 140, 141, 900)]
    path = write(tmp_path / "a.mp4", images[:6], times, time_base=Fraction(1, 1000))
    assert [frame.time for frame in VideoReader(path).frames()] == times


def test_matroska_rounds_to_milliseconds(tmp_path, images):
    path = write(tmp_path / "a.mkv", images, frame_rate=NTSC)
    times = [frame.time for frame in VideoReader(path).frames()]
    assert times[0] == 0 and len(times) == 30
    assert max(abs(time - n / NTSC) for n, time in enumerate(times)) <= Fraction(1, 2000)


@pytest.mark.parametrize("space", [BT709, BT601])
@pytest.mark.parametrize("range_", [LIMITED, FULL])
def test_untouched_frames_come_back_as_they_were(tmp_path, gradient, space, range_):
    color = ColorInfo(range_, space, BT709, BT709)
    images = [gradient(256, 192, step) for step in range(5)]
    first = write(tmp_path / "a.mp4", images, color=color, crf=4)
    reader = VideoReader(first)
    assert reader.info.color == color
    once = list(reader.frames())
    second = write(
        tmp_path / "b.mp4",
        [frame.image for frame in once],
        [frame.time for frame in once],
        color=reader.info.color,
        time_base=reader.info.time_base,
        crf=4,
    )
    assert VideoReader(second).info.color == color
    for image, frame in zip(images, VideoReader(second).frames(), strict=True):
        difference = frame.image - image.astype(int)
        assert np.abs(difference).mean() < 2
        assert np.abs(difference.mean(axis=(0, 1))).max() < 1


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    ("rate", "channels", "written"),
    [
        (44100, 2, 44100),
        (48000, 1, 48000),
        (8000, 1, 8000),
        (48000, 6, 48000),
        (48000, 8, 48000),
        (37800, 1, 44100),
        (192000, 2, 96000),
    ],
)
def test_sound_keeps_rate_channels_and_place(
    tmp_path, images, click, onset, suffix, rate, channels, written
):
    sound = click(tmp_path / "a.wav", rate, channels, at=0.5, length=2)
    path = write(tmp_path / f"a.{suffix}", images, sound=sound)
    info = probe_sound(path)
    assert (info.rate, info.channels) == (written, channels)
    samples = read_mono(path, 16000)
    assert abs(onset(samples, 16000) - 0.5) < 0.002
    # The picture lasts 1.2 s and the sound is cut there; AAC comes in packets of 1024 samples.
    assert -0.001 < len(samples) / 16000 - 1.2 < 1025 / rate + 0.001
    with av.open(str(path)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        assert [stream.start_time for stream in container.streams] == [0, 0]
    assert [frame.time for frame in VideoReader(path).frames()][:2] == [0, Fraction(1, 25)]


def test_speakers_at_the_side_keep_their_places(tmp_path, images, rng):
    sound = tmp_path / "a.mkv"
    with av.open(str(sound), "w") as container:
        stream = container.add_stream("ac3", rate=48000, layout="5.1(side)")
        noise = 0.1 * rng.normal(size=(1, 6 * 48000)).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(noise, "flt", "5.1(side)")
        frame.sample_rate, frame.pts = 48000, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert probe_sound(sound).layout == "5.1(side)"
    assert probe_sound(write(tmp_path / "a.mp4", images, sound=sound)).layout == "5.1"


@pytest.mark.parametrize("rate", [48000, 192000])
@pytest.mark.parametrize(("start", "at"), [(0.3, 0.2), (-0.3, 0.8)])
def test_sound_may_begin_before_or_after_the_picture(
    tmp_path, images, click, onset, rate, start, at
):
    sound = click(tmp_path / "a.wav", rate, 2, at=0.5, length=2)
    path = write(tmp_path / "a.mp4", images, sound=sound, sound_start=Fraction(str(start)))
    samples = read_mono(path, 16000)
    assert abs(onset(samples, 16000) - at) < 0.002
    assert abs(len(samples) / 16000 - 1.2) < 1025 / 48000 + 0.001
    with av.open(str(path)) as container:
        assert [stream.start_time for stream in container.streams] == [0, 0]


def length_of(path):
    """Seconds that players show pictures for."""
    data = path.read_bytes()
    if path.suffix != ".mkv":  # FFmpeg adds up the distances of decoding times
        edits = data.index(b"elst") + 12
        return int.from_bytes(data[edits : edits + 4]) / 1000
    with av.open(str(path)) as container:
        return container.duration / av.time_base


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
@pytest.mark.parametrize(
    ("rate", "length", "end"),
    [
        (2, Fraction(31, 10), 3.1),
        (2, Fraction(4), 4.0),  # shown for long
        (25, Fraction(4), 4.0),
        (2, Fraction(2), 2.901),  # but a tick at least
        (2, None, 3.4),
        (25, Fraction(291, 100), 2.94),  # a constant rate stays one
    ],
)
def test_the_last_frame_ends_with_the_sound(tmp_path, images, click, suffix, rate, length, end):
    times = [Fraction(t, 1000) for t in (0, 33, 40, 140, 141, 900, 1500, 2900)]
    options = {"frame_rate": Fraction(rate), "time_base": Fraction(1, 1000), "length": length}
    with VideoWriter(tmp_path / f"a.{suffix}", width=64, height=48, **options) as writer:
        for image, time in zip(images, times, strict=False):
            writer.write(image, time)
    assert float(writer.duration) == length_of(tmp_path / f"a.{suffix}") == end
    sound = click(tmp_path / "a.wav", length=5)
    heard = write(tmp_path / f"b.{suffix}", images[:8], times, sound=sound, **options)
    assert abs(len(read_mono(heard, 48000)) / 48000 - end) < 1025 / 48000


@pytest.mark.parametrize("codec", ["h264", "hevc", "prores"])
@pytest.mark.parametrize(("length", "end"), [(Fraction(4), 4.0), (Fraction(31, 10), 3.1)])
def test_the_last_frame_ends_with_the_sound_in_every_codec(tmp_path, images, codec, length, end):
    times = [Fraction(t, 1000) for t in (0, 33, 40, 140, 141, 900, 1500, 2900)]
    options = {"frame_rate": Fraction(2), "time_base": Fraction(1, 1000)}
    path = write(tmp_path / "a.mov", images[:8], times, codec=codec, length=length, **options)
    assert length_of(path) == end


def test_short_sound_ends_before_the_picture(tmp_path, images, click):
    path = write(tmp_path / "a.mp4", images, sound=click(tmp_path / "a.wav", length=0.7))
    assert abs(len(read_mono(path, 48000)) / 48000 - 0.7) < 1025 / 48000
    assert len(list(VideoReader(path).frames())) == 30


def test_sound_may_come_from_a_video_or_be_the_video_itself(tmp_path, images, click, onset):
    first = write(tmp_path / "a.mp4", images, sound=click(tmp_path / "a.wav"))
    second = write(tmp_path / "b.mp4", images, sound=first)
    assert abs(onset(read_mono(second, 16000), 16000) - 0.5) < 0.002


def test_sound_and_picture_are_interleaved(tmp_path, rng, click):
    noise = [rng.integers(0, 255, (48, 64, 3), dtype=np.uint8) for _ in range(100)]
    path = write(tmp_path / "a.mp4", noise, sound=click(tmp_path / "a.wav", length=4))
    with av.open(str(path)) as container:
        packets = (p for p in container.demux() if p.dts is not None)
        places = sorted((p.pos, p.stream.type, p.dts * p.time_base) for p in packets)
    latest = {"video": Fraction(0), "audio": Fraction(0)}
    for _, kind, time in places:
        latest[kind] = max(latest[kind], time)
        assert abs(latest["video"] - latest["audio"]) < 1.5


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
def test_index_comes_before_the_data(tmp_path, images, suffix):
    data = write(tmp_path / f"a.{suffix}", images).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_odd_sizes_are_padded_by_repetition(tmp_path, gradient):
    image = gradient(61, 47)
    path = write(tmp_path / "a.mp4", [image] * 3, crf=4)
    read = next(VideoReader(path).frames()).image
    assert read.shape == (48, 62, 3)
    assert np.abs(read[:47, :61] - image.astype(int)).mean() < 2
    assert np.abs(read[47, :61] - image[46].astype(int)).mean() < 4
    assert np.abs(read[:47, 61] - image[:, 60].astype(int)).mean() < 4


def test_pixel_shape_and_tags_are_kept(tmp_path, images):
    path = write(
        tmp_path / "a.mp4",
        images[:3],
        sample_aspect_ratio=Fraction(16, 11),
        metadata={"title": "Ümläut", "comment": "made by a test"},
    )
    assert VideoReader(path).info.sample_aspect_ratio == Fraction(16, 11)
    with av.open(str(path)) as container:
        assert container.metadata["title"] == "Ümläut"
        assert container.metadata["comment"] == "made by a test"


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv"])
def test_a_timecode_is_kept(tmp_path, images, suffix):
    path = write(tmp_path / f"a.{suffix}", images, timecode="01:00:00:12")
    assert VideoReader(path).info.timecode == (None if suffix == "mkv" else "01:00:00:12")
    assert VideoReader(write(tmp_path / f"b.{suffix}", images)).info.timecode is None


def test_the_callers_array_may_be_reused(tmp_path, images):
    buffer = np.empty_like(images[0])
    with VideoWriter(
        tmp_path / "a.mp4",
        width=64,
        height=48,
        frame_rate=Fraction(25),
        time_base=Fraction(1, 25),
        crf=4,
    ) as writer:
        for n, image in enumerate(images):
            buffer[:] = image
            writer.write(buffer, Fraction(n, 25))
            buffer[:] = 0
    for image, frame in zip(images, VideoReader(tmp_path / "a.mp4").frames(), strict=True):
        assert np.abs(frame.image - image.astype(int)).mean() < 3


def test_an_older_file_is_replaced_only_by_a_complete_one(tmp_path, images):
    path = tmp_path / "a.mp4"
    path.write_text("old")
    with pytest.raises(RuntimeError, match="stop"):
        start_and_raise(path, images, RuntimeError("stop"))
    assert path.read_text() == "old"
    write(path, images)
    assert len(list(VideoReader(path).frames())) == 30


def start_and_raise(path, images, error):
    with VideoWriter(
        path, width=64, height=48, frame_rate=Fraction(25), time_base=Fraction(1, 25)
    ) as writer:
        for n, image in enumerate(images):
            writer.write(image, Fraction(n, 25))
        raise error


@pytest.mark.parametrize("error", [RuntimeError("stop"), KeyboardInterrupt(), GeneratorExit()])
def test_nothing_is_left_after_an_exception(tmp_path, images, error):
    threads = threading.active_count()
    with pytest.raises(type(error)):
        start_and_raise(tmp_path / "a.mp4", images, error)
    assert list(tmp_path.iterdir()) == []
    assert threading.active_count() == threads


def test_only_a_hidden_file_exists_while_writing(tmp_path, images):
    with VideoWriter(
        tmp_path / "a.mp4", width=64, height=48, frame_rate=Fraction(25), time_base=Fraction(1, 25)
    ) as writer:
        writer.write(images[0], Fraction(0))
        (name,) = (path.name for path in tmp_path.iterdir())
        assert name.startswith(".a.") and name.endswith(".mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["a.mp4"]


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path, images, monkeypatch):
    from synclips.media import writer as module

    class Full(ColorConverter):
        def from_rgb(self, rgb):
            raise av.error.OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "encoding", Full)
    with pytest.raises(OutputError, match=r"a\.mp4 .*disk is full"):
        write(tmp_path / "a.mp4", images)
    assert list(tmp_path.iterdir()) == []


def test_a_sound_in_a_folder_that_will_be_removed_is_closed_before(
    tmp_path, images, click, monkeypatch
):
    from synclips.media import soundtrack
    from synclips.media import writer as module

    read, closed, room = soundtrack.sound_blocks, [], iter(range(5))

    def blocks(*place):
        try:
            yield from read(*place)
        finally:
            closed.append(True)

    class Full(ColorConverter):
        def from_rgb(self, rgb):
            if next(room, None) is None:
                raise av.error.OSError(errno.ENOSPC, "No space left on device")
            return super().from_rgb(rgb)

    monkeypatch.setattr(soundtrack, "sound_blocks", blocks)
    monkeypatch.setattr(module, "encoding", Full)
    with pytest.raises(OutputError, match="disk is full") as told:
        write(tmp_path / "a.mp4", images, sound=click(tmp_path / "a.wav", length=9))
    assert closed and told.value.__cause__, "whose traceback would keep it open"


def test_what_the_encoder_cannot_do_is_told_and_leaves_nothing(tmp_path, images, monkeypatch):
    from synclips.media import writer as module

    with pytest.raises(OutputError, match=r"a\.mp4 cannot be written: of 16386x64 pixels enc"):
        VideoWriter(
            tmp_path / "a.mp4",
            width=16386,
            height=64,
            frame_rate=Fraction(25),
            time_base=Fraction(1, 25),
        )

    def fail(*_, **__):
        raise av.error.ExternalError(-542398533, "Generic error in an external library")

    with monkeypatch.context() as patched:
        patched.setattr(ColorConverter, "from_rgb", fail)
        with pytest.raises(OutputError, match=r"a\.mp4 could not be written \(Generic error"):
            write(tmp_path / "a.mp4", images)
    with monkeypatch.context() as patched:
        patched.setattr(module.VideoWriter, "_open", fail)
        with pytest.raises(OutputError, match=r"a\.mp4 could not be written \(Generic error"):
            write(tmp_path / "a.mp4", images)
    assert list(tmp_path.iterdir()) == []


def test_a_name_may_be_as_long_as_file_systems_take(tmp_path, images):
    path = write(tmp_path / ("ü" * 125 + ".mp4"), images)
    assert len(os.fsencode(path.name)) == 254
    assert list(tmp_path.iterdir()) == [path]


def test_no_frames_is_an_error(tmp_path, click):
    sound = click(tmp_path / "a.wav")
    with (
        pytest.raises(OutputError, match="no frame"),
        VideoWriter(
            tmp_path / "a.mp4",
            width=64,
            height=48,
            frame_rate=Fraction(25),
            time_base=Fraction(1, 25),
            sound=sound,
        ),
    ):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_bad_sound_is_found_before_any_frame(tmp_path, images, raw_video):
    silent = raw_video(tmp_path / "film.mp4", [Fraction(0)])
    with pytest.raises(InputError, match="no sound track"):
        write(tmp_path / "a.mp4", images, sound=silent)
    assert [path.name for path in tmp_path.iterdir()] == ["film.mp4"]


def test_wrong_size_and_time_running_back_are_bugs_of_the_caller(tmp_path, images):
    with pytest.raises(ValueError, match="48, 64"):
        write(tmp_path / "a.mp4", [images[0], images[1][:40]])
    with pytest.raises(ValueError, match="increase"):
        write(tmp_path / "a.mp4", images[:2], [Fraction(1), Fraction(1)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("codec", "suffix", "bits", "pixels", "tag"),
    [
        ("h264", ".mp4", 10, "yuv420p", "avc1"),
        ("hevc", ".mp4", 8, "yuv420p", "hvc1"),
        ("hevc", ".mov", 10, "yuv420p10le", "hvc1"),
        ("hevc", ".mkv", 10, "yuv420p10le", None),
        ("prores", ".mov", 8, "yuv422p10le", "apch"),
        ("prores", ".mkv", 10, "yuv422p10le", None),
    ],
)
def test_every_codec_writes_what_comes_back(
    tmp_path, images, capfd, codec, suffix, bits, pixels, tag
):
    color = ColorInfo(LIMITED, 9, 9, 18)
    path = write(
        tmp_path / f"a{suffix}", images[:5], codec=codec, bits=bits, color=color, synthetic_by="us"
    )
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(video=0))
        assert stream.codec_context.name == codec and len(frames) == 5
        assert tag in (stream.codec_context.codec_tag, None)
    assert frames[0].format.name == pixels
    assert (frames[0].color_trc, frames[0].color_primaries, frames[0].colorspace) == (18, 9, 9)
    assert frames[0].color_range == LIMITED
    # HDR both ways, or it would be far too bright or dark.
    seen = [frame.image for frame in VideoReader(path).frames()]
    assert np.abs(np.array(seen).astype(int) - np.array(images[:5])).mean() < 3
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("codec", ["hevc", "prores"])
def test_odd_sizes_are_padded_for_every_codec(tmp_path, gradient, codec):
    picture = gradient(63, 47, 0)
    path = write(tmp_path / "a.mov", [picture] * 2, codec=codec, bits=10)
    frame = next(VideoReader(path).frames())
    assert frame.image.shape == (48, 64, 3)
    assert np.abs(frame.image[:47, :63].astype(int) - picture).mean() < 2


def test_prores_is_never_smaller_for_a_rate_factor(tmp_path, images):
    sizes = [
        write(tmp_path / f"{crf}.mov", images[:3], codec="prores", crf=crf).stat().st_size
        for crf in (0, 51)
    ]
    assert sizes[0] == sizes[1]


@pytest.mark.parametrize("rotate", [None, (90, False)])
@pytest.mark.parametrize("pixels", ["yuvj420p", "yuv420p10le", "yuv422p10le", "yuv444p"])
@pytest.mark.parametrize(
    ("source", "told"),
    [
        (ColorInfo(FULL, 1, 1, 1), ColorInfo(LIMITED, 1, 1, 1)),
        (ColorInfo(FULL, 9, 9, 18), ColorInfo(LIMITED, 9, 9, 18)),
        (ColorInfo(FULL, 5, 5, 6), ColorInfo(LIMITED, 6, 5, 1)),  # as many telephones have it
    ],
)
def test_colours_are_the_same_where_files_tell_only_common_codings(
    tmp_path, raw_video, pixels, rotate, source, told
):
    video = raw_video(
        tmp_path / "in.mp4",
        [Fraction(n, 25) for n in range(3)],
        pix_fmt=pixels,
        rotate=rotate,
        color_range=source.range,
        colorspace=source.space,
        color_primaries=source.primaries,
        color_trc=source.transfer,
    )
    reader = VideoReader(video, keeps_depth=True)
    info = reader.info
    assert info.color == source
    with VideoWriter(
        tmp_path / "out.mov",
        width=info.width,
        height=info.height,
        frame_rate=info.frame_rate,
        time_base=info.time_base,
        color=info.color,
        codec="prores",
        bits=info.bits,
    ) as writer:
        for frame in reader.frames():
            assert frame.picture.coded(ColorConverter(told, "yuv422p10le")) is not None
            writer.write(frame.picture, frame.time)
    result = VideoReader(tmp_path / "out.mov", keeps_depth=True)
    assert result.info.color == told
    for old, new in zip(reader.frames(), result.frames(), strict=True):
        difference = new.image.astype(int) - old.image
        assert abs(difference.mean()) < 1 and np.abs(difference).mean() < 2
