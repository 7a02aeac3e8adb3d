"""English sizes and units whose signs mean other things too: "10 x 20", 6", 12', 3 m, 100W."""

import re

_SIDE = r"\d+(?:\.\d+)?(?:['\u2032\"\u2033]| ?(?:mm|cm|m|km|in|ft)\b)?"
_SIZE = re.compile(
    rf"(?<![\w.,/^=+-])(?!0x){_SIDE}(?: ?[x×] ?{_SIDE}){{1,2}}(?![\w'\"]|[.,]\d| ?=)"
)
_SIDE_IN = re.compile(r"(\d+(?:\.\d+)?) ?in\b")
_UNIT_NEXT = re.compile(r" ?(?:mm|cm|km|m|in|ft|feet|inch(?:es)?|px|pixels?|met(?:er|re)s?)\b")
_MARKED = re.compile(r"(\d+(?:\.\d+)?)(['\u2032\"\u2033])")
_HEIGHT = re.compile(r"(?<![\w.,])(\d)['\u2032] ?(\d{1,2})(?:[\"\u2033]|'')(?!\w)")
_FEET = re.compile(r"(?<![\w.,'])(\d+(?:\.\d+)?)(['\u2032])(?= (?:tall|high|wide|deep|long)\b)")
# What ends a quotation looks the same, so that a word must follow.
_INCHES = re.compile(
    r"(?P<article>\b[Aa]n? )?(?<![\w.,/'\u2032])(\d+(?:\.\d+)?)([\"\u2033])(?= [a-z]|-[a-z])-?"
)
_SHORT_INCHES = re.compile(
    r"(?<![\w.,/-])((?:\d+(?:\.\d+)?[-\u2013])?\d+(?:\.\d+)?) in\."
    r"(?= (?:thick|wide|long|tall|deep|high|by|x|of|in diameter|and|or)\b|[,;)])"
    r"|(?<= ft )(\d{1,2}) in\b(?!-)"
)
# "In of" is no English, and what stands alone in the singular has an article after a preposition.
_IN_OF = re.compile(r"(?<![\w.,/$£€-])(\d+(?:\.\d+)?) in(?= of\b)")
_IN_BY = re.compile(
    r"(?<![\w.,/$£€-])(\d+(?:\.\d+)?) in by (\d+(?:\.\d+)?) in"
    r"(?=$|[.,;:!?)]| (?:and|or|thick|wide|tall|deep|long|is|was|with|for)\b)"
)
_GOES_ON = (
    r"(?=$|[,.;:!?)]| (?:and|or|but|with|for|from|to|is|was|has|had|that|which|into|through)\b)"
)
_THICK = re.compile(
    r"(?<![\w.,/$£€-])(\d+(?:\.\d+)?) in(?= (?:thick|wide|tall|deep|long)"
    r"(?:$|[,.;:!?)]| by \d| and \d))"
)
_IN_THING = re.compile(
    r"(\b[Aa]n? )(\d+(?:\.\d+)?) in(?= (?:pipe|hose|nail|screw|bolt|hole|gap|screen|monitor|tablet"
    r"|wheel|tyre|tire|blade|knife|skillet|saucepan|ruler|tube|valve|nozzle|bracket|plank|heel)"
    rf"{_GOES_ON})"
)
# With a scale it could be million, so that what is measured must follow, or nothing.
_AFTER_METERS = (
    r"(?=$|[,;:!?)]|\.(?:$| [A-Z])| (?:high|wide|long|tall|deep|thick|apart|away|above|below|across"
    r"|by|of|from|to|and|or|in|at|on|up|down|under|run|race|sprint|dash|relay)\b)"
)
_METERS = re.compile(
    r"(?P<article>\b[Aa] )?(?<![\w.,:/$£€-])((?:\d+(?:\.\d+)?[-\u2013])?\d+(?:\.\d+)?) m"
    + _AFTER_METERS
)
_RACE = re.compile(r" (?:run|race|sprint|dash|relay)\b")
_THING = re.compile(r" [a-z]{3}")
# After a gate or a degree, or before a street, these are letters.
_ELECTRIC = re.compile(
    r"(?P<article>\b[Aa]n? )?(?<![\w.,:/$£€-])(\d+(?:\.\d+)?)(?P<unit>[WV])\b(?![/.-]\w|['’])"
)
_DEVICE = re.compile(
    r" (?:battery|batteries|bulbs?|lamps?|lights?|power|motors?|chargers?|adapters?|suppl(?:y|ies)"
    r"|systems?|sockets?|outlets?|speakers?|lasers?|panels?)\b"
)
_LABELLED = re.compile(
    r"(?:\b(?i:gates?|rooms?|seats?|rows?|routes?|exit|flight|bus|line|section|highway)|[°NS],?) $"
)


def say_sizes(sentence: str) -> str:
    """With "by", feet, inches, meters, watts and volts in words."""
    sentence = _SIZE.sub(_size, sentence)
    sentence = _HEIGHT.sub(r"\1 foot \2", sentence)
    sentence = _FEET.sub(_marked, sentence)
    sentence = _INCHES.sub(_inches, sentence)
    sentence = _SHORT_INCHES.sub(
        lambda match: _counted(match[1] or match[2], "inch", "inches"), sentence
    )
    sentence = _IN_BY.sub(_in_by, sentence)
    sentence = _IN_OF.sub(lambda match: _counted(match[1], "inch", "inches"), sentence)
    sentence = _THICK.sub(lambda match: _counted(match[1], "inch", "inches"), sentence)
    sentence = _IN_THING.sub(r"\1\2 inch", sentence)
    sentence = _METERS.sub(lambda match: _measured(match, "meter", "meters"), sentence)
    return _ELECTRIC.sub(_electric, sentence)


def _size(match: re.Match[str]) -> str:
    """With "by"; "6 × 7" without a unit is a product."""
    plain = re.fullmatch(r"[\d. ×]+", match[0]) is not None and " " in match[0]
    if plain and not _UNIT_NEXT.match(match.string, match.end()):
        return match[0]
    said = re.sub(" ?[x×] ?", " by ", match[0])
    said = _SIDE_IN.sub(lambda side: _counted(side[1], "inch", "inches"), said)
    return _MARKED.sub(_marked, said)


def _in_by(match: re.Match[str]) -> str:
    first, second = (_counted(match[side], "inch", "inches") for side in (1, 2))
    return f"{first} by {second}"


def _marked(match: re.Match[str]) -> str:
    feet = match[2] in "'\u2032"
    return _counted(match[1], *(("foot", "feet") if feet else ("inch", "inches")))


def _inches(match: re.Match[str]) -> str:
    if match[3] == '"' and match.string.count('"', 0, match.start()) % 2:
        return match[0]
    if match[0].endswith("-"):
        return f"{match['article'] or ''}{match[2]} inch "
    return _measured(match, "inch", "inches")


def _electric(match: re.Match[str]) -> str:
    if _LABELLED.search(match.string[: match.start()]):
        return match[0]
    one = "watt" if match["unit"] == "W" else "volt"
    if _DEVICE.match(match.string, match.end()):
        return f"{match['article'] or ''}{match[2]} {one}"
    return _measured(match, one)


def _measured(match: re.Match[str], one: str, many: str = "") -> str:
    """A number and its unit, after an article and before a thing in the singular."""
    many = many or f"{one}s"
    article = match["article"] or ""
    thing = _THING if article else _RACE
    of_thing = thing.match(match.string, match.end()) is not None
    return article + (f"{match[2]} {one}" if of_thing else _counted(match[2], one, many))


def _counted(number: str, one: str, many: str) -> str:
    return f"{number} {one if number == '1' else many}"
