"""Voices as a table for people to read.

Knows columns and widths; where voices come from is `engines`.
"""

from collections.abc import Sequence

from synclips.speech.synthesizer import Voice

_HEAD = ("engine", "voice", "language", "licence", "installed", "")


def voice_table(voices: Sequence[Voice]) -> str:
    """A line per voice under a line of headings, in columns."""
    rows = [_HEAD, *(_row(voice) for voice in voices)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
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
        voice.name or "-",
        voice.language or "-",
        voice.licence,
        "yes" if voice.installed else "no",
        note,
    )
