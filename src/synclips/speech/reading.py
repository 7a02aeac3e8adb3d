"""Words for what engines read badly: money, dates, times, measures, titles, abbreviations.

espeak-ng 1.52 reads "$3.50" as "dollar three point five zero", "z. B." as two letters, and a dash
between figures in every way but "to". Each language has rules of its own in `readings`; what is not
there (most numbers, all in other languages) is left to the engine, as are addresses of the web.
"""

import re
from collections.abc import Callable, Mapping

from synclips.speech.readings import (
    asian,
    dutch,
    english,
    french,
    german,
    italian,
    polish,
    portuguese,
    russian,
    spanish,
    turkish,
)
from synclips.speech.readings.acronyms import say_acronyms
from synclips.speech.readings.arithmetic import say_signs
from synclips.speech.readings.telephones import say_telephones

_READERS: Mapping[str, Callable[[str], str]] = {
    "ar": asian.read_arabic,
    "cmn": asian.read_chinese,
    "de": german.read,
    "es": spanish.read,
    "fr": french.read,
    "hi": asian.read_hindi,
    "it": italian.read,
    "ko": asian.read_korean,
    "nl": dutch.read,
    "pl": polish.read,
    "pt": portuguese.read,
    "ru": russian.read,
    "tr": turkish.read,
}
_WEB = re.compile(
    r"(?:https?://|www\.)\S*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\w.@])(?:[\w-]+\.)*[\w-]{2,}\.(?:com|org|net|io|eu|de|fr|es|it|pt|br|nl|pl|ru|tr|uk|us"
    r"|gov|edu)\b(?:/[\w/.%#?=&+-]*[\w/])?(?![.\w])"
)
_SCHEME = re.compile(r"^https?://")  # engines spell it; nobody says it
_HELD = "\ue000"  # stands for an address; no sign that is written


def read_out(sentence: str, language: str) -> str:
    """The sentence as an engine should get it.

    Args:
        sentence: One piece of a text.
        language: Its tag; of one without rules of its own nothing is changed.
    """
    base, _, region = language.partition("-")
    addresses = iter(_WEB.findall(sentence))
    held = say_telephones(say_signs(_WEB.sub(_HELD, sentence), base), base)
    if base == "en":
        held = english.read(held, american=region in ("", "us"))
    elif base in _READERS:
        held = _READERS[base](held)
    held = say_acronyms(held, base)
    return re.sub(_HELD, lambda _: _said_address(next(addresses), base), held)


def _said_address(address: str, base: str) -> str:
    address = _SCHEME.sub("", address)
    # A question mark within a word is lost, and what stands beside it with it.
    return re.sub(r"(?<=\w)\?(?=\w)", " question mark ", address) if base == "en" else address
