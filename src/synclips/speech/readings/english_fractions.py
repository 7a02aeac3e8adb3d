"""English fractions, as of recipes and tools: "1/2 cup", "1½", "3/8 inch", "1-1/2 in."."""

import re

from synclips.speech.readings.english_numerals import number_words
from synclips.speech.readings.english_words import WORDS

_SIGNS = {
    **{"½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5)},
    **{"⅗": (3, 5), "⅘": (4, 5), "⅙": (1, 6), "⅚": (5, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8)},
    "⅞": (7, 8),
}
_PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 16: "sixteenth"}
_WRITTEN = r"1/2|[12]/3|[13]/4|[1-4]/5|[15]/6|[1357]/8|(?:1[135]|[13579])/16"
_SIGN = "".join(_SIGNS)
# Of what days of months are written as too, before a noun only.
_NOUN = (
    r"(?= (?!to\b|and\b|or\b|at\b|in\b|is\b|was\b|on\b|with\b|stars?\b|points?\b|for\b|from\b"
    r"|by\b|the\b|we\b|he\b|she\b|it\b|they\b|there\b|but\b|as\b)[a-z])"
)
_BEFORE = (
    r"(?<![\w.,/-])(?<!\b[Oo]n )(?<!\b[Bb]y )(?<!since )(?<!until )(?<!from )(?<!version )"
    r"(?<![Pp]age )(?<![Pp]art )(?<![Ss]tep )"
)
_END = r"(?![\w/]|[.,]\d)"
_INCHES = (  # no "in" of "3/4 in favour"
    r"in\.|in(?=$|[,;)]| (?:thick|wide|long|deep|tall|high|by|x|in diameter)\b)|[\"″]"
)
_UNIT = rf"(?:{'|'.join(sorted(map(re.escape, WORDS.units), key=len, reverse=True))}|{_INCHES})"
_MIXED = re.compile(
    rf"(?<![\w.,/-])(?P<whole>\d+)(?:[ -](?P<part>{_WRITTEN})|[ -]?(?P<sign>[{_SIGN}])){_END}"
    rf"(?:[ -]?(?P<unit>{_UNIT})(?![\w/²³]))?"
)
_ALONE = re.compile(
    rf"(?<![\w.,/])(?P<sign>[{_SIGN}])(?!\w)(?: ?(?P<near>{_UNIT})(?![\w/²³]))?"
    rf"|{_BEFORE}(?P<part>{_WRITTEN})(?:[ -]?(?P<unit>{_UNIT})(?![\w/²³])"
    rf"|(?P<hyphen>-)(?=[a-z]{{3}})|{_END}{_NOUN})"
)


def say_fractions(sentence: str) -> str:
    """With fractions, and the units after them, in words."""
    return _ALONE.sub(_alone, _MIXED.sub(_mixed, sentence))


def _mixed(match: re.Match[str]) -> str:
    part = _said(match["part"] or match["sign"]).replace("one ", "a ")
    return f"{match['whole']} and {part}{_unit(match['unit'], -1, match)}"


def _alone(match: re.Match[str]) -> str:
    unit = _unit(match["near"] or match["unit"], 0, match)
    return _said(match["part"] or match["sign"]) + (" " if match["hyphen"] else unit)


def _said(fraction: str) -> str:
    upper, lower = _SIGNS[fraction] if fraction in _SIGNS else map(int, fraction.split("/"))
    part = _PARTS[lower]
    return f"{number_words(upper)} {part if upper == 1 else f'{part}s'}"


def _unit(unit: str | None, form: int, match: re.Match[str]) -> str:
    if not unit:
        return ""
    ends = unit.endswith(".") and match.end() == len(match.string)
    said = WORDS.units.get(unit, ("1 inch", "inches"))[form].removeprefix("1 ")
    return f" {said}{'.' if ends else ''}"
