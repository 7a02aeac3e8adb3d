"""How late sounds are: told to milliseconds by who did not learn from them, or not at all."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from synclips.corpus.dataset import Utterance
from synclips.corpus.heard import Heard
from synclips.errors import ConfigError, InputError
from synclips.models.motion import MotionSpec
from synclips.models.speech_encoder import FEATURES
from synclips.training.offsets import (
    NAME,
    PLACES,
    find_offsets,
    is_found,
    offset_of,
    read_offsets,
    summary,
    write_offsets,
)

OPENING = np.array([1.0, 0.0])


class Listener(nn.Module):
    """Opens the mouth by what the first feature says."""

    spec = MotionSpec(width=16, heads=2, shape_size=2, references=4)

    def __init__(self) -> None:
        super().__init__()
        self.gain = nn.Parameter(torch.ones(1), requires_grad=False)

    def speak(self, heard: Tensor, shapes: Tensor) -> Tensor:
        return self.gain * heard[:, :2]


def curve(seed: int, at: np.ndarray) -> np.ndarray:
    """A mouth that opens and closes unevenly, a few times a second."""
    rng = np.random.default_rng(seed)
    swings = zip(rng.uniform(0.5, 4, 24), rng.uniform(0, 7, 24), strict=True)
    return sum(np.sin(2 * np.pi * hertz * at / 50 + phase) for hertz, phase in swings) / 5


def clip(
    person: str, late: float = 0.0, corpus: str = "talks", length: int = 400, seed: int = 0
) -> Utterance:
    """Sound that is late by so many instants."""
    at = np.arange(length)
    rows = np.repeat(curve(seed, at)[None, :, None], FEATURES, axis=2).astype(np.float16)
    motion = np.stack([curve(seed, at + late), np.zeros(length)], axis=1).astype(np.float32)
    heard = Heard(rows, np.ones((1, length), np.float16))
    return Utterance(person, corpus, f"{person}{seed}", heard, motion, np.ones(length, bool))


@pytest.mark.parametrize("late", [0.0, 0.4, -3.3, 12.0])
def test_an_offset_is_found_between_instants(late: float) -> None:
    found = offset_of(Listener(), clip("ann", late), OPENING)  # type: ignore[arg-type]
    assert float(found) == pytest.approx(late / 50, abs=0.002)


def test_nothing_is_said_of_strangers_and_of_little() -> None:
    listener: Any = Listener()
    strange, short = clip("ann", 5.0), clip("ann", 5.0)
    strange.motion[:] = clip("ann", seed=1).motion
    short.valid[40:] = False
    hidden = clip("ann", 5.0)
    hidden.valid[:] = False
    assert [offset_of(listener, one, OPENING) for one in (strange, short, hidden)] == [0, 0, 0]


@pytest.mark.parametrize(("late", "found"), [(19.0, 19.0), (-19.2, -19.2), (20.0, 0.0)])
def test_an_offset_at_the_edge_of_reach(late: float, found: float) -> None:
    assert 50 * float(offset_of(Listener(), clip("ann", late), OPENING)) == pytest.approx(  # type: ignore[arg-type]
        found, abs=0.15
    )


def test_nobody_is_asked_by_who_learnt_from_them() -> None:
    clips = [clip("ann", 3.0), clip("ann", -2.0, seed=1), clip("bob", 1.0), clip("cid", 4.0)]
    again = clip("ann", 2.0, corpus="more", seed=2)  # in another folder
    exact = [clip("s1", 2.0, corpus="grid"), clip("cid", 2.0, corpus="grid")]
    lessons: dict[str, set[str]] = {}

    def teach(place: str, given: list[Utterance]) -> Any:
        lessons[place] = {one.key for one in given}
        return Listener()

    found = find_offsets([*clips, again, *exact], teach, OPENING)
    assert lessons == {
        "offsets/first": {"talks__bob__bob0", "grid__s1__s10"},
        "offsets/second": {
            "talks__ann__ann0",
            "talks__ann__ann1",
            "more__ann__ann2",
            "talks__cid__cid0",
            "grid__s1__s10",
            "grid__cid__cid0",
        },
    }
    assert tuple(lessons) == PLACES
    assert {key: round(float(late) * 50) for key, late in found.items()} == {
        "talks__ann__ann0": 3,
        "talks__ann__ann1": -2,
        "more__ann__ann2": 2,
        "talks__bob__bob0": 1,
        "talks__cid__cid0": 4,
    }


def test_one_person_teaches_nobody() -> None:
    def teach(place: str, given: list[Utterance]) -> Any:
        raise AssertionError

    assert find_offsets([clip("ann", 3.0), clip("s1", corpus="grid")], teach, OPENING) == {}


def test_what_was_found_is_kept_with_what_it_is_of(tmp_path: Path) -> None:
    folder = tmp_path / "work" / "offsets"
    assert not is_found(folder, "a")
    with pytest.raises(ConfigError, match=r"offsets\.json is not there; run stage offsets first"):
        read_offsets(folder, "a")
    found = {"b": Fraction(-13, 1000), "a": Fraction(0)}
    write_offsets(found, "a", folder)
    assert is_found(folder, "a") and not is_found(folder, "b")
    assert read_offsets(folder, "a") == found
    with pytest.raises(ConfigError, match=r"offsets\.json is of other clips or settings; run"):
        read_offsets(folder, "b")


def test_it_is_told_in_words() -> None:
    found = {"b": Fraction(-13, 1000), "a": Fraction(0)}
    assert summary(found) == "1 of 2 clips are off, by 13 ms (median)"
    assert summary({"a": Fraction(0)}) == "0 of 1 clips are off, by 0 ms (median)"
    assert summary({}).startswith("fewer than two people")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[3]",
        '{"of": "a"}',
        '{"of": "a", "milliseconds": 3}',
        '{"of": "a", "milliseconds": {"a": "x"}}',
        '{"of": "a", "milliseconds": {"a": 1.5}}',
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(InputError, match=r"offsets\.json is damaged; remove it and run stage offs"):
        read_offsets(tmp_path, "a")
