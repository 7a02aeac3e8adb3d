"""Voices as directions: pieces of one voice lie around it, the wider the shorter they are."""

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.speech.grouping import LEAST, group

Array = NDArray[np.float32]


def unit(rows: NDArray[np.floating]) -> Array:
    return (rows / np.linalg.norm(rows, axis=-1, keepdims=True)).astype(np.float32)


def pieces(voice: Array, seconds: list[float], rng: np.random.Generator) -> Array:
    """Embeddings as alike as those of real pieces: .76 between two of 1.5 s, .9 of 4.5 s."""
    noise = unit(rng.normal(size=(len(seconds), len(voice))))
    return unit(voice + np.sqrt(0.5 / np.array(seconds))[:, None] * noise)


@pytest.fixture
def voices(rng: np.random.Generator) -> list[Array]:
    """Three, alike by .6."""
    apart = np.linalg.qr(rng.normal(size=(256, 4)))[0].T
    return [unit(np.sqrt(0.6) * apart[3] + np.sqrt(0.4) * apart[index]) for index in range(3)]


def test_voices_are_told_apart(voices: list[Array], rng: np.random.Generator) -> None:
    seconds = [3.0, 1.5, 2.0, 4.0, 1.3, 2.5]
    order = [1, 0, 2, 1, 0, 1]
    rows = np.concatenate(
        [pieces(voices[who], [each], rng) for who, each in zip(order, seconds, strict=True)]
    )
    found = group(rows, np.array(seconds, np.float32), [""] * 6)
    assert found.tolist() == [0, 1, 2, 0, 1, 0]  # 9.5, 2.8 and 2 s


def test_one_voice_stays_one(voices: list[Array], rng: np.random.Generator) -> None:
    seconds = rng.uniform(1.2, 5.0, size=40)
    rows = pieces(voices[0], seconds.tolist(), rng)
    assert not group(rows, seconds.astype(np.float32), [""] * 40).any()


def test_the_more_is_heard_the_more_alike_one_voice_must_be(rng: np.random.Generator) -> None:
    first, other = np.linalg.qr(rng.normal(size=(256, 2)))[0].T
    pair = unit(np.stack([first, 0.8 * first + 0.6 * other]))
    assert group(pair, np.array([1.5, 1.5], np.float32), ["", ""]).tolist() == [0, 0]
    assert group(pair, np.array([30.0, 20.0], np.float32), ["", ""]).tolist() == [0, 1]


def test_what_is_too_short_goes_where_it_sounds_alike(
    voices: list[Array], rng: np.random.Generator
) -> None:
    seconds = np.array([5.0, 4.0, 0.5, LEAST - 0.5, 0.5], np.float32)
    rows = np.stack([voices[0], voices[1], voices[1], voices[2], voices[0]])
    assert group(rows, seconds, [""] * 5).tolist()[:3] == [0, 1, 1]
    assert max(group(rows, seconds, [""] * 5)) == 1
    few = np.full(3, 0.5, np.float32)
    assert group(rows[:3], few, [""] * 3).tolist() == [0, 0, 0]


def test_what_is_short_counts_for_who_it_sounds_like(voices: list[Array]) -> None:
    """1.6 and 1 s of the second one are a voice, though only the former can begin one."""
    rows = np.stack([voices[0], voices[0], voices[1], voices[1]])
    seconds = np.array([3.0, 1.0, 1.6, 1.0], np.float32)
    assert group(rows, seconds, [""] * 4).tolist() == [0, 0, 1, 1]
    seconds[3] = 0.3
    assert seconds[2:].sum() < LEAST
    assert group(rows, seconds, [""] * 4).max() == 0


def test_whoever_makes_a_group_stays_in_it() -> None:
    """The second is nearer to the third than to the centre of its own group, and makes it long."""
    angles = np.radians([0.0, 30.0, 48.3])
    rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    seconds = np.array([1.9, 1.2, 100.0], np.float32)
    assert seconds[0] < LEAST
    assert group(rows, seconds, [""] * 3).tolist() == [1, 1, 0]


def test_names_say_more_than_voices(voices: list[Array], rng: np.random.Generator) -> None:
    rows = np.concatenate([pieces(voices[0], [3.0] * 4, rng), pieces(voices[1], [2.5] * 2, rng)])
    seconds = np.array([3.0] * 4 + [2.5] * 2, np.float32)
    twins = group(rows, seconds, ["Ann", "Ben", "Ann", "", "", ""])
    assert twins[0] == twins[2] != twins[1]
    assert twins[3] in (twins[0], twins[1])
    assert twins[4] == twins[5] not in (twins[0], twins[1])
    both = group(rows, seconds, ["Ann", "", "", "", "Ann", "Ann"])
    assert both[0] == both[4] == both[5]


def test_a_film_of_many_subtitles(voices: list[Array], rng: np.random.Generator) -> None:
    who = rng.integers(0, 3, size=900)
    seconds = rng.uniform(1.2, 4.0, size=900)
    rows = np.concatenate(
        [pieces(voices[a], [b], rng) for a, b in zip(who, seconds.tolist(), strict=True)]
    )
    found = group(rows, seconds.astype(np.float32), [""] * 900)
    assert {(a, b) for a, b in zip(found.tolist(), who.tolist(), strict=True)} == {
        (found[who == index][0], index) for index in range(3)
    }
