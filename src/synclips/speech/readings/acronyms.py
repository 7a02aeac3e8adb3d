"""Words in capitals: which are spelled, which are read as words, and several of them in English.

espeak-ng compares capitals with small letters clause by clause, so that "the UAE" alone is a word
and "the PIN" of a long sentence three letters. With full stops between them letters are always
spelled, in small letters a word is always read. Here are only those of which it is certain; the
others are left to the engine.
"""

import re
from collections.abc import Mapping

from synclips.speech.readings.wording import words

# That engines can pronounce and nobody does; no words that somebody may write in capitals.
_SPELLED: Mapping[str, frozenset[str]] = {
    "de": frozenset(words("AOK ARD EDV EKG EU EZB ICE IHK IQ KI OECD UKW")),
    "en": frozenset(
        words(
            "AA ACLU AED AFC AFL AKA ALS AMA APA ASL AV COO CPU DEA DUI EA ECB ECG EDM EEA EKG EMT"
            " EOD EPA EQ ER ESL ETA ETF EV FAQ GOP IAEA ICC ICU IDE IED ILO IMF IOC IOU IPO IQ IRA"
            " IUD IVF NGO OKR OTC POV PTA QA RFID ROI UAE UFC USC UX VIP"
        )
    ),
    "es": frozenset(words("ADN IA ITV ONG UCI UE UGT URL")),
    "fr": frozenset(words("BD EDF IA IVG OMS PME RER UE")),
    "pt": frozenset(words("IA IBGE ICMS INSS IOF IPCA IPTU IPVA UFRJ UTI")),
}
# Of which engines lose the "s".
_SPELLED_BY_ENGINES = frozenset(
    words("AI API ATM CEO CFO CIO CTO ID IP LED MBA OS SUV UFO UI UN URL USB")
)
_READ = frozenset(words("CAD GIF LAN PIN RAM ROM SIM VAT WAN ZIP"))
_SEVERAL = {
    **{"A": "eighs", "B": "bees", "C": "seas", "D": "dees", "E": "ease", "F": "effs", "G": "jees"},
    **{"H": "aitches", "I": "eyes", "J": "jays", "K": "kays", "L": "ells", "M": "ems", "N": "ens"},
    **{"O": "ohs", "P": "peas", "Q": "cues", "R": "ars", "S": "esses", "T": "tees", "U": "ewes"},
    **{"V": "vees", "W": "double-yous", "X": "exes", "Y": "whys", "Z": "zees"},
}
_CAPITALS = re.compile(r"(?<![\w.])([A-Z]{2,5})(['’]?s)?(?![\w+]|\.\w)")
_CONSONANTS = re.compile("(?![GKMT]B$)[BCDFGHJKLMNPQRSTVWXZ]{2,4}")
# Also a numeral, and a word that may be written in capitals.
_AMBIGUOUS = re.compile(
    r"\bIV(?= (?:drips?|lines?|bags?|fluids?|poles?)\b)|(?<=\b[Aa]n )(?:IV|LED)\b"
    r"|\bLED(?= (?:bulbs?|lights?|lamps?|lighting|screens?|displays?|strips?|TVs?|panels?)\b)"
)


def say_acronyms(sentence: str, language: str) -> str:
    """With full stops within words that are spelled, as far as it is certain.

    Args:
        sentence: One piece of a text.
        language: Its tag without a region.
    """
    spelled = _SPELLED.get(language)
    if spelled is None:
        return sentence

    def said(match: re.Match[str]) -> str:
        word, several = match[1], match[2]
        if language == "en" and word in _READ:
            return word.lower() + (several or "")
        if several is None or language != "en":
            return (".".join(word) if word in spelled else word) + (several or "")
        known = word in spelled or word in _SPELLED_BY_ENGINES or _CONSONANTS.fullmatch(word)
        return _letters(word) if known else match[0]

    sentence = _CAPITALS.sub(said, sentence)
    if language != "en":
        return sentence
    return _AMBIGUOUS.sub(lambda match: ".".join(match[0]), sentence)


def _letters(word: str) -> str:
    """Several of what is spelled: "C.P ewes"."""
    first = "eigh" if word[:-1] == "A" else ".".join(word[:-1])
    return f"{first} {_SEVERAL[word[-1]]}"
