"""In which letters a language is written, as far as engines can read them.

What is not in its letters an engine spells out or leaves out, which is never what was meant.
"""

import unicodedata
from collections import Counter

_LATIN = "\u024f"  # its last letter
_CYRILLIC = "be bg kk ky mk ru sr tt uk"
_ARABIC = "ar fa sd ug ur"
_DEVANAGARI = "hi kok mr ne"
# By the first word of the names Unicode gives to letters; of everything else it is Latin.
_SCRIPTS = {
    **dict.fromkeys(_CYRILLIC.split(), {"CYRILLIC"}),
    **dict.fromkeys(_ARABIC.split(), {"ARABIC"}),
    **dict.fromkeys(_DEVANAGARI.split(), {"DEVANAGARI"}),
    **dict.fromkeys(("cmn", "yue", "hak"), {"CJK", "BOPOMOFO"}),
    "am": {"ETHIOPIC"},
    "as": {"BENGALI"},
    "bn": {"BENGALI"},
    "bpy": {"BENGALI"},
    "el": {"GREEK"},
    "grc": {"GREEK"},
    "gu": {"GUJARATI"},
    "he": {"HEBREW"},
    "hy": {"ARMENIAN"},
    "ja": {"HIRAGANA", "KATAKANA"},  # no engine here reads kanji
    "ka": {"GEORGIAN"},
    "kn": {"KANNADA"},
    "ko": {"HANGUL"},
    "ml": {"MALAYALAM"},
    "my": {"MYANMAR"},
    "or": {"ORIYA"},
    "pa": {"GURMUKHI"},
    "si": {"SINHALA"},
    "ta": {"TAMIL"},
    "te": {"TELUGU"},
    "th": {"THAI"},
}
# Languages that are written in Latin letters alone; of others that are not above nothing is said.
_IN_LATIN = frozenset(
    """
    af ca cs cy da de en eo es et eu fi fr ga hr hu id is it la lb lt lv ms mt nb nl pl pt ro sk sl
    sq sv sw tr vi
    """.split()  # noqa: SIM905
)
_FEWEST = 4  # letters of an alphabet; "α + β = γ" and "5 μm" are read as signs
_NAMES = {"CJK": "Chinese", "CANADIAN": "Canadian syllabic"}
_OF_SYLLABLES = frozenset({"CJK", "HANGUL", "HIRAGANA", "KATAKANA"})
_MOST = 0.3  # of the letters; a name or a quotation may be in others


def unread_script(text: str, language: str) -> str | None:
    """What much of a text is written in that a language is not, such as "Cyrillic"; else None.

    Latin letters are read in every language, by most voices as English. In Japanese a single kanji
    is too many, since words are lost with it.

    Args:
        text: Any text.
        language: Its tag, by `language_tag`.
    """
    base = language.partition("-")[0]
    own = _SCRIPTS.get(base)
    if own is None and base not in _IN_LATIN:
        return None
    found = Counter(_script(letter) for letter in text if letter.isalpha() and letter > _LATIN)
    known = {*(own or ()), "LATIN", ""}
    foreign = Counter({name: count for name, count in found.items() if name not in known})
    if base == "ja" and foreign["CJK"]:
        return "Chinese"
    letters = sum(map(str.isalpha, text))
    for name, count in foreign.most_common(1):
        if count > _MOST * letters and (count >= _FEWEST or name in _OF_SYLLABLES):
            return _NAMES.get(name, name.title())
    return None


def usual_language(text: str) -> str | None:
    """The language that most texts in these letters are in; None where most are Latin ones."""
    found = Counter(_script(letter) for letter in text if letter.isalpha())
    if not found:
        return None
    if found["HIRAGANA"] + found["KATAKANA"]:
        return "ja"
    usual = {"CYRILLIC": "ru", "ARABIC": "ar", "DEVANAGARI": "hi", "CJK": "cmn"}
    return usual.get(found.most_common(1)[0][0])


def _script(letter: str) -> str:
    """Of a letter: "LATIN", "CJK"; empty for one of no script, such as a phonetic sign."""
    words = unicodedata.name(letter, "").split()
    if not words or words[0] in ("MODIFIER", "COMBINING", "MATHEMATICAL", "FULLWIDTH"):
        return ""
    if words[0] in ("KATAKANA-HIRAGANA", "HALFWIDTH"):
        return "KATAKANA"
    return words[0]
