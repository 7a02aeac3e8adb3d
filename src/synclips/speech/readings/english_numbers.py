"""English Roman numerals and a few phrases of figures."""

import re

from synclips.speech.readings.roman import roman
from synclips.speech.readings.wording import Wording

_KINGS = (
    "Henry|Edward|George|William|Charles|James|Richard|Elizabeth|Mary|Louis|Philip|Francis|Peter"
    "|Catherine|Alexander|Nicholas|Frederick|Napoleon|Ferdinand|Leopold|Wilhelm|John|Paul|Pius"
    "|Benedict|Gregory|Leo|Clement|Innocent|Urban|Otto|Ramses|Ramesses|Ptolemy|Ivan"
)
_KING = re.compile(
    rf"\b({_KINGS}) (II|III|IV|V|VI|VII|VIII|IX|XI{{1,3}}|XI?V|XVI{{0,3}}|XI?X)\b"
    r"(?![.'’]\w|\. [A-Z])"
)
_FIRST = re.compile(
    rf"\b((?:King|Queen|Pope|Emperor|Empress|Tsar|Czar) (?:{_KINGS})) I\b"
    r"(?!['’]| (?:am|will|do|have|had|think|say|said|would|can|could|must|should|know)\b)"
)
_NUMBERED = re.compile(
    r"\b(World War|Chapter|Part|Act|Volume|Vol\.|Phase|Type|Title|Book|Scene|Section|Article"
    r"|Appendix|Stage|Class|Rocky|Mark|Vatican|Fantasy|Schedule|Figure|Table|Super Bowl) "
    r"([IVX]+|(?<=Bowl )[IVXL]+)\b(?!['’.-]\w)"
)
_PHRASES = [
    (re.compile(r"(?<![\w.,/-])24/7(?![\w/]|[.,]\d)"), "24 7"),
    (re.compile(r"(?<![\w.,/-])9/11(?![\w/]|[.,]\d)"), "9 11"),
    (re.compile(r"(?<![\w.,/-])50[-/]50(?![\w/-]|[.,]\d)"), "50 50"),
    (re.compile(r"(?<![\w.,/-])1-2(?= punch)"), "1 2"),
    (
        re.compile(r"(?<![\w.,/-])9[-\u2013]5(?= (?:jobs?|shifts?|hours|life|schedules?)\b)"),
        "9 to 5",
    ),
    (re.compile(r"\b(dollars|euros|pounds)/(?=(?:hour|day|week|month|year)\b)"), r"\1 per "),
    (re.compile(r"\b([Aa])nd/or\b"), r"\1nd or"),
]


def say_numbers(sentence: str) -> str:
    """With numerals of kings and chapters, and a few phrases, in words."""
    for pattern, words in _PHRASES:
        sentence = pattern.sub(words, sentence)
    sentence = _FIRST.sub(r"\1 the 1st", sentence)
    sentence = _KING.sub(_king, sentence)
    return _NUMBERED.sub(_numbered, sentence)


def say_adjectives(sentence: str, words: Wording) -> str:
    """With measures after "a" in the singular: "a 5 kg bag"."""

    def said(match: re.Match[str]) -> str:
        inner = words.measure.fullmatch(match[2])
        return match[0] if inner is None else f"{match[1]}{inner[1]} {words.units[inner[2]][0][2:]}"

    unit = "|".join(sorted(map(re.escape, words.units), key=len, reverse=True))
    return re.sub(rf"(\b[Aa]n? )({words.number} ?(?:{unit}))(?= [a-z])", said, sentence)


def _king(match: re.Match[str]) -> str:
    number = roman(match[2])
    ending = {2: "nd", 3: "rd"}.get(number, "th")
    return f"{match[1]} the {number}{ending}"


def _numbered(match: re.Match[str]) -> str:
    name, number = match[1], roman(match[2])
    if not number:
        return match[0]
    after = match.string[match.end() :]
    pronoun = match[2] == "I" and name != "World War" and re.match(r" [a-z]", after) is not None
    letter = match[2] == "X" and name in ("Type", "Class", "Mark")
    # "Mark V. Smith".
    letter = letter or (name == "Mark" and re.match(r"\. [A-Za-z]", after) is not None)
    return match[0] if pronoun or letter else f"{name} {number}"
