"""In which language a text is, and which voice tags go with a language.

Detection is py3langid's (Lui and Baldwin 2012, "langid.py: An off-the-shelf language identification
tool"), kept to languages that are often spoken. Knows no voices.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from synclips.errors import ConfigError
from synclips.media.spool import no_room
from synclips.speech.scripts import usual_language

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

DEFAULT = "en"

_SURE = 0.6  # a lower probability is a guess; short greetings reach .05 to .5
# Of 45 greetings in 20 languages these know 31, and .6 alone 21; of 60 in English none is lost.
_LIKELY, _TIMES = 0.5, 3.0  # a probability, and as how many times that of English
_ENOUGH = 2_000  # characters; more do not change the answer
# Of many texts Spanish is as likely as the language after it, which a fiftieth as many speak.
_LIKE_SPANISH, _NEARLY = "ca", 0.8
_SPANISH = re.compile(r"(?<!\w)[¡¿]+(?=\w)")  # nobody else begins with these
# Of 24 000 short pieces of English text none is as likely Spanish, rather than English, as this; a
# single word may be borrowed ("Gracias.").
_RATHER_SPANISH, _MANY_TIMES = 0.35, 20.0
# In small letters, for names have them in English, too, and but for what is borrowed.
_SPANISH_WORD = re.compile(
    r"(?<!\w)(?!(?:jalapeñ|piñat|señor|niñ)\w*)(?=[a-zé]*[áíóúñ])[a-záéíóúüñ]+(?!\w)"
)
_LATIN = "\u024f"  # its last letter
_SPOKEN = (
    "af ar bg bn ca cs cy da de el en es et eu fa fi fr ga gu he hi hr hu hy id is it ja ka"
    " kk kn ko lt lv mk ml mr ms nb ne nl pa pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur"
    " vi zh"
)
_SYNONYMS = {"zh": "cmn", "no": "nb", "nn": "nb", "iw": "he", "in": "id", "tl": "fil"}
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Detected:
    """What language a text seems to be in.

    Attributes:
        language: A tag that `language_tag` would give.
        rather: Another that is likelier but not likely enough to be taken; None if it is clear.
    """

    language: str
    rather: str | None = None


def detect_language(text: str) -> Detected:
    """The language of a text; English where it is unsure.

    Raises:
        OutputError: the temporary folder cannot be written.
    """
    sample = text[:_ENOUGH]
    ranked = {str(tag): float(share) for tag, share in _identifier().rank(sample)}
    tag = max(ranked, key=lambda each: ranked[each])
    best, english = language_tag(tag), ranked[DEFAULT]
    if ranked[tag] >= _SURE or (ranked[tag] >= _LIKELY and ranked[tag] > _TIMES * english):
        return Detected(best)
    if _SPANISH.search(sample) or (best == "es" and _is_spanish(sample, ranked["es"], english)):
        return Detected("es")
    spanish = ranked["es"]
    if best == _LIKE_SPANISH and _NEARLY * ranked[tag] <= spanish >= _SURE - ranked[tag]:
        return Detected("es", best)
    # A script leaves few languages to choose from, and never English.
    foreign = sum(letter.isalpha() and letter > _LATIN for letter in sample)
    if foreign > len(sample) / 2:
        taken = usual_language(sample) or best
        return Detected(taken, best if best != taken else None)
    doubtful = any(map(str.isalpha, sample)) and ranked[tag] > _TIMES * english
    return Detected(DEFAULT, best if doubtful else None)


@lru_cache(maxsize=1)
def _identifier() -> "LanguageIdentifier":
    """Kept, because it takes longer to read than to ask."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    try:
        identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    except OSError as error:  # it unpacks itself into a temporary file
        raise no_room(error) from error
    known = {str(tag) for tag in identifier.nb_classes}
    identifier.set_languages([tag for tag in _SPOKEN.split() if tag in known])
    return identifier


def language_tag(text: str) -> str:
    """A tag the user wrote, in the one form used here: "pt_BR" is "pt-br", "zh" is "cmn".

    Raises:
        ConfigError: It is not a tag.
    """
    if not _TAG.fullmatch(text.strip()):
        raise ConfigError(f'"{text}" is not a language; write a tag such as en, en-gb or de.')
    return _folded(text.strip())


def speaks(voice: str, wanted: str) -> bool:
    """Whether a voice of one tag can read text of another: "en-us" reads "en", not "en-gb"."""
    tag = _folded(voice)
    return tag == wanted or tag.startswith(f"{wanted}-")


def base_language(tag: str) -> str:
    """A tag without its region: "en" of "en-au"."""
    return tag.partition("-")[0]


def _folded(tag: str) -> str:
    base, dash, rest = tag.lower().replace("_", "-").partition("-")
    return _SYNONYMS.get(base, base) + dash + rest


def _is_spanish(sample: str, spanish: float, english: float) -> bool:
    """Whether a text that is likelier Spanish than anything else is not English, either."""
    if spanish > _TIMES * english and _SPANISH_WORD.search(sample):
        return True
    likely = spanish >= _RATHER_SPANISH and spanish > _MANY_TIMES * english
    return likely and len(sample.split()) > 1
