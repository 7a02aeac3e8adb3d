"""The signs that Kokoro reads, and how espeak-ng's IPA is written in them.

The table is the vocabulary in the config of Kokoro-82M v1.0; the spelling is that of misaki, with
which it was trained (https://github.com/hexgrad/misaki, EN_PHONES.md and espeak.py). In English it
writes diphthongs and affricates as one sign, and fewer lengths and accents than espeak.
"""

import re

MOST = 510
"""Signs in one go; the network has 512 places, of which the two ends stay empty."""

TIE = "^"
"""Asked of espeak between the letters of one sound."""

_TABLE = (
    *((1, ";:,.!?"), (9, '—…"()“” \u0303ʣʥʦʨᵝ\uab67AI'), (31, "O"), (33, "Q"), (35, "ST")),
    *((39, "W"), (41, "Yᵊabcdef"), (50, "hijklmnopqrstuvwxyzɑɐɒæ"), (75, "βɔɕç"), (80, "ɖðʤə")),
    *((85, "ɚɛɜ"), (90, "ɟ"), (92, "ɡ"), (99, "ɥ"), (101, "ɨɪʝ"), (110, "ɯɰŋɳɲɴø"), (118, "ɸθœ")),
    *((123, "ɹ"), (125, "ɾɻ"), (128, "ʁɽʂʃʈʧ"), (135, "ʊʋ"), (138, "ʌɣɤ"), (142, "χʎ")),
    *((147, "ʒʔ"), (156, "ˈˌː"), (162, "ʰ"), (164, "ʲ"), (169, "↓"), (171, "→↗↘"), (177, "ᵻ")),
)
VOCABULARY = {sign: first + at for first, signs in _TABLE for at, sign in enumerate(signs)}

_SYLLABIC = "\u0329"
_TIED = {"a^ɪ": "I", "a^ʊ": "W", "d^ʒ": "ʤ", "e^ɪ": "A", "t^ʃ": "ʧ", "ɔ^ɪ": "Y"}
_ENGLISH = {
    **_TIED,
    **{f"ʔˌn{_SYLLABIC}": "ʔn", f"ʔn{_SYLLABIC}": "ʔn", "ə^l": "ᵊl", "ʲo": "jo", "ʲə": "jə"},
    **{"ʲ": "", "ɚ": "əɹ", "r": "ɹ", "x": "k", "ç": "k", "ɐ": "ə", "ɬ": "l", "\u0303": ""},
}
# I, I'm, I'll, I've, I'd: misaki stresses them a little, and unstressed they are hardly heard.
_FIRST_PERSON = re.compile(r"(?<!\S)I(?=[mlvd]?\b)")
_AMERICAN = {"o^ʊ": "O"}
_BRITISH = {"e^ə": "ɛː", "ə^ʊ": "Q"}
_OTHER = {**_TIED, "d^z": "ʣ", "o^ʊ": "O", "ə^ʊ": "Q", "s^s": "S", "t^s": "ʦ"}


def spelled(ipa: str, language: str) -> str:
    """The IPA of espeak-ng as Kokoro was taught to read it.

    Args:
        ipa: With `TIE`.
        language: "en-us", "en-gb" or another.
    """
    if not language.startswith("en"):
        return _replaced(ipa, _OTHER).replace(TIE, "").replace("-", "")
    british = language == "en-gb"
    text = _replaced(ipa, {**_ENGLISH, **(_BRITISH if british else _AMERICAN)}).replace(TIE, "")
    text = _replaced(text, {"e": "A"})  # one that is part of no diphthong
    text = re.sub(rf"(\S){_SYLLABIC}", r"ᵊ\1", text)
    text = _FIRST_PERSON.sub("ˌI", text)
    if british:
        text = text.replace("iə", "ɪə")
    else:
        text = re.sub("ɜːɹ?", "ɜɹ", text).replace("ɪə", "iə").replace("ː", "")
    return _replaced(text, {"o": "ɔ", "ɾ": "T", "ʔ": "t"})


def numbers(text: str) -> list[int]:
    """Their numbers; what is no sign is left out."""
    return [VOCABULARY[sign] for sign in text if sign in VOCABULARY]


def in_pieces(ids: list[int]) -> list[list[int]]:
    """At most `MOST` at a time, cut at a gap between words where there is one."""
    pieces = []
    while len(ids) > MOST:
        gaps = [at for at in range(MOST) if ids[at] == VOCABULARY[" "]]
        cut = gaps[-1] if gaps and gaps[-1] else MOST
        pieces.append(ids[:cut])
        ids = ids[cut:]
    return [*pieces, ids] if ids else pieces


def _replaced(text: str, table: dict[str, str]) -> str:
    """Longest first, all at once: what was put in is not replaced again."""
    found = "|".join(re.escape(old) for old in sorted(table, key=len, reverse=True))
    return re.sub(found, lambda match: table[match[0]], text)
