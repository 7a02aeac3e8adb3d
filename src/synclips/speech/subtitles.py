"""Subtitle files to cues: what is said, and from when to when, exactly.

Knows SubRip (.srt) and WebVTT (.vtt, W3C "WebVTT: The Web Video Text Tracks Format"); the kind of
`substation` is read there. What two people say in one subtitle becomes a cue for each. Does not
know how long the words take to speak.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from synclips.errors import InputError
from synclips.speech.rolling import WORD_TIME, has_word_times, rolls_up, said_once
from synclips.speech.shown import Shown, seconds
from synclips.speech.substation import is_substation, substation
from synclips.speech.text import Notice, left_out
from synclips.speech.text_file import read_text
from synclips.speech.turns import names_before_lines, turns

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_ARROW = "-->"
_APART = re.compile(r"WEBVTT|NOTE\b|STYLE\b|REGION\b")
_MOST_NAMED = 5
_LONGEST = 5_000  # characters of a subtitle; nobody could read it, and it is no subtitle


@dataclass(frozen=True)
class Cue:
    """One subtitle.

    Attributes:
        start: Seconds at which it is shown and its speech begins.
        end: Seconds at which it goes.
        text: One line of plain text with something to speak.
        line: Of the file, where its times stand; for messages.
        speaker: Name of who says it, where the file has one.
    """

    start: Fraction
    end: Fraction
    text: str
    line: int
    speaker: str = ""


def read_subtitles(path: Path, notice: Notice) -> list[Cue]:
    """The cues of a file in order of time.

    Args:
        path: A file in SubRip, WebVTT or SubStation Alpha, told apart by content.
        notice: Told of cues without words or time, and of what cannot be spoken, which are left
            out.

    Raises:
        InputError: The file cannot be read, a line is neither words nor times, a cue ends before it
            begins, or nothing in it can be spoken.
    """
    lines = re.split(r"\r\n|\r|\n", read_text(path, notice).rstrip("\x1a"))
    shown = list(substation(path, lines) if is_substation(lines) else _shown(path, lines))
    if has_word_times(shown):
        shown = said_once(shown)
    elif rolls_up(shown):
        shown = said_once(shown)
        notice(f"{path} rolls up; a line that stays on the screen is said once.")
    shown = _lasting(path, shown, notice)
    long = next((each for each in shown if sum(map(len, each.lines)) > _LONGEST), None)
    if long is not None:
        raise InputError(
            f"{path} has a subtitle in line {long.line} of more than {_LONGEST} characters; correct"
            " the file."
        )
    names = names_before_lines(each.lines for each in shown)
    cues: list[Cue] = []
    left: Counter[str] = Counter()
    empty = 0
    for each in shown:
        found = _cues(each, names, left)
        cues += found
        empty += not found
    if not cues:
        raise InputError(f"{path} has no subtitle with something to speak; give another file.")
    if empty:
        notice(f"{path} has {_counted(empty)} without words; left out.")
    if names:
        notice(f"{path} names who speaks, which is not said: {', '.join(sorted(names))}.")
    if left:
        notice(left_out(str(path), left))
    return sorted(cues, key=lambda cue: cue.start)


def _lasting(path: Path, shown: list[Shown], notice: Notice) -> list[Shown]:
    """Those that are shown for a time."""
    for each in shown:
        if each.end < each.start:
            raise InputError(
                f"{path} has a subtitle in line {each.line} that ends before it begins; correct"
                " its times."
            )
    brief = [str(each.line) for each in shown if each.end == each.start]
    if brief:
        lines = ", ".join(brief[:_MOST_NAMED]) + (", …" if len(brief) > _MOST_NAMED else "")
        notice(
            f"{path} has {_counted(len(brief))} that end{'s' if len(brief) == 1 else ''} in the"
            f" moment of beginning (line {lines}); left out."
        )
    return [each for each in shown if each.end > each.start]


def _shown(path: Path, lines: list[str]) -> Iterator[Shown]:
    """The subtitles of a file, in its order."""
    web = lines[0].startswith("WEBVTT")
    spaced = web and any(WORD_TIME.search(line) for line in lines)
    last: Shown | None = None
    for number, block in _blocks(lines, spaced):
        # Beyond the second line of a block an arrow may also be of the words.
        times = [
            index
            for index, line in enumerate(block)
            if _ARROW in line and (index < 2 or _TIMES.fullmatch(line))
        ]
        is_header = web and number == 1
        if web and _APART.match(block[0]) and not (is_header and times):
            continue
        if not times and not web and last is not None and not _lost_its_times(block):
            last.lines.extend(block)  # after an empty line within it
            continue
        # A number or name may stand before the times.
        if not times or (times[0] > 1 and not is_header):
            raise InputError(
                f'{path} has "{block[0].strip()[:40]}" in line {number} where times should stand,'
                " such as 00:00:01,000 --> 00:00:03,500; correct the file."
            )
        for at, after in zip(times, [*times[1:], None], strict=True):
            words = block[at + 1 : after]
            if after is not None and words and words[-1].strip().isdigit():
                words.pop()  # the number of the next, which no empty line parts from this
            start, end = _start_and_end(path, block[at], number + at)
            if last is not None:
                yield last
            last = Shown(start, end, words, number + at)
    if last is not None:
        yield last


def _blocks(lines: list[str], spaced: bool) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not empty, with the number of the first.

    Where `spaced`, a line of spaces is not empty, as WebVTT has it and automatic captions need it.
    """
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line if spaced else line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _lost_its_times(block: list[str]) -> bool:
    """Whether a block without times is a subtitle whose times are missing or wrong."""
    return block[0].strip().isdigit() or any(re.search(_TIME, line) for line in block)


def _start_and_end(path: Path, times: str, line: int) -> tuple[Fraction, Fraction]:
    match = _TIMES.fullmatch(times)
    if match is None:
        raise InputError(
            f'{path} has "{times.strip()[:60]}" in line {line}, which are no times; write them'
            " as 00:00:01,000 --> 00:00:03,500."
        )
    hours, minutes, whole, part, *until = match.groups()
    return seconds(hours, minutes, whole, part), seconds(*until)


def _cues(shown: Shown, names: frozenset[str], left: Counter[str]) -> list[Cue]:
    """A cue for each who speaks in a subtitle, with time in proportion to the words."""
    said = list(turns(shown.lines, names, left))
    total, now = sum(len(text) for _, text in said), shown.start
    whole = shown.speaker if len(said) == 1 else ""  # else it is not who says all of it
    cues = []
    for speaker, text in said:
        until = now + (shown.end - shown.start) * len(text) / total
        cues.append(Cue(now, until, text, shown.line, speaker or whole))
        now = until
    return cues


def _counted(count: int) -> str:
    return f"{count} subtitle{'s' if count > 1 else ''}"
