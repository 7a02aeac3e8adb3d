"""What an engine is given, and that it is what was shown."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from synclips.speech.delivery import Delivery
from synclips.speech.lines import cue_lines, script_lines
from synclips.speech.spoken import spoken
from synclips.speech.subtitles import Cue
from synclips.speech.text import Script, parse_script

TEXT = 'Dr. Smith paid $3.50. He <break time="2s"/> left.\n\nOn 3 May.'


def script(text: str) -> Script:
    return parse_script(text, lambda sentence: None)


def delivery(engine: Any, language: str = "en", speed: float = 1.0) -> Delivery:
    return Delivery(engine, engine.voices()[0], language, speed)


def test_a_text_is_read_sentence_by_sentence(tones: Any) -> None:
    lines = list(script_lines(script(TEXT), delivery(tones)))
    assert [(line.text, line.pause) for line in lines] == [
        ("Dr Smith paid 3 dollars and 50 cents.", 0.35),
        ("He", 2.0),
        ("left.", 0.8),
        ("On the 3rd of May.", 0.3),
    ]
    assert lines[0].written == "Dr. Smith paid $3.50."
    assert {line.language for line in lines} == {"en"} and lines[0].cue is None


def test_pauses_are_shorter_at_speed_but_for_what_a_break_asks(tones: Any) -> None:
    lines = script_lines(script(TEXT), delivery(tones, speed=2.0))
    assert [line.pause for line in lines] == [0.175, 2.0, 0.4, 0.3]


def test_a_subtitle_is_cut_and_read(tones: Any) -> None:
    cue = Cue(Fraction(1), Fraction(4), "Am 3. Mai. ... Um 14.30 Uhr!", 2)
    lines = cue_lines(cue, delivery(tones, "de", 0.5))
    assert [line.text for line in lines] == ["Am dritten Mai.", "Um 14 Uhr 30!"]
    assert [line.pause for line in lines] == [0.7, 0.0]
    assert all(line.cue is cue and line.language == "de" for line in lines)


@pytest.mark.parametrize("in_subtitles", [False, True])
def test_what_is_shown_is_what_is_spoken(tones: Any, tmp_path: Path, in_subtitles: bool) -> None:
    voice = delivery(tones)
    cue = Cue(Fraction(0), Fraction(9), "Dr. Smith paid $3.50. On 3 May.", 2)
    shown = cue_lines(cue, voice) if in_subtitles else list(script_lines(script(TEXT), voice))
    spoken([cue] if in_subtitles else script(TEXT), tmp_path / "a.wav", voice)
    assert tones.heard == [line.text for line in shown]
