"""What is high and low, shares of voices by embeddings of a mixture, and the table that ships."""

import numpy as np
import pytest

from synclips.speech.likeness import Likeness, colours, kokoro_embeddings, shares


def unit(rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), np.float32)


@pytest.fixture
def voices() -> dict[str, np.ndarray]:
    # Positive, as the embeddings of a ReLU are: every voice is somewhat like every other.
    rng = np.random.default_rng(0)
    return {f"v{index}": unit(rng.random(256)) for index in range(8)}


def test_a_mixture_is_found_again(voices: dict[str, np.ndarray]) -> None:
    mixed = 0.6 * voices["v3"] + 0.3 * voices["v5"] + 0.1 * voices["v0"]
    found = shares(mixed, voices)
    assert list(found) == ["v3", "v5", "v0"]  # the largest first
    assert list(found.values()) == pytest.approx([0.6, 0.3, 0.1], abs=0.01)


def test_a_person_like_one_voice_is_given_that_one(voices: dict[str, np.ndarray]) -> None:
    assert shares(voices["v2"], voices) == {"v2": 1.0}
    assert shares(voices["v2"], {"v1": voices["v1"]}) == {"v1": 1.0}


def test_the_mixture_is_nearer_than_any_voice(voices: dict[str, np.ndarray]) -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        person = unit(rng.random(256))
        found = shares(person, voices)
        assert sum(found.values()) == pytest.approx(1)
        assert min(found.values()) > 0.03
        mean = unit(sum(share * voices[name] for name, share in found.items()))
        assert mean @ person > max(row @ person for row in voices.values())


def test_a_colour_away_from_some_voices_is_nearer_than_a_mixture(
    voices: dict[str, np.ndarray],
) -> None:
    person = unit(1.2 * voices["v3"] - 0.5 * voices["v5"] + 0.3 * voices["v0"])
    start = shares(person, voices)
    found = colours(person, voices, start)
    assert sum(found.values()) == pytest.approx(1)
    assert found["v3"] > found["v0"] > 0.1 and found["v5"] < -0.2
    near, nearer = (
        unit(sum(share * voices[name] for name, share in each.items())) @ person
        for each in (start, found)
    )
    assert nearer > near + 0.02
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_a_colour_stays_near_its_start_and_is_of_few(rng: np.random.Generator) -> None:
    many = {f"v{index}": unit(rng.random(256)) for index in range(40)}
    start = {"v1": 0.5, "v2": 0.5}
    person = unit(rng.random(256))
    found = colours(person, many, start)
    assert len(found) == 24
    assert {"v1", "v2"} <= set(found)
    assert colours(many["v1"], many, {"v1": 1.0})["v1"] == pytest.approx(1)


@pytest.mark.parametrize(
    ("pitch", "gender"), [(110.0, "male"), (165.0, None), (220.0, "female"), (None, None)]
)
def test_who_speaks_high_or_low(pitch: float | None, gender: str | None) -> None:
    assert Likeness(np.zeros(256, np.float32), pitch).gender == gender


@pytest.mark.parametrize("melody", ["female", "male"])
def test_what_ships_tells_women_from_men(melody: str) -> None:
    known = kokoro_embeddings(melody)
    assert len(known) == 54
    assert all(np.linalg.norm(row) == pytest.approx(1, abs=2e-3) for row in known.values())
    english = {name: row for name, row in known.items() if name[0] in "ab"}
    for name, row in english.items():
        others = {
            kind: np.mean([each @ row for other, each in english.items() if kind == other[1]])
            for kind in "fm"
        }
        # A whisper, a disguise, and in the same melody the lowest woman.
        if name not in ("af_nicole", "am_santa", "af_alloy"):
            assert max(others, key=lambda kind: others[kind]) == name[1], name
