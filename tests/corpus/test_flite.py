import shutil

import numpy as np
import pytest

from synclips.corpus import flite
from synclips.corpus.flite import check_flite, read_times, speak
from synclips.corpus.phone_set import PHONES
from synclips.errors import ConfigError, InputError

installed = pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")


def test_what_is_printed_becomes_segments() -> None:
    segments = read_times("pau:0.184 dh:0.246 ax:0.279 \n")
    assert [PHONES[s.phone] for s in segments] == ["sil", "dh", "ah"]
    assert [(s.start, s.stop) for s in segments] == [(0, 0.184), (0.184, 0.246), (0.246, 0.279)]


@pytest.mark.parametrize("printed", ["", "pau", "pau:x", "pau:0.2 b:0.1", "a:nan"])
def test_anything_else_is_refused(printed: str) -> None:
    with pytest.raises(InputError, match=r"use flite 2\.2"):
        read_times(printed)


def test_without_the_program_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flite.shutil, "which", lambda name: None)
    check_flite(())
    with pytest.raises(ConfigError, match="flite is not installed.*apt install flite"):
        check_flite(("slt",))
    with pytest.raises(ConfigError, match="kal16 cannot be used"):
        check_flite(("kal16",))


@installed
def test_phones_are_where_the_sound_is() -> None:
    sound, segments = speak("my mother saw a pipe", "slt")
    assert segments[-1].stop == pytest.approx(len(sound) / 16_000, abs=0.02)
    assert {"m", "dh", "s", "p"} <= {PHONES[s.phone] for s in segments}
    loud = [
        float(np.abs(sound[int(s.start * 16_000) : int(s.stop * 16_000)]).mean())
        for s in segments
        if PHONES[s.phone] in ("sil", "ao")
    ]
    assert loud[1] > 20 * loud[0], "the vowel is not where it is said to be"


@installed
def test_speech_can_be_slower_and_higher() -> None:
    quick, _ = speak("seven blue boats", "rms", 0.8)
    slow, segments = speak("seven blue boats", "rms", 1.2, 200.0)
    assert len(slow) > 1.4 * len(quick)
    assert segments[-1].stop == pytest.approx(len(slow) / 16_000, abs=0.02)
