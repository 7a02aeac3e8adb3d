"""SubStation Alpha (.ssa) and its successor (.ass): the subtitles of such a file.

Knows their sections, the columns that a Format line names, and which codes style words or draw.
What a subtitle says is for `turns`.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from synclips.errors import InputError
from synclips.speech.shown import Shown, seconds

HEAD = "[Script Info]"

_FORMAT = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_TIME = re.compile(r"\s*(\d{1,3}):(\d{1,2}):(\d{1,2})[.:,](\d{1,3})\s*")
_DRAWING = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}.*?(?=\{[^{}]*\\p0[^{}]*\}|$)")
_CODES = re.compile(r"\{[^{}]*\}")
_BREAK = re.compile(r"\\[Nn]")


def is_substation(lines: Sequence[str]) -> bool:
    """Whether a file is one of these, by its first line that is not empty."""
    first = next((line.strip() for line in lines if line.strip()), "")
    return first.lower() in (HEAD.lower(), "[events]", "[v4+ styles]", "[v4 styles]")


def substation(path: Path, lines: Sequence[str]) -> Iterator[Shown]:
    """The subtitles of a file, in its order; what stands there twice, as a shadow does, once.

    Args:
        path: Of the file, for messages.
        lines: All of it.

    Raises:
        InputError: A Dialogue line has no times, or fewer columns than the Format line names.
    """
    columns, section = _named(_FORMAT), ""
    given: set[tuple[object, ...]] = set()
    for number, line in enumerate(lines, 1):
        kind, _, rest = line.partition(":")
        kind = kind.strip().lower()
        if line.lstrip().startswith("["):
            section = line.strip().lower()
        elif section == "[events]" and kind == "format":
            columns = _named(rest)
        elif section == "[events]" and kind == "dialogue":
            shown = _shown(path, columns, rest, number)
            one = (shown.start, shown.end, tuple(shown.lines))
            if one not in given:
                given.add(one)
                yield shown


def _named(columns: str) -> list[str]:
    return [name.strip().lower() for name in columns.split(",")]


def _shown(path: Path, columns: Sequence[str], rest: str, line: int) -> Shown:
    values = rest.split(",", len(columns) - 1)
    fields = dict(zip(columns, values, strict=False))
    start, end = (_TIME.fullmatch(fields.get(name, "")) for name in ("start", "end"))
    if start is None or end is None or "text" not in fields:
        raise InputError(
            f"{path} has a Dialogue in line {line} without two times and a text, as in"
            " Dialogue: 0,0:00:01.00,0:00:03.50,Default,,0,0,0,,Hello.; correct the file."
        )
    words = _CODES.sub("", _DRAWING.sub("", fields["text"])).replace("\\h", " ")
    name = fields.get("name", fields.get("actor", ""))
    return Shown(
        seconds(*start.groups()),
        seconds(*end.groups()),
        _BREAK.split(words),
        line,
        " ".join(name.split()),
    )
