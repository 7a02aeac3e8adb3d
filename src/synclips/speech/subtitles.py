"""Subtitle files to cues: what is said, and from when to when, exactly.

Knows SubRip (.srt) and WebVTT (.vtt, W3C "WebVTT: The Web Video Text Tracks Format"), and takes
styling off the words. What two people say in one subtitle, each on a line with a dash or in a voice
span of their own, becomes a cue for each. Does not know how long the words take to speak.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from html import unescape
from pathlib import Path

from synclips.errors import InputError
from synclips.speech.text import Notice, clean, is_speakable, read_text

SUFFIXES = (".srt", ".vtt")

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_STYLE = re.compile(r"<[^<>]*>|\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^<>\s]*)?\s+([^<>]*)>")
_DASH = re.compile(r"\s*[-\u2010-\u2015]\s*(?=[^\s\d-])")


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
        path: A file in SubRip or WebVTT, told apart by content.
        notice: Told of cues without words, which are left out.

    Raises:
        InputError: The file cannot be read, a line is neither words nor times, a cue ends before it
            begins, or nothing in it can be spoken.
    """
    lines = re.split(r"\r\n|\r|\n", read_text(path))
    web = lines[0].startswith("WEBVTT")
    cues: list[Cue] = []
    left: Counter[str] = Counter()
    empty = 0
    for number, block in _blocks(lines):
        found = _cues(path, number, block, web, left)
        if found is None:
            continue
        cues += found
        empty += not found
    if not cues:
        raise InputError(f"{path} has no subtitle with something to speak; give another file.")
    if empty:
        notice(f"{path} has {empty} subtitle{'s' if empty > 1 else ''} without words; left out.")
    return sorted(cues, key=lambda cue: cue.start)


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines that are not empty, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _cues(
    path: Path, number: int, block: list[str], web: bool, left: Counter[str]
) -> list[Cue] | None:
    """What a block says, one cue for each who speaks; None for a block that is no subtitle."""
    if web and re.match(r"WEBVTT|NOTE\b|STYLE\b|REGION\b", block[0]):
        return None
    at = 0 if "-->" in block[0] else 1  # a number or name may stand before the times
    if at == len(block) or "-->" not in block[at]:
        raise InputError(
            f'{path} has "{block[0].strip()[:40]}" in line {number} where times should stand, such'
            " as 00:00:01,000 --> 00:00:03,500; correct the file."
        )
    line = number + at
    match = _TIMES.fullmatch(block[at])
    if match is None:
        raise InputError(
            f'{path} has "{block[at].strip()[:60]}" in line {line}, which are no times; write them'
            " as 00:00:01,000 --> 00:00:03,500."
        )
    start, end = _seconds(match.groups()[:4]), _seconds(match.groups()[4:])
    if end <= start:
        raise InputError(f"{path} has a subtitle in line {line} that ends before it begins.")
    said = [
        (speaker, " ".join(clean(unescape(_STYLE.sub("", words)), left).split()))
        for speaker, words in _voices(block[at + 1 :])
    ]
    said = [(speaker, text) for speaker, text in said if is_speakable(text)]
    total, now = sum(len(text) for _, text in said), start
    cues = []
    for speaker, text in said:  # time in proportion to the words
        until = now + (end - start) * len(text) / total
        cues.append(Cue(now, until, text, line, speaker))
        now = until
    return cues


def _voices(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The words of a subtitle, apart for each who speaks, after their names, which may be empty."""
    before, *rest = _VOICE.split("\n".join(lines))
    spans = [("", before), *zip(rest[::2], rest[1::2], strict=True)]
    for name, words in spans:
        speaker = " ".join(unescape(name).split())
        turns: list[list[str]] = [[]]
        plain = words.split("\n")
        dashes = [_DASH.match(_STYLE.sub("", line)) is not None for line in plain]
        for line, dashed in zip(plain, dashes, strict=True):
            if dashed and sum(dashes) > 1:
                line = _STYLE.sub("", line)
                turns.append([_DASH.sub("", line, count=1)])
            else:
                turns[-1].append(line)
        yield from ((speaker, " ".join(turn)) for turn in turns)


def _seconds(parts: tuple[str | None, ...]) -> Fraction:
    hours, minutes, seconds, part = parts
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0)
    return whole + Fraction(f"0.{part}")
