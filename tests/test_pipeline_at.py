"""A part of a video replaced: there the new sound is heard and spoken, elsewhere all is the old."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from filming import Listening, late, swayed

from synclips.errors import ConfigError, InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import probe_sound, read_mono, sound_blocks, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.pipeline import LipSync
from synclips.render.rendering import Rendered

RATE = Fraction(25)
OWN_RATE = 44_100
FADE = 0.12  # seconds in which a new mouth comes and goes


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> LipSync:
    return LipSync(tiny_model, "cpu", adapt="off")


def voice(seconds: float) -> np.ndarray:
    """(n,) speech-like sound: a buzz that swells three times a second."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 20))
    return (0.2 * (0.55 + 0.45 * np.sin(6 * np.pi * time)) * buzz).astype(np.float32)


def film(
    path: Path, portrait: np.ndarray, own: Path | None, shown: Iterable[int] = range(75)
) -> Path:
    """3 s of a face that sways, or some frames of it."""
    with VideoWriter(
        path,
        width=320,
        height=240,
        frame_rate=RATE,
        time_base=Fraction(1, 12800),
        crf=10,
        sound=own,
    ) as writer:
        for index in shown:
            place = 4 * np.sin(index / 9), 2 * np.cos(index / 7)
            writer.write(swayed(portrait, *place), index / RATE)
    return path


@pytest.fixture(scope="module")
def talk(portrait: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A face with a sound of its own, two tones, one to the left and one to the right."""
    folder = tmp_path_factory.mktemp("talk")
    time = np.arange(3 * OWN_RATE) / OWN_RATE
    tones = [0.1 * np.sin(2 * np.pi * pitch * time) for pitch in (1000, 1500)]
    write_sound(folder / "own.wav", np.stack(tones, axis=-1).astype(np.float32), OWN_RATE)
    return film(folder / "talk.mp4", portrait, folder / "own.wav")


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """0.5 s to be said, whose beginning and end are loud."""
    path = tmp_path_factory.mktemp("word") / "word.wav"
    write_sound(path, voice(0.5), SAMPLE_RATE)
    return path


def changed(rendered: Rendered) -> bool:
    return bool(np.any(rendered.image != rendered.source.image))


def placed(at: float, seconds: float = 0.6) -> np.ndarray:
    """Speech that begins some seconds after the first frame."""
    return np.concatenate([np.zeros(round(at * SAMPLE_RATE), np.float32), voice(seconds)])


def loudness(path: Path) -> np.ndarray:
    """(n,) of all of a sound in pieces of 10 ms, in one channel."""
    samples = read_mono(path, SAMPLE_RATE)
    pieces = samples[: len(samples) // 160 * 160].reshape(-1, 160)
    return np.sqrt(np.square(pieces).mean(axis=1))


@pytest.mark.parametrize("family", ["tiny_model", "untrained_grid_gan", "untrained_wav2lip"])
def test_lips_speak_in_the_part_and_are_as_filmed_outside(
    family: str, talk: Path, request: pytest.FixtureRequest
) -> None:
    engine = LipSync(request.getfixturevalue(family), "cpu", adapt="off", at=1)
    rendered = list(engine.render(VideoReader(talk), placed(1)).frames)
    assert [one.time for one in rendered] == [index / RATE for index in range(75)]
    for one in rendered:
        away = max(1 - one.time, one.time - Fraction(16, 10))
        if away >= FADE:
            assert not one.painted and not changed(one)
        elif away <= 0:
            assert one.painted and changed(one)
        assert not one.listens
    # The new mouth comes and goes little by little.
    new = [float(np.abs(one.image.astype(int) - one.source.image).mean()) for one in rendered]
    assert 0 < new[23] < new[24] < max(new[25:29])


def test_the_old_sound_is_heard_before_and_after_and_the_new_one_in_between(
    engine: LipSync, talk: Path, word: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mkv"
    report = engine.sync(talk, word, output, at=1)
    assert (report.frames, report.passed + report.edited, report.listening) == (75, 75, 0)
    assert 13 <= report.edited <= 19
    assert report.duration == 3
    info = probe_sound(output)
    assert (info.rate, info.channels) == (OWN_RATE, 2)
    old, new = (np.concatenate(list(sound_blocks(path)), axis=1) for path in (talk, output))
    assert abs(new.shape[1] - 3 * OWN_RATE) <= 1024
    # AAC changes everything a little, and half a packet around a join.
    for part in (slice(2000, OWN_RATE - 1100), slice(round(1.5 * OWN_RATE) + 1100, 130_000)):
        assert np.abs(new[:, part] - old[:, part]).max() < 0.01
    inner = slice(round(1.05 * OWN_RATE), round(1.45 * OWN_RATE))
    spoken = read_mono(word, OWN_RATE)[inner.start - OWN_RATE : inner.stop - OWN_RATE]
    for channel in new[:, inner]:
        assert np.corrcoef(channel, spoken)[0, 1] > 0.98
        assert channel.std() == pytest.approx(spoken.std(), rel=0.05), "its level is its own"
        late = [np.corrcoef(np.roll(channel, shift), spoken)[0, 1] for shift in range(-20, 21)]
        assert abs(int(np.argmax(late)) - 20) <= 2, "samples"


def test_where_a_video_has_no_sound_it_is_silent_around_the_new_one(
    engine: LipSync, portrait: np.ndarray, word: Path, tmp_path: Path
) -> None:
    video = film(tmp_path / "silent.mp4", portrait, None)
    report = engine.sync(video, word, tmp_path / "out.mp4", at=Fraction(3, 2))
    assert report.frames == 75
    assert (probe_sound(tmp_path / "out.mp4").rate, report.adaptation) == (SAMPLE_RATE, "off")
    levels = loudness(tmp_path / "out.mp4")
    assert len(levels) >= 298
    assert levels[:140].max() < 1e-3 and levels[210:].max() < 1e-3
    assert levels[155:195].mean() > 0.08


def test_a_part_beyond_the_end_makes_the_video_longer(tiny_model: Path, talk: Path) -> None:
    """Frames that are shown again, backward, speak though they were as filmed at first."""
    engine = LipSync(tiny_model, "cpu", adapt="off", at=2.6)
    rendered = list(engine.render(VideoReader(talk), placed(2.6, 1)).frames)
    assert len(rendered) == 90
    assert [one.source.index for one in rendered[70:]] == [*range(70, 75), *range(73, 58, -1)]
    assert not any(changed(one) for one in rendered[:62])
    assert all(changed(one) for one in rendered[65:])


def test_where_frames_are_missing_none_is_added(
    tiny_model: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    """A variable rate has frames that are shorter than the mean, such as the last."""
    shown = [*range(0, 30, 2), *range(30, 75)]
    video = film(tmp_path / "variable.mp4", portrait, None, shown)
    rendered = LipSync(tiny_model, "cpu", adapt="off", at=1).render(VideoReader(video), placed(1))
    assert [one.time for one in rendered.frames] == [index / RATE for index in shown]


@pytest.mark.parametrize(("at", "begins", "ends"), [(1.5, 0.5, 1.0), (0.9, 0, 0.4)])
def test_the_time_is_that_of_the_file_where_the_picture_begins_later(
    engine: LipSync, talk: Path, word: Path, tmp_path: Path, at: float, begins: float, ends: float
) -> None:
    """As a player shows it, also where the new sound begins before the picture."""
    video = late(tmp_path / "late.mp4", talk, 1)
    start = float(VideoReader(video).info.start) - 1
    performer: Any = Listening()
    report = engine.performed_by(performer).sync(video, word, tmp_path / "out.mp4", at=at)
    assert report.frames == 75
    (heard,) = performer.heard
    assert len(heard) == 3 * SAMPLE_RATE
    spoken = np.flatnonzero(np.abs(heard) > 0.1) / SAMPLE_RATE
    assert spoken[0] == pytest.approx(begins - start * (begins > 0), abs=0.02)
    assert spoken[-1] == pytest.approx(ends - start, abs=0.02)
    # The tones of the old sound are much quieter than the voice.
    loud = np.flatnonzero(loudness(tmp_path / "out.mp4") > 0.09) / 100
    assert loud[0] == pytest.approx(begins - start * (begins > 0), abs=0.06)
    assert loud[-1] == pytest.approx(ends - start, abs=0.06)
    with pytest.raises(InputError, match=r"word\.wav ends before the picture begins, at"):
        engine.sync(video, word, tmp_path / "out.mp4", at=0.1)


def test_what_cannot_be_replaced_is_refused_before_work(
    engine: LipSync,
    tiny_model: Path,
    talk: Path,
    word: Path,
    portrait: np.ndarray,
    tmp_path: Path,
) -> None:
    cv2.imwrite(str(tmp_path / "me.png"), np.ascontiguousarray(portrait[..., ::-1]))
    write_sound(tmp_path / "short.wav", voice(0.03), SAMPLE_RATE)
    told: list[str] = []
    for video, sound, at, why in (
        (talk, word, 3, r"talk\.mp4 ends at 3\.0 s, before --at 3; give an earlier time"),
        (talk, word, 1e9, r"talk\.mp4 ends at 3\.0 s"),
        (tmp_path / "me.png", word, 0, r"me\.png is a picture, in which nothing is said"),
        (talk, tmp_path / "short.wav", 2, r"short\.wav is shorter than one frame"),
    ):
        with pytest.raises(InputError, match=why):
            engine.sync(
                video, sound, tmp_path / "out.mp4", lambda step, *_: told.append(step), at=at
            )
    with pytest.raises(ConfigError, match="No video has a time -1 s"):
        engine.sync(talk, word, tmp_path / "out.mp4", at=-1)
    with pytest.raises(InputError, match=r"ends at 3\.0 s"):
        LipSync(tiny_model, "cpu", at=5).render(VideoReader(talk), placed(5))
    assert told == []
    assert not (tmp_path / "out.mp4").exists()
