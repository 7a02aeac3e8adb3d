"""English dates, decades and times."""

import re

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAYS = re.compile(rf"(?<![\d.,:/-])\b(\d{{1,2}})\s?[-\u2013]\s?(\d{{1,2}}) ({_MONTHS})\b")
_DAY_FIRST = re.compile(rf"(?<!the )\b(\d{{1,2}}) ({_MONTHS})\b(?! \d{{1,2}}\b(?!\d))")
_DAYS_AFTER = re.compile(rf"\b({_MONTHS}) (\d{{1,2}})\s?[-\u2013]\s?(\d{{1,2}})\b(?![:.,]?\d)")
# "In June 20 people came" has no day.
_MONTH_FIRST = re.compile(
    rf"(?<!\b[Ii]n )(?<!\bearly )(?<!\bmid )(?<!\blate )(?<![Ll]ast )(?<![Tt]his )(?<![Nn]ext )"
    rf"\b({_MONTHS}) (\d{{1,2}})\b(?![:.,]?\d)"
)
_NAMES = _MONTHS.split("|")
_SLASHED = re.compile(r"(?<![\w./-])(\d{1,2})([/.])(\d{1,2})\2([12]\d{3})(?![\w/-]|\.\d)")
_ISO = re.compile(r"(?<![\w./-])([12]\d{3})-(\d{2})-(\d{2})(?![\w/-]|\.\d)")
_CENTURIES = {
    "16": "sixteen",
    "17": "seventeen",
    "18": "eighteen",
    "19": "nineteen",
    "20": "twenty",
}
_DECADES = {
    "10": "tens",
    "20": "twenties",
    "30": "thirties",
    "40": "forties",
    "50": "fifties",
    "60": "sixties",
    "70": "seventies",
    "80": "eighties",
    "90": "nineties",
}
# Half a minute is of "30s" too.
_NO_LENGTH = (
    r"\b(?!-| (?:timer|timeout|interval|limit|clip|video|exposure|delay|window|mark|countdown|pause"
    r"|cooldown|break|wait|loop|ad|spot)s?\b)"
)
_LONG_DECADE = re.compile(
    r"(?<![\w.,:/$£€-])(?:(?<=\b[Tt]he )|(?<=\b[Ee]arly )|(?<=\b[Mm]id )|(?<=\b[Ll]ate )|(?=19|20))"
    rf"(1[6-9]|20)(\d0)['’]?s{_NO_LENGTH}"
)
# A "30s" of itself may be half a minute.
_SHORT_DECADE = re.compile(
    r"(?:(?<=['’])(?<!\w['’])|(?<=\b[Tt]he )|(?<=\b[Hh]is )|(?<=\b[Hh]er )|(?<=\b[Tt]heir )"
    r"|(?<=\b[Mm]y )|(?<=\b[Ee]arly )|(?<=\b[Mm]id )|(?<=\b[Ll]ate )|(?<=\b[Mm]id-))"
    rf"([2-9]0)['’]?s{_NO_LENGTH}"
)
_BEFORE_DECADE = re.compile(r"['’](?=(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b)")
_HALF_DAY = r"(?: ?[AaPp](?:\.[Mm]\b\.?|[Mm]\b))"
# "9-5 p.m." falls, yet is a range.
_HOURS = re.compile(
    rf"(?<![\w.,:/$£€-])(\d{{1,2}}(?::\d{{2}})?{_HALF_DAY}?) ?[-\u2013] ?"
    rf"(?=\d{{1,2}}(?::\d{{2}})?{_HALF_DAY})"
)
_CLOCKS = re.compile(r"(?<![\w.,:/-])(\d{1,2}:\d{2}) ?[-\u2013] ?(?=\d{1,2}:\d{2}(?![\d:]))")
_WEEKDAYS = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
# Without one of these words it may be a length or a place in a film.
_WHEN = (
    r"(?:\b(?i:at|by|until|till|from|before|after|since|around|between)"
    r"|\b(?i:at|by|until|from|between) \d{1,2}(?::\d\d)? (?:and|or|to)) $"
)
_FILMS = re.compile(r"\b(?i:skip\w*|rewind|timer|stopwatch|countdown|videos?|timestamps?)\b")
_BEFORE = re.compile(_WHEN)
_THEN = re.compile(
    r"(?: to \d{1,2}:\d\d)? "
    rf"(?:(?:on |this |next )?{_WEEKDAYS}|today|tonight|tomorrow|sharp|in the (?:morning|afternoon"
    r"|evening))\b"
)
_LASTING = re.compile(
    r"(?: (?:and|or|to) \d{1,2}:\d\d)? (?:long|left|remaining|of|hrs?|hours?|min\w*|sec\w*|mark"
    r"|in(?:to)? (?:the|this|a|my|our) (?:\w+ )?"
    r"(?:video|clip|film|movie|song|track|episode|recording|game|match|half|quarter|period|round"
    r"|race))\b"
)
_SHARP = re.compile(
    r"(?<![\w.,:/-])(?P<hour>0?[1-9]|1\d|2[0-3]):00"
    rf"(?:(?P<half>{_HALF_DAY})|(?P<clock> o['’]clock))?(?![\w:/-]|[.,]\d)"
)
# Minutes below ten, and "10.30 pm" as it is written in Britain.
_OH = re.compile(
    rf"(?<![\w.,:/$£€-])([1-9]|[01][1-9]|10|2[0-3]):0([1-9])(?={_HALF_DAY}|(?![\w:/-]|[.,]\d))"
)
_POINT = re.compile(rf"(?<![\w.,:/$£€-])(1[0-2]|0?[1-9])\.([0-5]\d)(?={_HALF_DAY})")
_IN_BRACKETS = re.compile(r"(?<=\()([2-9]0)s(?=\))")


def say_dates(sentence: str, american: bool) -> str:
    """With the days of dates as ordinals.

    Args:
        sentence: One piece of a text.
        american: Whether in "5/12/2024" the month is first.
    """
    sentence = _SLASHED.sub(lambda match: _slashed(match, american), sentence)
    sentence = _ISO.sub(
        lambda match: _date(match[3], match[2], match[1], american, match), sentence
    )
    sentence = _DAYS.sub(
        lambda m: f"the {_ordinal(m[1])} to the {_ordinal(m[2])} of {m[3]}", sentence
    )
    sentence = _DAY_FIRST.sub(lambda m: f"the {_ordinal(m[1])} of {m[2]}", sentence)
    sentence = _DAYS_AFTER.sub(lambda m: f"{m[1]} {_ordinal(m[2])} to {_ordinal(m[3])}", sentence)
    return _MONTH_FIRST.sub(lambda m: f"{m[1]} {_ordinal(m[2])}", sentence)


def say_decades(sentence: str) -> str:
    """With "1990s", "'90s" and "the 90s" in words."""
    sentence = _LONG_DECADE.sub(_long_decade, sentence)
    sentence = _IN_BRACKETS.sub(lambda match: _DECADES[match[1]], sentence)
    sentence = _SHORT_DECADE.sub(lambda match: _DECADES[match[1]], sentence)
    return _BEFORE_DECADE.sub("", sentence)


def say_times(sentence: str) -> str:
    """With "to" between times, "oh" in 9:05, and without the noughts of full hours."""
    sentence = _HOURS.sub(r"\1 to ", _POINT.sub(r"\1:\2", sentence))
    sentence = _CLOCKS.sub(r"\1 to ", sentence)
    sentence = _SHARP.sub(lambda match: _sharp(match) if _is_time(match) else match[0], sentence)
    return _OH.sub(r"\1 oh \2", sentence)


def _slashed(match: re.Match[str], american: bool) -> str:
    day, month = match[1], match[3]
    # With points it is as on the continent, and whatever it is there are twelve months.
    if (american and match[2] == "/" and int(month) <= 31 and int(day) <= 12) or int(month) > 12:
        day, month = month, day
    return _date(day, month, match[4], american, match)


def _date(day: str, month: str, year: str, american: bool, match: re.Match[str]) -> str:
    if not (1 <= int(day) <= 31 and 1 <= int(month) <= 12):
        return match[0]
    name = _NAMES[int(month) - 1]
    after_article = match.string[: match.start()].endswith("the ")
    if american and not after_article:
        return f"{name} {_ordinal(day)}, {year}"
    before = "" if after_article else "the "
    return f"{before}{_ordinal(day)} of {name} {year}"


def _long_decade(match: re.Match[str]) -> str:
    century, decade = match[1], match[2]
    if decade == "00":
        return "two thousands" if century == "20" else f"{_CENTURIES[century]} hundreds"
    return f"{_CENTURIES[century]} {_DECADES[decade]}"


def _is_time(match: re.Match[str]) -> bool:
    if match["half"] or match["clock"]:
        return True
    if int(match["hour"]) > 12 or _LASTING.match(match.string, match.end()):
        return False
    if _THEN.match(match.string, match.end()):
        return True
    before = match.string[: match.start()]
    return _BEFORE.search(before) is not None and not _FILMS.search(before)


def _sharp(match: re.Match[str]) -> str:
    return str(int(match["hour"])) + (match["half"] or " o'clock")


def _ordinal(day: str) -> str:
    number = int(day)
    if not 1 <= number <= 31:
        return day
    ending = "th" if 11 <= number <= 13 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
