import shutil

import numpy as np
import pytest

from synclips.corpus import festival
from synclips.corpus.festival import check_festival, read_segments, speak
from synclips.corpus.phone_set import PHONES
from synclips.errors import ConfigError, InputError

installed = pytest.mark.skipif(shutil.which("festival") is None, reason="festival is missing")

WRITTEN = "separator ;\nnfields 1\n#\n\t0.22 100 \tpau ; \n\t0.30 100 \tdh ; \n\t0.4 100 \tax ; \n"


def test_what_is_written_becomes_segments() -> None:
    segments = read_segments(WRITTEN, english=True)
    assert [PHONES[s.phone] for s in segments] == ["sil", "dh", "ah"]
    assert [(s.start, s.stop) for s in segments] == [(0, 0.22), (0.22, 0.3), (0.3, 0.4)]


def test_phones_of_other_languages_get_the_nearest_lips() -> None:
    names = ["#", "tS", "a1", "a:", "7", "r~", "c", "ch", "J", "y:"]
    text = "#\n" + "".join(f"{i / 10} 100 {name}\n" for i, name in enumerate(names, 1))
    heard = [PHONES[s.phone] for s in read_segments(text, english=False)]
    assert heard == ["sil", "ch", "aa", "aa", "ow", "zh", "s", "hh", "n", "uw"]


@pytest.mark.parametrize("text", ["", "#\n", "#\nx 100 a\n", "#\n0.2 100\n", "#\n1 1 a\n0.5 1 b\n"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="phone time"):
        read_segments(text, english=True)


@pytest.mark.parametrize("text", ['a") (system "ls', "a(b)", "größe", ""])
def test_nothing_but_words_reaches_the_program(text: str) -> None:
    with pytest.raises(InputError, match="letters, spaces and commas"):
        speak(text, "kal_diphone")
    with pytest.raises(InputError, match="letters, spaces and commas"):
        speak("a", text)


def test_without_the_program_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(festival.shutil, "which", lambda name: None)
    check_festival(())
    with pytest.raises(ConfigError, match="festival is not installed.*apt install festival"):
        check_festival(("kal_diphone",))


@installed
def test_a_voice_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match="no voice nobody_diphone.*festvox"):
        check_festival(("nobody_diphone",))


@installed
def test_phones_are_where_the_sound_is_and_speech_can_be_slower() -> None:
    try:
        quick, _ = speak("my mother saw a pipe", "kal_diphone", 0.8)
    except InputError:
        pytest.skip("festvox-kallpc16k is not installed")
    sound, segments = speak("my mother saw a pipe", "kal_diphone", 1.2)
    assert len(sound) > 1.4 * len(quick)
    assert segments[-1].stop == pytest.approx(len(sound) / 16_000, abs=0.04)
    assert {"m", "dh", "s", "p"} <= {PHONES[s.phone] for s in segments}
    loud = [
        float(np.abs(sound[int(s.start * 16_000) : int(s.stop * 16_000)]).mean())
        for s in segments
        if PHONES[s.phone] in ("sil", "ao")
    ]
    assert loud[1] > 20 * loud[0], "the vowel is not where it is said to be"
