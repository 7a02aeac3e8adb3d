"""Dubs: the video keeps its length, and who only listens is left as filmed."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from filming import Listening, late, swayed

from synclips.adapt.profile import save_profile
from synclips.adapt.speaker import Adaptation
from synclips.checkpoint import load_checkpoint
from synclips.errors import ConfigError, InputError
from synclips.faces.landmarks import mouth_opening
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.pipeline import LipSync
from synclips.render.rendering import Rendered

RATE = Fraction(25)


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> LipSync:
    return LipSync(tiny_model, "cpu", adapt="off", dub=True)


def voice(seconds: float) -> np.ndarray:
    """(n,) speech-like sound: a buzz that swells three times a second."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 20))
    return (0.2 * (0.55 + 0.45 * np.sin(6 * np.pi * time)) * buzz).astype(np.float32)


def film(path: Path, pictures: Iterable[np.ndarray], own: Path) -> Path:
    """A video of 25 pictures per second with a sound of its own."""
    first, *others = pictures
    height, width = first.shape[:2]
    with VideoWriter(
        path,
        width=width,
        height=height,
        frame_rate=RATE,
        time_base=Fraction(1, 12800),
        crf=10,
        sound=own,
    ) as writer:
        for index, picture in enumerate([first, *others]):
            writer.write(picture, index / RATE)
    return path


@pytest.fixture(scope="module")
def listener(portrait: np.ndarray, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3 s of a face that sways and keeps its mouth as it is, while somebody speaks."""
    folder = tmp_path_factory.mktemp("listener")
    write_sound(folder / "own.wav", voice(3), SAMPLE_RATE)
    places = ((4 * np.sin(index / 9), 2 * np.cos(index / 7)) for index in range(75))
    pictures = [swayed(portrait, *place) for place in places]
    return film(folder / "listener.mp4", pictures, folder / "own.wav")


@pytest.fixture(scope="module")
def speaker(listener: Path, tiny_model: Path) -> Path:
    """The same person, who listens for 1.6 s and then speaks; somebody is heard all the time."""
    folder = listener.parent
    syllables = [voice(0.24) * (number % 2) for number in range(6)]
    heard = np.concatenate([np.zeros(int(1.6 * SAMPLE_RATE), np.float32), *syllables])[
        : 3 * SAMPLE_RATE
    ]
    write_sound(folder / "syllables.wav", heard, SAMPLE_RATE)
    engine = LipSync(tiny_model, "cpu", adapt="off")
    drawn = engine.render(VideoReader(listener), heard).frames
    return film(folder / "speaker.mp4", (one.image for one in drawn), folder / "own.wav")


def drawn(engine: LipSync, video: Path, samples: np.ndarray) -> list[Rendered]:
    return list(engine.render(VideoReader(video), samples).frames)


def changed(rendered: Rendered) -> float:
    """How much of the picture is new, levels on average."""
    return float(np.abs(rendered.image.astype(int) - rendered.source.image).mean())


def openings(rendered: list[Rendered]) -> np.ndarray:
    """Pixels between the lips."""
    with MediaPipeTracker() as tracker:
        found = [tracker.find(one.image) for one in rendered]
    return np.array([float(mouth_opening(points)) for points in found if points is not None])


def test_who_only_listens_is_left_as_filmed(
    engine: LipSync, tiny_model: Path, listener: Path, tmp_path: Path
) -> None:
    rendered = drawn(engine, listener, voice(2))
    assert len(rendered) == 75, "the video keeps its length"
    assert all(one.listens and not one.painted for one in rendered)
    assert max(map(changed, rendered)) == 0
    write_sound(tmp_path / "dub.wav", voice(2), SAMPLE_RATE)
    report = engine.sync(listener, tmp_path / "dub.wav", tmp_path / "out.mp4")
    assert (report.frames, report.edited, report.passed, report.listening) == (75, 0, 75, 75)
    # Whoever does not say that it is a dub means this face to speak.
    plain = drawn(LipSync(tiny_model, "cpu", adapt="off"), listener, voice(2))
    assert len(plain) == 50
    assert not any(one.listens for one in plain)
    assert np.mean([changed(one) for one in plain]) > 0.3


@pytest.mark.parametrize("family", ["tiny_model", "untrained_grid_gan"])
def test_the_new_mouth_appears_with_the_first_word(
    family: str, speaker: Path, request: pytest.FixtureRequest
) -> None:
    engine = LipSync(request.getfixturevalue(family), "cpu", adapt="off", dub=True)
    rendered = drawn(engine, speaker, voice(3))
    listens = [one.listens for one in rendered]
    first = listens.index(False)
    assert 36 <= first <= 48  # the mouth opens in frame 46
    assert all(listens[:first])
    assert not any(listens[first:])
    new = [changed(one) for one in rendered[first : first + 6]]
    assert 0 < new[0] < 0.8 * max(new[3:])
    assert sum(changed(one) > 0.1 for one in rendered[first + 3 :]) > 20


def test_in_a_dialogue_everybody_says_their_own(
    engine: LipSync, tiny_model: Path, speaker: Path, tmp_path: Path
) -> None:
    """Who stands left listens and then speaks; who stands right speaks first."""
    frames = [frame.image for frame in VideoReader(speaker).frames()]
    write_sound(tmp_path / "own.wav", voice(3), SAMPLE_RATE)
    pairs = [np.concatenate(pair, axis=1) for pair in zip(frames, frames[::-1], strict=True)]
    path = film(tmp_path / "both.mp4", pairs, tmp_path / "own.wav")
    rendered = drawn(engine, path, voice(3))
    new = np.array([np.any(one.image != one.source.image, axis=(0, 2)) for one in rendered])
    left, right = new[:, :320].any(axis=1), new[:, 320:].any(axis=1)
    assert not left[:34].any()
    assert left[50:].all()
    assert right[:25].all()
    assert not right[41:].any()
    assert [one.listens for one in rendered] == (~(left | right)).tolist()
    both = left & right
    assert [len(one.painted) for one in rendered] == (left.astype(int) + right).tolist()
    assert not both.all()
    report = engine.sync(path, tmp_path / "own.wav", tmp_path / "out.mp4")
    assert (report.people, report.faces, report.frames) == (2, 2, 75)
    assert report.region is None
    # One of them alone, if it is asked for.
    alone = LipSync(tiny_model, "cpu", adapt="off", dub=True, region="left")
    assert alone.sync(path, tmp_path / "own.wav", tmp_path / "out.mp4").people == 1


def test_a_profile_is_of_one_person(
    tiny_model: Path, speaker: Path, speech: Path, tmp_path: Path
) -> None:
    frames = [frame.image for frame in VideoReader(speaker).frames()][:6]
    pairs = [np.concatenate([frame, frame], axis=1) for frame in frames]
    path = film(tmp_path / "both.mp4", pairs, speech)
    checkpoint: Any = load_checkpoint(tiny_model)
    save_profile(tmp_path / "person", checkpoint, Adaptation(checkpoint.motion, True, "learnt"))
    engine = LipSync(tiny_model, "cpu", person=tmp_path / "person", dub=True)
    with pytest.raises(ConfigError, match=r"2 people are dubbed.*--region"):
        engine.sync(path, speech, tmp_path / "out.mp4")
    assert engine.sync(path, speech, tmp_path / "out.mp4", region="right").people == 1


def test_the_sound_of_the_video_is_read_only_if_it_is_needed(
    tiny_model: Path, speaker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def spool(path: Path, *_: object) -> np.ndarray:
        read.append(path)
        return voice(3)

    monkeypatch.setattr("synclips.pipeline.spool_mono", spool)
    for options, times in (({"adapt": "off"}, 0), ({"adapt": "off", "dub": True}, 1)):
        LipSync(tiny_model, "cpu", **options).render(VideoReader(speaker), voice(0.2))
        assert read == [speaker] * times


def test_lips_rest_behind_a_dub_that_ends_early(engine: LipSync, speaker: Path) -> None:
    rendered = drawn(engine, speaker, voice(1))
    assert len(rendered) == 75
    spoken = drawn(engine, speaker, voice(3))
    behind = slice(60, 75)
    assert openings(rendered[behind]).max() < openings(spoken[behind]).min() - 1


def test_the_measurement_counts_who_listens(
    engine: LipSync, listener: Path, speaker: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1] / "runs"))
    told_of = __import__("dubbed").told_of
    rests, speaks = (told_of(video, voice(3), engine.shape) for video in (listener, speaker))
    assert (rests.frames, rests.spared, rests.begun) == (75, 75, 0)
    assert speaks.frames == speaks.spared + speaks.begun == 75
    assert 36 <= speaks.spared <= 48


def test_a_longer_dub_is_heard_to_its_end(engine: LipSync, speaker: Path) -> None:
    assert len(drawn(engine, speaker, voice(4))) == 100


def begins(samples: np.ndarray, rate: int) -> float:
    """When something is heard for the first time, seconds."""
    return float(np.argmax(np.abs(samples) > 0.1)) / rate


@pytest.mark.parametrize(("dub", "frames"), [(True, 75), (False, 63)])
def test_a_dub_lies_where_the_sound_lay_that_it_replaces(
    tiny_model: Path, listener: Path, tmp_path: Path, dub: bool, frames: int
) -> None:
    """Whose picture begins a second after its sound, as of a recording cut anywhere."""
    video = late(tmp_path / "late.mp4", listener, 1)
    start = VideoReader(video).info.start
    assert start == pytest.approx(1, abs=0.1)
    at = 1.5 - float(start) * dub
    new = np.concatenate([np.zeros(3 * SAMPLE_RATE // 2, np.float32), voice(1)])
    write_sound(tmp_path / "dub.wav", new, SAMPLE_RATE)
    performer: Any = Listening()
    engine = LipSync(tiny_model, "cpu", adapt="off", dub=dub).performed_by(performer)
    report = engine.sync(video, tmp_path / "dub.wav", tmp_path / "out.mp4")
    assert report.frames == frames
    (heard,) = performer.heard
    assert begins(heard, SAMPLE_RATE) == pytest.approx(at, abs=0.01)
    assert begins(read_mono(tmp_path / "out.mp4", 16_000), 16_000) == pytest.approx(at, abs=0.01)
    write_sound(tmp_path / "short.wav", voice(0.9), SAMPLE_RATE)
    if dub:
        with pytest.raises(InputError, match=r"short\.wav ends before the picture begins, at 1"):
            engine.sync(video, tmp_path / "short.wav", tmp_path / "out.mp4")


def test_what_has_no_speech_is_refused_before_work(
    engine: LipSync, face_video: Path, speech: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    cv2.imwrite(str(tmp_path / "portrait.png"), np.ascontiguousarray(portrait[..., ::-1]))
    told: list[str] = []
    for source, why in ((face_video, "no sound of its own"), ("portrait.png", "is a picture")):
        with pytest.raises(InputError, match=f"{why}, so there is nothing to dub"):
            engine.sync(
                tmp_path / source, speech, tmp_path / "out.mp4", lambda step, *_: told.append(step)
            )
    assert told == []
    assert not (tmp_path / "out.mp4").exists()
