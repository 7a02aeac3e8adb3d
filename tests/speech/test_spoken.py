"""Where in time things are said; by an engine of tones, whose letters last 20 ms each."""

import tracemalloc
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from synclips.errors import InputError
from synclips.speech.delivery import Delivery
from synclips.speech.espeak import Espeak
from synclips.speech.spoken import Spoken, spoken
from synclips.speech.subtitles import Cue
from synclips.speech.synthesizer import Utterance
from synclips.speech.text import END_PAUSE, PARAGRAPH_PAUSE, SENTENCE_PAUSE, Script, parse_script

LETTER = 0.02
TOLERANCE = 0.012  # of the margin that trimming keeps, twice


@pytest.fixture
def notices() -> list[str]:
    return []


def script(text: str) -> Script:
    return parse_script(text, lambda sentence: None)


def delivery(engine: Any, **how: Any) -> Delivery:
    return Delivery(engine, engine.voices()[0], "en", **how)


def cues(*rows: tuple[float, float, str]) -> list[Cue]:
    return [
        Cue(Fraction(str(start)), Fraction(str(end)), text, 4 * number + 2)
        for number, (start, end, text) in enumerate(rows)
    ]


def bursts(path: Path) -> list[tuple[float, float]]:
    """Begin and end of every stretch of sound, in seconds."""
    samples, rate = soundfile.read(path)
    loud = np.flatnonzero(np.abs(samples) > 1e-3)
    edges = np.flatnonzero(np.diff(loud) > rate // 50)
    begins = [loud[0], *loud[edges + 1]]
    ends = [*loud[edges], loud[-1]]
    return [(begin / rate, (end + 1) / rate) for begin, end in zip(begins, ends, strict=True)]


def length(path: Path) -> float:
    return soundfile.info(path).duration


def test_sentences_follow_each_other_with_pauses(tones: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    steps: list[tuple[str, int, int | None]] = []
    result = spoken(
        script("A sentence of letters. Another one!\n\nA paragraph."),
        path,
        delivery(tones),
        progress=lambda *step: steps.append(step),
    )
    (a, b), (c, d), (e, f) = bursts(path)
    assert a < TOLERANCE
    assert b - a == pytest.approx(len("A sentence of letters.") * LETTER, abs=0.005)
    assert c - b == pytest.approx(SENTENCE_PAUSE, abs=TOLERANCE)
    assert e - d == pytest.approx(PARAGRAPH_PAUSE, abs=TOLERANCE)
    assert length(path) - f == pytest.approx(END_PAUSE, abs=TOLERANCE)
    mark = "Voice synthesised by synclips with tone a"
    assert result == Spoken(path, Fraction(soundfile.info(path).frames, 16_000), 3, mark)
    with soundfile.SoundFile(path) as file:
        assert file.comment == mark
    assert steps[:3] == [("speak", 0, 3), ("speak", 1, 3), ("speak", 2, 3)]
    assert steps[-1] == ("speak", 3, 3)


def test_breaks_last_as_long_as_they_say_at_any_speed(tones: Any, tmp_path: Path) -> None:
    text = '<break time="2s"/>Hello <break time="1s"/> there. You.'
    for speed in (1.0, 2.0):
        path = tmp_path / f"{speed}.wav"
        spoken(script(text), path, delivery(tones, speed=speed))
        (a, b), (c, d), (e, _) = bursts(path)
        assert a == pytest.approx(2, abs=TOLERANCE)
        assert b - a == pytest.approx(5 * LETTER / speed, abs=0.005)
        assert c - b == pytest.approx(1, abs=TOLERANCE)
        assert e - d == pytest.approx(SENTENCE_PAUSE / speed, abs=TOLERANCE)


def test_money_is_read_out(tones: Any, tmp_path: Path) -> None:
    spoken(script("Dr. Who paid $2."), tmp_path / "a.wav", delivery(tones))
    assert tones.heard == ["Dr Who paid 2 dollars."]


def test_cues_begin_at_their_time(tones: Any, tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "a.wav"
    what = cues((0.5, 1.0, "First."), (1.25, 2.0, "The second."), (7.777, 9.0, "The third."))
    result = spoken(what, path, delivery(tones), notice=notices.append)
    begins = [begin for begin, _ in bursts(path)]
    assert begins == pytest.approx([0.5, 1.25, 7.777], abs=TOLERANCE)
    assert result.seconds == 9
    assert notices == []


def test_a_cue_may_use_free_time_after_it(tones: Any, tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "a.wav"
    spoken(cues((0, 0.5, "x" * 50), (3, 4, "y")), path, delivery(tones), notice=notices.append)
    (a, b), (c, _) = bursts(path)
    assert b - a == pytest.approx(50 * LETTER, abs=0.005)
    assert c == pytest.approx(3, abs=TOLERANCE)
    assert notices == []


def test_sentences_of_a_cue_are_as_far_apart_as_there_is_time(
    tones: Any, tmp_path: Path, notices: list[str]
) -> None:
    path, text = tmp_path / "a.wav", f"{'X' * 20}. {'Y' * 20}."  # 0.84 s of speech

    def pause(until: float, speed: float = 1.0) -> float:
        what = cues((0, until, text), (until, until + 1, "z"))
        spoken(what, path, delivery(tones, speed=speed), notice=notices.append)
        (_, b), (c, _), *_ = bursts(path)
        return c - b

    assert pause(4) == pytest.approx(SENTENCE_PAUSE, abs=TOLERANCE)
    assert pause(4, 2.0) == pytest.approx(SENTENCE_PAUSE / 2, abs=TOLERANCE)
    assert pause(1.1) == pytest.approx(1.1 - 0.84, abs=2 * TOLERANCE)
    assert notices == [], "pauses never hurry the speech"
    assert pause(0.9) == pytest.approx(0.13, abs=0.02)


def test_a_cue_is_hurried_as_little_as_it_must(
    tones: Any, tmp_path: Path, notices: list[str]
) -> None:
    path = tmp_path / "a.wav"
    spoken(cues((0, 1, "x" * 60), (1, 2, "y")), path, delivery(tones), notice=notices.append)
    (a, b), (c, _) = bursts(path)
    assert 1 / 1.06 < b - a <= 1
    assert c == pytest.approx(1, abs=TOLERANCE)
    assert notices == ["The subtitle in line 2 is spoken 1.25 times faster to fit."]


def test_a_cue_too_long_shifts_the_next(tones: Any, tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "a.wav"
    what = cues((0, 1, "x" * 140), (1, 2, "y"), (4, 5, "z"))
    spoken(what, path, delivery(tones), notice=notices.append)
    begins = [begin for begin, _ in bursts(path)]
    assert begins == pytest.approx([0, 2.1, 4], abs=0.02)
    assert notices == [
        "The subtitle in line 2 is spoken 1.40 times faster and still 1.0 s too long.",
        "The subtitle in line 6 begins 1.1 s late.",
    ]


def test_cues_without_time_to_speak_them_are_refused(tones: Any, tmp_path: Path) -> None:
    what = cues((0, 1, "x" * 300), (1, 2, "y"))
    with pytest.raises(InputError, match=r"line 6 would begin 3\.4 s late, .* raise --speed"):
        spoken(what, tmp_path / "a.wav", delivery(tones))
    assert list(tmp_path.iterdir()) == []
    assert tones.open == 0


def test_subtitles_fill_the_video(tones: Any, tmp_path: Path, notices: list[str]) -> None:
    path, what = tmp_path / "a.wav", cues((1, 2, "Hello."), (3, 3.5, "x" * 50))
    long = spoken(what, path, delivery(tones), length=Fraction(10), notice=notices.append)
    assert (float(long.seconds), notices) == (10, [])
    spoken(what, path, delivery(tones), length=Fraction(3), notice=notices.append)
    assert notices[-1].startswith("The subtitles are spoken 0.7 s beyond the video")


def test_every_cue_in_its_own_voice(tones: Any, tmp_path: Path) -> None:
    class Twice:
        name = "twice"
        likeness = None

        def convert(self, samples: Any, rate: int, language: str) -> Any:
            return 2 * samples[: len(samples) // 2]

    class Slow(type(tones)):  # type: ignore[misc]
        def speak(self, sentences: Any, voice: Any, speed: float) -> Any:
            for take in super().speak(sentences, voice, speed):
                yield Utterance(take.samples[::2], take.rate // 2)

    path, what = tmp_path / "a.wav", cues((0, 1, "x" * 20), (2, 3, "x" * 20), (4, 5, "x" * 20))
    each = [delivery(tones), delivery(tones, converter=Twice()), delivery(Slow())]
    result = spoken(what, path, each)
    samples, rate = soundfile.read(path)
    assert rate == 16_000  # the first one's; the others are brought to it
    lengths = [end - begin for begin, end in bursts(path)]
    assert lengths == pytest.approx([0.4, 0.2, 0.4], abs=TOLERANCE)
    loud = [np.abs(samples[at * rate : (at + 1) * rate]).max() for at in (0, 2, 4)]
    assert loud == pytest.approx([0.5, 1.0, 0.5], abs=0.03)
    assert result.mark == f"{each[0].mark}; {each[1].mark}"
    assert result.mark.endswith("converted by twice")


def test_a_converter_gets_sentences_without_silence(tones: Any, tmp_path: Path) -> None:
    class Octave:
        """Twice the length, and another tone."""

        name = "octave"
        likeness = None

        def __init__(self) -> None:
            self.seconds: list[float] = []

        def convert(self, samples: np.ndarray, rate: int, language: str) -> np.ndarray:
            assert language == "en"
            self.seconds.append(len(samples) / rate)
            return np.full(2 * len(samples), 0.25, np.float32)

    path, converter = tmp_path / "a.wav", Octave()
    result = spoken(script("Hello. You there!"), path, delivery(tones, converter=converter))
    assert converter.seconds == pytest.approx([6 * LETTER, 10 * LETTER], abs=TOLERANCE)
    (a, b), (c, _) = bursts(path)
    assert b - a == pytest.approx(12 * LETTER, abs=2 * TOLERANCE)
    assert c - b == pytest.approx(SENTENCE_PAUSE, abs=TOLERANCE)
    assert result.mark.endswith("with tone a, converted by octave")


def test_what_an_engine_cannot_speak(tones: Any, tmp_path: Path, notices: list[str]) -> None:
    path = tmp_path / "a.wav"
    result = spoken(script("Hello. Привет. You."), path, delivery(tones), notice=notices.append)
    assert result.sentences == 2
    assert notices == ['tone a cannot speak "Привет.", which was left out.']
    with pytest.raises(InputError, match="tone a can speak nothing of the text; take a voice of"):
        spoken(script("Привет."), tmp_path / "b.wav", delivery(tones))
    assert [each.name for each in tmp_path.iterdir()] == ["a.wav"]


def test_stopping_ends_the_engine_and_leaves_nothing(tones: Any, tmp_path: Path) -> None:
    def stop(step: str, done: int, total: int | None) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        spoken(script("One. Two. " * 9), tmp_path / "a.wav", delivery(tones), progress=stop)
    assert len(tones.heard) == 2
    assert tones.open == 0
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_text(tones: Any, tmp_path: Path) -> None:
    peaks = {}
    for words in (500, 10_000):
        text = script("One two three four five. " * (words // 5))
        tracemalloc.start()
        result = spoken(text, tmp_path / "a.wav", delivery(tones, speed=2.0))
        peaks[words] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert result.sentences == words // 5
    sound = float(result.seconds) * 16_000 * 4
    assert sound > 50_000_000
    assert peaks[10_000] - peaks[500] < 1_000_000


def test_the_real_engine_at_its_time(espeak: Espeak, tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    voice = next(voice for voice in espeak.voices() if voice.name == "en-us")
    what = cues((0.5, 2.0, "Hello there."), (2.5, 4.0, "Papa paid."), (5, 6, "Shall we go now?"))
    spoken(what, path, Delivery(espeak, voice, "en"))
    begins = [begin for begin, _ in bursts(path)]
    for cue in what:
        assert min(abs(begin - float(cue.start)) for begin in begins) < 0.02
    gaps = [after[0] - before[1] for before, after in pairwise(bursts(path))]
    assert max(gaps) > 0.4
