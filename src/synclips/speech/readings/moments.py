"""Dates and times in figures, said in the words of a language."""

import re
from collections.abc import Callable

SayDate = Callable[[int, int, str, str], str]
"""Says day, month and year, given the text before, which an ending may depend on."""

SayTime = Callable[[int, int], str]
"""Says hours and minutes."""

_DATE = re.compile(
    r"(?<![\w./-])(?:(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"
    r"|(?P<first>[12]\d{3})-(?P<second>\d{2})-(?P<third>\d{2}))(?![\w/-]|\.\d)"
)
_UNTIL = r"(?=\d{1,2}(?:[:.hH]\d{2}| ?h))"


def say_dates(sentence: str, say: SayDate) -> str:
    """With "12.05.2024" (the day first, of any mark) and "2024-05-12" said.

    Args:
        sentence: One piece of a text.
        say: Says one.
    """

    def said(match: re.Match[str]) -> str:
        day, month = int(match["day"] or match["third"]), int(match["month"] or match["second"])
        if not (1 <= day <= 31 and 1 <= month <= 12):
            return match[0]
        before = match.string[: match.start()]
        return say(day, month, match["year"] or match["first"], before)

    return _DATE.sub(said, sentence)


def clock(marks: str = ":", ending: str = "") -> re.Pattern[str]:
    """A pattern of times.

    Args:
        marks: Between hours and minutes.
        ending: Pattern of what may or must follow, without groups.
    """
    return re.compile(
        rf"(?<![\w:.,/+-])(?P<hour>[01]?\d|2[0-4])[{marks}](?P<minute>[0-5]\d){ending}"
        rf"(?![\w/]|[:.,]\d|-\w|['’]\w| ?(?:[Mm]in|[Mm]inut)\w*\b)"
    )


def say_times(sentence: str, pattern: re.Pattern[str], say: SayTime, to: str) -> str:
    """With hours and minutes in words.

    Args:
        sentence: One piece of a text.
        pattern: See `clock`.
        say: Says one.
        to: Stands between two.
    """
    sentence = re.sub(
        rf"(?<![\w:.-])(\d{{1,2}}(?:[:.h]\d{{2}}| ?h)) ?[-\u2013] ?{_UNTIL}", rf"\1 {to} ", sentence
    )
    return pattern.sub(lambda match: say(int(match["hour"]), int(match["minute"])), sentence)
