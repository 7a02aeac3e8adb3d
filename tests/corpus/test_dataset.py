from collections.abc import Callable
from dataclasses import fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus.clips import Clip
from synclips.corpus.dataset import MotionDataset, PictureDataset, Utterance, utterance
from synclips.corpus.heard import Heard
from synclips.corpus.prepared import Prepared
from synclips.errors import InputError
from synclips.faces.landmarks import INNER_LOWER, KEPT
from synclips.faces.track import assemble_track
from synclips.hearing.hearing import silence
from synclips.models.speech_encoder import FEATURES


def spoken(person: str, level: float, length: int = 150, corpus: str = "grid") -> Utterance:
    """Motion says who and when: column 0 is the person's level, column 1 the instant."""
    time = np.arange(length, dtype=np.float32)
    motion = np.stack([np.full(length, level, np.float32), time], axis=-1)
    rows = np.repeat(time[None, :, None], FEATURES, axis=2).astype(np.float16)
    heard = Heard(rows, np.ones((1, length), np.float16))
    return Utterance(person, corpus, f"{person}-{length}", heard, motion, np.ones(length, bool))


@pytest.fixture
def people() -> list[Utterance]:
    return [spoken("a", 1.0), spoken("b", 2.0), spoken("b", 2.0, 200)]


def same(one: Any, other: Any) -> bool:
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in fields(one)
    )


def test_motion_batches_depend_on_seed_and_step_alone(people: list[Utterance]) -> None:
    def draw(seed: int, step: int) -> Any:
        data = MotionDataset(people, 40, 6)
        return data.batch(np.random.default_rng([seed, step]), 8)

    assert same(draw(3, 14), draw(3, 14))
    assert not same(draw(3, 14), draw(3, 15))
    assert not same(draw(3, 14), draw(4, 14))
    batch = draw(3, 14)
    assert batch.heard.shape == (8, 40, FEATURES)
    assert batch.motion.shape == (8, 40, 2)
    assert batch.valid.shape == (8, 40)
    assert batch.shapes.shape == (8, 6, 2)
    assert batch.known.shape == (8,)
    assert batch.valid.dtype == batch.known.dtype == bool


def test_sound_and_lips_of_a_window_are_of_the_same_instants(
    people: list[Utterance], rng: np.random.Generator
) -> None:
    batch = MotionDataset(people, 40, 6, augment=False).batch(rng, 30)
    heard, seen = batch.heard[..., 0], batch.motion[..., 1]
    inside = batch.valid & (heard >= 0)
    assert inside.mean() > 0.5
    np.testing.assert_allclose(heard[inside], seen[inside], atol=1e-3)


def test_where_sound_was_cut_away_the_lips_rest(rng: np.random.Generator) -> None:
    item = spoken("a", 1.0)
    item.heard.moved[:, 60:90] = 0
    batch = MotionDataset([item], 40, 6, augment=False).batch(rng, 60)
    away = (batch.heard[..., 0] > 61) & (batch.heard[..., 0] < 88)
    assert away.any() and not batch.motion[away].any()
    assert (batch.motion[(batch.heard[..., 0] > 92) & batch.valid, 0] == 1).all()


def test_beyond_the_ends_is_silence_that_teaches_nothing(
    people: list[Utterance], rng: np.random.Generator
) -> None:
    data = MotionDataset(people, 40, 6, augment=False)
    batch = data.batch(rng, 60)
    outside = ~batch.valid
    assert outside.any()
    assert (batch.motion[outside] == 0).mean() > 0.9  # but the one instant at the very end
    quiet = (batch.heard == silence()).all(axis=-1)
    assert quiet.any() and not (quiet & batch.valid).any()


def test_references_are_of_the_same_person(
    people: list[Utterance], rng: np.random.Generator
) -> None:
    batch = MotionDataset(people, 40, 6, augment=False).batch(rng, 40)
    who = batch.motion[..., 0].max(axis=1)
    assert set(who) == {1.0, 2.0}
    np.testing.assert_array_equal(batch.shapes[..., 0], np.repeat(who[:, None], 6, axis=1))
    assert 0 < batch.known.sum() < 40


@pytest.mark.parametrize(("quantity", "share"), [(0.0, 1 / 2), (0.5, 1 / 5), (1.0, 1 / 17)])
def test_how_far_it_counts_how_much_there_is_of_a_person(
    quantity: float, share: float, rng: np.random.Generator
) -> None:
    said = [spoken("a", 1.0, 100), spoken("b", 2.0, 1600)]
    data = MotionDataset(said, 20, 2, augment=False, quantity=quantity)
    who = np.array([data.draw_speaker(rng)[1] for _ in range(4000)])
    assert (who == "a").mean() == pytest.approx(share, abs=0.025)


def test_what_shows_hardly_any_face_is_not_drawn() -> None:
    hidden = spoken("c", 3.0)
    hidden.valid[20:] = False
    assert list(MotionDataset([hidden, spoken("a", 1.0)], 40, 6).people) == [("grid", "a")]


def test_lips_come_as_much_later_as_the_sound_is_late(head: Any) -> None:
    lips = np.zeros((50, 4), np.float32)
    lips[:, 0] = 1 - np.cos(2 * np.pi * np.arange(50) / 25)
    track = assemble_track([Fraction(i, 25) for i in range(50)], head.film(lips))
    prepared = Prepared(Clip(Path("x.mp4"), "ann", "x", "talks"), track)
    heard = Heard(np.zeros((1, 101, FEATURES), np.float16), np.ones((1, 101), np.float16))
    plain = utterance(prepared, heard, head.shape)
    moved = utterance(prepared, heard, head.shape, Fraction(3, 50))
    np.testing.assert_allclose(moved.motion[3:95], plain.motion[:92], atol=1e-5)
    assert not moved.valid[:3].any() and plain.valid[:3].all()


def test_utterance_is_at_fifty_instants_per_second_whatever_the_frame_rate(head: Any) -> None:
    openings = []
    for rate in (25, 50):
        count = 2 * rate
        lips = np.zeros((count, 4), np.float32)
        lips[:, 0] = 1 - np.cos(2 * np.pi * np.arange(count) / rate)
        track = assemble_track([Fraction(i, rate) for i in range(count)], head.film(lips))
        clip = Clip(Path("x.mp4"), "s1", "x", "grid")
        heard = Heard(np.zeros((1, 101, FEATURES), np.float16), np.ones((1, 101), np.float16))
        result = utterance(Prepared(clip, track), heard, head.shape)
        assert result.motion.shape == (101, 4)
        assert result.valid.sum() == int((count - 1) / rate * 50) + 1
        assert not result.valid[-1], "no frame shows this instant"
        openings.append(result.motion[:97, 0])
    assert np.argmax(openings[1][:50]) == 25
    np.testing.assert_allclose(openings[0], openings[1], atol=0.1)


@pytest.fixture
def crops(tmp_path: Path, rng: np.random.Generator) -> Callable[..., list[Clip]]:
    """Prepared crops in which every pixel of a frame is the frame's number."""

    def make(*lengths: int) -> list[Clip]:
        clips = []
        for number, length in enumerate(lengths):
            clip = Clip(Path("x"), f"s{number}", "x", "grid")
            images = np.zeros((length, 16, 16, 3), np.uint8)
            images += np.arange(length, dtype=np.uint8)[:, None, None, None]
            points = rng.uniform(4, 12, size=(1, len(KEPT), 2)).repeat(length, axis=0)
            points[:, INNER_LOWER, 1] += rng.uniform(0, 6, size=(length, 1))
            np.savez(tmp_path / f"{clip.key}.crops.npz", images=images, points=np.float32(points))
            clips.append(clip)
        return clips

    return make


def numbers(pictures: np.ndarray) -> np.ndarray:
    """Frame numbers (..., S, S, 3) -> (...)."""
    return pictures[..., 0, 0, 0].astype(int)


@pytest.mark.parametrize(("stride", "steps"), [(1, 5), (2, 3), (5, 1)])
def test_references_are_never_closer_than_the_gap(
    crops: Callable[..., list[Clip]], tmp_path: Path, stride: int, steps: int
) -> None:
    data = PictureDataset(crops(30, 40), tmp_path, stride, gap=5)
    batch = data.batch(np.random.default_rng(0), 300, 3, augment=False)
    apart = np.abs(numbers(batch.pictures[:, 1:]) - numbers(batch.pictures[:, :1]))
    assert batch.pictures.shape == (300, 4, 16, 16, 3)
    assert batch.points.shape == (300, 4, len(KEPT), 2)
    assert apart.min() == steps  # so close is allowed and happens


def test_frames_in_a_row_keep_their_distance_together(
    crops: Callable[..., list[Clip]], tmp_path: Path
) -> None:
    data = PictureDataset(crops(30, 40), tmp_path, 1, gap=5)
    batch = data.batch(np.random.default_rng(0), 300, 3, augment=False, moments=2)
    assert batch.pictures.shape == (300, 5, 16, 16, 3)
    shown = numbers(batch.pictures)
    assert (shown[:, 1] - shown[:, 0] == 1).all()
    apart = np.abs(shown[:, None, 2:] - shown[:, :2, None])
    assert apart.min() == 5


def test_references_are_the_nearest_lips_of_a_few_frames(
    crops: Callable[..., list[Clip]], tmp_path: Path
) -> None:
    data = PictureDataset(crops(60), tmp_path, 1)
    batch = data.batch(np.random.default_rng(1), 200, 3, augment=False)
    away = np.abs(batch.points[:, 1:] - batch.points[:, :1]).mean(axis=(2, 3))
    edited, first, second = away.T
    assert (first <= second + 1e-6).mean() > 0.85  # all but the portraits
    assert first.mean() < 0.4 * edited.mean()


def test_picture_batches_depend_on_seed_and_step_alone(
    crops: Callable[..., list[Clip]], tmp_path: Path
) -> None:
    clips = crops(30, 40)

    def draw(step: int) -> Any:
        return PictureDataset(clips, tmp_path, 2).batch(np.random.default_rng([0, step]), 4)

    assert same(draw(7), draw(7))
    assert not same(draw(7), draw(8))
    assert draw(7).pictures.dtype == np.uint8


def test_clips_too_short_or_not_prepared_are_left_out(
    crops: Callable[..., list[Clip]], tmp_path: Path
) -> None:
    clips = [*crops(21, 20), Clip(Path("x"), "s9", "never", "grid")]
    assert len(PictureDataset(clips, tmp_path, 1, gap=5)) == 21


def test_nothing_to_draw_from_is_told(crops: Callable[..., list[Clip]], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no crops, or too few of every clip; run stage crops"):
        PictureDataset(crops(8), tmp_path, 1)
    with pytest.raises(InputError, match="No clip shows a face for half a second"):
        MotionDataset([], 32, 4)
