"""Amounts of money, measures and ranges, said in the words of a language."""

import re

from synclips.speech.readings.wording import LETTER, Forms, Wording, words

_YEARS = range(1000, 2100)


def say_money(sentence: str, wording: Wording) -> str:
    """With "3,50 €" and "$5" as amounts and words."""

    def said(match: re.Match[str]) -> str:
        ends = match[0].endswith(".") and match.end() == len(match.string)
        return _money(match, wording) + ("." if ends else "")

    return wording.amount.sub(said, sentence)


def say_measures(sentence: str, wording: Wording) -> str:
    """With "5 km" as a number and a word."""

    def said(match: re.Match[str]) -> str:
        text = wording.counted(wording.digits(match[1]), wording.units[match[2]])
        ends = match[2].endswith(".") and match.end() == len(match.string)
        return f"{text}." if ends else text

    return wording.measure.sub(said, sentence) if wording.units else sentence


def say_ranges(sentence: str, wording: Wording) -> str:
    """With "10-20" as two numbers and a word, where it is neither a score nor a code."""

    def said(match: re.Match[str]) -> str:
        before = match.string[: match.start()].split()
        near = [word.strip("(,.:").lower() for word in before[-3:]]
        if set(near) & (wording.scores | _CODES) or _is_score(match, near, wording):
            return match[0]
        since, until = match["since"], _whole_year(match["since"], match["until"], match[0])
        if not _rises(wording.digits(since), wording.digits(until), match[0]):
            return match[0]
        return f"{since}{wording.gap}{wording.to}{wording.gap}{until}"

    return wording.range.sub(said, sentence) if wording.to else sentence


def say_all(sentence: str, wording: Wording) -> str:
    """Money first, for its signs may stand before a range; measures last, which may end one."""
    for say in (say_money, say_ranges, say_measures, say_hashtags):
        sentence = say(sentence, wording)
    return sentence


def say_hashtags(sentence: str, wording: Wording) -> str:
    """With a word for the sign before another."""
    return _HASHTAG.sub(f"{wording.hashtag} ", sentence)


_NUMERALS = frozenset({"mil"})
# Directives of C and of C# are none.
_HASHTAG = re.compile(
    r"(?<![\w#&/=])(?<!\]\()#(?!(?:include|define|undef|pragma|ifn?def|if|elif|else|endif|region"
    r"|endregion)\b)(?=[^\W\d_]{2})"
)
_NOUN = re.compile(
    r" ?[%°€£$]"
    r"| (?!(?:since|in|on|at|against|this|for|after|overall|and|but|so|with|when|as)\b)"
    rf"[{LETTER}]{{2}}"
)
_CODES = frozenset(words("tel telefon phone fax isbn issn iban boeing airbus id nr no call dial"))


def _is_score(match: re.Match[str], near: list[str], wording: Wording) -> bool:
    """Whether rising numbers are a score or the name of a thing, after what is around them."""
    after = match.string[match.end() :]
    last = near[-1] if near else ""
    short = len(match["since"]) < 4
    bracketed = match.string[: match.start()].endswith("(") and after.startswith(")")
    if match["since"] == "0" or (bracketed and short) or last in wording.labels:
        return True
    ranked = last in wording.copulas or not wording.standings.isdisjoint(near)
    return ranked and short and not _NOUN.match(after)


def _rises(since: str, until: str, written: str) -> bool:
    """Whether two numbers are more likely the ends of a range than a code, score or telephone."""
    whole, last = since.partition(",")[0].partition(".")[0], until.partition(",")[0]
    last = last.partition(".")[0]
    if any(len(each) > 1 and each[0] == "0" for each in (whole, last)):
        return False
    if float(since.replace(",", ".")) >= float(until.replace(",", ".")):
        return False
    if any(mark in written for mark in ".,\u00a0\u202f "):
        return True
    if len(whole) == len(last) == 4:
        years = int(whole) in _YEARS and int(last) in _YEARS
        return years or (whole[-2:] == last[-2:] == "00")
    if max(len(whole), len(last)) > 4:
        return whole[-2:] == last[-2:] == "00"
    if len(last) == 4:
        return len(whole) < 3 or (whole[-2:] == last[-2:] == "00")
    return len(whole) == 1 or len(last) - len(whole) <= 1


def _whole_year(since: str, until: str, written: str) -> str:
    """The later of two years with the century it lacks in "2010–15"; a hyphen may be a month's."""
    short = len(since) == 4 and len(until) == 2 and "\u2013" in written and since.isdigit()
    later = short and int(since) in _YEARS and int(until) > int(since[2:])
    return since[:2] + until if later else until


def _money(match: re.Match[str], wording: Wording) -> str:
    sign, amount, scale = match[1] or match[6], match[2] or match[4], match[3] or match[5]
    forms = wording.money[sign]
    until = ""
    amount, dash, last = amount.replace("\u2013", "-").partition("-")
    if dash:
        until = wording.digits(last)
    number = wording.digits(amount)
    if until:
        until = until.removesuffix(f"{wording.point}00")
        first = number.removesuffix(f"{wording.point}00")
        to = f"{wording.gap}{wording.to}{wording.gap}" if wording.to else "-"
        return f"{first}{to}{_scaled(until, scale, forms, wording)}"
    return _scaled(number, scale, forms, wording)


def _scaled(number: str, scale: str | None, forms: Forms, wording: Wording) -> str:
    if scale:
        # No number of itself ends in this one, so that the noun is in the form after many.
        many = wording.counted("1000000", forms[: wording.forms]).replace("1000000", "", 1)
        unit = many.strip()
        elided = wording.elides and unit[0] in "aeiouéy"
        of = " " if scale in _NUMERALS else wording.of
        large = f"{number}{wording.gap}{wording.scales[scale]}"
        if scale in wording.units:  # it is counted itself
            large = wording.counted(number, wording.units[scale])
        return f"{large}{' d’' if elided else of}{unit}"
    whole, _, part = number.partition(wording.point)
    parts = forms[wording.forms :]
    if not part or part == "00":
        return wording.counted(whole, forms[: wording.forms])
    if len(part) != 2 or not parts:
        return wording.counted(number, forms[: wording.forms])
    cents = str(int(part))
    if whole == "0":
        return wording.counted(cents, parts)
    units = wording.counted(whole, forms[: wording.forms])
    if wording.bare_cents and len(cents) == 2:
        return f"{units} {cents}"
    return units + wording.cents + wording.counted(cents, parts)
