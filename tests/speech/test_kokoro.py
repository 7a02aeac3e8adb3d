"""The engine with a network that says every number it reads, and the row of the voice it got."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.errors import ConfigError, ModelError
from synclips.features.loudness import loudness_gain
from synclips.speech.catalogue import offers_of
from synclips.speech.espeak_process import find_library
from synclips.speech.kokoro import Kokoro
from synclips.speech.kokoro_mixture import Mixture
from synclips.speech.kokoro_symbols import MOST, VOCABULARY, in_pieces, numbers, spelled
from synclips.speech.likeness import Likeness, kokoro_embeddings
from synclips.speech.synthesizer import Utterance

Say = Callable[..., Utterance]


@pytest.fixture
def say(espeak: Any, tmp_path: Path) -> Say:
    def call(sentence: str, name: str = "af_heart", speed: float = 1) -> Utterance:
        engine = Kokoro(tmp_path, find_library())
        voice = next(voice for voice in engine.voices() if voice.name == name)
        (heard,) = engine.speak([sentence], voice, speed)
        return heard

    return call


def test_reads_signs_between_two_zeros_in_the_style_of_their_count(
    networks: Any, say: Say, tmp_path: Path
) -> None:
    networks.kokoro(tmp_path)
    heard = say("Oh, judge me.")
    assert heard.rate == 24_000
    *spoken, row = heard.samples
    ids = networks.numbers(np.array(spoken))
    assert ids == [0, *(VOCABULARY[sign] for sign in "ˈO, ʤˈʌʤ mˌi."), 0]
    assert round(float(row) * 1024) == len(ids) - 2 - 1  # the first row is for one sign


def test_speed(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.kokoro(tmp_path)
    slow, fast = (len(say("Good morning.", speed=speed).samples) for speed in (0.5, 1.25))
    assert (slow - 1) / (fast - 1) == 2.5
    networks.kokoro(tmp_path, "input_ids", "int32")
    assert len(say("Good morning.", speed=2).samples) - 1 == (slow - 1) / 4
    with pytest.raises(ConfigError, match=r"knows only whole speeds, not 1\.25; take --speed 1"):
        say("Good morning.", speed=1.25)


def test_languages_that_can_be_pronounced(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.kokoro(tmp_path)
    voices = Kokoro(tmp_path, None).voices()
    assert [(each.name, each.language, each.gender) for each in voices] == [
        ("af_heart", "en-us", "female"),
        ("af_bella", "en-us", "female"),
        ("bm_george", "en-gb", "male"),
        ("ff_siwis", "fr-fr", "female"),
    ]
    american, british = say("Oh no."), say("Oh no.", "bm_george")
    assert VOCABULARY["O"] in networks.numbers(american.samples)
    assert VOCABULARY["Q"] in networks.numbers(british.samples)


def test_a_mixture_of_voices(networks: Any, tmp_path: Path) -> None:
    networks.kokoro(tmp_path)
    styles = {"af_heart": 0.0, "af_bella": 0.25, "bm_george": 0.5}  # the last sample is the style
    with (tmp_path / "kokoro" / "voices-v1.0.bin").open("wb") as file:
        rows = {name: np.full((510, 1, 256), value, np.float32) for name, value in styles.items()}
        np.savez(file, **rows)
    engine = Kokoro(tmp_path, find_library())

    def style(name: str) -> float:
        voice = engine.variant(name)
        assert voice is not None
        (heard,) = engine.speak(["Oh no."], voice, 1.0)
        return float(heard.samples[-1])

    assert style("bm_george") == 0.5
    assert style("af_heart+bm_george") == 0.25
    assert style("af_heart:3+bm_george:1") == 0.125
    assert style("af_heart:25+af_bella:50+bm_george:25") == 0.25
    assert style("bm_george/af_bella") == 0.5  # of the melody
    british, women = engine.variant("af_heart:1+bm_george:2"), engine.variant("af_heart+af_bella")
    assert british is not None and (british.language, british.gender) == ("en-gb", None)
    assert women is not None and (women.language, women.gender) == ("en-us", "female")
    for wrong in "af_heart+nobody", "af_heart/nobody", "af_heart:x", "jf_alpha":
        assert engine.variant(wrong) is None
    with pytest.raises(ConfigError, match="af_heart:x is no voice of kokoro"):
        list(engine.speak(["Oh no."], dataclasses.replace(women, name="af_heart:x"), 1.0))


def test_a_mixture_that_lies_too_far_from_all_voices(
    networks: Any, say: Say, tmp_path: Path
) -> None:
    path = networks.kokoro(tmp_path)
    networks.save(
        path,
        [("Sqrt", ["style"], "sound", {})],
        [("tokens", "int64", [1, "n"]), ("style", "float", [1, 256]), ("speed", "float", [1])],
        {},
    )
    with (tmp_path / "kokoro" / "voices-v1.0.bin").open("wb") as file:
        styles = {"af_heart": 0.25, "bm_george": 1.0, "af_bella": -0.25}
        rows = {name: np.full((510, 1, 256), value, np.float32) for name, value in styles.items()}
        np.savez(file, **rows)
    engine = Kokoro(tmp_path, find_library())
    voice = engine.variant("af_heart:11-bm_george:1")
    assert voice is not None
    (heard,) = engine.speak(["Oh no."], voice, 1.0)
    assert np.allclose(heard.samples, np.sqrt(0.175))
    voice = engine.variant("af_heart:20-bm_george:10")
    assert voice is not None
    with pytest.raises(ConfigError, match="bm_george:10 lies too far away from kokoro's voices to"):
        list(engine.speak(["Oh no."], voice, 1.0))
    with pytest.raises(ModelError, match="gives no numbers; it is damaged"):
        say("Oh no.", "af_bella")


def test_the_mixture_most_like_a_person(networks: Any, tmp_path: Path) -> None:
    networks.kokoro(tmp_path)
    engine = Kokoro(tmp_path, None)
    known = kokoro_embeddings("male")
    both = 0.7 * known["bm_george"] + 0.5 * known["jf_alpha"] - 0.2 * known["af_bella"]
    person = both / np.linalg.norm(both)

    def mixed(pitch: float | None, language: str = "en") -> Mixture:
        voice = engine.nearest(Likeness(person, pitch), language)
        assert voice is not None
        found = Mixture.named(voice.name)
        assert found is not None
        return found

    low = mixed(100.0)
    assert set(low.melody) == {"bm_george"}
    assert low.colour["bm_george"] > low.colour["jf_alpha"] > 0 > low.colour["af_bella"]
    assert set(mixed(230.0).melody) <= {"af_bella", "af_heart"}  # also where a man's is nearer
    assert "bm_george" in mixed(None).melody
    french = mixed(100.0, "fr")  # has one voice, whoever it is to be like
    assert set(french.melody) == {"ff_siwis"} and french.colour["bm_george"] > 0
    own = french.colour["ff_siwis"] / sum(french.colour.values())
    assert own >= 0.5, "its sounds are known in no other colour"
    assert "ff_siwis" not in low.colour or abs(low.colour["ff_siwis"]) < 20
    assert engine.nearest(Likeness(person, None), "de") is None


def test_text_without_a_sound(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.kokoro(tmp_path)
    assert len(say("...").samples) == 0


@pytest.mark.parametrize(
    ("ipa", "language", "expected"),
    [  # the example of misaki's EN_PHONES.md, and words of its tables
        ("mˈɜːt^ʃəntʃˌɪp", "en-us", "mˈɜɹʧəntʃˌɪp"),
        ("mˈɜːt^ʃəntʃˌɪp", "en-gb", "mˈɜːʧəntʃˌɪp"),
        ("ˈa^ɪ hˈa^ʊ sˈɔ^ɪ hˈe^ɪ", "en-us", "ˈI hˈW sˈY hˈA"),
        ("bˈʌɾɚ", "en-us", "bˈʌTəɹ"),
        ("skwˈe^ə", "en-gb", "skwˈɛː"),
        ("bˈʌtn̩", "en-us", "bˈʌtᵊn"),
        ("a^ɪ lˈa^ɪk ɪt, a^ɪm ˈa^ɪɹɪs", "en-us", "ˌI lˈIk ɪt, ˌIm ˈIɹɪs"),
        ("bɔ̃ʒˈuʁ", "fr-fr", "bɔ̃ʒˈuʁ"),
        ("t^sˈa^ɪ-t", "de", "ʦˈIt"),
    ],
)
def test_spelling(ipa: str, language: str, expected: str) -> None:
    assert spelled(ipa, language) == expected
    assert len(numbers(expected)) == len(expected)


def test_long_sentences_are_read_in_pieces_cut_between_words() -> None:
    ids = numbers("abcd " * 250)
    pieces = in_pieces(ids)
    assert max(map(len, pieces)) <= MOST
    assert [number for piece in pieces for number in piece] == ids
    assert all(piece[0] == VOCABULARY[" "] for piece in pieces[1:])
    assert [len(piece) for piece in in_pieces([43] * (MOST + 1))] == [MOST, 1]
    assert in_pieces([]) == []


def test_damage_is_named(networks: Any, say: Say, tmp_path: Path) -> None:
    path = networks.kokoro(tmp_path)
    pack = path.with_name("voices-v1.0.bin")
    whole = pack.read_bytes()
    pack.write_bytes(whole[:2000])
    engine = Kokoro(tmp_path, find_library(), offers_of("kokoro"))
    assert not engine.installed
    rows = engine.voices()
    assert {row.note.partition("; ")[2] for row in rows} == {
        "synclips voices --get kokoro/v1.0-int8"
    }
    assert [row.language for row in rows][2:] == ["es", "fr-fr", "hi", "it", "pt-br"]
    with pack.open("wb") as file:
        np.savez(file, af_heart=np.zeros((5, 1, 9), np.float32))
    with pytest.raises(ModelError, match=r"The voice af_heart in .* is none of Kokoro 1\.0; get"):
        say("Hi.")
    with pack.open("wb") as file:
        np.savez(file, af_heart=np.array([object()]))
    with pytest.raises(ModelError, match="The voice af_heart in .* is damaged; get it again"):
        say("Hi.")
    pack.write_bytes(whole)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(ModelError, match="is no network that can be run"):
        say("Hi.")


def test_all_voices_are_equally_loud_and_none_is_clipped(networks: Any, tmp_path: Path) -> None:
    # Every number is 60 ms of a tone, as loud as the voice; exclamation marks are 20 dB louder.
    path = networks.kokoro(tmp_path)
    wave = np.sin(2 * np.pi * 1000 * np.arange(1440) / 24_000).astype(np.float32)
    networks.save(
        path,
        [
            ("Gather", ["table", "tokens"], "values", {"axis": 0}),
            ("Unsqueeze", ["values", "last"], "column", {}),
            ("Mul", ["column", "wave"], "tones", {}),
            ("Reshape", ["tones", "row"], "even", {}),
            ("ReduceMax", ["style"], "loudness", {"keepdims": 0}),
            ("Mul", ["even", "loudness"], "sound", {}),
        ],
        [("tokens", "int64", [1, "n"]), ("style", "float", [1, 256]), ("speed", "float", [1])],
        {
            "table": np.where(np.arange(178) == VOCABULARY["!"], 10, 1).astype(np.float32),
            "last": np.array([2], np.int64),
            "wave": wave[None, None],
            "row": np.array([-1], np.int64),
        },
    )
    with (tmp_path / "kokoro" / "voices-v1.0.bin").open("wb") as file:
        levels = {"af_heart": 0.02, "bm_george": 1.5}
        np.savez(file, **{k: np.full((510, 1, 256), v, np.float32) for k, v in levels.items()})
    engine = Kokoro(tmp_path, find_library())

    def spoken(*sentences: str) -> dict[str, list[Utterance]]:
        return {v.name: list(engine.speak(sentences, v, 1.0)) for v in engine.voices()}

    for heard in spoken("Good morning, and welcome.").values():
        assert loudness_gain(heard[0].samples, 24_000) == pytest.approx(0, abs=0.3)
    quiet, loud = spoken("Oh no!", "Oh no.")["bm_george"]
    shout = quiet.samples[-2 * 1440 : -1440]  # of "!", before the closing zero
    assert np.abs(shout).max() == pytest.approx(0.97, abs=0.01)
    crests = np.sort(np.abs(shout))[-20:]
    assert np.ptp(crests) < 0.02 and np.abs(np.diff(shout)).max() < 0.3, "a tone, not a square"
    assert np.abs(loud.samples).max() < 0.2, "the gain is of the voice, not of the sentence"
