"""Abbreviations as the words they stand for."""

import re

from synclips.speech.readings.wording import Wording

_INITIAL = re.compile(r"(?:\b[^\W\d_]\.|\w{3,})[ \u00a0]$")
_ENDS = re.compile(r"[\"'”’»)\]]*$")


def say_abbreviations(sentence: str, wording: Wording) -> str:
    """With whole words; a full stop that ends the sentence stays.

    Args:
        sentence: One piece of a text.
        wording: Of its language.
    """
    for pattern, words in wording.abbreviations:

        def said(match: re.Match[str], words: str = words) -> str:
            if _is_initial(match):
                return match[0]
            text = words[:1].upper() + words[1:] if _begins(match, words) else words
            after = match.string[match.end() :]
            ends = match[0].endswith(".") and _ENDS.match(after) is not None
            return f"{text}." if ends else text

        sentence = pattern.sub(said, sentence)
    return sentence


def _is_initial(match: re.Match[str]) -> bool:
    """Whether a title of one letter stands within a name: "Ross D. Martin"."""
    if len(match[0]) > 2 or not match[0].endswith("."):
        return False
    before = _INITIAL.search(match.string[: match.start()])
    return before is not None and before[0][0].isupper()


def _begins(match: re.Match[str], words: str) -> bool:
    """Whether a capital was written for what begins small; titles are as their table has them."""
    return match[0][0].isupper() and words[0].islower() and match.start() == 0
