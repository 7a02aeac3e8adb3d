"""Voices, and what will be spoken, as tables for people to read.

Knows columns and widths; where voices come from is `engines`, and where lines do `manuscript`.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from synclips.speech.lines import Line
from synclips.speech.synthesizer import Voice

_HEAD = ("engine", "voice", "language", "licence", "installed", "")
_NONE = "-"


def voice_table(voices: Sequence[Voice]) -> str:
    """A line per voice under a line of headings, in columns."""
    return _table([_HEAD, *(_row(voice) for voice in voices)])


def line_table(lines: Iterable[Line], lead: float = 0.0) -> str:
    """A line per sentence under a line of headings: its language, the pause after it, its words.

    Of subtitles also from when to when each is shown, where it begins, and who says it, where the
    file has names.

    Args:
        lines: In order.
        lead: Seconds of silence before the first.
    """
    there = list(lines)
    cues = [line.cue for line in there if line.cue is not None]
    named = any(cue.speaker for cue in cues)
    head = ["from", "to"] * bool(cues) + ["language", "pause"] + ["who"] * named + ["text"]
    rows = [tuple(head)]
    if lead:
        rows.append((_NONE, f"{lead:.2f}", _NONE))
    before = None
    for line in there:
        cue, row = line.cue, [line.language, f"{line.pause:.2f}" if line.pause else _NONE]
        if cue is not None:
            begins = cue is not before
            row = [_clock(cue.start), _clock(cue.end), *row] if begins else [_NONE, _NONE, *row]
            row += [cue.speaker or _NONE] * named
        rows.append((*row, line.text))
        before = cue
    return _table(rows)


def _table(rows: Sequence[Sequence[str]]) -> str:
    # The last column ends the line, however long its longest cell is.
    widths = [*(max(map(len, column)) for column in zip(*rows, strict=True))][:-1] + [0]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)


def _row(voice: Voice) -> tuple[str, ...]:
    parts = (voice.note, voice.gender) if voice.installed else (voice.gender, voice.note)
    note = ", ".join(part for part in parts if part)
    return (
        voice.engine,
        voice.name or _NONE,
        voice.language or _NONE,
        voice.licence,
        "yes" if voice.installed else "no",
        note,
    )


def _clock(seconds: Fraction) -> str:
    """As subtitles have it: 00:01:02.500."""
    whole = round(seconds * 1000)
    return (
        f"{whole // 3_600_000:02}:{whole // 60_000 % 60:02}:{whole // 1000 % 60:02}"
        f".{whole % 1000:03}"
    )
