"""The phones that the audio encoder is taught to tell apart, and what each name for them means.

One set for every source: silence and the 39 phones of ARPABET as the CMU dictionary has them.
Phones of other languages count as the one whose lips and tongue are nearest (the vowel of French
`tu` is rounded as that of `two`). Also which phones look alike on the lips. Knows names only, no
sound.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.features.timing import MOTION_RATE

_NAMES = (
    "sil aa ae ah ao aw ay b ch d dh eh er ey f g hh ih iy jh k l m n ng ow oy p r s sh t th uh uw"
    " v w y z zh"
)
PHONES = tuple(_NAMES.split())
"""Names by class; class 0 is silence."""

IGNORED = 255
"""Label of an instant whose phone is not known."""

LIPS: dict[str, tuple[str, ...]] = {
    "rest": ("sil",),
    "closed": ("p", "b", "m"),
    "teeth": ("f", "v"),
    "round": ("w", "uw", "uh", "ow", "oy", "ao"),
    "protruded": ("ch", "jh", "sh", "zh", "r", "er"),
    "open": ("aa", "ae", "ah", "aw", "ay"),
    "spread": ("iy", "ih", "ey", "eh", "y"),
    "tongue": ("t", "d", "n", "l", "s", "z", "th", "dh"),
    "back": ("k", "g", "ng", "hh"),
}
"""Every phone by what a viewer sees of it (groups of Fisher 1968, with vowels by their lips)."""

_INDEX = {name: number for number, name in enumerate(PHONES)}

BILABIALS = tuple(_INDEX[name] for name in LIPS["closed"])
"""Classes that cannot be said with open lips."""

LIP_CLASSES: NDArray[np.uint8] = np.array(
    [next(i for i, group in enumerate(LIPS.values()) if name in group) for name in PHONES],
    np.uint8,
)
"""(len(PHONES),) number of the group in `LIPS` of each class."""
LIP_CLASSES.flags.writeable = False

_ARPABET = {
    **{name: "sil" for name in ("pau", "ssil", "h#", "brth", "<sil>", "+nsn+", "+spn+", "q")},
    **{"ax": "ah", "axr": "er", "ix": "ih", "ux": "uw", "hv": "hh", "dx": "d", "nx": "n"},
    **{"el": "l", "em": "m", "en": "n"},
}

# By the letters they begin with; the longest that fits counts. IPA (1999) without length, stress,
# tone and nasality.
_IPA = {
    **dict.fromkeys(("aɪ", "ɑɪ", "ʌɪ", "aj", "ai"), "ay"),
    **dict.fromkeys(("aʊ", "ɑʊ", "aw", "au"), "aw"),
    **dict.fromkeys(("eɪ", "ɛɪ", "ej", "ei", "e"), "ey"),
    **dict.fromkeys(("ɔɪ", "ɔʏ", "ɔø", "oi"), "oy"),
    **dict.fromkeys(("oʊ", "əʊ", "əʉ", "ou", "ow", "o", "ø", "ɵ", "ɤ"), "ow"),
    **dict.fromkeys(("i", "ɨ"), "iy"),
    **dict.fromkeys(("ɪ", "ᵻ"), "ih"),
    **dict.fromkeys(("ɛ", "ɜ̃"), "eh"),
    **dict.fromkeys(("æ",), "ae"),
    **dict.fromkeys(("a", "ɑ", "ɐ"), "aa"),
    **dict.fromkeys(("ʌ", "ə", "ɘ", "ɞ"), "ah"),
    **dict.fromkeys(("ɔ", "ɒ", "œ", "ɶ"), "ao"),
    **dict.fromkeys(("ʊ", "ʏ"), "uh"),
    **dict.fromkeys(("u", "y", "ʉ", "ɯ"), "uw"),
    **dict.fromkeys(("ɜ", "ɚ", "ɝ", "əɹ", "əɻ"), "er"),
    **dict.fromkeys(("p", "ɸ"), "p"),
    **dict.fromkeys(("b", "β", "ɓ"), "b"),
    **dict.fromkeys(("pf", "f"), "f"),
    **dict.fromkeys(("v", "ʋ", "ⱱ"), "v"),
    **dict.fromkeys(("t", "ʈ"), "t"),
    **dict.fromkeys(("d", "ɖ", "ɗ", "ɾ"), "d"),
    **dict.fromkeys(("k", "q", "c", "ʔk"), "k"),
    **dict.fromkeys(("ɡ", "g", "ɟ", "ɢ", "ɣ", "ʁ", "ʀ"), "g"),
    **dict.fromkeys(("m", "ɱ"), "m"),
    **dict.fromkeys(("n", "ɲ", "ɳ"), "n"),
    **dict.fromkeys(("ŋ", "ɴ"), "ng"),
    **dict.fromkeys(("l", "ɫ", "ɭ", "ʎ", "ɬ", "ɮ"), "l"),
    **dict.fromkeys(("r", "ɹ", "ɻ", "ɽ", "ɺ"), "r"),
    **dict.fromkeys(("s", "ts"), "s"),
    **dict.fromkeys(("z", "dz"), "z"),
    **dict.fromkeys(("ʃ", "ɕ", "ʂ", "ç"), "sh"),
    **dict.fromkeys(("ʒ", "ʑ", "ʐ", "ʝ"), "zh"),
    **dict.fromkeys(("tʃ", "tɕ", "tʂ", "ʈʂ", "cç"), "ch"),
    **dict.fromkeys(("dʒ", "dʑ", "dʐ", "ɖʐ", "ɟʝ"), "jh"),
    **dict.fromkeys(("θ",), "th"),
    **dict.fromkeys(("ð",), "dh"),
    **dict.fromkeys(("h", "ɦ", "x", "χ", "ħ", "ʕ", "ɥh"), "hh"),
    **dict.fromkeys(("j",), "y"),
    **dict.fromkeys(("w", "ʍ", "ɥ"), "w"),
    **dict.fromkeys(("ʔ", "|"), "sil"),
}


@dataclass(frozen=True)
class Segment:
    """A phone, as a class of `PHONES` or `IGNORED`, and the seconds it takes."""

    phone: int
    start: float
    stop: float


def from_arpabet(name: str) -> int:
    """The class of an ARPABET name, with stress or without, or of a word for silence.

    Returns:
        A class, or `IGNORED` if the name is not known.
    """
    plain = name.lower().rstrip("0123456789")
    return _INDEX.get(_ARPABET.get(plain, plain), IGNORED)


def from_ipa(symbol: str) -> int:
    """The class of one phone in IPA, as eSpeak NG writes it; nothing at all is silence.

    Returns:
        A class, or `IGNORED` if no beginning of the symbol is known.
    """
    apart = unicodedata.normalize("NFD", symbol)
    plain = "".join(
        letter for letter in apart if unicodedata.category(letter) != "Mn" or letter == "\u0327"
    )
    plain = unicodedata.normalize("NFC", plain)
    plain = re.sub(r"[\W\d_ːˑˈˌʲʰˠˤʷ]", "", plain) if plain != "|" else plain
    if not plain:
        return 0
    for length in range(min(len(plain), 3), 0, -1):
        if plain[:length] in _IPA:
            return _INDEX[_IPA[plain[:length]]]
    return IGNORED


def labels(segments: Iterable[Segment], count: int) -> NDArray[np.uint8]:
    """The class at each of `count` instants, 50 per second; silence where no segment is."""
    result = np.zeros(count, np.uint8)
    rate = float(MOTION_RATE)
    for segment in segments:
        first, stop = np.ceil(np.array([segment.start, segment.stop]) * rate - 1e-9).astype(int)
        result[max(first, 0) : max(stop, 0)] = segment.phone
    return result


def collapse(classes: NDArray[np.integer]) -> list[int]:
    """The phones of a series of classes one after the other, without silence and unknown ones."""
    if not len(classes):
        return []
    changed = np.flatnonzero(np.diff(classes, prepend=classes[0] + 1))
    return [int(classes[i]) for i in changed if classes[i] not in (0, IGNORED)]


def edit_distance(said: list[int], heard: list[int]) -> int:
    """Fewest insertions, deletions and exchanges that make one of the other (Levenshtein 1966)."""
    row = np.arange(len(heard) + 1)
    for number, phone in enumerate(said, 1):
        kept = row[:-1] + (np.array(heard, int) != phone)
        best = np.concatenate([[number], np.minimum(kept, row[1:] + 1)])
        # Insertions in one pass: every place is reachable from each before it at one per step.
        steps = np.arange(len(best))
        row = np.minimum.accumulate(best - steps) + steps
    return int(row[-1])
