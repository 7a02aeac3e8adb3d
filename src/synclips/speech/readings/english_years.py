"""English years from 1010 to 2099, which are said in two halves, but for 2000 to 2009.

A number is a year only after what announces one, and where no noun follows that it could count:
"in 1824 he" but not "in 1824 cases".
"""

import re

from synclips.speech.readings.english_numerals import number_words

_YEAR = r"(?:10[1-9]\d|1[1-9]\d\d|20\d\d)"
_BEGIN = r"(?<![\w.,:/$£€#+-])"
_END = r"(?![\w/%°$£€+=×-]|[.,:]\d|['’](?!s\b)\w| ?[%°=×])"
_SMALL_WORDS = (
    "the|a|an|and|or|but|when|while|where|as|at|after|before|by|with|to|on|in|for|from|about|his"
    "|her|he|she|it|its|they|their|we|our|you|was|were|is|are|had|has|have|did|there|this|that"
    "|these|those|who|which|until|than|if|because|so|not|only|also|during|under|against"
)
_COUNTS = r"(?!\s(?:to|and|or|until)\s\d[\d,]{3})"  # "from 1200 to 1300 feet"
_ALONE = rf"{_COUNTS}(?=$|['’]s\b|[^\w\s'’]|\s(?:[^\w\s]|(?:{_SMALL_WORDS})\b|I\b|[AC]\.[DE]\b))"
_BEFORE_NAME = rf"(?:{_ALONE}|(?=\s[A-Z][a-z]))"
_MORE = rf"(?:(?:, | and | or | to | until |, and ){_YEAR}{_END}(?! in\b))*"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_IN = re.compile(
    r"\b((?i:in|since|by|until|till|during|circa|year|born|died|back to|prior to|early|mid|late"
    r"|spring|summer|autumn|winter|copyright|A\.D|[QH][1-4])(?: \(| )"
    rf"|(?:{_MONTHS})(?: \d{{1,2}}(?:st|nd|rd|th))?,? )({_YEAR}{_END}{_MORE}){_BEFORE_NAME}"
)
_FROM = re.compile(
    r"\b((?i:from|between|before|after) "
    rf"|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|[Yy]ears?|{_MONTHS}|[Ww]ar|[Rr]evolution"
    r"|[Bb]attle|[Tt]reaty|[Aa]ct|[Cc]onstitution|[Ee]lections?|[Cc]lass|[Ee]nd|[Bb]eginning"
    r"|[Ss]tart|[Cc]rash|[Cc]risis|[Ff]ire|[Pp]anic|[Ss]eason|[Oo]lympics|[Ff]lood|[Ee]arthquake)"
    rf" of )({_YEAR}{_END}{_MORE}){_ALONE}"
)
_ERA = re.compile(rf"{_BEGIN}({_YEAR})(?= (?:A\.D|C\.E|B\.C)\b)")
_ALWAYS = r"(?=\s(?:[Ww]ar|era|period|season|reign|campaign|edition|term|tour)\b)"
_RANGE = re.compile(rf"{_BEGIN}({_YEAR})(?:-|\s?\u2013\s?)({_YEAR}){_END}(?:{_ALONE}|{_ALWAYS})")
# With a hyphen "2011-12" may be a month.
_CLOSE = rf"1\d\d\d|20[1-9]\d(?=\u2013|-\d\d{_ALWAYS})"
_SHORT_RANGE = re.compile(rf"{_BEGIN}({_CLOSE})([-\u2013])(\d\d){_END}(?:{_ALONE}|{_ALWAYS})")
_ERAS = re.compile(r"(?<=\d )(AD|BCE|BC|CE)\b|\bAD(?= \d{1,4}\b)")
_CODES = re.compile(
    r"\b(?i:isbn|issn|call|dial|phone|tel|fax|rooms?|ids?|numbers?|codes?|parts?|models?|sections?"
    r"|flights?|no|nos|pages?|lines?)[.:]? $"
)
# "The price rose by 1250 to 3400", "1 in 1250" and "divided by 1250" count.
_CHANGE = re.compile(
    r"\b(?i:ris\w+|rose|f[ae]ll\w*|gr[eo]w\w*|increas\w+|decreas\w+|declin\w+|dropp?\w*|cut"
    r"|reduc\w+|rais\w+|up|down|multipl\w+|divid\w+|exceed\w*|won|win|lost|beat|jump\w*|rang\w+"
    r"|total\w*|prices?|scor\w+|gain\w*|improv\w+)\b[^.,;:]{0,30}$"
)
_ODDS = re.compile(r"\b(?:10{0,3}|[2-9]|(?i:one|two|three|five|every|chance)) $")


def say_years(sentence: str) -> str:
    """With "in 1824" as "in eighteen twenty-four"."""
    sentence = _ERAS.sub(lambda match: ".".join(match[0]), sentence)
    sentence = _RANGE.sub(_range, sentence)
    sentence = _SHORT_RANGE.sub(_short_range, sentence)
    sentence = _IN.sub(_years, sentence)
    sentence = _FROM.sub(_years, sentence)
    return _ERA.sub(lambda match: _said(match[1]), sentence)


def _years(match: re.Match[str]) -> str:
    before = match.string[: match.start()]
    announced = match[1].strip().lower()
    if announced in ("by", "from", "between", "before", "after") and _CHANGE.search(before):
        return match[0]
    if announced in ("in", "by") and _ODDS.search(before):
        return match[0]
    return match[1] + re.sub(_YEAR, lambda year: _said(year[0]), match[2])


def _range(match: re.Match[str]) -> str:
    since, until = match[1], match[2]
    if int(since) >= int(until) or _CODES.search(match.string[: match.start()]):
        return match[0]
    if since >= "2040":  # rather of documents: "RFCs 2045-2049"
        return f"{since} to {until}"
    return f"{_said(since)} to {_said(until)}"


def _short_range(match: re.Match[str]) -> str:
    """Of "1998-99", which with a hyphen must be one year and the next, or it may be a code."""
    since, last = match[1], int(match[3])
    follows = last == int(since[2:]) + 1 and int(since) > 1850
    rises = match[2] == "\u2013" and last > int(since[2:])
    if not (follows or rises) or _CODES.search(match.string[: match.start()]):
        return match[0]
    return f"{_said(since)} to {number_words(last) if last > 9 else f'oh {number_words(last)}'}"


def _said(year: str) -> str:
    century, rest = int(year[:2]), int(year[2:])
    if "2000" <= year <= "2009" or year < "1010":
        return year  # "two thousand four" is what engines make of it
    if not rest:
        return f"{number_words(century)} hundred"
    return f"{number_words(century)} {'oh ' if rest < 10 else ''}{number_words(rest)}"
