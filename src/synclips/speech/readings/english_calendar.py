"""English weekdays and months in short."""

import re

from synclips.speech.abbreviations import SHORT_MONTHS
from synclips.speech.readings.english_short import full_stop

_DAYS = {
    "Mon": "Monday",
    "Tue": "Tuesday",
    "Tues": "Tuesday",
    "Wed": "Wednesday",
    "Thu": "Thursday",
    "Thur": "Thursday",
    "Thurs": "Thursday",
    "Fri": "Friday",
    "Sat": "Saturday",
    "Sun": "Sunday",
}
_MONTHS = {**SHORT_MONTHS, "May": "May", "June": "June", "July": "July"}
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_SHORT = "|".join(sorted(SHORT_MONTHS, key=len, reverse=True))
_MONTH = "|".join(sorted({*_MONTHS, *_MONTHS.values()}, key=len, reverse=True))
_RANGE_OF_DAYS = re.compile(rf"\b({_DAY})\.?\s?[-\u2013]\s?({_DAY})\b(?P<stop>\.?)")
_RANGE_OF_MONTHS = re.compile(
    rf"\b({_SHORT}|May|June|July)\.?\s?[-\u2013]\s?({_SHORT}|May|June|July)\b(?P<stop>\.?)"
    r"(?!\s\d{1,2}\b)"
)
# "We saw the Sun." is no day.
_DAY_WITH_STOP = re.compile(rf"(?<!\b[Tt]he )\b({_DAY})(?P<stop>\.)(?=$|[\s,;:)\"'”’])")
_DAY_BEFORE_DATE = re.compile(
    rf"\b({_DAY})\b(?P<stop>)(?=,? (?:(?:{_MONTH})\b"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH})\b|\d{{1,2}}(?:[:.]\d\d)? ?[ap]\.?m\b))"
)
_BEFORE_FIGURES = re.compile(
    rf"\b({_SHORT})\b\.?(?=\s(?:\d{{1,2}}(?:st|nd|rd|th)?|[12]\d{{3}})\b(?![:.]\d))"
)
_AFTER_WORDS = re.compile(
    r"\b(?P<before>(?i:in|since|by|until|till|from|of|last|this|next|late|early|mid) "
    rf"|\d{{1,2}}(?:st|nd|rd|th)? )(?P<month>{_SHORT})\b(?P<stop>\.)"
)
_AFTER_DAY = re.compile(
    rf"(?<![\w.,:/-])(?P<before>\d{{1,2}}(?:st|nd|rd|th)? )(?P<month>{_SHORT})\b(?P<stop>)"
)


def say_calendar(sentence: str) -> str:
    """With "Fri., 5 Dec." as "Friday, 5 December"; a full stop that ends the sentence stays."""
    sentence = _RANGE_OF_DAYS.sub(
        lambda match: f"{_DAYS[match[1]]} to {_DAYS[match[2]]}{full_stop(match)}", sentence
    )
    sentence = _RANGE_OF_MONTHS.sub(
        lambda match: f"{_MONTHS[match[1]]} to {_MONTHS[match[2]]}{full_stop(match)}", sentence
    )
    for pattern in (_DAY_WITH_STOP, _DAY_BEFORE_DATE):
        sentence = pattern.sub(lambda match: _DAYS[match[1]] + full_stop(match), sentence)
    sentence = _BEFORE_FIGURES.sub(lambda match: SHORT_MONTHS[match[1]], sentence)
    for pattern in (_AFTER_WORDS, _AFTER_DAY):
        sentence = pattern.sub(_month, sentence)
    return sentence


def _month(match: re.Match[str]) -> str:
    return match["before"] + SHORT_MONTHS[match["month"]] + full_stop(match)
