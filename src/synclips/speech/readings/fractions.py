"""Fractions before nouns, as in recipes: "1/2 taza", "1 1/2 bicchieri", "¾ heure".

Knows Romance languages and Hindi. What may be a day, or one of several parts of a thing, stays;
genders are told by endings and a few nouns.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from synclips.speech.readings.wording import Wording

_SIGNS = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅛": "1/8"}
_SIGN = re.compile(rf"(?<![\d.,/])(?:(\d{{1,3}}) ?)?([{''.join(_SIGNS)}])(?!\d)")
_FRACTION = rf"(?:1/2|[12]/3|[13]/4|1/8|[{''.join(_SIGNS)}])"
_WHOLE = rf"(?:(\d{{1,3}})(?:[ \u00a0]|(?=[{''.join(_SIGNS)}])))?"


@dataclass(frozen=True, eq=False)
class Fractions:
    """How a Romance language says fractions, (masculine, feminine) where genders differ.

    Attributes:
        half: Before a noun.
        parts: For the other fractions, before `of`.
        of: Between these and a noun.
        joint: Between nouns and what is left over.
        rest: One half that is left over.
        one: The number before a noun.
        two: Likewise.
        feminine: Pattern of feminine nouns.
        before: Pattern of words after which "1/2" is no fraction.
        after: Pattern of words after it that are no nouns.
        singulars: Of nouns that do not merely lose an "s".
    """

    half: tuple[str, str]
    parts: Mapping[str, str]
    of: str
    joint: str
    rest: tuple[str, str]
    one: tuple[str, str]
    two: tuple[str, str]
    feminine: str
    before: str
    after: str
    singulars: Mapping[str, str] = field(default_factory=dict)


def _parts(third: str, thirds: str, quarter: str, quarters: str, eighth: str) -> dict[str, str]:
    return {"1/3": third, "2/3": thirds, "1/4": quarter, "3/4": quarters, "1/8": eighth}


SPANISH = Fractions(
    ("medio", "media"),
    _parts("un tercio", "dos tercios", "un cuarto", "tres cuartos", "un octavo"),
    " de ",
    "y",
    ("medio", "media"),
    ("un", "una"),
    ("2", "2"),
    r"\w*(?:as?|ci[oó]n|dad)|noches?",
    "el|del|al|día|página|pág|paso|parte|capítulo|episodio|versión|vídeo|video|fase",
    "del?|en|con|por|para|que|al|es|fue|era|son|está|hay|más|como|los|las|una|final|pero",
)
FRENCH = Fractions(
    ("un demi", "une demi"),
    _parts("un tiers", "deux tiers", "un quart", "trois quarts", "un huitième"),
    " de ",
    "et",
    ("demi", "demie"),
    ("un", "une"),
    ("2", "2"),
    "(?:tasse|cuillère|cuillerée|heure|journée|bouteille|livre|douzaine|gousse|botte|pomme|page"
    "|boîte|tranche|poignée|pincée|année|orange|semaine)s?",
    "le|du|au|page|étape|partie|chapitre|épisode|version|vidéo|phase",
    "des?|du|en|avec|par|pour|que|au|est|sont|dans|sur|plus|comme|les|une|finale|mais|ont",
)
ITALIAN = Fractions(
    ("mezzo", "mezza"),
    _parts("un terzo", "due terzi", "un quarto", "tre quarti", "un ottavo"),
    " di ",
    "e",
    ("mezzo", "mezza"),
    ("un", "una"),
    ("2", "2"),
    r"\w*(?:a|zione|tazze|ore)",
    "il|del|al|dal|pagina|pag|passo|parte|capitolo|episodio|versione|video|fase",
    "del|della|con|per|che|sono|era|nel|più|come|gli|una|finale|ma|tra|fra",
    {
        **{"tazze": "tazza", "ore": "ora", "cucchiai": "cucchiaio", "cucchiaini": "cucchiaino"},
        **{"bicchieri": "bicchiere", "litri": "litro", "chili": "chilo", "anni": "anno"},
    },
)
PORTUGUESE = Fractions(
    ("meio", "meia"),
    _parts("um terço", "dois terços", "um quarto", "três quartos", "um oitavo"),
    " de ",
    "e",
    ("meio", "meia"),
    ("um", "uma"),
    ("dois", "duas"),
    r"\w*(?:as?|ção|ções|dade)|noites?",
    "o|do|ao|no|dia|página|pág|passo|parte|capítulo|episódio|versão|vídeo|fase",
    "d[aeo]s?|em|com|por|para|que|ao|foi|era|são|está|mais|como|uma|final|mas",
)

_HINDI = {
    "1/2": "आधा",
    "1/3": "एक तिहाई",
    "2/3": "दो तिहाई",
    "1/4": "एक चौथाई",
    "3/4": "तीन चौथाई",
    "1/8": "आठवाँ हिस्सा",
}
_HINDI_FRACTION = re.compile(
    rf"(?<![\w.,/-]){_WHOLE}({_FRACTION})"
    r"(?= (?!(?:को|का|की|के|से|में|पर|तक|और|है)(?![ऀ-ॣ]))[ऀ-ॣ]{2})"
)


def say_fractions(sentence: str, said: Fractions, wording: Wording) -> str:
    """With words for fractions before a noun or a unit, and for "½" anywhere.

    Args:
        sentence: One piece of a text.
        said: How.
        wording: Knows units.
    """
    unit = "|".join(map(re.escape, sorted(wording.units, key=len, reverse=True)))
    pattern = re.compile(
        rf"(?<![\w.,/-]){_WHOLE}(?P<part>{_FRACTION})(?P<of>{said.of}| d['’])? ?"
        rf"(?:(?P<unit>{unit})(?![\w/²³])|(?<=[ '’])(?!(?:{said.after})\b)"
        r"(?P<noun>[a-zà-ÿ]{3,})\b)"
    )
    no_fraction = re.compile(rf"(?<!\w)(?i:{said.before})\.? $")

    def spoken(match: re.Match[str]) -> str:
        if not match[1] and no_fraction.search(match.string[: match.start()]):
            return match[0]
        return _spoken(match, said, wording)

    def alone(match: re.Match[str]) -> str:
        part = _SIGNS[match[2]]
        words = said.rest[0] if part == "1/2" else said.parts[part]
        return f"{match[1]} {said.joint} {words}" if match[1] else words

    return _SIGN.sub(alone, pattern.sub(spoken, sentence))


def say_hindi_fractions(sentence: str) -> str:
    """With words for Hindi fractions before a noun, and for "½" anywhere."""
    said = _HINDI_FRACTION.sub(lambda match: _hindi(match[1], match[2]), sentence)
    return _SIGN.sub(lambda match: _hindi(match[1], match[2]), said)


def _spoken(match: re.Match[str], said: Fractions, wording: Wording) -> str:
    whole, unit = match[1], match["unit"]
    part = _SIGNS.get(match["part"], match["part"])
    noun = wording.units[unit][0].partition(" ")[2] if unit else match["noun"]
    feminine = re.match(rf"(?:{said.feminine})(?!\w)", noun) is not None
    if not whole:
        if part == "1/2":
            return match[0] if match["of"] else f"{said.half[feminine]} {noun}"
        elides = said is FRENCH and noun[0] in "aeiouhéêî"
        return said.parts[part] + (" d’" if elides else said.of) + noun
    rest = said.rest[feminine] if part == "1/2" else said.parts[part]
    if unit:
        return f"{wording.counted(whole, wording.units[unit])} {said.joint} {rest}"
    if whole == "1":
        noun = said.singulars.get(noun, noun.removesuffix("s"))
    number = {"1": said.one[feminine], "2": said.two[feminine]}.get(whole, whole)
    return f"{number} {noun} {said.joint} {rest}"


def _hindi(whole: str | None, written: str) -> str:
    part = _SIGNS.get(written, written)
    if not whole:
        return _HINDI[part]
    special = {("1", "1/2"): "डेढ़", ("2", "1/2"): "ढाई", ("1", "1/4"): "सवा"}
    if (whole, part) in special:
        return special[whole, part]
    if part in ("1/2", "1/4"):
        return f"{'साढ़े' if part == '1/2' else 'सवा'} {whole}"
    return f"पौने {int(whole) + 1}" if part == "3/4" else f"{whole} और {_HINDI[part]}"
