"""English amounts of money: of dollars, pounds and euros before which the sign stands."""

import re

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
    r"(?![A-Za-z\d]|[.,'’]\d)(?P<noun>(?= [a-z]))?"
)
_COUNTRIES = {"US": "US ", "AU": "Australian ", "CA": "Canadian ", "NZ": "New Zealand "}


def say_money(sentence: str) -> str:
    """With "$3.50", "$5k" and "$10-20" as numbers and words."""
    return _MONEY.sub(_money, sentence)


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
