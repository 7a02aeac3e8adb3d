"""English telephone numbers and codes, which are read figure by figure."""

import re

_PHONES = re.compile(
    r"(?<![\w.,/+-])(?:\+\d{1,3}(?: ?\(0\))?(?:[ .-]?\(?\d{2,5}\)?){2,5}"
    r"|(?:1[-. ])?(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4})(?![\w/-]|[.,]\d)"
)
# Of seven figures only where it is called or is one of those of films.
_SHORT_PHONE = re.compile(
    r"(?:(?<=\b[Cc]all )|(?<=\b[Dd]ial )|(?<=\b[Pp]hone )|(?<![\w.,/+-])(?=555))"
    r"\d{3}[-.]\d{4}(?![\w/-]|[.,]\d)"
)
# With a nought before the area, as in Britain: "020 7946 0958", "(0161) 496 0000", "07700 900123".
_AREA_PHONE = re.compile(
    r"(?<![\w.,/+-])(?:\(0\d{2,4}\)|0\d{2,4})(?: \d{3,4}){2}(?![\w/-]|[.,]\d)"
    r"|(?<![\w.,/+-])(?:\(0\d{2,4}\)|0\d{3,4}) \d{5,6}(?![\w/-]|[.,]\d)"
)
_EMERGENCY = re.compile(
    r"\b((?i:dial|call|phone|ring)(?:l?ed|l?ing|s)? )(911|999|112|988|411|311|211|101|111)\b"
    r"(?![-/]|[.,:]\d| (?:people|times|men|women|number))"
    r"|(?<![\w.,:/$£€-])(?P<own>911|999)(?= (?:call(?:er|s|ers)?|dispatch\w*|operator)\b)"
)
_IS = r"(?: is| was| of|:)? "
_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM"
    "|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_CODES = [
    rf"(?<=[a-z], )(?:{_STATES}) (?P<zip>\d{{5}}(?:-\d{{4}})?)",
    rf"(?i:zip(?: code)?){_IS}(?P<post>\d{{5}}(?:-\d{{4}})?)",
    rf"(?:PINs?|[Pp]in)(?i: (?:code|number))?{_IS}(?P<pin>\d{{4,8}})",
    rf"(?i:passcode|password|(?:access|area|confirmation|entry|pin|promo|security|verification|door"
    rf"|dialling|dialing) code){_IS}(?P<code>\d{{3,8}})",
    rf"(?i:order|invoice|ticket|booking|confirmation|reference|account|tracking|case|serial|policy"
    rf"|customer|member|passport|card) (?:number|No\.|no\.|#){_IS}(?P<number>\d{{4,12}})",
]
_CODE = re.compile(rf"\b(?:{'|'.join(_CODES)})(?![\w/%°-]|[.,:]\d)")


def say_telephones(sentence: str) -> str:
    """With a gap between the figures of numbers that nobody counts with."""
    for pattern in (_PHONES, _AREA_PHONE, _SHORT_PHONE):
        sentence = pattern.sub(_phone, sentence)
    sentence = _EMERGENCY.sub(
        lambda match: (match[1] or "") + " ".join(match[2] or match["own"]), sentence
    )
    return _CODE.sub(_code, sentence)


def _phone(match: re.Match[str]) -> str:
    """Figures one by one, with a pause between groups; the (0) is for who calls from within."""
    groups = re.findall(r"\d+", match[0].replace("(0)", " "))
    if sum(map(len, groups)) < 7:
        return match[0]
    plus = "plus " if match[0][0] == "+" else ""
    return plus + ", ".join(" ".join(group) for group in groups)


def _code(match: re.Match[str]) -> str:
    code = match[match.lastgroup or 0]
    before = match[0].removesuffix(code)
    return before + ", ".join(" ".join(part) for part in code.split("-"))
