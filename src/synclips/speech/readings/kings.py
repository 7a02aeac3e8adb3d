"""Numerals after the names of rulers and popes in Romance languages, as ordinals."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from synclips.speech.readings.roman import NUMERAL, roman


@dataclass(frozen=True)
class Rulers:
    """Who has a numeral.

    Attributes:
        men: Their names, parted by |.
        women: Likewise.
        highest: The last one said as an ordinal; after it numbers are left to the engine.
    """

    men: str
    women: str
    highest: int

    @property
    def pattern(self) -> re.Pattern[str]:
        """A name and a numeral, which is no initial."""
        return re.compile(
            rf"\b(?:{self.men}|(?P<woman>{self.women})) (?P<numeral>{NUMERAL})\b"
            r"(?!['’-]\w|\.\w|\. [A-ZÀ-Ý])"
        )


SPANISH = Rulers(
    "Carlos|Felipe|Fernando|Alfonso|Pedro|Enrique|Sancho|Luis|Francisco|Napoleón|Pablo|Pío|León"
    "|Benedicto|Gregorio|Clemente|Inocencio|Jacobo|Jorge|Eduardo|Guillermo|Ricardo|Nicolás"
    "|Alejandro|Federico|Leopoldo|Alberto|Ramsés|Jaime|Ramiro|Juan|Amadeo|Balduino|Otón|Iván",
    "Isabel|Catalina|María|Juana|Margarita|Cristina|Cleopatra",
    10,
)
PORTUGUESE = Rulers(
    "Pedro|João|Manuel|Afonso|Dinis|Sancho|José|Luís|Carlos|Filipe|Henrique|Fernando|Francisco"
    "|Napoleão|Paulo|Pio|Leão|Bento|Gregório|Clemente|Inocêncio|Jorge|Eduardo|Guilherme|Ricardo"
    "|Nicolau|Alexandre|Frederico|Leopoldo|Alberto|Ramsés|Duarte|Ivã",
    "Isabel|Catarina|Maria|Elizabeth|Margarida|Cristina|Cleópatra",
    10,
)
ITALIAN = Rulers(
    "Vittorio Emanuele|Umberto|Carlo|Carlo Alberto|Filippo|Ferdinando|Alfonso|Pietro|Enrico|Luigi"
    "|Francesco|Napoleone|Paolo|Pio|Leone|Benedetto|Gregorio|Clemente|Innocenzo|Giacomo|Giorgio"
    "|Edoardo|Guglielmo|Riccardo|Nicola|Alessandro|Federico|Leopoldo|Alberto|Ramses|Giovanni"
    "|Giulio|Sisto|Urbano|Bonifacio|Celestino|Cosimo|Ottone|Ivan",
    "Elisabetta|Caterina|Maria|Margherita|Cristina|Cleopatra|Giovanna",
    39,
)


def say_kings(sentence: str, rulers: Rulers, ordinal: Callable[[int, bool], str]) -> str:
    """With ordinals after names.

    Args:
        sentence: One piece of a text.
        rulers: Of its language.
        ordinal: Says a number, of a woman or not.
    """

    def said(match: re.Match[str]) -> str:
        number = roman(match["numeral"])
        if not number:
            return match[0]
        name = match[0].removesuffix(match["numeral"])
        if number > rulers.highest:
            return f"{name}{number}"
        return name + ordinal(number, match["woman"] is not None)

    return rulers.pattern.sub(said, sentence)
