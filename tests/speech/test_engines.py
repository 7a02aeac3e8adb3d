from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from synclips.errors import AbsentVoiceError, ConfigError
from synclips.speech import engines as module
from synclips.speech.catalogue import offers_of
from synclips.speech.engines import another_voice, choose_voice, list_voices, nearer_engine
from synclips.speech.espeak import Espeak
from synclips.speech.espeak_process import find_library
from synclips.speech.flite import Flite
from synclips.speech.kokoro import Kokoro
from synclips.speech.likeness import Likeness, kokoro_embeddings
from synclips.speech.piper import Piper
from synclips.speech.synthesizer import Synthesizer, Voice


class Engine(Synthesizer):
    """Has the voices it is given and cannot speak."""

    installed = True

    def __init__(self, name: str, *voices: tuple[str, str]) -> None:
        self.name = name
        self._voices = [Voice(name, each, tag, None, "", True) for each, tag in voices]

    def voices(self) -> list[Voice]:
        return self._voices


ONE = Engine("one", ("us", "en-us"), ("gb", "en-gb"), ("de", "de"))
TWO = Engine("two", ("us", "en-us"), ("fr", "fr-fr"))
ABSENT = Espeak(None)


def choose(language: str, *among: Any, **named: Any) -> tuple[str, str]:
    engine, voice = choose_voice(language, among=among or [ABSENT, ONE, TWO], **named)
    assert engine.name == voice.engine
    return voice.engine, voice.name


def test_the_first_that_speaks_the_language() -> None:
    assert choose("en") == ("one", "us")
    assert choose("en-gb") == ("one", "gb")
    assert choose("fr") == ("two", "fr")
    assert choose("de-at") == ("one", "de")  # the region matters less than the language
    assert choose("fr-fr", ONE, TWO) == ("two", "fr")
    assert choose("en-au", TWO, ONE) == ("two", "us")
    portuguese = Engine("three", ("br", "pt-br"), ("pt", "pt"))
    assert choose("pt", portuguese) == ("three", "br")
    assert choose("pt-pt", portuguese) == ("three", "pt")
    assert choose("en", engine="two") == ("two", "us")
    assert choose("fr", voice="de") == ("one", "de")
    assert choose("en", voice="us", engine="two") == ("two", "us")


class Choir(Engine):
    """Has three voices of English, and can make a female one of any."""

    def voices(self) -> list[Voice]:
        kinds = {"ann": "female", "bob": "male", "eve": "female"}
        return [Voice("choir", name, "en-us", kind, "", True) for name, kind in kinds.items()]

    def in_gender(self, voice: Voice, gender: str, taken: Any = ()) -> Voice | None:
        made = replace(voice, name=f"{voice.name}+", gender="female")
        return made if gender == "female" else None


def test_one_more_person_has_another_voice_of_their_kind() -> None:
    choir = Choir("choir")

    def voice(engine: Engine, gender: str | None, *taken: str) -> str | None:
        found = another_voice(engine, "en", gender, taken)
        return found and found.name

    assert voice(choir, "female") == "ann"
    assert voice(choir, "female", "ann") == "eve"
    assert voice(choir, "female", "ann", "eve") == "ann+"
    assert voice(choir, "female", "ann", "eve", "ann+") == "ann"  # rather than a man's
    assert voice(choir, "male", "ann") == "bob"
    assert voice(choir, "male", "bob") == "bob"
    assert voice(choir, None, "ann") == "bob"
    assert voice(choir, None, "ann", "bob", "eve") == "ann+"  # of either kind
    assert voice(ONE, "male", "us") == "us"  # whose gender nobody knows
    assert voice(ONE, None, "us") == "gb"
    assert another_voice(TWO, "de", None, ()) is None


def test_what_there_is_not() -> None:
    for arguments, named, reason in [
        (("en",), {"engine": "x"}, "There is no engine x; take one of espeak, one, two."),
        (("en",), {"engine": "espeak"}, 'install it: pip install -e ".[espeak]".'),
        (("en",), {"voice": "x"}, "no voice x in one or two; synclips voices lists them."),
        (("en",), {"voice": "fr", "engine": "one"}, "There is no voice fr in one;"),
        (("sw",), {}, 'speaks the language sw; espeak-ng may: pip install -e ".[espeak]".'),
        (("sw", ONE), {}, "No voice of one speaks the language sw; name another with --language"),
        (("en", ABSENT, Flite(None)), {}, 'is installed; install one: pip install -e ".[esp'),
        (("en", Flite(None)), {"engine": "flite"}, "install it: apt install flite (Debian, Ubun"),
    ]:
        with pytest.raises(ConfigError) as caught:
            choose(*arguments, **named)
        assert reason in str(caught.value)


def test_a_timbre_of_espeak(espeak: Espeak) -> None:
    assert choose("en", espeak, voice="de+f2") == ("espeak", "de+f2")


def test_a_voice_as_high_as_asked_for_is_preferred() -> None:
    engine = Engine("one")
    engine._voices = [
        Voice("one", name, tag, gender, "", True)
        for name, tag, gender in [
            *[("amy", "en-us", "female"), ("brian", "en-gb", "male"), ("carl", "en-us", "male")],
            ("dora", "de", None),
        ]
    ]
    assert choose("en", engine) == ("one", "amy")
    assert choose("en", engine, gender=lambda: "female") == ("one", "amy")
    # Rather one of the same region, but rather another region than another height.
    assert choose("en", engine, gender=lambda: "male") == ("one", "carl")
    assert choose("en", engine, gender=lambda: None) == ("one", "amy")
    engine._voices.pop(2)
    assert choose("en", engine, gender=lambda: "male") == ("one", "brian")
    # No other engine or language for it.
    assert choose("de", engine, TWO, gender=lambda: "female") == ("one", "dora")


def test_what_is_to_be_somebody_else_is_spoken_by_an_engine_that_mixes(
    networks: Any, tmp_path: Path
) -> None:
    networks.kokoro(tmp_path)
    kokoro = Kokoro(tmp_path, find_library())
    among = ABSENT, ONE, kokoro
    assert choose("en", *among) == ("one", "us")
    assert choose("en", *among, mixing=True) == ("kokoro", "af_heart")
    assert choose("de", *among, mixing=True) == ("one", "de")  # which kokoro does not speak
    assert choose("en", *among, mixing=True, engine="one") == ("one", "us")
    assert choose("en", *among, mixing=True, voice="gb") == ("one", "gb")


def test_an_engine_that_cannot_mix_makes_nothing_like_somebody() -> None:
    person = Likeness(kokoro_embeddings("male")["bm_george"], 110.0)
    assert not ONE.mixes and ONE.nearest(person, "en") is None
    assert Kokoro.mixes  # and what it makes is tested with it


def test_nobody_listens_where_no_voice_is_to_be_chosen() -> None:
    def listen() -> str:
        raise AssertionError("it takes seconds")

    assert choose("en", voice="gb", gender=listen) == ("one", "gb")
    for refused in ({"engine": "nonsense"}, {"engine": "espeak"}):
        with pytest.raises(ConfigError):
            choose("en", gender=listen, **refused)
    with pytest.raises(ConfigError):
        choose("sw", gender=listen)


def test_espeak_speaks_high_with_a_timbre(espeak: Espeak) -> None:
    assert choose("de", espeak, gender=lambda: "female") == ("espeak", "de+f3")
    assert choose("de", espeak, gender=lambda: "male") == ("espeak", "de")


def test_the_list_by_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "engines", lambda folder=None: [ABSENT, Flite(None), ONE, TWO])
    assert [(v.engine, v.name) for v in list_voices("en")] == [
        *[("espeak", ""), ("flite", ""), ("one", "us"), ("one", "gb"), ("two", "us")]
    ]
    assert [(v.engine, v.name) for v in list_voices("de")] == [("espeak", ""), ("one", "de")]
    assert len(list_voices()) == 7


def test_a_voice_that_is_not_there_yet(networks: Any, tmp_path: Path) -> None:
    library = find_library()
    piper = Piper(tmp_path, library, offers_of("piper"))
    kokoro = Kokoro(tmp_path, library, offers_of("kokoro"))
    for arguments, named, reason in [
        (("en",), {"engine": "piper"}, "piper has no voice yet; get one: synclips voices --get pi"),
        (("de",), {"engine": "piper"}, "synclips voices --get piper/de_DE-thorsten-medium."),
        (("en",), {"engine": "kokoro"}, "get one: synclips voices --get kokoro/v1.0-int8."),
        (("it",), {"engine": "kokoro"}, "get one: synclips voices --get kokoro/v1.0-int8."),
        (("en-au",), {"engine": "piper"}, "get one: synclips voices --get piper/en_US-kristin"),
        (("de",), {"engine": "kokoro"}, "kokoro has no voice of the language de to get; take"),
        (("sw",), {"engine": "piper"}, "piper has no voice of the language sw to get; take"),
        (
            ("en",),
            {"voice": "en_US-lessac-medium"},
            "The voice en_US-lessac-medium of piper is not here yet; get it: synclips voices --get"
            " piper/en_US-lessac-medium.",
        ),
    ]:
        with pytest.raises(ConfigError) as caught:
            choose(*arguments, piper, kokoro, ONE, **named)
        assert reason in str(caught.value)
    assert choose("en", piper, kokoro, ONE) == ("one", "us")
    with pytest.raises(ConfigError, match="language it; get one that does: .* kokoro/v1.0-int8"):
        choose("it", kokoro, ONE)
    networks.piper(tmp_path, "en_US-lessac-medium", speakers=2)
    assert choose("en", piper, kokoro, ONE) == ("piper", "en_US-lessac-medium")
    assert choose("en", piper, voice="en_US-lessac-medium+bob")[1] == "en_US-lessac-medium+bob"
    with pytest.raises(ConfigError, match="language fr; get one that does: .* piper/fr_FR-siwis"):
        choose("fr", piper, engine="piper")
    (tmp_path / "piper" / "en_US-lessac-medium.onnx.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"medium of piper cannot be used: .* is missing\."):
        choose("en", piper, ONE, voice="en_US-lessac-medium")


@pytest.mark.parametrize(
    ("language", "named", "key"),
    [
        ("en", {"engine": "piper"}, "piper/en_US-kristin-medium"),
        ("de", {"engine": "piper"}, "piper/de_DE-thorsten-medium"),
        ("it", {"engine": "kokoro"}, "kokoro/v1.0-int8"),
        ("it", {}, "kokoro/v1.0-int8"),  # of those that are here none speaks it
        ("en", {"voice": "en_GB-alba-medium"}, "piper/en_GB-alba-medium"),
        ("en", {"voice": "af_heart:70+bm_george:30/jf_alpha"}, "kokoro/v1.0-int8"),
        ("en", {"voice": "bm_george", "engine": "kokoro"}, "kokoro/v1.0-int8"),
        # What could be downloaded would not bring these.
        ("sw", {"engine": "piper"}, None),
        ("en", {"voice": "af_nobody", "engine": "kokoro"}, None),
        ("en", {"voice": "jf_alpha"}, None),
        ("en", {"voice": "en_US-nobody-low", "engine": "piper"}, None),
        ("en", {"voice": "us", "engine": "none"}, None),
    ],
)
def test_what_would_have_to_be_downloaded(
    language: str, named: dict[str, str], key: str | None, tmp_path: Path
) -> None:
    piper = Piper(tmp_path, None, offers_of("piper"))
    kokoro = Kokoro(tmp_path, None, offers_of("kokoro"))
    with pytest.raises(ConfigError) as caught:
        choose(language, piper, kokoro, ONE, **named)
    absent = caught.value
    assert (absent.key if isinstance(absent, AbsentVoiceError) else None) == key


def test_without_what_runs_networks_nothing_is_to_be_downloaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ("piper", "kokoro"):
        monkeypatch.setattr(f"synclips.speech.{engine}.is_installed", lambda: False)
    piper = Piper(tmp_path, None, offers_of("piper"))
    kokoro = Kokoro(tmp_path, None, offers_of("kokoro"))
    for named in ({"engine": "piper"}, {"engine": "kokoro"}, {"voice": "af_heart"}):
        with pytest.raises(ConfigError) as caught:
            choose("en", piper, kokoro, ONE, **named)
        assert not isinstance(caught.value, AbsentVoiceError)


def test_what_comes_nearer_to_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kokoro = Kokoro(tmp_path, None, offers_of("kokoro"))
    monkeypatch.setattr(module, "engines", lambda folder=None: [ONE, kokoro])
    assert nearer_engine(ONE, "en-au") == "kokoro: synclips voices --get kokoro/v1.0-int8"
    assert nearer_engine(ONE, "de") is None
    assert nearer_engine(kokoro, "en") is None
    monkeypatch.setattr(module, "engines", lambda folder=None: [ONE, TWO])
    assert nearer_engine(ONE, "en") is None
