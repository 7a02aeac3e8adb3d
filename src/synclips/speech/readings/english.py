"""English: titles, ranks, initials and abbreviations, and all the rest that has figures in it."""

import re

from synclips.speech.abbreviations import RANKS, SHORT_MONTHS, goes_on, is_abbreviation, is_place
from synclips.speech.readings.english_dates import say_dates, say_decades, say_times
from synclips.speech.readings.english_money import say_money
from synclips.speech.readings.english_numbers import say_adjectives, say_numbers
from synclips.speech.readings.english_words import WORDS
from synclips.speech.readings.english_years import say_years
from synclips.speech.readings.quantities import say_all

_TITLE = re.compile(r"\b(Mr|Mrs|Ms|Dr|St|Jr|Sr|Messrs|Mt)\.(?=\s)")
_RANK = re.compile(rf"\b({'|'.join(RANKS)})\.(?=\s)")
_SHORT_MONTH = re.compile(rf"\b({'|'.join(SHORT_MONTHS)})\.(?=\s\d)")
_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?=\s)")
_WORDS = [
    (re.compile(r"\bNo\.\s*(?=\d)"), "number "),
    (re.compile(r"\bpp\.\s*(?=\d)"), "pages "),
    (re.compile(r"(?<!\d )\bp\.\s*(?=\d)"), "page "),
    (re.compile(r"\bapprox\.(?=\s)"), "approximately"),
    (re.compile(r"\bvs\.?(?=\s)"), "versus"),
    (re.compile(r"\bProf\b(?=\s[A-Z])"), "Professor"),
    (re.compile(r"\be\.g\.,?(?=\s)"), "for example,"),
    (re.compile(r"\bi\.e\.,?(?=\s)"), "that is,"),
    (re.compile(r"\betc\.(?=\s[a-z])"), "et cetera"),
]


def read(sentence: str, american: bool) -> str:
    """An English sentence as an engine should get it.

    Args:
        sentence: One piece of a text.
        american: Whether in "5/12/2024" the month is first.
    """
    for pattern, words in _WORDS:
        sentence = pattern.sub(words, sentence)
    sentence = _TITLE.sub(r"\1", sentence)
    sentence = _RANK.sub(_rank, sentence)
    sentence = _SHORT_MONTH.sub(lambda m: SHORT_MONTHS[m[1]], sentence)
    sentence = say_times(sentence)
    sentence = _INITIALS.sub(_initials, sentence)
    sentence = say_money(sentence)
    sentence = say_dates(sentence, american)
    sentence = say_years(say_decades(sentence))
    sentence = say_adjectives(say_numbers(sentence), WORDS)
    return say_all(sentence, WORDS)


def _rank(match: re.Match[str]) -> str:
    """The whole word before a name, not where a sentence ends."""
    is_rank = is_abbreviation(match.string, match.end() - 1, match.end())
    return RANKS[match[1]] if is_rank else match[0]


def _initials(match: re.Match[str]) -> str:
    """Without the last full stop, at which engines pause, where the sentence goes on."""
    on = goes_on(match.string, match.end() - 1, match.end())
    return match[0][:-1] if on and not is_place(match[0]) else match[0]
