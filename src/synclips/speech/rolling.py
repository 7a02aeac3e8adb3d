"""Captions that roll up, as automatic ones do: a line stays on the screen while the next appears.

Knows them by their word times, or by how they repeat themselves. Does not know the files they are
in.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from synclips.speech.shown import Shown
from synclips.speech.turns import plain

WORD_TIME = re.compile(r"<\d+:\d\d")

_TOUCH = Fraction(1, 10)  # seconds between captions that roll up
_FLASH = Fraction(1, 20)  # seconds; nobody reads what is shown so briefly
_FEWEST = 3  # "No." and "No. I said no." also happen where nothing rolls


def has_word_times(shown: Sequence[Shown]) -> bool:
    """Whether a line says when each of its words is said."""
    return any(WORD_TIME.search(line) for each in shown for line in each.lines)


def rolls_up(shown: Sequence[Shown]) -> bool:
    """Whether most captions that follow another at once begin with the last lines of that."""
    touching = rolled = flashes = 0
    for before, each in zip(shown, shown[1:], strict=False):
        old, new = _texts(before), _texts(each)
        if not (old and new and _touches(before.end, each) and each.start >= before.start):
            continue
        touching += 1
        if each.end - each.start < _FLASH and set(new) <= set(old):
            flashes += 1
        elif any(new[:kept] == old[-kept:] for kept in range(1, len(new))):
            rolled += 1
    signs = flashes + rolled
    return signs * 2 > touching and signs >= (_FEWEST - 1 if flashes else _FEWEST)


def said_once(shown: Sequence[Shown]) -> list[Shown]:
    """Each line of captions that roll up once, when it appears."""
    result: list[Shown] = []
    before: list[str] = []
    end = -_TOUCH
    for each in shown:
        lines = {line: plain(line).strip() for line in each.lines}
        follows = _touches(end, each)
        new = [line for line, text in lines.items() if text and not (follows and text in before)]
        if new:
            result.append(replace(each, lines=new))
        before, end = list(lines.values()), each.end
    return result


def _touches(end: Fraction, after: Shown) -> bool:
    return after.start <= end + _TOUCH


def _texts(shown: Shown) -> list[str]:
    return [text for line in shown.lines if (text := plain(line).strip())]
