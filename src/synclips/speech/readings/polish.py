"""Polish: abbreviations, centuries, kings, dates, years, money and measures."""

import re

from synclips.speech.readings.moments import clock, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.roman import NUMERAL, roman
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.slavic import polish
from synclips.speech.readings.wording import Wording, words

_GROSZ = ("grosz", "grosze", "groszy", "grosza")
_CENT = ("cent", "centy", "centów", "centa")
_WORDS = Wording(
    to="",
    group="[ .\u00a0\u202f]\\d{3}",
    counted=polish,
    forms=4,
    money={
        "zł": ("złoty", "złote", "złotych", "złotego", *_GROSZ),
        "PLN": ("złoty", "złote", "złotych", "złotego", *_GROSZ),
        "€": ("euro", "euro", "euro", "euro", *_CENT),
        "EUR": ("euro", "euro", "euro", "euro", *_CENT),
        "$": ("dolar", "dolary", "dolarów", "dolara", *_CENT),
        "£": ("funt", "funty", "funtów", "funta"),
        "¥": ("jen", "jeny", "jenów", "jena"),
        "₹": ("rupia", "rupie", "rupii", "rupii"),
        "₽": ("rubel", "ruble", "rubli", "rubla"),
        "₺": ("lira", "liry", "lir", "liry"),
        "R$": ("real", "reale", "reali", "reala"),
        "CHF": ("frank", "franki", "franków", "franka"),
        "kr": ("korona", "korony", "koron", "korony"),
    },
    units={
        "km": ("kilometr", "kilometry", "kilometrów", "kilometra"),
        "m": ("metr", "metry", "metrów", "metra"),
        "cm": ("centymetr", "centymetry", "centymetrów", "centymetra"),
        "mm": ("milimetr", "milimetry", "milimetrów", "milimetra"),
        "kg": ("kilogram", "kilogramy", "kilogramów", "kilograma"),
        "g": ("gram", "gramy", "gramów", "grama"),
        "l": ("litr", "litry", "litrów", "litra"),
        "ml": ("mililitr", "mililitry", "mililitrów", "mililitra"),
        "m²": (
            "metr kwadratowy",
            "metry kwadratowe",
            "metrów kwadratowych",
            "metra kwadratowego",
        ),
        "km/h": (
            "kilometr na godzinę",
            "kilometry na godzinę",
            "kilometrów na godzinę",
            "kilometra na godzinę",
        ),
        "°C": ("stopień Celsjusza", "stopnie Celsjusza", "stopni Celsjusza", "stopnia Celsjusza"),
        "MB": ("megabajt", "megabajty", "megabajtów", "megabajta"),
        "tys.": ("tysiąc", "tysiące", "tysięcy", "tysiąca"),
        "mln": ("milion", "miliony", "milionów", "miliona"),
        "mld": ("miliard", "miliardy", "miliardów", "miliarda"),
        "GB": ("gigabajt", "gigabajty", "gigabajtów", "gigabajta"),
    },
    cents=" ",
    scales={
        "tys.": "tysięcy",
        "mln": "milionów",
        "miliony": "miliony",
        "milionów": "milionów",
        "mld": "miliardów",
        "miliardów": "miliardów",
    },
    titles={"dr": "doktor", "prof.": "profesor", "ul.": "ulica", "św.": "święty"},
    numbered={
        "nr": "numer",
        "str.": "strona",
        "s.": "strona",
        "o godz.": "o godzinie",
        "godz.": "godzina",
        "rozdz.": "rozdział",
        "tel.": "telefon",
        "ok.": "około",
    },
    shorts={
        "np.": "na przykład",
        "itd.": "i tak dalej",
        "itp.": "i tym podobne",
        "tzn.": "to znaczy",
        "tj.": "to jest",
        "m. in.": "między innymi",
        "n. e.": "naszej ery",
        "p. n. e.": "przed naszą erą",
    },
    closing=frozenset({"itd.", "itp."}),
)
_MONTHS = words(
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października "
    "listopada grudnia"
)
_STEMS = words(
    "pierwsz drug trzec czwart piąt szóst siódm ósm dziewiąt dziesiąt jedenast dwunast "
    "trzynast czternast piętnast szesnast siedemnast osiemnast dziewiętnast"
)
_TENS = words(
    "dwudziest trzydziest czterdziest pięćdziesiąt sześćdziesiąt siedemdziesiąt "
    "osiemdziesiąt dziewięćdziesiąt"
)
# "Na ulicy": the word follows its preposition.
_STREET = re.compile(r"\b((?:[Nn]a|[Pp]rzy|[Zz]|[Dd]o|[Oo]d) )ul\. (?=[A-ZĄĆĘŁŃÓŚŹŻ\d])")
_CENTURY = re.compile(rf"(?P<in>\b[Ww]e? )?\b({NUMERAL}) (wieku|wiekiem|wiekowi|wiek)\b")
_WAR = re.compile(r"\b(II?) (wojn(?:a|y|ie|ę|ą)) (?=światow)")
_WAR_ENDINGS = {"a": "a", "y": "ej", "ie": "ej", "ę": "ą", "ą": "ą"}
_KINGS = words(
    "Jan Zygmunt Kazimierz Władysław Bolesław Stefan August Henryk Karol Ludwik Pius "
    "Benedykt Napoleon Fryderyk Filip Jakub Edward Aleksander Paweł"
)
_KING = re.compile(rf"\b({'|'.join(_KINGS)})(a?) ({NUMERAL})\b(?!\.\w)")
_YEAR = re.compile(r"(?P<in>\b[Ww] )?(?<![\w.,])(?P<year>[12]\d{3}) r\.(?P<end>$)?")
_WHOLE_YEAR = re.compile(r"(?P<in>\b[Ww] )?(?<![\w.,])(?P<year>[12]\d{3}) (?P<word>rok[ua]?)\b")
_DAY = re.compile(rf"(?<![\w.,:/-])([12]\d|3[01]|[1-9]) (?=(?:{'|'.join(_MONTHS)})\b)")


def read(sentence: str) -> str:
    """A Polish sentence as an engine should get it."""
    sentence = _STREET.sub(r"\1ulicy ", sentence)
    sentence = _CENTURY.sub(_century, sentence)
    sentence = _WAR.sub(_war, sentence)
    sentence = _KING.sub(_king, sentence)
    sentence = _YEAR.sub(_year, sentence)
    sentence = _WHOLE_YEAR.sub(_whole_year, sentence)
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = _DAY.sub(lambda match: f"{_ordinal(int(match[1]), 'ego')} ", sentence)
    sentence = say_times(sentence, clock(), _time, "do")
    return say_all(sentence, _WORDS)


def _ordinal(number: int, ending: str) -> str:
    """The words of an ordinal up to 99.

    Args:
        number: From 1.
        ending: "y", "ego", "emu", "ym", "a", "ej" or "ą", of hard stems.
    """
    if number < 20:
        return _inflected(_STEMS[number - 1], ending)
    ten, one = divmod(number, 10)
    said = _TENS[ten - 2] + ending
    return f"{said} {_inflected(_STEMS[one - 1], ending)}" if one else said


def _inflected(stem: str, ending: str) -> str:
    if stem == "drug" and ending[0] in "ey":
        return f"drugi{ending[1:]}" if ending[0] == "y" else f"drugi{ending}"
    if stem == "trzec":
        return f"trzeci{ending[1:]}" if ending[0] == "y" else f"trzeci{ending}"
    return stem + ending


def _century(match: re.Match[str]) -> str:
    number = roman(match[2])
    if not number:
        return match[0]
    endings = {"wiek": "y", "wieku": "ym" if match["in"] else "ego", "wiekiem": "ym"}
    return f"{match['in'] or ''}{_ordinal(number, endings.get(match[3], 'emu'))} {match[3]}"


def _war(match: re.Match[str]) -> str:
    return f"{_ordinal(len(match[1]), _WAR_ENDINGS[match[2][4:]])} {match[2]} "


def _king(match: re.Match[str]) -> str:
    number = roman(match[3])
    if number < 2:  # "Jan I" may be followed by "my"
        return match[0]
    return f"{match[1]}{match[2]} {_ordinal(number, 'ego' if match[2] else 'y')}"


def _dated(year: str, ending: str) -> str:
    """A year, whose last two figures are an ordinal."""
    last = int(year[2:])
    if not last:
        return year
    return f"{int(year) - last} {_ordinal(last, ending)}"


def _year(match: re.Match[str]) -> str:
    inside = match["in"]
    said = _dated(match["year"], "ym" if inside else "ego")
    return f"{inside or ''}{said} roku" + ("." if match["end"] is not None else "")


def _whole_year(match: re.Match[str]) -> str:
    endings = {"rok": "y", "roku": "ym" if match["in"] else "ego", "roka": "ego"}
    return f"{match['in'] or ''}{_dated(match['year'], endings[match['word']])} {match['word']}"


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{_ordinal(day, 'ego')} {_MONTHS[month - 1]} {_dated(year, 'ego')}"


def _time(hour: int, minute: int) -> str:
    return f"{hour} {minute}" if minute else str(hour)
