"""Words for what engines read badly: amounts of money, titles, dates; in English only.

espeak-ng 1.52 reads "$3.50" as "dollar three point five zero" and pauses after "Dr."; flite reads
"3 May" as "three may". Everything else that is written otherwise than spoken (numbers, times,
units) is left to the engine, and all of it in other languages.
"""

import re

_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Messrs|Mt|vs)\.(?=\s)")
_WORDS = [
    (re.compile(r"\bNo\.\s*(?=\d)"), "number "),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bProf\b\.?(?=\s[A-Z])"), "Professor"),
]
_UNITS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
_MONEY = re.compile(
    r"(?P<sign>[$£€])\s?(?P<whole>\d+(?:,\d{3})*)(?:\.(?P<part>\d+))?"
    r"(?:\s(?P<scale>thousand|million|billion|trillion)\b)?"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY_FIRST = re.compile(rf"(?<!the )\b(\d{{1,2}}) ({_MONTHS})\b(?! \d{{1,2}}\b(?!\d))")
_MONTH_FIRST = re.compile(rf"\b({_MONTHS}) (\d{{1,2}})\b(?![:.,]?\d)")


def read_out(sentence: str, language: str) -> str:
    """The sentence as an engine should get it.

    Args:
        sentence: One piece of a text.
        language: Its tag; only "en" and its regions are changed.
    """
    if language.partition("-")[0] != "en":
        return sentence
    for pattern, words in _WORDS:
        sentence = pattern.sub(words, sentence)
    sentence = _TITLE.sub(r"\1", sentence)
    sentence = _MONEY.sub(_money, sentence)
    sentence = _DAY_FIRST.sub(lambda m: f"the {_ordinal(m[1])} of {m[2]}", sentence)
    return _MONTH_FIRST.sub(lambda m: f"{m[1]} {_ordinal(m[2])}", sentence)


def _money(match: re.Match[str]) -> str:
    one, many, part_one, part_many = _UNITS[match["sign"]]
    whole, part = match["whole"].replace(",", ""), match["part"]
    if match["scale"] or (part is not None and len(part) != 2):
        amount = whole if part is None else f"{whole}.{part}"
        scale = f" {match['scale']}" if match["scale"] else ""
        return f"{amount}{scale} {many}"
    said = []
    if int(whole) or not int(part or 0):
        said.append(f"{whole} {one if int(whole) == 1 else many}")
    if int(part or 0):
        said.append(f"{int(part)} {part_one if int(part) == 1 else part_many}")
    return " and ".join(said)


def _ordinal(day: str) -> str:
    number = int(day)
    if not 1 <= number <= 31:
        return day
    ending = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
