"""English abbreviations: titles, ranks, streets, and what stands before a number."""

import re
from collections.abc import Callable

from synclips.speech.abbreviations import RANKS, is_abbreviation

_STREETS = {
    "St": "Street",
    "Ave": "Avenue",
    "Blvd": "Boulevard",
    "Rd": "Road",
    "Ln": "Lane",
    "Hwy": "Highway",
    "Pkwy": "Parkway",
}
_NUMBERED = {
    "fig": "figure",
    "figs": "figures",
    "chap": "chapter",
    "vol": "volume",
    "vols": "volumes",
    "ext": "extension",
    "apt": "apartment",
    "pp": "pages",
    "nos": "numbers",
    "eq": "equation",
    "op": "opus",
    "ch": "chapter",
    "sec": "section",
    "sect": "section",
    "ste": "suite",
    "ca": "circa",
    "max": "maximum",
    "min": "minimum",
    "p": "page",
    "c": "circa",
}
_RANK = re.compile(rf"\b({'|'.join(RANKS)})\.(?=\s)")
_WORDS = [
    (re.compile(r"\bNo\.\s*(?=\d)"), "number "),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\be\.g\.,?(?=\s)"), "for example,"),
    (re.compile(r"\bi\.e\.,?(?=\s)"), "that is,"),
    (re.compile(r"\betc\.(?=\s[a-z])"), "et cetera"),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\bincl\.(?=\s)"), "including"),
    (re.compile(r"\bIncl\.(?=\s)"), "Including"),
    (re.compile(r"\bexcl\.(?=\s)"), "excluding"),
    (re.compile(r"\besp\.(?=\s[a-z])"), "especially"),
    (re.compile(r"\bHwy\.?(?= \d)"), "Highway"),
    (re.compile(r"\bMs\b\.?(?=\s[A-Z])"), "Mizz"),  # as engines say it
    (re.compile(r"\bMessrs\b\.?(?=\s)"), "Messers"),
    (re.compile(r"\bDrs\b\.?(?=\s[A-Z])"), "Doctors"),
    (re.compile(r"\bMt\b\.?(?=\s[A-Z])"), "Mount"),
    (re.compile(r"(?<!\d )\bFt\.(?=\s[A-Z])"), "Fort"),
    (re.compile(r"\bProf\b(?=\s[A-Z])"), "Professor"),
]
_TITLE = re.compile(r"\b(Mr|Mrs|Dr|St)\.(?=\s)")
_ENDING = {
    "Junior": re.compile(r"\b(?P<before>)Jr\b(?P<stop>\.?)"),
    # "Sr. García" at the beginning is a señor.
    "Senior": re.compile(
        r"(?P<before>\b[A-Z][\w'’-]+,? )Sr\b(?P<stop>\.?)(?=$|[,;)]|\s[a-z])|"
        r"(?<=\b[Aa] )Sr\b\.(?=\s)"
    ),
    "Department": re.compile(r"\b(?P<before>)Dept\b(?P<stop>\.?)"),
    "department": re.compile(r"\b(?P<before>)dept(?P<stop>\.)"),
    "Limited": re.compile(r"\b(?P<before>)Ltd\b(?P<stop>\.?)"),
    "Drive": re.compile(
        r"\b(?P<before>\d+\w? (?:[A-Z][\w'’-]+ ){1,3})Dr\b(?P<stop>\.?)(?=$|[,;)])"
    ),
}
# "She said no. 5 people left" has no number.
_NUMBER = re.compile(
    r"\b((?i:order|invoice|item|ticket|account|policy|reference|part|model|house|room|bus|line"
    r"|symphony|size|case|flight|serial|sonata|concerto|exhibit|platform|the|at|of)) no\. ?(?=\d)"
)
# "30 sec. 5 people" and "one min. 5" are times, "vitamin c. 5 people" are two sentences.
_FIGURES = re.compile(
    r"(?<![\w.])(?<!\d )(?<!\b[Aa] )(?<!\b[Aa]n )(?<!\bone )(?<!\bper )(?![PC]\.|c\. ?(?!1\d{3}))"
    rf"((?i:{'|'.join(_NUMBERED)}))\.\s?"
    r"(?=[\d£$€]|[IVX]+\b(?!\.))"
)
_OPEN_FIGURES = re.compile(r"\b(Figs?|Vol|Chap|Apt|Ext)\s(?=\d)")
_STREET = re.compile(
    r"\b(?P<name>[A-Z][\w'’-]+|\d+(?:st|nd|rd|th)) (?P<kind>St(?=\b\.?(?:$|[,;)]|\s[a-z]))"
    rf"|(?!St){'|'.join(_STREETS)})\b(?P<stop>\.?)"
)
# What is left of a sentence, or the first word of the next.
_ENDS = re.compile(
    r"[\"'”’»)\]]*(?:$|\s+[\"'“‘(]*(?:The|An?|He|She|It|We|You|They|I|This|That|There|But|And)\b)"
)


def say_short(sentence: str) -> str:
    """With whole words for abbreviations; a full stop that ends the sentence stays."""
    sentence = _NUMBER.sub(r"\1 number ", sentence)
    sentence = _FIGURES.sub(_figures, sentence)
    sentence = _OPEN_FIGURES.sub(_figures, sentence)
    for pattern, words in _WORDS:
        sentence = pattern.sub(words, sentence)
    sentence = _STREET.sub(_street, sentence)
    for words, pattern in _ENDING.items():
        sentence = pattern.sub(_ending(words), sentence)
    return _RANK.sub(_rank, _TITLE.sub(r"\1", sentence))


def full_stop(match: re.Match[str]) -> str:
    """The full stop after an abbreviation, if it also ends the sentence."""
    ends = _ENDS.match(match.string, match.end()) is not None
    return "." if match["stop"] and ends else ""


def _figures(match: re.Match[str]) -> str:
    word = _NUMBERED[match[1].lower()]
    return f"{word.capitalize() if match[1][0].isupper() else word} "


def _street(match: re.Match[str]) -> str:
    return f"{match['name']} {_STREETS[match['kind']]}{full_stop(match)}"


def _ending(words: str) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{match['before'] or ''}{words}{full_stop(match)}"


def _rank(match: re.Match[str]) -> str:
    """The whole word before a name, not where a sentence ends."""
    is_rank = is_abbreviation(match.string, match.end() - 1, match.end())
    return RANKS[match[1]] if is_rank else match[0]
