import stat
import wave
from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile
from av.audio.frame import AudioFrame

from synclips.errors import InputError, OutputError
from synclips.media.audio import probe_sound, read_mono, sound_blocks, write_sound


@pytest.mark.parametrize(
    ("rate", "channels"), [(44100, 2), (48000, 1), (8000, 1), (48000, 6), (48000, 8)]
)
def test_sound_is_described_and_read_at_any_rate(tmp_path, click, onset, rate, channels):
    path = click(tmp_path / "a.wav", rate, channels, at=0.5, length=1.25)
    info = probe_sound(path)
    assert (info.rate, info.channels) == (rate, channels)
    assert info.duration == Fraction(5, 4)
    samples = read_mono(path, 16000)
    assert samples.shape == (20000,) and samples.dtype == np.float32
    assert abs(onset(samples, 16000) - 0.5) < 0.001
    assert 0.7 < np.abs(samples).max() < 0.95
    assert np.abs(samples[:7500]).max() < 0.01


def test_equal_rate_returns_the_samples_themselves(tmp_path, rng):
    samples = rng.uniform(-0.9, 0.9, 5000).astype(np.float32)
    write_sound(tmp_path / "a.wav", samples, 16000)
    assert np.abs(read_mono(tmp_path / "a.wav", 16000) - samples).max() <= 1.01 / 32768


def test_resampling_keeps_a_tone_and_removes_what_would_alias(tmp_path):
    time = np.arange(48000) / 48000
    low, high = np.sin(2 * np.pi * 1000 * time), np.sin(2 * np.pi * 11000 * time)
    write_sound(tmp_path / "a.wav", (0.4 * low + 0.4 * high).astype(np.float32), 48000)
    samples = read_mono(tmp_path / "a.wav", 16000)[1000:-1000]
    expected = 0.4 * np.sin(2 * np.pi * 1000 * (np.arange(len(samples)) + 1000) / 16000)
    assert np.abs(samples - expected).max() < 0.005


def test_channels_are_averaged(tmp_path):
    stereo = np.stack([np.full(800, 0.5), np.full(800, -0.1)], axis=-1).astype(np.float32)
    write_sound(tmp_path / "a.wav", stereo, 8000)
    assert np.abs(read_mono(tmp_path / "a.wav", 8000) - 0.2).max() < 1e-3


def test_opposed_channels_do_not_silence_each_other(tmp_path, rng):
    one = (0.3 * rng.normal(size=8000)).clip(-0.9, 0.9).astype(np.float32)
    write_sound(tmp_path / "a.wav", np.stack([0.5 * one, -0.499 * one], axis=-1), 8000)
    assert np.abs(read_mono(tmp_path / "a.wav", 8000) - 0.5 * one).max() < 1e-3
    write_sound(tmp_path / "b.wav", np.stack([one, 0 * one], axis=-1), 8000)
    assert np.abs(read_mono(tmp_path / "b.wav", 8000) - 0.5 * one).max() < 1e-3


@pytest.mark.parametrize("name", ["a.wav", "a.m4a"])
def test_of_opposed_channels_that_differ_a_little_one_is_heard_all_along(tmp_path, rng, name):
    smooth = np.convolve(rng.normal(size=48000), np.hanning(40), "same")
    one = (0.5 * smooth / np.abs(smooth).max()).astype(np.float32)
    both = np.stack([one, -one]) + 1e-3 * rng.normal(size=(2, 48000)).astype(np.float32)
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream("aac" if name == "a.m4a" else "pcm_s16le", 48000)
        stream.layout = "stereo"
        for start in range(0, 48000, 1000):
            block = np.ascontiguousarray(both[:, start : start + 1000]).astype(np.float32)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.rate, frame.pts = 48000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    heard = read_mono(tmp_path / name, 48000)
    assert abs(np.corrcoef(one[4000:44000], heard[4000:44000])[0, 1]) > 0.98


def test_what_is_no_number_is_silence(tmp_path):
    samples = np.full(800, 0.25, np.float32)
    samples[100:200], samples[300:310] = np.nan, np.inf
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    read = read_mono(tmp_path / "a.wav", 8000)
    assert (read[100:200] == 0).all() and (read[300:310] == 0).all()
    assert (np.delete(read, [*range(100, 200), *range(300, 310)]) == 0.25).all()


def test_what_no_sound_is_as_loud_as_can_still_be_squared(tmp_path):
    samples = np.array([0.25, -2.0, 1e30, -1e38] * 200, np.float32)
    soundfile.write(tmp_path / "a.wav", samples, 8000, subtype="FLOAT")
    read = read_mono(tmp_path / "a.wav", 8000)
    assert np.array_equal(read[:4], np.array([0.25, -2, 1000, -1000], np.float32))


def test_sound_comes_in_blocks(tmp_path, click):
    blocks = list(sound_blocks(click(tmp_path / "a.wav", 48000, 2, length=2)))
    assert len(blocks) > 10
    assert all(block.shape[0] == 2 and block.dtype == np.float32 for block in blocks)
    assert sum(block.shape[1] for block in blocks) == 96000


def test_silence_before_a_sound_comes_in_blocks_too(tmp_path, click):
    blocks = list(sound_blocks(click(tmp_path / "a.wav", 8000, 2), Fraction(-1000)))
    assert max(block.shape[1] for block in blocks) <= 8000
    assert sum(block.shape[1] for block in blocks) == 1001 * 8000


def encode(path, codec, rate, parts):
    """Write constant parts (start in seconds, value, length in seconds)."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        for start, value, length in parts:
            samples = np.full((1, round(length * rate)), value * 32767, np.int16)
            frame = AudioFrame.from_ndarray(samples, "s16", "mono")
            frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
            frame.pts = round(start * rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def test_a_gap_is_kept_as_silence(tmp_path):
    parts = [(0, 0.5, 0.25), (0.75, -0.5, 0.25)]
    samples = read_mono(encode(tmp_path / "a.mkv", "pcm_s16le", 8000, parts), 8000)
    assert samples.shape == (8000,)
    assert np.abs(samples[:2000] - 0.5).max() < 0.01
    assert np.abs(samples[2000:6000]).max() == 0
    assert np.abs(samples[6000:] + 0.5).max() < 0.01


def test_millisecond_timestamps_do_not_tear_the_sound(tmp_path):
    parts = [(n * 441 / 44100, 0.5, 441 / 44100) for n in range(50)]
    samples = read_mono(encode(tmp_path / "a.mkv", "pcm_s16le", 44100, parts), 44100)
    assert samples.shape == (50 * 441,)
    assert np.abs(samples - 0.5).max() < 0.01


def join(path, picture, sound, delay):
    """Put a picture and a sound that begins `delay` seconds later (or earlier) in one file."""
    with av.open(str(picture)) as a, av.open(str(sound)) as b, av.open(str(path), "w") as out:
        streams = [out.add_stream_from_template(c.streams[0]) for c in (a, b)]
        for container, stream, shift in zip(
            (a, b), streams, (max(0, -delay), max(0, delay)), strict=True
        ):
            for packet in container.demux():
                if packet.dts is None:
                    continue
                packet.pts += round(shift / packet.time_base)
                packet.dts += round(shift / packet.time_base)
                packet.stream = stream
                out.mux(packet)
    return path


def test_sound_that_begins_after_the_picture_keeps_its_distance(tmp_path, raw_video, click, onset):
    picture = raw_video(tmp_path / "a.mp4", [Fraction(n, 25) for n in range(50)])
    path = join(tmp_path / "j.mkv", picture, click(tmp_path / "a.wav"), 0.75)
    samples = read_mono(path, 16000)
    assert abs(len(samples) - 1.75 * 16000) < 20
    assert abs(onset(samples, 16000) - 1.25) < 0.002


def test_start_aligns_sound_with_a_late_picture(tmp_path, raw_video, click, onset):
    picture = raw_video(tmp_path / "a.mp4", [Fraction(n, 25) for n in range(50)])
    path = join(tmp_path / "j.mkv", picture, click(tmp_path / "a.wav"), -0.25)
    assert abs(onset(read_mono(path, 16000), 16000) - 0.5) < 0.002
    shifted = read_mono(path, 16000, start=Fraction(1, 4))
    assert abs(len(shifted) - 0.75 * 16000) < 20
    assert abs(onset(shifted, 16000) - 0.25) < 0.002
    early = read_mono(path, 16000, start=Fraction(-1, 4))
    assert abs(onset(early, 16000) - 0.75) < 0.002


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "libmp3lame"), ("a.m4a", "aac"), ("a.webm", "libopus")]
)
def test_priming_of_lossy_codecs_does_not_shift_time(tmp_path, name, codec):
    rate = 48000
    samples = np.zeros((1, rate), np.float32)
    samples[0, 24000:24480] = 0.8 * np.sin(2 * np.pi * 1000 / rate * np.arange(480))
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        frame = AudioFrame.from_ndarray(samples, "flt", "mono")
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    read = read_mono(tmp_path / name, 16000)
    loud = np.flatnonzero(np.abs(read) > 0.3) / 16000
    assert abs(loud[0] - 0.5) < 0.002 and abs(loud[-1] - 0.51) < 0.002


def test_of_several_tracks_the_first_that_can_be_decoded_is_heard(tmp_path):
    path = tmp_path / "a.mov"
    with av.open(path, "w") as container:
        streams = [container.add_stream("aac", rate=48000, layout="mono") for _ in range(2)]
        for stream, pitch in zip(streams, (1000, 300), strict=True):
            tone = 0.5 * np.sin(2 * np.pi * pitch * np.arange(48000) / 48000)
            frame = AudioFrame.from_ndarray(
                tone[None].astype(np.float32), format="fltp", layout="mono"
            )
            frame.sample_rate = 48000
            container.mux([*stream.encode(frame), *stream.encode(None)])
    kinds = []
    whole = path.read_bytes()
    for first in (True, False):
        # As telephones write spatial sound: a codec that FFmpeg does not know.
        at = whole.find(b"stsd") if first else whole.rfind(b"stsd")
        entry = whole[at : at + 200].replace(b"mp4a", b"apac").replace(b"esds", b"dapa")
        path.write_bytes(whole[:at] + entry + whole[at + 200 :])
        with av.open(path) as container:
            kinds.append([stream.codec_context is None for stream in container.streams.audio])
        samples = read_mono(path, 16000)[2000:10000]
        pitch = np.abs(np.fft.rfft(samples)).argmax() * 16000 / len(samples)
        assert abs(pitch - (300 if first else 1000)) < 5
    assert kinds == [[True, False], [False, True]]


def test_write_sound_clips_and_leaves_an_ordinary_file(tmp_path):
    path = tmp_path / "a.wav"
    write_sound(path, np.array([2.0, -2.0, 0.0], np.float32), 16000)
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnframes()) == (16000, 2, 3)
        values = np.frombuffer(file.readframes(3), "<i2")
    assert values[0] == 32767 and values[1] <= -32767 and values[2] == 0
    (tmp_path / "other").touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE((tmp_path / "other").stat().st_mode)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.wav", "other"]


def test_write_sound_refuses_unknown_suffix_and_leaves_nothing(tmp_path):
    with pytest.raises(OutputError, match="a.xyz"):
        write_sound(tmp_path / "a.xyz", np.zeros(10, np.float32), 16000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("missing", "does not exist"),
        ("folder", "is a folder"),
        ("text", "not a media file"),
        ("silent film", "has no sound track"),
        ("zero length", "no sound in it"),
    ],
)
@pytest.mark.parametrize("read", [probe_sound, lambda path: read_mono(path, 16000)])
def test_unusable_files_are_named_with_the_reason(tmp_path, raw_video, kind, reason, read):
    path = tmp_path / "a.wav"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("These are words, not sounds.\n" * 50)
    elif kind == "silent film":
        path = raw_video(tmp_path / "a.mp4", [Fraction(0)])
    elif kind == "zero length":
        write_sound(path, np.zeros(0, np.float32), 16000)
    with pytest.raises(InputError, match=reason) as caught:
        read(path)
    assert str(path) in str(caught.value)
