from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import InputError
from synclips.evaluation.cuts import cut_sound, halves, reencode, write_silence
from synclips.media.audio import probe_sound, read_mono, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter

RATE = 16_000


def make_clip(
    path: Path, count: int = 25, rate: Fraction | int = 25, click: float | None = 0.7
) -> Path:
    """A clip whose frame k is of grey level 40 + 5 k, with a click in its sound."""
    rate = Fraction(rate)
    sound = None
    if click is not None:
        samples = np.zeros(round(count / rate * 48000), np.float32)
        first = round(click * 48000)
        samples[first : first + 480] = 0.8 * np.sin(2 * np.pi * np.arange(480) / 48)
        sound = path.with_suffix(".wav")
        write_sound(sound, samples, 48000)
    with VideoWriter(
        path, width=64, height=48, frame_rate=rate, time_base=1 / rate, sound=sound, crf=4
    ) as writer:
        for index in range(count):
            writer.write(np.full((48, 64, 3), 40 + 5 * index, np.uint8), index / rate)
    return path


def grey(path: Path) -> list[int]:
    """Number of each frame, read from its grey level."""
    return [round((float(f.image.mean()) - 40) / 5) for f in VideoReader(path).frames()]


def onset(path: Path) -> float:
    return int(np.argmax(np.abs(read_mono(path, RATE)) > 0.3)) / RATE


@pytest.mark.parametrize("rate", [Fraction(25), Fraction(30000, 1001)])
def test_halves_are_cut_at_a_frame(tmp_path: Path, rate: Fraction) -> None:
    path = make_clip(tmp_path / "clip.mp4", rate=rate)
    first, second = halves(path, tmp_path)
    assert grey(first) == list(range(12))
    assert grey(second) == list(range(12, 25))
    times = [frame.time for frame in VideoReader(second).frames()]
    assert times == [index / rate for index in range(13)]


def test_sound_is_cut_at_the_same_instant(tmp_path: Path) -> None:
    first, second = halves(make_clip(tmp_path / "clip.mp4"), tmp_path)
    assert np.abs(read_mono(first, RATE)).max() < 0.05
    # The click at 0.7 s stood on frame 17.5, 5.5 frames into the second half.
    assert onset(second) == pytest.approx(0.7 - 12 / 25, abs=0.002)
    # AAC fills its last frame of 1024 samples.
    assert len(read_mono(second, RATE)) == pytest.approx(13 / 25 * RATE, abs=0.05 * RATE)


def test_a_known_lag_is_taken_out(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4")
    _, second = halves(path, tmp_path, lag=Fraction(2, 25))
    assert onset(second) == pytest.approx(0.7 - 14 / 25, abs=0.002)
    cut_sound(path, tmp_path / "early.wav", lag=Fraction(-2, 25))
    assert onset(tmp_path / "early.wav") == pytest.approx(0.7 + 2 / 25, abs=0.002)


def test_what_cannot_be_halved(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="fewer than two frames"):
        halves(make_clip(tmp_path / "one.mp4", count=1, click=0.01), tmp_path)
    with pytest.raises(InputError, match="no sound track"):
        halves(make_clip(tmp_path / "mute.mp4", click=None), tmp_path)


def test_sound_has_the_length_asked_for(tmp_path: Path) -> None:
    path, target = make_clip(tmp_path / "clip.mp4"), tmp_path / "sound.wav"
    cut_sound(path, target, start=Fraction(1, 2), length=Fraction(3))
    samples = read_mono(target, 48000)
    assert (probe_sound(target).rate, len(samples)) == (48000, 3 * 48000)
    assert onset(target) == pytest.approx(0.2, abs=0.002)
    assert np.abs(samples[30000:]).max() == 0


def test_silence(tmp_path: Path) -> None:
    write_silence(tmp_path / "silence.wav", Fraction(3, 2))
    samples = read_mono(tmp_path / "silence.wav", RATE)
    assert len(samples) == 1.5 * RATE
    assert not samples.any()


def test_a_copy_shows_the_same(tmp_path: Path) -> None:
    path, target = make_clip(tmp_path / "clip.mp4"), tmp_path / "copy.mp4"
    reencode(path, target, path.with_suffix(".wav"))
    assert grey(target) == list(range(25))
    assert onset(target) == pytest.approx(0.7, abs=0.002)
