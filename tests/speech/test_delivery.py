"""Who speaks, for one person and for several."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.options import SayOptions
from synclips.speech import engines
from synclips.speech.cast import Cast, CastMember
from synclips.speech.delivery import Delivery, converted, deliver, deliver_cast
from synclips.speech.likeness import Likeness
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice
from synclips.speech.text import parse_script


class Two(Synthesizer):
    """Has a voice of each kind."""

    name = "two"
    installed = True

    def voices(self) -> list[Voice]:
        return [Voice("two", kind, "de", kind, "", True) for kind in ("male", "female")]

    def nearest(self, likeness: Likeness, language: str) -> Voice | None:
        return Voice("two", f"like {likeness.pitch:.0f}", "de", None, "", True)

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        raise AssertionError("nothing is spoken here")


class Hum(Two):
    """Reads German and English."""

    name = "hum"

    def voices(self) -> list[Voice]:
        return [Voice("hum", tag, tag, None, "none", True) for tag in ("de", "en-us")]


class Own:
    """Whose voice is like a person's."""

    def __init__(self, member: CastMember) -> None:
        self.name = f"own {member.name}"
        self.likeness = Likeness(np.zeros(256, np.float32), member.pitch)

    def convert(self, samples: Any, rate: int, language: str) -> Any:
        return samples


ENGINE = Two()
ONE = Delivery(ENGINE, ENGINE.voices()[0], "de", 1.2)
ANN, BEN, EVE = (
    CastMember("Ann", (), 220.0),
    CastMember("Ben", (), 110.0),
    CastMember("Eve", (), 205.0),
)


def test_who_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])

    def chosen(text: str, **options: Any) -> tuple[str, str]:
        found = deliver(parse_script(text, quiet), SayOptions(**options))
        return found.voice.name, found.language

    german = "Guten Morgen und herzlich willkommen."
    assert chosen(german) == ("de", "de")
    assert chosen(german, language="en") == ("en-us", "en")
    assert chosen(german, speaker="en-us") == ("en-us", "en-us")
    assert chosen("Hello.") == ("en-us", "en")
    assert chosen(german, language="de-AT") == ("de", "de")
    assert chosen("Hello.", language="en-US") == ("en-us", "en-us")
    assert chosen('<speak xml:lang="de">Hello.</speak>') == ("de", "de")
    with pytest.raises(ConfigError, match="No voice of hum speaks the language fr; name another"):
        chosen("Bonjour, comment allez-vous ?")
    for speed in (0.4, 2.1, float("nan")):
        with pytest.raises(ConfigError, match=r"is out of range; take one from 0\.5 to 2\."):
            chosen("Hello.", speed=speed)


def test_letters_no_voice_reads_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])
    with pytest.raises(
        ConfigError,
        match=r"Much of the text is in Cyrillic letters, which no voice reads in the language de;"
        r" name its language with --language\.",
    ):
        deliver(parse_script("Привет, как дела?", quiet), SayOptions(speaker="de"))


def test_a_doubtful_language_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])
    told: list[str] = []
    deliver(parse_script("Bom dia.", quiet), SayOptions(), notice=told.append)
    assert told == [
        "The language of the text is not certain: it is read as en and may be pt; --language says"
        " which."
    ]
    deliver(parse_script("Bom dia.", quiet), SayOptions(language="en"), notice=quiet)
    deliver(parse_script("Hello.", quiet), SayOptions(), notice=quiet)


def test_a_voice_of_another_language_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])
    told: list[str] = []
    text = parse_script("Hello.", quiet)
    deliver(text, SayOptions(speaker="de", language="en"), notice=told.append)
    assert told == [
        "de is a voice of the language de and will pronounce the text (en) in its way; without"
        " --speaker a voice is chosen that reads it."
    ]
    deliver(text, SayOptions(speaker="en-us", language="en-au"), notice=quiet)
    deliver(text, SayOptions(speaker="de"), notice=quiet)


def quiet(sentence: str) -> None:
    raise AssertionError(sentence)


def names(*members: CastMember, **how: Any) -> list[str]:
    notices: list[str] = []
    cast = Cast(members, tuple(range(len(members))))
    found = deliver_cast(ONE, cast, how.pop("voice_of", None), notices.append, **how)
    assert all(each.speed == ONE.speed and each.language == "de" for each in found)
    return [each.voice.name for each in found] + notices


def test_everybody_has_a_voice_as_high_or_low_as_theirs() -> None:
    assert names(ANN, BEN) == ["female", "male"]


def test_where_voices_do_not_suffice_that_is_told() -> None:
    *voices, notice = names(ANN, BEN, EVE)
    assert voices == ["female", "male", "female"]
    assert notice.startswith("two has not enough voices of the language de, so some people")


@pytest.mark.parametrize(
    ("named", "voices"), [(False, ["like 220", "like 110"]), (True, ["male", "male"])]
)
def test_everybody_in_their_own_voice(named: bool, voices: list[str]) -> None:
    assert names(ANN, BEN, voice_of=Own, named=named) == voices  # and no notice
    assert converted(ONE, Own(ANN), named).mark.endswith("converted by own Ann")
    assert converted(ONE, None) is ONE


@pytest.mark.parametrize(
    ("person", "named", "voice"),
    [(ANN, False, "female"), (BEN, False, "male"), (ANN, True, "male")],
)
def test_where_no_voices_mix_it_is_one_as_high_or_low(
    person: CastMember, named: bool, voice: str
) -> None:
    class Plain(Two):
        def nearest(self, likeness: Likeness, language: str) -> Voice | None:
            return None

    one = Delivery(Plain(), ENGINE.voices()[0], "de")
    assert converted(one, Own(person), named).voice.name == voice


def test_sentences_begin_and_end_softly() -> None:
    class Abrupt(Two):
        def speak(
            self, sentences: Iterable[str], voice: Voice, speed: float
        ) -> Iterator[Utterance]:
            yield Utterance(np.full(16_000, 0.5, np.float32), 16_000)

    (heard,) = Delivery(Abrupt(), ENGINE.voices()[0], "de").take(["Ah."])
    steps = np.abs(np.diff(heard.samples, prepend=0, append=0))
    assert steps.max() < 0.02, "no click"
    assert np.all(heard.samples[80:-80] == 0.5) and len(heard.samples) == 16_000
