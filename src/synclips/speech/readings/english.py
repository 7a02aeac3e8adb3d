"""English: titles, ranks, initials and abbreviations, and all the rest that has figures in it."""

import re

from synclips.speech.abbreviations import goes_on, is_place
from synclips.speech.readings.english_calendar import say_calendar
from synclips.speech.readings.english_dates import say_dates, say_decades, say_times
from synclips.speech.readings.english_fractions import say_fractions
from synclips.speech.readings.english_letters import say_letters
from synclips.speech.readings.english_money import say_money
from synclips.speech.readings.english_numbers import say_adjectives, say_numbers
from synclips.speech.readings.english_scores import say_scores
from synclips.speech.readings.english_short import say_short
from synclips.speech.readings.english_signs import say_per, say_signs
from synclips.speech.readings.english_sizes import say_sizes
from synclips.speech.readings.english_telephones import say_telephones
from synclips.speech.readings.english_words import WORDS
from synclips.speech.readings.english_years import say_years
from synclips.speech.readings.quantities import say_all

_INITIALS = re.compile(r"\b(?:[A-Za-z]\.){2,}(?=\s)")


def read(sentence: str, american: bool) -> str:
    """An English sentence as an engine should get it.

    Args:
        sentence: One piece of a text.
        american: Whether in "5/12/2024" the month is first.
    """
    sentence = say_signs(say_sizes(say_calendar(say_short(sentence))))
    sentence = say_times(sentence)
    sentence = _INITIALS.sub(_initials, sentence)
    sentence = say_per(say_money(sentence))
    sentence = say_dates(sentence, american)
    sentence = say_years(say_decades(sentence))
    sentence = say_fractions(say_scores(say_telephones(sentence)))
    sentence = say_adjectives(say_numbers(sentence), WORDS)
    return say_letters(say_all(sentence, WORDS))


def _initials(match: re.Match[str]) -> str:
    """Without the last full stop, at which engines pause, where the sentence goes on."""
    on = goes_on(match.string, match.end() - 1, match.end())
    return match[0][:-1] if on and not is_place(match[0]) else match[0]
