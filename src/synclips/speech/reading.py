"""Words for what engines read badly: amounts of money, titles, dates; in English only.

espeak-ng 1.52 reads "$3.50" as "dollar three point five zero" and pauses after "Dr."; flite reads
"3 May" as "three may". Everything else that is written otherwise than spoken (numbers, times,
units) is left to the engine, and all of it in other languages.
"""

import re

_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Jr|Sr|Messrs|Mt|vs)\.(?=\s)")
_RANKS = {
    **dict(Lt="Lieutenant", Capt="Captain", Sgt="Sergeant", Col="Colonel", Gen="General"),
    **dict(Adm="Admiral", Maj="Major", Gov="Governor", Sen="Senator", Rep="Representative"),
    **dict(Rev="Reverend", Prof="Professor"),
}
_RANK = re.compile(rf"\b({'|'.join(_RANKS)})\.(?=\s[A-Z])")
_SHORT_MONTHS = {
    **dict(Jan="January", Feb="February", Mar="March", Apr="April", Jun="June", Jul="July"),
    **dict(Aug="August", Sep="September", Sept="September", Oct="October", Nov="November"),
    **dict(Dec="December"),
}
_SHORT_MONTH = re.compile(rf"\b({'|'.join(_SHORT_MONTHS)})\.(?=\s\d)")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}(?=[\s,;:!?)]|$)")
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
    **dict(k="thousand", m="million", mn="million", b="billion", bn="billion"),
    **dict(t="trillion", tn="trillion"),
}
_AMOUNT = r"\d+(?:,\d{3})*(?:\.\d+)?"
_SCALE = (
    r"(?:\s(?P<scale>thousand|million|billion|trillion)\b"
    r"|(?P<letter>[kKmMbBtT]|mn|bn|tn)(?![A-Za-z\d]))?"
)
# Where more of a number or a word follows it is written in some other way, and left alone.
_MONEY = re.compile(
    rf"(?P<adjective>\b[Aa]n? )?(?P<country>\b(?:US|AU|CA|NZ))?(?P<sign>[$£€])\s?"
    rf"(?P<amount>{_AMOUNT})(?:\s?[-\u2013]\s?(?P=sign)?(?P<until>{_AMOUNT}))?{_SCALE}"
    r"(?![A-Za-z\d]|[.,]\d)(?P<noun>(?= [a-z]))?"
)
_COUNTRIES = {"US": "US ", "AU": "Australian ", "CA": "Canadian ", "NZ": "New Zealand "}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = re.compile(rf"\b(\d{{1,2}})\s?[-\u2013]\s?(\d{{1,2}}) ({_MONTHS})\b")
_DAY_FIRST = re.compile(rf"(?<!the )\b(\d{{1,2}}) ({_MONTHS})\b(?! \d{{1,2}}\b(?!\d))")
# "In June 20 people came": a day only where no noun can follow, or a word that dates have before.
_MONTH_FIRST = re.compile(
    rf"\b({_MONTHS}) (\d{{1,2}})\b(?![:.,]?\d)(?=\s*(?:[.,;:!?)]|$)|\s(?:and|to|until)\b)"
)
_DATED = re.compile(
    rf"(?i:\b(on|by|until|till|since|from|before|after|to|through))"
    rf" ({_MONTHS}) (\d{{1,2}})\b(?![:.,]?\d)"
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
    sentence = _RANK.sub(lambda m: _RANKS[m[1]], sentence)
    sentence = _SHORT_MONTH.sub(lambda m: _SHORT_MONTHS[m[1]], sentence)
    sentence = _INITIALS.sub(_spelled, sentence)
    sentence = _MONEY.sub(_money, sentence)
    sentence = _DAYS.sub(
        lambda m: f"the {_ordinal(m[1])} to the {_ordinal(m[2])} of {m[3]}", sentence
    )
    sentence = _DAY_FIRST.sub(lambda m: f"the {_ordinal(m[1])} of {m[2]}", sentence)
    sentence = _DATED.sub(lambda m: f"{m[1]} {m[2]} {_ordinal(m[3])}", sentence)
    return _MONTH_FIRST.sub(lambda m: f"{m[1]} {_ordinal(m[2])}", sentence)


def _spelled(match: re.Match[str]) -> str:
    """Letters without the full stops at which an engine would pause; one that ends stays."""
    letters = " ".join(match[0].split(".")[:-1])
    return letters + "." * (match.end() == len(match.string))


def _money(match: re.Match[str]) -> str:
    one, many, part_one, part_many = _UNITS[match["sign"]]
    country = _COUNTRIES.get(match["country"], "")
    one, many = country + one, country + many
    before = match["adjective"] or ""
    scale = match["scale"] or _SCALES.get((match["letter"] or "").lower(), "")
    amounts = [each.replace(",", "") for each in (match["amount"], match["until"]) if each]
    whole, _, part = amounts[0].partition(".")
    if len(amounts) > 1 or scale or len(part) not in (0, 2):
        amount = " to ".join(amounts) + (f" {scale}" if scale else "")
        return f"{before}{amount} {one if before and match['noun'] is not None else many}"
    if before and match["noun"] is not None and not int(part or 0):  # "a 20 dollar bill"
        return f"{before}{whole} {one}"
    said = []
    if int(whole) or not int(part or 0):
        said.append(f"{whole} {one if int(whole) == 1 else many}")
    if int(part or 0):
        said.append(f"{int(part)} {part_one if int(part) == 1 else part_many}")
    return before + " and ".join(said)


def _ordinal(day: str) -> str:
    number = int(day)
    if not 1 <= number <= 31:
        return day
    ending = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
