"""The engine with networks that say every number they read as so many equal samples."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.errors import ConfigError, ModelError
from synclips.features.loudness import loudness_gain
from synclips.speech import onnx_model, piper
from synclips.speech.catalogue import offers_of
from synclips.speech.espeak_process import find_library
from synclips.speech.piper import Piper
from synclips.speech.piper_config import read_piper_config
from synclips.speech.synthesizer import Utterance, Voice

Say = Callable[..., list[Utterance]]
NAME = "en_US-tiny-low"
TEXT = {"phoneme_type": "text", "espeak": {}}


@pytest.fixture
def say(tmp_path: Path) -> Say:
    def call(*sentences: str, name: str = NAME, speed: float = 1) -> list[Utterance]:
        engine = Piper(tmp_path, find_library())
        voice = engine.variant(name) if "+" in name else engine.voices()[0]
        assert voice is not None and voice.name == name
        return list(engine.speak(sentences, voice, speed))

    return call


def test_reads_a_start_pads_between_and_an_end(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.piper(tmp_path, **TEXT)
    (heard,) = say("abé")
    assert heard.rate == networks.rate
    assert heard.samples.dtype == np.float32
    # The accent is a sign of its own, and unknown here.
    assert networks.numbers(heard.samples) == [1, 0, 14, 0, 15, 0, 18, 0, 2]


def test_pronounced_by_espeak(networks: Any, say: Say, espeak: Any, tmp_path: Path) -> None:
    # At this rate it counts in less than can be measured, so that numbers come as they are.
    networks.piper(tmp_path, audio={"sample_rate": 24_000})
    (heard,) = say("Hello, ma.")
    ids = networks.numbers(heard.samples)
    assert ids[::2] == [1, *[21, 59, 25, 120, 28, 100, 8, 3, 26, 120, 122, 10], 2]  # həlˈoʊ, mˈɑː.
    assert set(ids[1::2]) == {0}


def test_length_goes_with_scale_and_speed(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.piper(tmp_path, **TEXT)
    one, *_ = say("abc")
    assert len(one.samples) == 9 * networks.length
    assert len(say("abc", speed=2)[0].samples) == len(one.samples) / 2
    networks.piper(tmp_path, **TEXT, inference={"length_scale": 2})
    assert len(say("abc")[0].samples) == 2 * len(one.samples)


def test_speakers(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.piper(tmp_path, **TEXT, speakers=2)
    (voice,) = Piper(tmp_path, None).voices()
    assert voice.note == "2 speakers"
    (ann,), (bob,) = say("abc"), say("abc", name=f"{NAME}+bob")
    np.testing.assert_allclose(bob.samples, ann.samples / 2)
    assert Piper(tmp_path, None).variant(f"{NAME}+eve") is None


def test_a_sentence_without_a_known_sound_is_empty(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.piper(tmp_path, **TEXT)
    nothing, something = say("Привет, ...", "a")
    assert len(nothing.samples) == 0
    assert len(something.samples) == 5 * networks.length


def test_clusters_are_one_sign(networks: Any, tmp_path: Path) -> None:
    ids = {"_": [0], "^": [1], "$": [2], "a": [3], "ɪ": [4], "aɪ": [5, 6]}
    path = networks.piper(tmp_path, phoneme_id_map=ids, vowel_clusters=[["a", "ɪ"]])
    config = read_piper_config(path.with_suffix(".onnx.json"))
    assert config.numbers("aaɪɪ") == [1, 0, 3, 0, 5, 6, 0, 4, 0, 2]


def test_what_is_there_and_what_could_be(networks: Any, tmp_path: Path) -> None:
    engine = Piper(tmp_path, None, offers_of("piper"))
    assert not engine.installed
    first = engine.voices()[0]
    assert (first.name, first.installed) == ("en_US-kristin-medium", False)
    assert first.note == "64 MB; synclips voices --get piper/en_US-kristin-medium"
    networks.piper(tmp_path, "en_US-lessac-medium")
    networks.piper(tmp_path, "aa_BB-own-low")
    assert engine.installed
    rows = engine.voices()
    assert [(row.name, row.installed) for row in rows[:3]] == [
        ("en_US-lessac-medium", True),
        ("aa_BB-own-low", True),
        ("en_US-kristin-medium", False),
    ]
    assert rows[0].language == "en-us"
    assert rows[0].licence == "Lessac Blizzard 2013 (research only)"
    assert rows[1].licence == "see its MODEL_CARD"
    assert len(rows) == len(offers_of("piper")) + 1


def test_a_config_that_cannot_be_used_says_so(networks: Any, tmp_path: Path) -> None:
    file = networks.piper(tmp_path).with_suffix(".onnx.json")
    for text, reason in [
        ('{"audio": {}}', "no config of a Piper voice; 'phoneme_id_map' is missing"),
        ("[1", "no config of a Piper voice that can be used"),
        ('{"phoneme_id_map": {"^": 1, "_": 0}}', "'phoneme_id_map $' is missing"),
    ]:
        file.write_text(text)
        (row,) = Piper(tmp_path, None).voices()
        assert not row.installed
        assert reason in row.note
    networks.piper(tmp_path, phoneme_type="pinyin")
    with pytest.raises(ModelError, match="it reads pinyin, only voices that read espeak or text"):
        read_piper_config(file)
    file.unlink()
    (row,) = Piper(tmp_path, None).voices()
    assert row.note.endswith(".onnx.json is missing; a Piper voice is two files, get it too")


def test_files_that_do_not_belong_together(networks: Any, say: Say, tmp_path: Path) -> None:
    networks.piper(tmp_path, known=20, **TEXT)
    with pytest.raises(ModelError, match=r"tiny-low\.onnx fails on its input .*another network\."):
        say("xyz")
    networks.piper(tmp_path, **TEXT, num_speakers=2)
    with pytest.raises(ModelError, match="has one speaker and its config 2; the two files"):
        say("a")


def test_a_network_that_is_cut_off_or_none(networks: Any, say: Say, tmp_path: Path) -> None:
    path = networks.piper(tmp_path, **TEXT)
    whole = path.read_bytes()
    for data in (whole[: len(whole) // 2], b"<html>not found</html>", b""):
        path.write_bytes(data)
        with pytest.raises(ModelError, match="is no network that can be run, or only part of one"):
            say("a")
    networks.kokoro(tmp_path).replace(path)
    with pytest.raises(ModelError, match="takes the inputs speed, style, tokens, not input, inp"):
        say("a")


def test_a_network_that_gives_no_numbers(networks: Any, say: Say, tmp_path: Path) -> None:
    path = networks.piper(tmp_path, **TEXT, inference={"length_scale": 1})
    networks.save(
        path,
        [("Cast", ["input"], "a", {"to": 1}), ("Sub", ["a", "a"], "b", {})]
        + [("Div", ["b", "b"], "sound", {})],
        [("input", "int64", [1, "n"]), ("input_lengths", "int64", [1]), ("scales", "float", [3])],
        {},
    )
    with pytest.raises(ModelError, match="gives no numbers; it is damaged"):
        say("a")


def test_without_the_runtime(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(piper, "is_installed", lambda: False)
    monkeypatch.setattr(onnx_model, "is_installed", lambda: False)
    engine = Piper(tmp_path, None, offers_of("piper"))
    assert not engine.installed
    (row,) = engine.voices()
    assert row.note == 'pip install -e ".[neural]"'
    with pytest.raises(ConfigError, match=r'install it: pip install -e "\.\[neural\]"\.'):
        onnx_model.OnnxModel(tmp_path / "x.onnx")


def test_without_espeak(networks: Any, tmp_path: Path) -> None:
    networks.piper(tmp_path)
    voice = Voice("piper", NAME, "en-us", None, "", True)
    with pytest.raises(ConfigError, match="piper needs espeak-ng to pronounce; install it: pip"):
        list(Piper(tmp_path, None).speak(["Hi."], voice, 1))


def test_all_voices_are_equally_loud(
    networks: Any, espeak: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every number is 60 ms of a tone, as loud as the speaker; full stops are 20 dB softer.
    path = networks.piper(tmp_path, speakers=2)
    wave = np.sin(2 * np.pi * 1000 * np.arange(480) / networks.rate).astype(np.float32)
    networks.save(
        path,
        [
            ("Gather", ["table", "input"], "values", {"axis": 0}),
            ("Gather", ["loudness", "sid"], "factor", {"axis": 0}),
            ("Mul", ["values", "factor"], "levels", {}),
            ("Unsqueeze", ["levels", "last"], "column", {}),
            ("Mul", ["column", "wave"], "tones", {}),
            ("Reshape", ["tones", "row"], "sound", {}),
        ],
        [("input", "int64", [1, "n"]), ("input_lengths", "int64", [1]), ("scales", "float", [3])]
        + [("sid", "int64", [1])],
        {
            "table": np.where(np.arange(160) == 10, 0.1, 1).astype(np.float32),
            "loudness": np.array([0.02, 0.9], np.float32),
            "last": np.array([2], np.int64),
            "wave": wave[None, None],
            "row": np.array([-1], np.int64),
        },
    )
    engine = Piper(tmp_path, find_library())
    voices = [engine.variant(f"{NAME}+{speaker}") for speaker in ("ann", "bob")]
    ran: list[int] = []
    run = onnx_model.OnnxModel.run
    monkeypatch.setattr(onnx_model.OnnxModel, "run", lambda *given: (ran.append(1), run(*given))[1])
    for voice in voices:
        assert voice is not None
        first, second = engine.speak(["Good morning, and welcome.", "Good morning"], voice, 1.0)
        assert loudness_gain(first.samples, networks.rate) == pytest.approx(0, abs=0.5)
        soft, loud = (np.abs(first.samples[at : at + 480]).max() for at in (-3 * 480, -5 * 480))
        assert loud / soft == pytest.approx(10, rel=0.02), "the gain is of the voice"
        assert np.abs(second.samples).max() == pytest.approx(loud, rel=0.02)
        (again,) = engine.speak(["Good morning"], voice, 1.0)
        np.testing.assert_array_equal(again.samples, second.samples)
    assert len(ran) == 2 * (1 + 3), "each counts once"


def test_peaks_are_turned_down_not_cut_off(networks: Any, say: Say, tmp_path: Path) -> None:
    ids = {"_": [0], "^": [1], "$": [2], "a": [200], "b": [300], "c": [400]}
    networks.piper(tmp_path, known=512, phoneme_id_map=ids, **TEXT)
    (heard,) = say("abc")
    levels = heard.samples[networks.length // 2 :: networks.length][[2, 4, 6]]
    assert levels[0] == pytest.approx(200 / 256)  # below full scale nothing changes
    assert levels[1:] == pytest.approx([0.97, 0.97], abs=0.001)
    assert np.abs(heard.samples).max() <= 0.9701
