"""Words for what engines read badly: amounts of money, titles, dates; in English only.

espeak-ng 1.52 reads "$3.50" as "dollar three point five zero" and pauses after "Dr."; flite reads
"3 May" as "three may". Everything else that is written otherwise than spoken (numbers, times,
units) is left to the engine, and all of it in other languages.
"""

import re

from synclips.speech.abbreviations import RANKS, SHORT_MONTHS, goes_on, is_abbreviation, is_place

_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Jr|Sr|Messrs|Mt)\.(?=\s)")
_RANK = re.compile(rf"\b({'|'.join(RANKS)})\.(?=\s)")
_SHORT_MONTH = re.compile(rf"\b({'|'.join(SHORT_MONTHS)})\.(?=\s\d)")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?=\s)")
_WORDS = [
    (re.compile(r"\bNo\.\s*(?=\d)"), "number "),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bProf\b(?=\s[A-Z])"), "Professor"),
    (re.compile(r"\be\.g\.,?(?=\s)"), "for example,"),
    (re.compile(r"\bi\.e\.,?(?=\s)"), "that is,"),
    (re.compile(r"\betc\.(?=\s[a-z])"), "et cetera"),
]
_UNITS = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"),
}
_SCALES = {
    "k": "thousand",
    "m": "million",
    "mn": "million",
    "b": "billion",
    "bn": "billion",
    "t": "trillion",
    "tn": "trillion",
}
_AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
_LETTER = r"(?:[kKmMbBtT]|mn|bn|tn)(?![A-Za-z\d])"
# Where more of a number or a word follows it is written in some other way, and left alone.
_MONEY = re.compile(
    rf"(?P<adjective>\b[Aa]n? )?(?:(?P<country>\b(?:US|AU|CA|NZ))|(?<![A-Za-z]))"
    rf"(?P<sign>[$£€])\s?"
    rf"(?P<amount>{_AMOUNT})(?P<letter>{_LETTER})?"
    rf"(?:(?:[-\u2013](?P=sign)?|\s[-\u2013]\s(?P=sign))(?P<until>{_AMOUNT})(?P<last>{_LETTER})?)?"
    r"(?:[\s-](?P<scale>thousand|million|billion|trillion)\b)?"
    r"(?![A-Za-z\d]|[.,]\d)(?P<noun>(?= [a-z]))?"
)
_COUNTRIES = {"US": "US ", "AU": "Australian ", "CA": "Canadian ", "NZ": "New Zealand "}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = re.compile(rf"(?<![\d.,:/-])\b(\d{{1,2}})\s?[-\u2013]\s?(\d{{1,2}}) ({_MONTHS})\b")
_DAY_FIRST = re.compile(rf"(?<!the )\b(\d{{1,2}}) ({_MONTHS})\b(?! \d{{1,2}}\b(?!\d))")
_DAYS_AFTER = re.compile(rf"\b({_MONTHS}) (\d{{1,2}})\s?[-\u2013]\s?(\d{{1,2}})\b(?![:.,]?\d)")
# "In June 20 people came" has no day.
_MONTH_FIRST = re.compile(
    rf"(?<!\b[Ii]n )(?<!\bearly )(?<!\bmid )(?<!\blate )(?<![Ll]ast )(?<![Tt]his )(?<![Nn]ext )"
    rf"\b({_MONTHS}) (\d{{1,2}})\b(?![:.,]?\d)"
)


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
    sentence = _RANK.sub(_rank, sentence)
    sentence = _SHORT_MONTH.sub(lambda m: SHORT_MONTHS[m[1]], sentence)
    sentence = _INITIALS.sub(_initials, sentence)
    sentence = _MONEY.sub(_money, sentence)
    sentence = _DAYS.sub(
        lambda m: f"the {_ordinal(m[1])} to the {_ordinal(m[2])} of {m[3]}", sentence
    )
    sentence = _DAY_FIRST.sub(lambda m: f"the {_ordinal(m[1])} of {m[2]}", sentence)
    sentence = _DAYS_AFTER.sub(lambda m: f"{m[1]} {_ordinal(m[2])} to {_ordinal(m[3])}", sentence)
    return _MONTH_FIRST.sub(lambda m: f"{m[1]} {_ordinal(m[2])}", sentence)


def _rank(match: re.Match[str]) -> str:
    """The whole word before a name, not where a sentence ends."""
    is_rank = is_abbreviation(match.string, match.end() - 1, match.end())
    return RANKS[match[1]] if is_rank else match[0]


def _initials(match: re.Match[str]) -> str:
    """Without the last full stop, at which engines pause, where the sentence goes on."""
    on = goes_on(match.string, match.end() - 1, match.end())
    return match[0][:-1] if on and not is_place(match[0]) else match[0]


def _money(match: re.Match[str]) -> str:
    one, many, *parts = _UNITS[match["sign"]]
    country = _COUNTRIES.get(match["country"], "")
    one, many = country + one, country + many
    before = match["adjective"] or ""
    until = match["until"]
    last = match["scale"] or _scale(match["last"])
    scale = _scale(match["letter"]) or ("" if until else last)
    amount = match["amount"].replace(",", "")
    unit = one if before and match["noun"] is not None else many
    if until is not None:
        until = until.replace(",", "")
        odd = any(len(each.partition(".")[2]) not in (0, 2) for each in (amount, until))
        if (_cents(amount) or _cents(until)) and not (scale or last or odd):
            return (
                f"{before}{_said(amount, one, many, *parts)} to {_said(until, one, many, *parts)}"
            )
        amount, until = amount.removesuffix(".00"), until.removesuffix(".00")
        first = f"{amount} {scale}" if scale and scale != last else amount
        return f"{before}{first} to {until}{last and f' {last}'} {unit}"
    if unit == one and (scale or not _cents(amount)):  # "a 20 dollar bill"
        return f"{before}{amount.removesuffix('.00')}{scale and f' {scale}'} {one}"
    if scale or ("." in amount and not _cents(amount) and not amount.endswith(".00")):
        return f"{before}{amount}{scale and f' {scale}'} {many}"
    return before + _said(amount, one, many, *parts)


def _scale(letter: str | None) -> str:
    return _SCALES[letter.lower()] if letter else ""


def _cents(amount: str) -> int:
    """Of an amount with two decimals; 0 of any other."""
    _, _, part = amount.partition(".")
    return int(part) if len(part) == 2 else 0


def _said(amount: str, one: str, many: str, part_one: str, part_many: str) -> str:
    """Whole units and their parts."""
    whole, part = int(amount.partition(".")[0]), _cents(amount)
    said = []
    if whole or not part:
        said.append(f"{whole} {one if whole == 1 else many}")
    if part:
        said.append(f"{part} {part_one if part == 1 else part_many}")
    return " and ".join(said)


def _ordinal(day: str) -> str:
    number = int(day)
    if not 1 <= number <= 31:
        return day
    ending = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
