"""The whole chain on a real face, with networks too small to be good but wired as the real ones."""

import copy
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray

import synclips
from synclips.adapt.effort import BRIEF, Effort
from synclips.adapt.profile import save_profile
from synclips.adapt.speaker import Adaptation, Held
from synclips.checkpoint import load_checkpoint
from synclips.errors import ConfigError, InputError, NoFaceError, OutputError
from synclips.faces.eyes import find_eyes
from synclips.faces.landmarks import EYE_CORNERS, LIPS, RIGID_SLOTS, mouth_opening
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import probe_sound, read_mono, spool_mono, write_sound
from synclips.media.color import LIMITED, ColorInfo
from synclips.media.tone import HLG
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.options import SyncOptions
from synclips.pipeline import LipSync
from synclips.render.rendering import Rendered

RATE = Fraction(25)
MakeVideo = Callable[..., Path]


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> LipSync:
    return LipSync(tiny_model, "cpu")


@pytest.fixture(scope="module")
def painting_engine(untrained_grid_gan: Path) -> LipSync:
    """The other family."""
    return LipSync(untrained_grid_gan, "cpu")


@pytest.fixture
def make_video(tmp_path: Path) -> MakeVideo:
    """Write pictures as a video, by default at 25 per second."""

    def make(pictures: list[np.ndarray], times: list[Fraction] | None = None) -> Path:
        path = tmp_path / "made.mp4"
        height, width = pictures[0].shape[:2]
        rate = RATE
        with VideoWriter(
            path, width=width, height=height, frame_rate=rate, time_base=Fraction(1, 90000)
        ) as writer:
            for index, picture in enumerate(pictures):
                writer.write(picture, times[index] if times else index / rate)
        return path

    return make


def voice(seconds: float) -> np.ndarray:
    """(n,) speech-like sound: a buzz that never stops for long."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 20))
    swell = 0.55 + 0.45 * np.sin(2 * np.pi * 3 * time)
    return (0.2 * swell * buzz).astype(np.float32)


def render(engine: LipSync, video: Path, samples: np.ndarray) -> list[Rendered]:
    return list(engine.render(VideoReader(video), samples).frames)


def mask_of(rendered: Rendered) -> np.ndarray:
    """How much was edited, over the whole frame (H, W)."""
    mask = np.zeros(rendered.image.shape[:2], np.float32)
    for painted in rendered.painted:
        mask[painted.box.rows, painted.box.columns] = painted.mask
    return mask


def openings(pictures: list[np.ndarray]) -> np.ndarray:
    """Mouth opening of each picture in pixels, by a tracker that knows nothing of the chain."""
    with MediaPipeTracker() as tracker:
        found = [tracker.find(picture) for picture in pictures]
    return np.array([float(mouth_opening(points[..., :2])) for points in found])  # type: ignore[index]


def test_a_video_plays_back_as_it_was_with_the_new_sound(
    engine: LipSync, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    before, sound_before = face_video.read_bytes(), speech.read_bytes()
    output = tmp_path / "out.mp4"
    told: list[tuple[str, int, int | None]] = []
    report = engine.sync(face_video, speech, output, lambda *step: told.append(step))

    reader = VideoReader(output)
    frames = list(reader.frames())
    assert (reader.info.width, reader.info.height) == (320, 240)
    assert [frame.time for frame in frames] == [index / RATE for index in range(30)]
    sound = probe_sound(output)
    assert (sound.rate, sound.channels) == (22_050, 2)
    with av.open(str(output)) as container:
        assert "tiny" in container.metadata["comment"]
        assert abs(container.duration / av.time_base - 1.2) < 0.08  # type: ignore[operator]
    # The sound is the one that was given, in its place.
    old, new = read_mono(speech, 8000), read_mono(output, 8000)
    count = min(len(old), len(new))
    assert np.corrcoef(old[:count], new[:count])[0, 1] > 0.98
    assert face_video.read_bytes() == before
    assert speech.read_bytes() == sound_before
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]

    assert (report.frames, report.edited, report.passed) == (30, 30, 0)
    assert (report.width, report.height, report.model) == (320, 240, "tiny")
    assert report.duration == pytest.approx(1.2)
    assert report.seconds > 0
    assert report.speed == pytest.approx(report.frames / report.seconds, rel=0.02)
    assert report.output == str(output)
    assert Fraction(report.frame_rate) == RATE

    steps = list(dict.fromkeys(step for step, _, _ in told))
    assert steps == ["track", "draw"]
    for step, count in (("track", 20), ("draw", 30)):
        assert [done for name, done, _ in told if name == step] == list(range(1, count + 1))
        assert {total for name, _, total in told if name == step} == {count}


def test_outside_the_mask_every_pixel_is_the_inputs(
    engine: LipSync, face_video: Path, portrait: np.ndarray
) -> None:
    rendered = render(engine, face_video, voice(0.6))
    assert len(rendered) == 15
    for one in rendered:
        mask = mask_of(one)
        changed = (one.image != one.source.image).any(axis=-1)
        assert not changed[mask == 0].any()
        assert 0.02 < (mask > 0).mean() < 0.25
    # And inside it something happens.
    assert max((one.image != one.source.image).any(axis=-1).mean() for one in rendered) > 0.02


def test_a_label_is_on_every_frame_and_both_marks_are_in_the_file(
    engine: LipSync,
    face_video: Path,
    speech: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    plain, labelled = tmp_path / "plain.mp4", tmp_path / "labelled.mp4"
    engine.sync(face_video, speech, plain)
    engine.sync(face_video, speech, labelled, label="AI-generated")
    without, frames = (list(VideoReader(path).frames()) for path in (plain, labelled))
    assert len(frames) == len(without) == 30
    for one, other in zip(frames, without, strict=True):
        changed = np.abs(one.image.astype(int) - other.image).max(axis=-1) > 40
        rows, columns = np.nonzero(changed)
        assert rows.min() > 200 and columns.max() < 160 and changed.sum() > 300
    assert b"compositeWithTrainedAlgorithmicMedia" in labelled.read_bytes()
    with caplog.at_level("WARNING", "synclips"):
        engine.sync(face_video, speech, plain, label="Synthetic lips, " * 20)
    assert [each.getMessage() for each in caplog.records if "too long" in each.getMessage()] == [
        "The label is too long to be read in a picture 320 pixels wide; shorten it."
    ]
    with pytest.raises(InputError, match="The label is empty"):
        engine.sync(face_video, speech, tmp_path / "none.mp4", label=" ")
    assert not (tmp_path / "none.mp4").exists()


def test_speech_opens_the_lips_and_silence_closes_them(
    engine: LipSync, face_video: Path, speech: Path
) -> None:
    samples = read_mono(speech, SAMPLE_RATE)  # speaks for 0.6 s, then rests for 0.6 s
    rendered = render(engine, face_video, samples)
    filmed = openings([one.source.image for one in rendered])
    drawn = openings([one.image for one in rendered])
    speaking, resting = drawn[4:12], drawn[-8:]
    # The portrait smiles with its teeth showing.
    assert filmed.min() > 4
    assert np.median(speaking) > filmed.max()
    assert resting.max() < 0.45 * filmed.min()


def test_digital_silence_rests_all_the_time(engine: LipSync, face_video: Path) -> None:
    silent = render(engine, face_video, np.zeros(SAMPLE_RATE // 2, np.float32))
    filmed = openings([one.source.image for one in silent])
    assert openings([one.image for one in silent]).max() < 0.45 * filmed.min()


def test_frames_without_a_face_pass_through(
    engine: LipSync, portrait: np.ndarray, make_video: MakeVideo, tmp_path: Path, speech: Path
) -> None:
    wall = cv2.GaussianBlur(portrait[::-1, ::-1], (0, 0), 25).astype(np.uint8)
    video = make_video([portrait] * 8 + [wall] * 9 + [portrait] * 8)
    rendered = render(engine, video, voice(1.0))
    assert [bool(one.painted) for one in rendered] == [True] * 8 + [False] * 9 + [True] * 8
    for one in rendered[8:17]:
        assert np.array_equal(one.image, one.source.image)
    assert all((one.image != one.source.image).any() for one in rendered[:8] + rendered[17:])
    report = engine.sync(video, speech, tmp_path / "out.mp4")
    assert report.passed > 0
    assert report.edited + report.passed == report.frames == 30


def test_a_longer_sound_plays_forward_and_backward(engine: LipSync, face_video: Path) -> None:
    rendered = render(engine, face_video, voice(2.0))
    assert [one.time for one in rendered] == [index / RATE for index in range(50)]
    there_and_back = [*range(20), *range(18, 0, -1)]
    assert [one.source.index for one in rendered] == (there_and_back * 2)[:50]
    # The same frame again, but the sound has gone on.
    first, again = rendered[3], rendered[41]
    assert first.source.index == again.source.index
    assert np.array_equal(first.source.image, again.source.image)
    assert (first.image != again.image).any()


def test_a_longer_sound_can_loop_the_video_or_hold_its_last_picture(
    tiny_model: Path, face_video: Path, tmp_path: Path
) -> None:
    ways = {"loop": [*range(20), *range(5)], "hold": [*range(20), *[19] * 5]}
    write_sound(tmp_path / "long.wav", voice(1.0), SAMPLE_RATE)
    for extend, indices in ways.items():
        engine = LipSync(tiny_model, "cpu", extend=extend)
        rendered = render(engine, face_video, voice(1.0))
        assert [one.source.index for one in rendered] == indices
        assert [one.time for one in rendered] == [index / RATE for index in range(25)]
        # The sound has gone on, and so have the lips.
        again = rendered[indices[-1]], rendered[-1]
        assert np.array_equal(again[0].source.image, again[1].source.image)
        assert (again[0].image != again[1].image).any()
        report = engine.sync(face_video, tmp_path / "long.wav", tmp_path / "out.mp4")
        assert (report.frames, report.edited) == (25, 25)
        times = [frame.time for frame in VideoReader(tmp_path / "out.mp4").frames()]
        assert times == [index / RATE for index in range(25)]


def test_a_shorter_sound_ends_the_video(engine: LipSync, face_video: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "short.wav", voice(0.3), SAMPLE_RATE)
    report = engine.sync(face_video, tmp_path / "short.wav", tmp_path / "out.mov")
    assert report.frames == 8
    assert [frame.index for frame in VideoReader(tmp_path / "out.mov").frames()] == list(range(8))


def test_variable_frame_times_are_kept(
    engine: LipSync, portrait: np.ndarray, make_video: MakeVideo, tmp_path: Path, speech: Path
) -> None:
    times = [Fraction(at, 1000) for at in (0, 33, 100, 117, 350, 400, 650, 683, 900, 950, 1000)]
    video = make_video([portrait] * len(times), times)
    engine.sync(video, speech, tmp_path / "out.mp4")
    shown = [frame.time for frame in VideoReader(tmp_path / "out.mp4").frames()]
    assert shown[: len(times)] == times
    assert shown[len(times) :] == [Fraction(1050, 1000), Fraction(1100, 1000)]


def test_the_last_of_few_frames_ends_with_the_sound(
    engine: LipSync, portrait: np.ndarray, make_video: MakeVideo, tmp_path: Path
) -> None:
    video = make_video([portrait] * 4, [Fraction(at, 2) for at in range(4)])
    write_sound(tmp_path / "a.wav", voice(1.6), SAMPLE_RATE)
    report = engine.sync(video, tmp_path / "a.wav", tmp_path / "out.mkv")
    assert (report.frames, report.duration) == (4, 1.6)
    with av.open(str(tmp_path / "out.mkv")) as file:
        assert abs(file.duration / av.time_base - 1.6) < 0.08  # type: ignore[operator]


def test_a_sound_that_ends_while_a_picture_is_shown_for_long_is_heard_to_its_end(
    engine: LipSync, portrait: np.ndarray, make_video: MakeVideo, tmp_path: Path
) -> None:
    times = [Fraction(at, 25) for at in [*range(10), 35, 36, 37]]
    video = make_video([portrait] * len(times), times)
    write_sound(tmp_path / "a.wav", voice(1.2), SAMPLE_RATE)
    report = engine.sync(video, tmp_path / "a.wav", tmp_path / "out.mp4")
    assert (report.frames, report.duration) == (10, 1.2)
    heard = len(read_mono(tmp_path / "out.mp4", SAMPLE_RATE)) / SAMPLE_RATE
    assert abs(heard - 1.2) < 1025 / SAMPLE_RATE


def test_a_portrait_becomes_a_video(
    tiny_model: Path, portrait: np.ndarray, speech: Path, tmp_path: Path
) -> None:
    engine = LipSync(tiny_model, "cpu", alive=False)
    # Odd sizes are not for 4:2:0 video.
    picture = portrait[:239, :319]
    cv2.imwrite(str(tmp_path / "portrait.png"), np.ascontiguousarray(picture[..., ::-1]))
    report = engine.sync(tmp_path / "portrait.png", speech, tmp_path / "out.mp4")
    reader = VideoReader(tmp_path / "out.mp4")
    frames = list(reader.frames())
    assert (reader.info.width, reader.info.height) == (320, 240)
    assert [frame.time for frame in frames] == [index / RATE for index in range(30)]
    assert (report.frames, report.edited, report.width, report.height) == (30, 30, 320, 240)
    # Eyes and background stand still.
    middle = frames[15].image.astype(int)
    assert np.abs(middle[:80] - frames[0].image[:80]).max() < 25
    assert np.abs(middle[:80, :319] - picture[:80]).mean() < 4


def test_a_portrait_blinks_and_moves_its_head_unless_told_not_to(
    engine: LipSync, tiny_model: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    picture = tmp_path / "portrait.png"
    cv2.imwrite(str(picture), np.ascontiguousarray(portrait[..., ::-1]))
    samples = voice(2.6)
    alive = [one.image for one in render(engine, picture, samples)]
    still = [one.image for one in render(LipSync(tiny_model, "cpu", alive=False), picture, samples)]
    eyes = slice(70, 110)  # the mouth is near 144
    for one in still:
        np.testing.assert_array_equal(one[eyes], portrait[eyes])
    np.testing.assert_array_equal(alive[0], still[0])
    with MediaPipeTracker() as tracker:
        found = [np.asarray(tracker.find(image)) for image in alive]
    places = np.array([points[RIGID_SLOTS, :2].mean(axis=0) for points in found])
    assert 0.5 < np.ptp(places, axis=0).max() < 12
    # Shoulders, and the far side of the picture, stay.
    for one in alive:
        np.testing.assert_array_equal(one[:, :20], portrait[:, :20])
    # In the middle of a blink the eyes are shut.
    before, shut, after = (
        np.mean([eye.openness for eye in find_eyes(alive[index], found[index])])
        for index in (35, 47, 60)
    )
    assert shut < 0.7 * min(before, after)


@pytest.mark.parametrize(("alive", "what"), [(True, "Lips, lids and head"), (False, "Lips")])
def test_the_mark_says_what_of_a_portrait_was_made(
    tiny_model: Path, portrait: np.ndarray, speech: Path, tmp_path: Path, alive: bool, what: str
) -> None:
    picture, out = tmp_path / "odd.png", tmp_path / "out.mp4"
    cv2.imwrite(str(picture), np.ascontiguousarray(portrait[:239, :319, ::-1]))
    LipSync(tiny_model, "cpu", alive=alive).sync(picture, speech, out)
    with av.open(str(out)) as file:
        assert file.metadata["comment"] == f"{what} synthesised by synclips (tiny)"


@pytest.mark.parametrize(("region", "eyes"), [(None, True), ("left", True), ("left", False)])
def test_the_mark_names_nothing_that_stays(
    engine: LipSync,
    portrait: np.ndarray,
    speech: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    region: str | None,
    eyes: bool,
) -> None:
    picture, out = tmp_path / "both.png", tmp_path / "out.mp4"
    both = np.concatenate([portrait, portrait], axis=1)
    cv2.imwrite(str(picture), np.ascontiguousarray(both[..., ::-1]))
    if not eyes:
        monkeypatch.setattr("synclips.render.rendering.find_eyes", lambda *_: ())
    engine.sync(picture, speech, out, region=region)
    with av.open(str(out)) as file:
        what = "Lips and lids" if eyes else "Lips"
        assert file.metadata["comment"] == f"{what} synthesised by synclips (tiny)"


def test_of_several_people_in_a_picture_no_head_moves(
    engine: LipSync, portrait: np.ndarray, tmp_path: Path
) -> None:
    both = np.concatenate([portrait, portrait], axis=1)
    cv2.imwrite(str(tmp_path / "both.png"), np.ascontiguousarray(both[..., ::-1]))
    rendered = render(engine, tmp_path / "both.png", voice(0.8))
    for one in rendered:
        changed = (one.image != both).any(axis=-1)
        assert not changed[mask_of(one) == 0].any()


def test_a_video_is_left_alone(
    engine: LipSync, face_video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr("synclips.render.rendering.find_eyes")
    monkeypatch.delattr("synclips.render.rendering.Sway")
    assert len(render(engine, face_video, voice(0.2))) == 5


def test_the_same_again_gives_the_same(engine: LipSync, tiny_model: Path, face_video: Path) -> None:
    samples = voice(0.5)
    first = render(engine, face_video, samples)
    # Another engine, other batches, other random numbers, a caller who computes gradients.
    torch.manual_seed(99)
    with torch.enable_grad():
        second = render(LipSync(tiny_model, "cpu", batch=8), face_video, samples)
    third = render(LipSync(tiny_model, "cpu", batch=3), face_video, samples)
    for one, same, close in zip(first, second, third, strict=True):
        assert np.array_equal(one.image, same.image)
        assert np.abs(one.image.astype(int) - close.image).max() <= 2


def test_one_engine_serves_several_threads(
    engine: LipSync, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    engine.sync(face_video, speech, tmp_path / "alone.mp4")

    def work(number: int) -> bytes:
        output = tmp_path / f"{number}.mp4"
        engine.sync(face_video, speech, output)
        return output.read_bytes()

    with ThreadPoolExecutor(2) as threads:
        assert set(threads.map(work, range(3))) == {(tmp_path / "alone.mp4").read_bytes()}


def test_the_next_batch_is_begun_before_the_last_one_is_taken(
    tiny_model: Path, face_video: Path
) -> None:
    events: list[str] = []

    class Noting:
        """Draws nothing, and notes when a batch is begun and when it is asked for."""

        def perform(self, *_: Any) -> "Noting":
            return self

        def draw(self, showings: Any) -> Any:
            number = len([one for one in events if one.startswith("begun")])
            events.append(f"begun {number}")

            def results() -> Any:
                events.append(f"taken {number}")
                yield from [None] * len(showings)

            return results()

    performer: Any = Noting()
    twin = LipSync(tiny_model, "cpu", batch=4, adapt="off").performed_by(performer)
    render(twin, face_video, voice(0.44))
    assert events == ["begun 0", "begun 1", "taken 0", "begun 2", "taken 1", "taken 2"]


def test_the_batch_may_end_without_a_face(
    tiny_model: Path, portrait: np.ndarray, make_video: MakeVideo
) -> None:
    blank = np.full_like(portrait, 128)
    video = make_video([portrait] * 3 + [blank] * 8)
    rendered = render(LipSync(tiny_model, "cpu", batch=4), video, voice(0.44))
    assert [bool(one.painted) for one in rendered] == [True] * 3 + [False] * 8


def test_a_video_without_a_face_is_refused_and_leaves_nothing(
    engine: LipSync, make_video: MakeVideo, speech: Path, tmp_path: Path
) -> None:
    video = make_video([np.full((96, 128, 3), 128, np.uint8)] * 3)
    with pytest.raises(NoFaceError, match=str(video)):
        engine.sync(video, speech, tmp_path / "out.mp4")
    assert [path.name for path in tmp_path.iterdir()] == [video.name]


def test_a_sound_shorter_than_a_frame_is_refused(
    engine: LipSync, face_video: Path, tmp_path: Path
) -> None:
    write_sound(tmp_path / "click.wav", voice(0.03), SAMPLE_RATE)
    with pytest.raises(InputError, match=r"click\.wav is shorter than one frame"):
        engine.sync(face_video, tmp_path / "click.wav", tmp_path / "out.mp4")
    assert not (tmp_path / "out.mp4").exists()


def test_a_caller_who_stops_leaves_nothing(
    engine: LipSync, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    def stop(step: str, done: int, total: int | None) -> None:
        if step == "draw":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.sync(face_video, speech, tmp_path / "out.mp4", stop)
    assert list(tmp_path.iterdir()) == []


def test_an_older_output_stays_until_the_new_one_is_complete(
    engine: LipSync, face_video: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    output.write_bytes(b"older")
    with pytest.raises(InputError):
        engine.sync(face_video, tmp_path / "missing.wav", output)
    assert output.read_bytes() == b"older"


def test_numbers_out_of_range_are_refused_before_work(
    engine: LipSync, tiny_model: Path, face_video: Path, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match="batch of 0 frames draws nothing"):
        LipSync(tiny_model, "cpu", batch=0)
    write_sound(tmp_path / "a.wav", voice(0.2), SAMPLE_RATE)
    told: list[Any] = []

    def tell(*step: Any) -> None:
        told.append(step)

    for quality in (-1, 52):
        with pytest.raises(ConfigError, match=f"no quality {quality}; take one from 0 to 51"):
            engine.sync(face_video, tmp_path / "a.wav", tmp_path / "out.mp4", tell, quality)
    assert told == []
    assert [path.name for path in tmp_path.glob("*out*")] == []


def test_a_label_that_cannot_be_used_is_told_before_any_video(tiny_model: Path) -> None:
    with pytest.raises(InputError, match=r"sign\.png"):
        LipSync(tiny_model, "cpu", label=Path("sign.png"))


def test_a_file_that_holds_less_than_it_says_is_told(
    engine: LipSync, face_video: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound = tmp_path / "a.flac"
    write_sound(sound, voice(2.0), SAMPLE_RATE)
    whole = sound.read_bytes()
    sound.write_bytes(whole[: len(whole) // 4])  # the header still says 2 s
    report = engine.sync(face_video, sound, tmp_path / "out.mp4")
    assert report.frames < 20
    told = [record.getMessage() for record in caplog.records]
    assert any(
        re.fullmatch(rf"{sound}: its sound ends after 0\.\d of 2\.0 s\.", one) for one in told
    )
    caplog.clear()
    write_sound(sound, voice(0.3), SAMPLE_RATE)
    engine.sync(face_video, sound, tmp_path / "out.mp4")
    assert caplog.text == ""


def test_a_silent_sound_is_told(
    engine: LipSync, face_video: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    sound = tmp_path / "silence.wav"
    write_sound(sound, np.zeros(8000, np.float32), SAMPLE_RATE)
    engine.sync(face_video, sound, tmp_path / "out.mp4")
    assert [record.getMessage() for record in caplog.records] == [
        f"{sound} is silent; the lips rest."
    ]


def test_the_front_door_takes_options(tiny_model: Path, face_video: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", voice(0.2), SAMPLE_RATE)
    options = SyncOptions(model=str(tiny_model), device="cpu", quality=40, batch=2)
    told: list[Any] = []
    report = synclips.sync(
        str(face_video),
        str(tmp_path / "a.wav"),
        str(tmp_path / "out.mkv"),
        options,
        lambda *step: told.append(step),
    )
    assert report.frames == 5
    assert told[-1] == ("draw", 5, 5)
    small = (tmp_path / "out.mkv").stat().st_size
    synclips.sync(
        face_video, tmp_path / "a.wav", tmp_path / "fine.mkv", SyncOptions(str(tiny_model), "cpu")
    )
    assert (tmp_path / "fine.mkv").stat().st_size > 1.5 * small
    with pytest.raises(OutputError, match="also an input"):
        synclips.sync(face_video, tmp_path / "a.wav", face_video, options)


def test_an_engine_keeps_its_options(tiny_model: Path, face_video: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", voice(0.2), SAMPLE_RATE)
    options = SyncOptions(str(tiny_model), "cpu", quality=40, adapt="off", label="AI")

    def made(engine: LipSync, **changes: Any) -> bytes:
        engine.sync(face_video, tmp_path / "a.wav", tmp_path / "out.mp4", **changes)
        return (tmp_path / "out.mp4").read_bytes()

    kept = made(LipSync.of(options))
    assert kept == made(LipSync(tiny_model, "cpu", adapt="off", quality=40, label="AI"))
    plain = LipSync(tiny_model, device="cpu", adapt="off")
    assert kept == made(plain, quality=40, label="AI")
    assert kept not in (made(plain), made(plain, quality=40), made(plain, label="AI"))
    assert made(plain, quality=40) == made(LipSync.of(replace(options, label=None)))
    assert made(LipSync.of(options), quality=16) == made(plain, label="AI")
    (tmp_path / "sign.mp4").write_text("kept")
    with pytest.raises(OutputError, match=r"sign\.mp4 is also an input"):
        plain.sync(
            face_video, tmp_path / "a.wav", tmp_path / "sign.mp4", label=tmp_path / "sign.mp4"
        )


@pytest.mark.parametrize(("codec", "suffix"), [("hevc", "mp4"), ("prores", "mov")])
@pytest.mark.parametrize("barred", [False, True])
def test_hdr_stays_hdr_where_the_codec_keeps_it(
    tiny_model: Path, portrait: np.ndarray, tmp_path: Path, codec: str, suffix: str, barred: bool
) -> None:
    color = ColorInfo(LIMITED, 9, 9, HLG)
    video, rate = tmp_path / "in.mov", Fraction(25)
    picture = portrait.copy()
    if barred:
        picture[158:] = picture[:20] = 0
    with VideoWriter(
        video,
        width=320,
        height=240,
        frame_rate=rate,
        time_base=1 / rate,
        color=color,
        codec="hevc",
        bits=10,
        crf=4,
    ) as writer:
        for index in range(6):
            writer.write(picture, index / rate)
    write_sound(tmp_path / "a.wav", voice(0.24), SAMPLE_RATE)
    output = tmp_path / f"out.{suffix}"
    engine = LipSync(tiny_model, "cpu", codec=codec, quality=4)
    report = engine.sync(video, tmp_path / "a.wav", output, label="AI")
    assert report.edited == 6
    before, after = VideoReader(video), VideoReader(output)
    assert after.info.is_hdr and after.info.bits == 10
    assert VideoReader(output, keeps_depth=True).info.color == color
    for old, new in zip(before.frames(), after.frames(), strict=True):
        change = np.abs(new.image.astype(int) - old.image).max(axis=-1)
        assert change[130:156, 140:190].mean() > 4, "the mouth is another one"
        assert change[20:110, 20:].mean() < 2
        assert change[210:236, 8:24].max() > 60, "the label"


def test_a_codec_that_cannot_be_there_is_told_before_work(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match="cannot hold prores"):
        LipSync(tiny_model, "cpu", codec="prores").sync(face_video, speech, tmp_path / "a.mp4")
    assert list(tmp_path.iterdir()) == []


def test_lips_stand_while_the_picture_does(
    engine: LipSync, make_video: MakeVideo, portrait: np.ndarray
) -> None:
    shown = [0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8]
    video = make_video([np.roll(portrait, 2 * picture, axis=1) for picture in shown])
    rendered = render(engine, video, voice(0.48))
    assert len(rendered) == 12
    mouths = [one.image[120:170, 135:215].astype(int) for one in rendered]
    changes = [float(np.abs(new - old).mean()) for old, new in pairwise(mouths)]
    stands = [new == old for old, new in pairwise(shown)]
    moving = [change for change, still in zip(changes, stands, strict=True) if not still]
    # The last one cannot be told from a picture that stands for longer.
    standing = [change for change, still in zip(changes, stands, strict=True) if still][:-1]
    assert max(standing) < 0.5 < min(moving)


@pytest.mark.parametrize("chosen", ["left", "right"])
def test_of_two_people_one_speaks_and_the_other_stays(
    tiny_model: Path, portrait: NDArray[np.uint8], tmp_path: Path, chosen: str
) -> None:
    half = portrait[:, 80:240]
    both = tmp_path / "both.png"
    cv2.imwrite(str(both), np.concatenate([half, half], axis=1)[..., ::-1])
    write_sound(tmp_path / "a.wav", voice(0.2), SAMPLE_RATE)
    samples = spool_mono(tmp_path / "a.wav", SAMPLE_RATE)
    engine = LipSync(tiny_model, "cpu", region=chosen)
    shown = list(engine.render(VideoReader(both), samples).frames)
    assert len(shown) == 5
    changed = np.any([np.any(one.image != one.source.image, axis=(0, 2)) for one in shown], axis=0)
    left, right = changed[:160].any(), changed[160:].any()
    assert (left, right) == (chosen == "left", chosen == "right")
    # Nobody else is where the face was looked for.
    report = engine.sync(both, tmp_path / "a.wav", tmp_path / "out.mp4")
    assert report.faces == 1
    assert report.region == ("0,0,0.5,1" if chosen == "left" else "0.5,0,1,1")
    assert engine.sync(both, tmp_path / "a.wav", tmp_path / "out.mp4", region="0,0,1,1").faces == 2


def test_a_part_without_a_face_is_an_error_that_names_it(
    engine: LipSync, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    with pytest.raises(NoFaceError, match=r"within 0,0,0\.2,1"):
        engine.sync(face_video, speech, tmp_path / "out.mp4", region="0,0,0.2,1")
    with pytest.raises(ConfigError, match="no region"):
        engine.sync(face_video, speech, tmp_path / "out.mp4", region="middle")
    assert not (tmp_path / "out.mp4").exists()


def test_the_other_family_goes_through_the_same_door(
    painting_engine: LipSync, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    report = painting_engine.sync(face_video, speech, tmp_path / "out.mp4")
    assert (report.model, report.frames, report.edited, report.passed) == ("grid", 30, 30, 0)
    with av.open(str(tmp_path / "out.mp4")) as container:
        assert "grid" in container.metadata["comment"]
    assert len(list(VideoReader(tmp_path / "out.mp4").frames())) == 30


def test_the_other_family_paints_under_its_mask_only(
    painting_engine: LipSync, face_video: Path
) -> None:
    rendered = render(painting_engine, face_video, voice(0.6))
    assert len(rendered) == 15
    with MediaPipeTracker() as tracker:
        found = tracker.find(rendered[7].source.image)
    assert found is not None
    for one in rendered:
        mask = mask_of(one)
        changed = (one.image != one.source.image).any(axis=-1)
        assert not changed[mask == 0].any()
        assert changed[mask > 0.9].mean() > 0.9
        assert 0.01 < (mask > 0).mean() < 0.1
    # The mouth that was there is covered.
    x, y = np.round(found[LIPS, :2]).astype(int).T
    assert mask_of(rendered[7])[y, x].min() > 0.9


def test_the_other_family_passes_frames_without_a_face(
    painting_engine: LipSync, portrait: np.ndarray, make_video: MakeVideo
) -> None:
    wall = cv2.GaussianBlur(portrait[::-1, ::-1], (0, 0), 25).astype(np.uint8)
    video = make_video([portrait] * 8 + [wall] * 9 + [portrait] * 8)
    rendered = render(painting_engine, video, voice(1.0))
    assert [bool(one.painted) for one in rendered] == [True] * 8 + [False] * 9 + [True] * 8
    assert all(np.array_equal(one.image, one.source.image) for one in rendered[8:17])


def test_the_other_family_hears(painting_engine: LipSync, face_video: Path, speech: Path) -> None:
    def pictures(samples: np.ndarray) -> np.ndarray:
        return np.stack([one.image for one in render(painting_engine, face_video, samples)])

    spoken = pictures(read_mono(speech, SAMPLE_RATE)[: SAMPLE_RATE * 4 // 5])
    silent = pictures(np.zeros(SAMPLE_RATE * 4 // 5, np.float32))
    assert np.abs(spoken[5].astype(int) - silent[5]).max() > 10
    # Steady noise is no speech.
    noise = np.random.default_rng(1).normal(0, 0.01, SAMPLE_RATE * 4 // 5).astype(np.float32)
    assert np.array_equal(pictures(noise), silent)


def test_the_other_family_does_not_depend_on_batches(
    painting_engine: LipSync, untrained_grid_gan: Path, face_video: Path
) -> None:
    first = render(painting_engine, face_video, voice(0.5))
    again = render(painting_engine, face_video, voice(0.5))
    other = render(LipSync(untrained_grid_gan, "cpu", batch=3), face_video, voice(0.5))
    for one, same, close in zip(first, again, other, strict=True):
        assert np.array_equal(one.image, same.image)
        assert np.abs(one.image.astype(int) - close.image).max() <= 1


def test_half_a_face_is_painted_under_its_mask_only(
    untrained_wav2lip: Path, face_video: Path
) -> None:
    engine = LipSync(untrained_wav2lip, "cpu")
    rendered = render(engine, face_video, voice(0.4))
    assert len(rendered) == 10
    with MediaPipeTracker() as tracker:
        found = tracker.find(rendered[7].source.image)
    assert found is not None
    for one in rendered:
        mask = mask_of(one)
        changed = (one.image != one.source.image).any(axis=-1)
        assert not changed[mask == 0].any()
        assert changed[mask > 0.9].mean() > 0.9
    x, y = np.round(found[:, :2]).astype(int).T
    assert mask_of(rendered[7])[y, x][LIPS].min() > 0.9
    assert mask_of(rendered[7])[y, x][EYE_CORNERS].max() == 0


def test_an_engine_lends_itself_to_another_performer(engine: LipSync) -> None:
    class Nobody:
        pass

    nobody: Any = Nobody()
    twin = engine.performed_by(nobody)
    assert (twin.name, twin.shape, twin.performer) == (engine.name, engine.shape, nobody)
    assert engine.performer is not nobody


@pytest.fixture
def talking_video(face_video: Path, speech: Path, tmp_path: Path) -> Path:
    """The face video with a sound of its own."""
    path = tmp_path / "talking.mp4"
    with VideoWriter(
        path, width=320, height=240, frame_rate=RATE, time_base=1 / RATE, sound=speech
    ) as writer:
        for frame in VideoReader(face_video).frames():
            writer.write(frame.image, frame.time)
    return path


def test_the_speaker_is_learnt_from_the_given_video(
    tiny_model: Path,
    talking_video: Path,
    speech: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[Any] = []

    def learn(checkpoint: Any, clips: Any, effort: Any) -> Adaptation:
        asked.append((clips, effort))
        shut = copy.deepcopy(checkpoint.motion)
        shut.head[-1].weight.zero_()
        shut.head[-1].bias.zero_()
        return Adaptation(shut, True, "learnt", 5.0, (4,), Held(0.4, 0.3), Held(0.6, 0.2), True)

    monkeypatch.setattr("synclips.pipeline.learn_speaker", learn)
    engine = LipSync(tiny_model, "cpu")
    told: list[str] = []
    output = tmp_path / "out.mp4"
    report = engine.sync(talking_video, speech, output, lambda step, *_: told.append(step))
    assert list(dict.fromkeys(told)) == ["track", "adapt", "draw"]
    assert (report.adapted, report.calibrated, report.adaptation) == (True, True, "learnt")
    assert report.offset == 2.0  # frames of 25 per second
    assert (report.correlation_before, report.correlation_after) == (0.4, 0.6)
    (((piece,),), effort) = asked.pop()
    assert effort == BRIEF
    assert piece.seconds > 0
    # The lips are those of the network that learnt: shut.
    learnt = openings([frame.image for frame in VideoReader(output).frames()][:10])

    report = engine.sync(talking_video, speech, output, adapt="off")
    assert asked == []
    assert (report.adapted, report.adaptation, report.offset) == (False, "off", None)
    before = openings([frame.image for frame in VideoReader(output).frames()][:10])
    assert learnt.mean() < before.mean() - 1

    engine.sync(talking_video, speech, output, adapt="7")
    assert asked.pop()[1] == Effort(175, 7.0)
    with pytest.raises(ConfigError, match="--adapt takes"):
        engine.sync(talking_video, speech, output, adapt="soon")


def test_what_cannot_be_learnt_from_is_reported(
    engine: LipSync,
    painting_engine: LipSync,
    face_video: Path,
    talking_video: Path,
    speech: Path,
    tmp_path: Path,
) -> None:
    output = tmp_path / "out.mp4"
    short = engine.sync(talking_video, speech, output)
    mute = engine.sync(face_video, speech, output)
    painted = painting_engine.sync(talking_video, speech, output)
    assert [one.adaptation for one in (short, mute, painted)] == [
        "the mouth does not move",
        "no sound",
        "this model does not learn speakers",
    ]
    assert not any(one.adapted or one.calibrated for one in (short, mute, painted))


def test_a_profile_speaks_for_the_person(
    tiny_model: Path, untrained_grid_gan: Path, talking_video: Path, speech: Path, tmp_path: Path
) -> None:
    checkpoint: Any = load_checkpoint(tiny_model)
    shut = copy.deepcopy(checkpoint.motion)
    shut.head[-1].weight.zero_()
    shut.head[-1].bias.zero_()
    person = tmp_path / "person"
    save_profile(person, checkpoint, Adaptation(shut, True, "learnt"))
    engine = LipSync(tiny_model, "cpu", person=person)
    report = engine.sync(talking_video, speech, tmp_path / "out.mp4")
    assert report.adaptation == "a profile is used"
    plain = [one.image for one in render(LipSync(tiny_model, "cpu"), talking_video, voice(0.4))]
    own = [one.image for one in render(engine, talking_video, voice(0.4))]
    assert openings(own).mean() < openings(plain).mean() - 1
    asked = LipSync(tiny_model, "cpu", adapt="auto", person=person)
    assert (
        asked.sync(talking_video, speech, tmp_path / "out.mp4").adaptation
        == "the mouth does not move"
    )
    with pytest.raises(ConfigError, match="grid does not learn speakers"):
        LipSync(untrained_grid_gan, "cpu", person=person)


def test_a_hand_before_the_mouth_stays_in_the_result(
    engine: LipSync, portrait: np.ndarray, speech: Path, tmp_path: Path
) -> None:
    video, output = tmp_path / "hand.mp4", tmp_path / "out.mp4"
    with MediaPipeTracker() as tracker:
        points = tracker.find(portrait)
    assert points is not None
    x, y = np.round(points[LIPS, :2].mean(axis=0)).astype(int)
    hand = np.zeros(portrait.shape[:2], bool)
    hand[y + 2 :, x - 8 : x + 9] = True
    when = range(12, 17)
    with VideoWriter(
        video, width=320, height=240, frame_rate=RATE, time_base=Fraction(1, 12800), crf=8
    ) as writer:
        for index in range(30):
            image = portrait.copy()
            if index in when:
                image[hand] = (20, 90, 40)
            writer.write(image, index / RATE)
    report = engine.sync(video, speech, output)
    assert len(when) <= report.occluded <= len(when) + 2
    pairs = zip(VideoReader(video).frames(), VideoReader(output).frames(), strict=True)
    for before, after in pairs:
        if before.index in when:
            inside = cv2.erode(hand.astype(np.uint8), np.ones((5, 5))) > 0
            away = np.abs(before.image[inside].astype(int) - after.image[inside])
            assert away.max(axis=-1).mean() < 4


@pytest.mark.parametrize("family", ["engine", "painting_engine"])
def test_nothing_is_drawn_on_a_bar_below_the_chin(
    request: pytest.FixtureRequest,
    make_video: MakeVideo,
    portrait: NDArray[np.uint8],
    speech: Path,
    tmp_path: Path,
    family: str,
) -> None:
    """The bar cuts the chin, and lips open wide just above it; `--region` counts with the bar."""
    barred = portrait.copy()
    barred[158:] = barred[:20] = 0
    video, output = make_video([barred] * 12), tmp_path / "out.mp4"
    engine: LipSync = request.getfixturevalue(family)
    report = engine.sync(video, speech, output, region="0.1,0,0.9,1")
    assert report.edited == report.frames
    before = next(VideoReader(video).frames()).image.astype(int)
    for frame in VideoReader(output).frames():
        away = np.abs(frame.image - before).max(axis=-1)
        assert away[160:].max() < 12 and away[:18].max() < 12
        assert away.shape == (240, 320)
    assert away[130:156, 140:190].mean() > 2, "the mouth is another one"
