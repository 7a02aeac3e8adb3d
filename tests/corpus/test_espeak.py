from collections.abc import Iterator

import numpy as np
import pytest

from synclips.corpus import espeak
from synclips.corpus.espeak import Espeak, read_events
from synclips.corpus.phone_set import PHONES
from synclips.errors import ConfigError, InputError
from synclips.speech.espeak_process import Library


@pytest.fixture(scope="module")
def process() -> Iterator[Espeak]:
    try:
        with Espeak("en-us") as running:
            yield running
    except ConfigError as error:
        pytest.skip(f"eSpeak NG is not installed: {error}")


def test_events_become_segments() -> None:
    segments = read_events([(0, "ð"), (100, "ə"), (100, "b"), (300, "")], 400, 1000)
    assert [PHONES[s.phone] for s in segments] == ["dh", "b", "sil"]
    assert [(s.start, s.stop) for s in segments] == [(0, 0.1), (0.1, 0.3), (0.3, 0.4)]
    with pytest.raises(InputError, match="back in time"):
        read_events([(100, "a"), (50, "b")], 400, 1000)


def test_without_the_library_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(espeak, "find_library", lambda: None)
    with pytest.raises(ConfigError, match=r"not installed.*\.\[espeak\]"):
        Espeak("en-us")
    monkeypatch.setattr(espeak, "find_library", lambda: Library("libnowhere.so", ""))
    with pytest.raises(ConfigError, match=r"libnowhere\.so.*\.\[espeak\]"):
        Espeak("en-us")


def test_the_vowel_is_where_it_is_said_to_be(process: Espeak) -> None:
    sound, segments = process.speak("saw")
    loud = {
        PHONES[s.phone]: np.square(sound[int(s.start * 16_000) : int(s.stop * 16_000)]).mean()
        for s in segments
        if s.stop - s.start > 0.02
    }
    assert loud["ao"] > 3 * loud["s"]
    assert segments[-1].stop == pytest.approx(len(sound) / 16_000, abs=0.01)


def test_the_same_request_gives_the_same_phones_in_any_language(process: Espeak) -> None:
    # The library mixes in noise of its own and ends periods of the voice a little apart.
    with Espeak("fr") as french:
        first, phones = french.speak("une pomme", 150, 60)
        assert {"p", "m"} <= {PHONES[s.phone] for s in phones}
        french.speak("autre chose", 200, 30)
        again, same = french.speak("une pomme", 150, 60)
    assert [s.phone for s in same] == [s.phone for s in phones]
    assert [s.start for s in same] == pytest.approx([s.start for s in phones], abs=2e-3)
    assert len(again) == pytest.approx(len(first), abs=50)


def test_an_unknown_voice_is_named(process: Espeak) -> None:
    with pytest.raises(ConfigError, match="it has no voice xx-none"):
        Espeak("xx-none")
