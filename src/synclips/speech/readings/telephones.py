"""Telephone numbers outside English, figure by figure with a pause between groups.

Knows what cannot be an amount: a country's code, an area code in parentheses, a zero in front, and
groups as a country writes its mobile numbers. What may be an amount is left to the engine.
"""

import re
from collections.abc import Mapping

_PLUS = {
    "de": "plus",
    "es": "más",
    "fr": "plus",
    "hi": "प्लस",
    "it": "più",
    "nl": "plus",
    "pl": "plus",
    "pt": "mais",
    "ru": "плюс",
    "tr": "artı",
}
_INTERNATIONAL = r"\+\d{1,3}(?:[ -]?\(?\d{1,10}\)?){1,5}"
_AREA = r"\(0?\d{2,3}\) ?\d{3,5}[- ]\d{4}"
_OWN: Mapping[str, str] = {
    "es": r"\d{2} \d{4} \d{4}",
    "hi": r"(?:0|91[ -])?[6-9]\d{4}[ -]?\d{5}",
    "it": r"0\d{1,3}[ /-]\d{5,8}|3\d\d[ ./-]\d{6,7}|3\d\d[ .-]\d{3}[ .-]\d{4}",
    "pt": r"(?:\d{2} )?9\d{4}-\d{4}|0800 \d{3} \d{4}",
}
_CALLED = re.compile(
    r"(\b(?i:tel\.|tel|tel[eé]fono|telefone|móvil|celular|cellulare|whatsapp|ll[aá]m[ea](?:nos)? al"
    r"|ligue(?: para)?|chiam[aei](?:te)?(?: lo| il)?):? )(\d{7,12})(?![\w/]|[.,:-]\d)"
)
_PATTERNS = {
    language: re.compile(
        rf"(?<![\w.,/+(-])(?:{_INTERNATIONAL}|{_AREA}"
        + (rf"|{_OWN[language]}" if language in _OWN else "")
        + r")(?![\w/-]|[.,:]\d| \d)"
    )
    for language in _PLUS
}
# Of no more figures and without a zero in front a group is said as one number.
_WHOLE = {"es": 3, "fr": 3}
_FEWEST, _MOST = 7, 15  # figures, by ITU-T E.164
_AMOUNT = re.compile(r"\+(?:\d{1,9}|\d{1,3}(?:[ -]\d{3}){1,3})")  # "+1 250 000 habitants"


def say_telephones(sentence: str, language: str) -> str:
    """With the figures of telephone numbers apart.

    Args:
        sentence: One piece of a text.
        language: Its tag without a region; of others than those known nothing is changed.
    """
    pattern = _PATTERNS.get(language)
    if pattern is None:
        return sentence

    def said(match: re.Match[str]) -> str:
        groups = re.findall(r"\d+", match[0])
        count = sum(map(len, groups))
        if not _FEWEST <= count <= _MOST or (count < 11 and _AMOUNT.fullmatch(match[0])):
            return match[0]
        plus = f"{_PLUS[language]} " if match[0].startswith("+") else ""
        return plus + ", ".join(_group(group, language) for group in groups)

    sentence = pattern.sub(said, sentence)
    return _CALLED.sub(lambda match: match[1] + " ".join(match[2]), sentence)


def _group(group: str, language: str) -> str:
    whole = group[0] != "0" and len(group) <= _WHOLE.get(language, 0)
    return group if whole else " ".join(group)
