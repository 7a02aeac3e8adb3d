"""One voice for all that is said, or one for each of several people; nobody is listened to."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips import SayOptions
from synclips.speech import engines
from synclips.speech.cast import Cast, CastMember
from synclips.speech.casting import choose_voices
from synclips.speech.delivery import Delivery
from synclips.speech.likeness import Likeness
from synclips.speech.manuscript import Manuscript, read_manuscript
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice
from synclips.speech.text import Script


class Pair(Synthesizer):
    """An engine of two voices that must not be asked to speak."""

    name = "pair"
    installed = True

    def voices(self) -> list[Voice]:
        kinds = {"ann": "female", "bob": "male"}
        return [Voice("pair", name, "en-us", kind, "none", True) for name, kind in kinds.items()]

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        raise AssertionError("it spoke")


@pytest.fixture
def manuscript(face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manuscript:
    """Three subtitles of a video."""
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Pair()])
    times = [f"00:00:00,{2 * at}00 --> 00:00:00,{2 * at + 1}00\nHello." for at in range(3)]
    (tmp_path / "a.srt").write_text("\n\n".join(times) + "\n")
    return read_manuscript(face_video, tmp_path / "a.srt", SayOptions(), notice=lambda _: None)


@pytest.mark.parametrize("several", [True, False])
def test_of_a_dub_everybody_says_their_own(
    manuscript: Manuscript, monkeypatch: pytest.MonkeyPatch, several: bool
) -> None:
    heard = Cast((CastMember("low", (), 110.0), CastMember("high", (), 220.0)), (0, 1, 0))

    def find(*_: Any) -> Cast | None:
        return heard if several else None

    monkeypatch.setattr("synclips.speech.cast.find_cast", find)
    told: list[str] = []
    voices = choose_voices(manuscript, True, False, None, None, told.append)
    if not several:
        assert voices.cast is None and told == []
        assert voices.by is voices.deliveries[0]
        return
    assert voices.cast is heard
    assert not isinstance(voices.by, Delivery)
    assert [one.voice.name for one in voices.by] == ["bob", "ann", "bob"]
    assert told[0].startswith("2 people are told apart by their voices (subtitles of low: 2, high")
    assert not isinstance(manuscript.what, Script)
    cues = [replace(cue, speaker=name) for cue, name in zip(manuscript.what, "aba", strict=True)]
    choose_voices(replace(manuscript, what=cues), True, False, None, None, told.append)
    assert told[1:] == ["2 people are told apart by their names (subtitles of low: 2, high: 1)."]


def test_one_voice_listens_to_nobody(
    manuscript: Manuscript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synclips.speech.cast.find_cast", lambda *_: pytest.fail("listened"))
    for dub, named in ((False, False), (True, True)):
        voices = choose_voices(manuscript, dub, named, None, None, pytest.fail)
        assert isinstance(voices.by, Delivery) and voices.cast is None


class Own:
    """Whose voice is like a person's, or of which nothing is known."""

    name = "own"

    def __init__(self, likeness: Likeness | None) -> None:
        self.likeness = likeness

    def convert(self, samples: Any, rate: int, language: str) -> Any:
        return samples


def test_what_comes_nearer_to_a_person_is_told(
    manuscript: Manuscript, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("synclips.speech.casting.nearer_engine", lambda *_: "choir: get it")
    own = Own(Likeness(np.zeros(256, np.float32), 110.0))
    told: list[str] = []
    choose_voices(manuscript, False, False, own, None, told.append)
    assert told == [
        "pair comes only a little nearer to a person's voice; much nearer comes choir: get it."
    ]
    for converter, named in ((own, True), (Own(None), False), (None, False)):
        choose_voices(manuscript, False, named, converter, None, pytest.fail)
