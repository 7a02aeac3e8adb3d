"""The real engine: what it says grows with the text and shrinks with speed."""

import errno
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.speech import espeak_process
from synclips.speech.espeak import Espeak
from synclips.speech.espeak_process import EspeakProcess, Library, find_library
from synclips.speech.synthesizer import Utterance, Voice

SENTENCE = "Good morning, and welcome to the show."


def say(engine: Espeak, name: str, *sentences: str, speed: float = 1) -> list[Utterance]:
    voice = Voice("espeak", name, "", None, "", True)
    return list(engine.speak(sentences, voice, speed))


def test_one_sound_for_each_sentence_in_order(espeak: Espeak) -> None:
    short, long = say(espeak, "en-us", "Hi.", SENTENCE)
    assert short.rate == long.rate == 22_050
    assert short.samples.dtype == np.float32
    assert 0.2 < len(short.samples) / short.rate < 0.8
    assert 1.5 < len(long.samples) / long.rate < 3
    assert 0.05 < np.sqrt(np.mean(long.samples**2)) < 0.3
    assert np.abs(long.samples).max() <= 1


def test_speed_two_halves_the_time(espeak: Espeak) -> None:
    lengths = [len(say(espeak, "en-us", SENTENCE, speed=s)[0].samples) for s in (0.5, 1, 2, 2.8)]
    assert lengths[0] / lengths[1] == pytest.approx(2, rel=0.15)
    assert lengths[1] / lengths[2] == pytest.approx(2, rel=0.15)
    assert lengths[1] / lengths[3] == pytest.approx(2.8, rel=0.15)


def test_sentences_are_asked_for_when_they_are_needed(espeak: Espeak) -> None:
    asked = []

    def sentences():
        for number in range(1000):
            asked.append(number)
            yield f"Number {number}."

    takes = espeak.speak(sentences(), Voice("espeak", "en-us", "", None, "", True), 1)
    next(takes), next(takes)
    takes.close()
    assert asked == [0, 1]


def test_voices_are_many_and_speak(espeak: Espeak) -> None:
    voices = espeak.voices()
    names = [voice.name for voice in voices]
    assert len(names) == len(set(names)) > 100
    first = {}
    for voice in voices:
        first.setdefault(voice.language.partition("-")[0], voice.name)
    assert (first["en"], first["fr"], first["es"], first["de"]) == ("en-us", "fr-fr", "es", "de")
    # Some are not found by their tag alone.
    for name in ("en-gb", "fr-fr", "cmn", "chr-us-qaaa-x-west"):
        (take,) = say(espeak, name, "Ba da ga, one two three.")
        assert len(take.samples) > take.rate / 2


def test_another_timbre(espeak: Espeak) -> None:
    voice = espeak.variant("en-us+f3")
    assert voice is not None
    assert (voice.language, voice.gender) == ("en-us", "female")
    (take,) = espeak.speak([SENTENCE], voice, 1)
    assert not np.array_equal(take.samples, say(espeak, "en-us", SENTENCE)[0].samples)
    assert [espeak.variant(name) for name in ("en-us", "en-us+x9", "xx+f3")] == [None] * 3


@pytest.mark.parametrize(
    "text", ['"; rm -rf / #', "$(echo hi) `ls` -v de", "[[h@'loU]] <b>&amp;", "\\"]
)
def test_text_is_only_ever_spoken(espeak: Espeak, text: str) -> None:
    (take,) = say(espeak, "en-us", f"Say {text} now.")
    assert len(take.samples) > take.rate / 2


def test_the_library_is_never_loaded_here(espeak: Espeak) -> None:
    say(espeak, "en-us", "Hi.")
    assert "espeakng_loader" not in sys.modules
    maps = Path("/proc/self/maps")
    if maps.exists():
        assert "espeak" not in maps.read_text(encoding="utf-8")


def test_without_the_library() -> None:
    engine = Espeak(None)
    assert not engine.installed
    (row,) = engine.voices()
    assert not row.installed
    assert 'pip install -e ".[espeak]"' in row.note
    with pytest.raises(ConfigError, match=r'install it: pip install -e "\.\[espeak\]"\.'):
        say(engine, "en-us", "Hi.")


def test_an_engine_that_breaks_says_so(espeak: Espeak, tmp_path: Path) -> None:
    library = find_library()
    assert library is not None
    with pytest.raises(ConfigError, match=r"espeak-ng stopped \(it has no voice xx-none\)"):
        say(espeak, "xx-none", "Hi.")
    with pytest.raises(ConfigError, match="its data folder cannot be read"):
        say(Espeak(Library(library.path, str(tmp_path))), "en-us", "Hi.")
    broken = Espeak(Library(str(tmp_path / "none.so"), ""))
    with pytest.raises(ConfigError, match="espeak-ng stopped"):
        say(broken, "en-us", "Hi.")
    with pytest.raises(ConfigError, match="does not work; install it again"):
        broken.voices()


def test_a_pipe_that_breaks_as_on_windows(espeak: Espeak, monkeypatch: pytest.MonkeyPatch) -> None:
    def invalid(data: bytes) -> None:
        raise OSError(errno.EINVAL, "Invalid argument")

    library = find_library()
    assert library is not None
    with EspeakProcess(library, "en-us") as process:
        process._process.kill()
        pipe = SimpleNamespace(write=invalid, close=process._process.stdin.close)
        monkeypatch.setattr(process._process, "stdin", pipe)
        with pytest.raises(ConfigError, match=r"espeak-ng stopped \(without a word\)"):
            process.say("Hi.", 175)


def test_wherever_it_is_installed(espeak: Espeak, tmp_path: Path) -> None:
    library = find_library()
    assert library is not None
    if not library.data:
        pytest.skip("the library of the system knows its own place")
    folder = tmp_path / ("установлено-" * 8)
    folder.mkdir()
    (folder / "data").symlink_to(library.data)
    there = Espeak(Library(library.path, str(folder / "data")))
    assert there.voices() == espeak.voices()
    assert len(say(there, "en-us", "Hi.")[0].samples) > 0


def test_timbres_for_several_people(espeak: Espeak) -> None:
    first = espeak.voices()[0]
    for gender, start in (("female", f"{first.name}+f3"), ("male", first.name)):
        taken: list[str] = []
        for _ in range(4):
            voice = espeak.in_gender(first, gender, taken)
            assert voice is not None and voice.gender == gender
            taken.append(voice.name)
        assert taken[0] == start and len(set(taken)) == 4


def test_a_library_that_never_starts_is_given_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(espeak_process, "_WORKER", sleeper)
    monkeypatch.setattr(espeak_process, "PATIENCE", 0.3)
    with pytest.raises(ConfigError, match=r"espeak-ng stopped \(without a word\)"):
        EspeakProcess(Library("none", "none"), "en-us")


def test_who_stops_a_sentence_as_it_begins_does_not_wait_for_its_watch(
    espeak: Espeak, monkeypatch: pytest.MonkeyPatch
) -> None:
    watches: list[threading.Timer] = []

    class Interrupted(threading.Timer):
        def start(self) -> None:
            super().start()
            watches.append(self)
            if len(watches) == 2:  # the first is of the process, the second of the sentence
                raise KeyboardInterrupt

    monkeypatch.setattr(espeak_process, "Timer", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        say(espeak, "en-us", SENTENCE)
    assert len(watches) == 2
    for watch in watches:
        assert watch.daemon
        watch.join(5)
        assert not watch.is_alive()
