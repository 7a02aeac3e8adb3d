"""Dates and times in figures, said in the words of a language."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

SayDate = Callable[[int, int, str, str], str]
"""Says day, month and year, given the text before, which an ending may depend on."""

SayTime = Callable[[int, int], str]
"""Says hours and minutes."""

_DATE = re.compile(
    r"(?<![\w./-])(?:(?P<day>\d{1,2})(?P<mark>[./-])(?P<month>\d{1,2})(?P=mark)(?P<year>\d{4})"
    r"|(?P<first>[12]\d{3})-(?P<second>\d{2})-(?P<third>\d{2}))(?![\w/-]|\.\d)"
)
_BARE = r"(?:[01]?\d|2[0-4]):[0-5]\d"
_BEGIN = r"(?<![\w:.,/+-])"
_END = r"(?![\w/]|[:.,]\d|-\w|['’]\w| ?(?:[Mm]in|[Mm]inut)\w*\b)"
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
        rf"{_BEGIN}(?P<hour>[01]?\d|2[0-4])[{marks}](?P<minute>[0-5]\d){ending}{_END}"
    )


def say_times(sentence: str, pattern: re.Pattern[str], say: SayTime, to: str) -> str:
    """With hours and minutes in words.

    Args:
        sentence: One piece of a text.
        pattern: See `clock`.
        say: Says one.
        to: Stands between two.
    """
    marks = ":.h" if pattern.search("14:30") else ".h"  # a bare "14:30" may be a score
    sentence = re.sub(
        rf"(?<![\w:.-])(\d{{1,2}}(?:[{marks}]\d{{2}}| ?h)) ?[-\u2013] ?{_UNTIL}",
        rf"\1 {to} ",
        sentence,
    )
    return pattern.sub(lambda match: say(int(match["hour"]), int(match["minute"])), sentence)


@dataclass(frozen=True)
class When:
    """What tells a time of day from a score, a scale, a verse or a length: patterns of words.

    Attributes:
        before: Such as stand before a time.
        since: Such as stand before the first of two.
        joins: Between the two.
        marked: What may follow a time and is for `clock`.
        lasting: What follows a length, or a place in a film.
        ratios: Shortly before what is none.
        hours: What belongs to a time after `before`.
    """

    before: str
    since: str
    joins: str
    marked: str
    lasting: str
    ratios: str
    hours: str = "(?!)"

    @cached_property
    def single(self) -> re.Pattern[str]:
        """A time, and hours or none after it."""
        return re.compile(
            rf"(?P<before>\b(?i:{self.before})(?: |(?<=['’])))(?P<time>{_BARE}){_END}"
            rf"(?: ?(?:{self.hours})\b| ?(?P<more>{self.marked})|(?P<lasts> (?:{self.lasting})\b))?"
        )

    @cached_property
    def pair(self) -> re.Pattern[str]:
        """Two times."""
        return re.compile(
            rf"(?P<before>\b(?i:{self.before}|{self.since}) )?{_BEGIN}(?P<time>{_BARE})"
            rf"(?P<join> ?[-\u2013] ?| (?:{self.joins}) )(?P<until>{_BARE}){_END}"
            rf"(?: ?(?P<hours>{self.hours})\b| ?(?P<more>{self.marked})"
            rf"|(?P<lasts> (?:{self.lasting})\b))?"
        )

    @cached_property
    def ratio(self) -> re.Pattern[str]:
        """Words of ratios and what is before a time."""
        return re.compile(rf"\b(?i:{self.ratios})\b(?: \S+){{0,4}} ?$")


def _are_round(since: str, until: str) -> bool:
    """Whether two without a word are hours of a day, which verses and scores are seldom like."""
    (hour, first), (later, last) = since.split(":"), until.split(":")
    if int(hour) < int(later):
        return first[-1] in "05" and last[-1] in "05"
    quarters = ("00", "15", "30", "45")
    return int(hour) > int(later) and first in quarters and last in quarters


def say_bare_times(sentence: str, when: When, say: SayTime, to: str) -> str:
    """With "14:30" in words where a word says that it is a time of day, or another one follows.

    Args:
        sentence: One piece of a text.
        when: Knows these words.
        say: Says one.
        to: Stands between two.
    """

    def one(time: str) -> str:
        hour, _, minute = time.partition(":")
        return say(int(hour), int(minute))

    def pair(match: re.Match[str]) -> str:
        dash = match["join"].strip() in ("-", "\u2013")
        round_ones = dash and _are_round(match["time"], match["until"])
        certain = match["before"] or match["more"] or round_ones
        if match["lasts"] or not certain or when.ratio.search(match.string[: match.start("time")]):
            return match[0]
        last = match["until"] + match[0][match.end("until") - match.start() :]
        if not match["more"]:
            last = one(match["until"])
        join = f" {to} " if dash else match["join"]
        return f"{match['before'] or ''}{one(match['time'])}{join}{last}"

    def single(match: re.Match[str]) -> str:
        if (
            match["more"]
            or match["lasts"]
            or when.ratio.search(match.string[: match.start("time")])
        ):
            return match[0]
        return match["before"] + one(match["time"])

    return when.single.sub(single, when.pair.sub(pair, sentence))
