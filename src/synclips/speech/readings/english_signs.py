"""English words for signs beside numbers and between words: "~20", "#1", "w/", ".45", "e^2"."""

import re

_WORDS = [
    (re.compile(r"(?<![\w/])w/o(?:ut)?(?= \w)"), "without"),
    (re.compile(r"(?<![\w/])w/(?: (?=\w)|(?=\w\w))"), "with "),
    (re.compile(r"(?<![\w/])b/c(?= \w)"), "because"),
    (re.compile(r"(?<![\w/])c/o(?= \w)"), "care of"),
    (re.compile(r"(?<![\w/~.])~ ?(?=[$£€]?\d)"), "about "),
    (re.compile(r"(?<![\w#&/=.])#(?=\d{1,4}(?![\w-]|[.,]\d))"), "number "),
    (re.compile(r"(?<![\w.,/-])\.(?=\d+\b)(?!\d+(?:[.-]\d|[ -]?cal))"), "0."),
    (re.compile(r"\b([Ee]ither)/(?=or\b)"), r"\1 "),
    (re.compile(r"\b([Aa]nd)/(?=or\b)"), r"\1 "),
    (
        re.compile(r"\b([Hh]e|[Ss]he|[Hh]is|[Hh]er|[Hh]im)/(?=(?:he|she|his|hers?|him)\b)"),
        r"\1 or ",
    ),
    (re.compile(r"\b([Yy]es)/(?=no\b)"), r"\1 or "),
    (re.compile(r"(?<![\w/.-])([A-Z]{1,5})/(?=[A-Z]{1,5}(?![\w/-]))"), r"\1 "),
    (re.compile(r"(?<![\w^/])(?<!\d )([A-Za-z]|\d+)(?:²|\^2)(?![\w^.])"), r"\1 squared"),
    (re.compile(r"(?<![\w^/])(?<!\d )([A-Za-z]|\d+)(?:³|\^3)(?![\w^.])"), r"\1 cubed"),
    (re.compile(r"(?<![\w^])([A-Za-z]|\d+)\^(\d+)(?![\w^]|\.\d)"), r"\1 to the power of \2"),
    (re.compile(r"(?<![\w.,])(\d+)V/(\d+)A\b"), r"\1 volts, \2 amps"),
    (re.compile(r"(?<![\w.,])(\d+(?:\.\d+)?) ?(?:L|l)/100 ?km\b"), r"\1 liters per 100 kilometers"),
    (re.compile(r"\b([Aa]n? \d+)MP\b(?= [a-z])"), r"\1 megapixel"),
    (re.compile(r"(?<![\w.,])(\d+)MP\b(?!-)"), r"\1 megapixels"),
    (re.compile(r"(?<![\w.,])(\d+)\.(\d\d)\.(\d)(?![\w.])"), r"\1 point \2 point \3"),
    (re.compile(r"\b((?i:versions?|python|v) ?\d)\.([1-9]\d)(?![\w.])"), r"\1 point \2"),
    (re.compile(r"(?<=[Pp]er )kWh\b(?![/-])"), "kilowatt hour"),
    (
        re.compile(r"\b([Aa]|[Tt]he|[Ee]ach|[Ee]very|[Oo]ne|[Ss]ingle) kWh\b(?![/-])"),
        r"\1 kilowatt hour",
    ),
    (re.compile(r"(?<![\w.,/-])(?<!\d )kWh\b(?![/-])"), "kilowatt hours"),
]
# Nobody says the point of a firearm's, but "three fifty-seven".
_CALIBER = re.compile(
    r"(?<![\w.,/-])\.([1-9])(\d)(\d?)(?:[ -]?(?P<word>calib(?:er|re)s?|cal)\b(?P<stop>\.?)"
    r"|(?= (?:Magnum|Special|ACP|BMG|pistols?|revolvers?|handguns?|rifles?|rounds?|bullets?)\b))"
)
_PER = re.compile(
    r"(?<=dollars|.pounds|..euros|..cents|..pence)/(yr|mo|hr|min|wk|kg|lb|kWh|day|hour|week|month|year|person|night|page|user)\b"
    r"(?![/-])"
)
_UNITS = {
    "yr": "year",
    "mo": "month",
    "hr": "hour",
    "min": "minute",
    "wk": "week",
    "kg": "kilogram",
    "lb": "pound",
    "kWh": "kilowatt hour",
}
_THOUSANDTH = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})*,000|\d+000)th\b")


def say_signs(sentence: str) -> str:
    """With words for signs where these surely mean them."""
    sentence = _CALIBER.sub(_caliber, sentence)
    for pattern, words in _WORDS:
        sentence = pattern.sub(words, sentence)
    return _THOUSANDTH.sub(_thousandth, sentence)


def say_per(sentence: str) -> str:
    """With "per" for a slash between amounts in words and what they are for."""
    return _PER.sub(lambda match: f" per {_UNITS.get(match[1], match[1])}", sentence)


def _caliber(match: re.Match[str]) -> str:
    first, second, third = match[1], match[2], match[3]
    number = first + second
    if third and (second, third) != ("0", "0"):
        number = f"{first} oh {third}" if second == "0" else f"{first} {second}{third}"
    elif third:
        number += third
    word, stop = match["word"], match["stop"] or ""
    if word == "cal":  # whose full stop ends a sentence only where all ends
        word, stop = "caliber", stop if match.end() == len(match.string) else ""
    return f"{number} {word}{stop}" if word else number


def _thousandth(match: re.Match[str]) -> str:
    """Of "1,000th" and others that end in noughts, which engines read with a bare "th"."""
    number = int(match[0].removesuffix("th").replace(",", ""))
    return f"{number // 10**6} millionth" if number % 10**6 == 0 else f"{number // 1000} thousandth"
