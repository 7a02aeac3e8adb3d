from fractions import Fraction

from synclips.speech.lines import Line
from synclips.speech.listing import line_table, voice_table
from synclips.speech.subtitles import Cue
from synclips.speech.synthesizer import Voice


def test_columns_line_up() -> None:
    table = voice_table(
        [
            Voice("espeak", "en-us", "en-us", "male", "GPL-3.0-or-later", True, "America"),
            Voice("flite", "", "en", None, "BSD", False, "apt install flite"),
        ]
    )
    assert table.splitlines() == [
        "engine  voice  language  licence           installed",
        "espeak  en-us  en-us     GPL-3.0-or-later  yes        America, male",
        "flite   -      en        BSD               no         apt install flite",
    ]


def test_what_is_said_stands_beside_its_language_and_the_pause_after_it() -> None:
    lines = [Line("One dollar.", "$1.", "en-us", 0.35), Line("Two.", "2.", "en-us", 0.3)]
    assert line_table(lines, 2.0).splitlines() == [
        "language  pause  text",
        "-         2.00   -",
        "en-us     0.35   One dollar.",
        "en-us     0.30   Two.",
    ]


def test_subtitles_have_their_times_where_they_begin() -> None:
    first = Cue(Fraction(3723, 2), Fraction(3725, 2), "One. Two.", 2)
    other = Cue(Fraction(3600), Fraction(10801, 3), "Three.", 6)
    lines = [Line("One.", "1.", "en", 0.35, first), Line("Two.", "2.", "en", 0.0, first)]
    lines.append(Line("Three.", "3.", "en", 0.0, other))
    assert line_table(lines).splitlines() == [
        "from          to            language  pause  text",
        "00:31:01.500  00:31:02.500  en        0.35   One.",
        "-             -             en        -      Two.",
        "01:00:00.000  01:00:00.333  en        -      Three.",
    ]
    named = Cue(Fraction(0), Fraction(1), "One.", 2, "Ann")
    lines = [Line("One.", "One.", "en", 0.0, named), Line("Three.", "3.", "en", 0.0, other)]
    assert line_table(lines).splitlines() == [
        "from          to            language  pause  who  text",
        "00:00:00.000  00:00:01.000  en        -      Ann  One.",
        "01:00:00.000  01:00:00.333  en        -      -    Three.",
    ]
