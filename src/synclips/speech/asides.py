"""Dashes and parentheses as the commas at which neural voices pause.

Knows what sets words apart in a sentence and what only joins them: ranges, minus signs, hyphens and
options of programs stay. Knows no sounds.
"""

import re

_LETTER = r"[^\W\d_]"
_OPENS = "\"'“‘«„(¿¡"
_CLOSES = "\"'”’»)%°"
_DASH = re.compile(
    rf"(?<=[\w{_CLOSES}])(?:\s+(?P<sign>[\u2013\u2015-]|--)\s+|\s*\u2014+\s*|(?<={_LETTER})--(?={_LETTER}))"
    rf"(?=[\w{_OPENS}])"
)
# Closed on one side, as in Spanish: "–veinte en total– llegaron", "—dijo él—."
_PAIR = re.compile(
    rf"(?P<word>[\w{_CLOSES}])\s+\u2013(?={_LETTER})(?P<aside>[^\u2013]*[\w{_CLOSES}])\u2013"
    r"(?=(?P<goes_on>\s+\w)|[\s.,;:!?]|$)"
)
_LOOSE = re.compile(r"\u2014+(?=[.,;:!?…])")
_PARENTHESIS = re.compile(
    rf"(?P<before>[\w{_CLOSES}]\s+|^|\s)\((?P<aside>[^()]*[^()\s][^()]+)\)"
    rf"(?=(?P<goes_on>\s+[\w{_OPENS}])|[\s.,;:!?…{_CLOSES}]|$)"
)
_FIGURES = re.compile(r"[\d\s.+-]+")
_NUMERAL = re.compile(r"[IVXLC]+")
_FIRST_PERSON = re.compile(r"I\b")
_AMOUNT = re.compile(r"\d\S*(?: \S{1,5})?$")  # "10", "10 am"


def with_commas(sentence: str) -> str:
    """With a comma for each sign that sets words apart from the rest of the sentence."""
    sentence = _PARENTHESIS.sub(_parenthesis, _PAIR.sub(_pair, _LOOSE.sub("", sentence)))
    # Between two capitals may be a route or days; not where another dash belongs to this one.
    asides = any(not _joins(dash) and not _is_route(dash) for dash in _DASH.finditer(sentence))
    return _DASH.sub(
        lambda dash: dash[0] if _joins(dash) or (_is_route(dash) and not asides) else ", ", sentence
    )


def _pair(match: re.Match[str]) -> str:
    return f"{match['word']}, {match['aside']}" + ("," if match["goes_on"] else "")


def _parenthesis(match: re.Match[str]) -> str:
    number = _FIGURES.fullmatch(match["aside"]) and (match["goes_on"] or "").strip().isdigit()
    if number:  # of a telephone
        return match[0]
    before = match["before"].rstrip()
    return (
        (f"{before}, " if before else match["before"])
        + match["aside"]
        + ("," if match["goes_on"] else "")
    )


def _joins(dash: re.Match[str]) -> bool:
    """Whether it is that of a range, a minus or a formula."""
    last, first = _beside(dash)
    if first[:1].isdigit() and (dash["sign"] or _AMOUNT.search(dash.string[: dash.start()][-20:])):
        return True
    if _NUMERAL.fullmatch(last) and _NUMERAL.fullmatch(first):
        return True
    return bool(dash["sign"]) and len(last) == len(first) == 1


def _is_route(dash: re.Match[str]) -> bool:
    """Whether it may be one between places, days or names."""
    last, first = _beside(dash)
    capitals = last[:1].isupper() and first[:1].isupper()
    return bool(dash["sign"]) and capitals and _FIRST_PERSON.match(first) is None


def _beside(dash: re.Match[str]) -> tuple[str, str]:
    """The words before and after."""
    before, after = dash.string[: dash.start()].split(), dash.string[dash.end() :].split()
    return before[-1], after[0].rstrip(".,;:!?")
