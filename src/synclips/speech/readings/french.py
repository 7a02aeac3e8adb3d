"""French: abbreviations, ordinals, centuries, kings, dates, times, money and measures."""

import re

from synclips.speech.readings.fractions import FRENCH, say_fractions
from synclips.speech.readings.moments import When, clock, say_bare_times, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.roman import NUMERAL, roman
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, words

_CENTS = ("un centime", "centimes")
_WORDS = Wording(
    to="à",
    group="[ .\u00a0\u202f'’]\\d{3}",
    money={
        "€": ("un euro", "euros", *_CENTS),
        "EUR": ("un euro", "euros", *_CENTS),
        "$": ("un dollar", "dollars", "un cent", "cents"),
        "US$": ("un dollar américain", "dollars américains", "un cent", "cents"),
        "£": ("une livre", "livres", "un penny", "pence"),
        "¥": ("un yen", "yens"),
        "₹": ("une roupie", "roupies"),
        "₽": ("un rouble", "roubles"),
        "₺": ("une livre turque", "livres turques"),
        "R$": ("un real", "réaux"),
        "zł": ("un zloty", "zlotys"),
        "CHF": ("un franc suisse", "francs suisses", *_CENTS),
        "kr": ("une couronne", "couronnes"),
    },
    units={
        "km": ("un kilomètre", "kilomètres"),
        "m": ("un mètre", "mètres"),
        "cm": ("un centimètre", "centimètres"),
        "mm": ("un millimètre", "millimètres"),
        "kg": ("un kilo", "kilos"),
        "g": ("un gramme", "grammes"),
        "mg": ("un milligramme", "milligrammes"),
        "l": ("un litre", "litres"),
        "L": ("un litre", "litres"),
        "ml": ("un millilitre", "millilitres"),
        "m²": ("un mètre carré", "mètres carrés"),
        "km²": ("un kilomètre carré", "kilomètres carrés"),
        "m³": ("un mètre cube", "mètres cubes"),
        "km/h": ("un kilomètre heure", "kilomètres heure"),
        "m/s": ("un mètre par seconde", "mètres par seconde"),
        "°C": ("un degré Celsius", "degrés Celsius"),
        "°F": ("un degré Fahrenheit", "degrés Fahrenheit"),
        "min": ("une minute", "minutes"),
        "min.": ("une minute", "minutes"),
        "s": ("une seconde", "secondes"),
        "c. à soupe": ("une cuillère à soupe", "cuillères à soupe"),
        "c. à café": ("une cuillère à café", "cuillères à café"),
        "kWh": ("un kilowattheure", "kilowattheures"),
        "kW": ("un kilowatt", "kilowatts"),
        "MB": ("un mégaoctet", "mégaoctets"),
        "GB": ("un gigaoctet", "gigaoctets"),
        "Mo": ("un mégaoctet", "mégaoctets"),
        "Go": ("un gigaoctet", "gigaoctets"),
        "GHz": ("un gigahertz", "gigahertz"),
    },
    cents=" et ",
    bare_cents=True,
    scales={
        "million": "million",
        "millions": "millions",
        "milliard": "milliard",
        "milliards": "milliards",
        "M": "millions",
        "Md": "milliards",
    },
    of=" de ",
    elides=True,
    titles={
        "M.": "monsieur",
        "MM.": "messieurs",
        "Mme": "madame",
        "Mlle": "mademoiselle",
        "Dr": "docteur",
        "Dr.": "docteur",
        "Pr": "professeur",
        "Mgr": "monseigneur",
        "bd": "boulevard",
        "St": "saint",
        "Ste": "sainte",
    },
    starters=words("Il Elle Ils Elles On Je Nous Vous Les Mais Et Ce Cela Puis En Oui Non"),
    numbered={
        "n°": "numéro",
        "nº": "numéro",
        "art.": "article",
        "p.": "page",
        "pp.": "pages",
        "chap.": "chapitre",
        "apt.": "appartement",
    },
    shorts={
        "p. ex.": "par exemple",
        "c.-à-d.": "c’est-à-dire",
        "etc.": "etcétéra",
        "env.": "environ",
        "av. J.-C.": "avant Jésus-Christ",
        "ap. J.-C.": "après Jésus-Christ",
        "av.": "avenue",
        "bd.": "boulevard",
        "boul.": "boulevard",
    },
    scores=frozenset(words("gagne gagné gagna perd perdu perdit battu bat victoire défaite score")),
    closing=frozenset({"etc."}),
)
_MONTHS = words(
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)
_NAMES = "Louis|Henri|François|Charles|Philippe|Napoléon|Jean|Jean-Paul|Benoît|Pie|Léon|Élisabeth"
_NAMES += "|Guillaume|Georges|Nicolas|Catherine|Édouard|Frédéric|Philippe-Auguste|Alexandre"
_KING = re.compile(rf"\b({_NAMES}) ({NUMERAL}|Ier|Ire)\b(?!['’.])")
_NUMBERED = re.compile(
    rf"\b([Cc]hapitre|[Tt]ome|[Aa]cte|[Pp]artie|[Vv]olume|[Ll]ivre|[Tt]itre) ({NUMERAL})\b(?!['’])"
)
# Of the wars, whose years are said one after the other.
_WAR = re.compile(
    r"\b([Gg]uerre (?:de |en )?|[Ee]n )(14-18|39-45)\b"
    r"(?![-.,]?\d| ?[€%]| (?:ans|jours|mois|semaines|heures|minutes|secondes|h|min|s|km)\b)"
)
_FIRST = re.compile(rf"(?<![\w.,:/-])1 (?=(?:{'|'.join(_MONTHS)})\b)")
_SIR = re.compile(r"(?<![\w.])M\. (?=l(?:e|a) [A-Z])")
# "er" only after I, for "Vers" is a word; after "XIXe-" only another of its kind.
_ROMAN_ORDINAL = re.compile(
    rf"\b(?:(?P<first>I(?P<gender>er|re|ère))|(?P<numeral>{NUMERAL})(?:e|ème|ᵉ))(?P<many>s?)\b"
    rf"(?!-(?!{NUMERAL}(?:e|ème|ᵉ)\b))"
)
_ORDINAL = re.compile(r"(?<![\w.,=/-])(\d{1,2})(er|re|ère|e|ème|nd|nde)(s?)\b(?!-\d)")
_UNITS = (
    "",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}
_H = clock("hH", "")
_SPACED = clock(":", " ?h(?!\\w)")
_WHEN = When(
    before="à|vers|dès|avant|après|depuis|jusqu['’]à",
    since="de|entre",
    joins="à|et",
    marked=r"h\b|[hH]\d",
    lasting=r"heures?|(?:de|dans) (?:la|le|cette|ce) (?:vidéo|film|clip|chanson)",
    ratios=r"gagn\w+|perd\w*|batt?\w*|victoire|défaite|échelle|rapport|ratio|score|passez|allez"
    r"|sautez|avancez",
)
_SPLIT = re.compile(r"(?<![\w:.,/])([01]?\d|2[0-4]) h ([0-5]\d)\b(?! ?min)")
_HOURS = re.compile(r"(?<![\w:.,/-])([01]?\d|2[0-4]) ?h(?![\w/'’]| ?\d)")


def read(sentence: str) -> str:
    """A French sentence as an engine should get it."""
    sentence = _WAR.sub(lambda match: match[1] + match[2].replace("-", " "), sentence)
    sentence = _SIR.sub("monsieur ", sentence)
    sentence = say_fractions(sentence, FRENCH, _WORDS)
    sentence = _KING.sub(_king, sentence)
    sentence = _NUMBERED.sub(lambda match: f"{match[1]} {roman(match[2]) or match[2]}", sentence)
    sentence = _ROMAN_ORDINAL.sub(_roman_ordinal, sentence)
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = _SPLIT.sub(r"\1h\2", sentence)
    sentence = say_bare_times(sentence, _WHEN, _time, _WORDS.to)
    sentence = say_times(sentence, _H, _time, _WORDS.to)
    sentence = say_times(sentence, _SPACED, _time, _WORDS.to)
    sentence = _HOURS.sub(lambda match: _time(int(match[1]), 0), sentence)
    sentence = _FIRST.sub("premier ", sentence)
    sentence = _ORDINAL.sub(lambda match: _ordinal(int(match[1]), match[2]) + match[3], sentence)
    return say_all(sentence, _WORDS)


def _ordinal(number: int, ending: str) -> str:
    """The word of an ordinal up to 99, after how it was written."""
    if number == 1:
        return "première" if ending in ("re", "ère") else "premier"
    if ending in ("nd", "nde"):
        return "second" + ending[2:]
    return _stem(_cardinal(number)) + "ième"


def _stem(word: str) -> str:
    if word.endswith("cinq"):
        return word + "u"
    if word.endswith("neuf"):
        return word[:-1] + "v"
    return word[:-1] if word.endswith("e") else word


def _cardinal(number: int) -> str:
    if number < 20:
        return _UNITS[number]
    ten, one = divmod(number, 10)
    if ten in (7, 9):
        ten, one = ten - 1, one + 10
    joint = " et " if one in (1, 11) and ten < 8 else "-"
    return f"{_TENS[ten]}{joint}{_UNITS[one]}" if one else _TENS[ten]


def _roman_ordinal(match: re.Match[str]) -> str:
    number = 1 if match["first"] else roman(match["numeral"])
    return _ordinal(number, match["gender"] or "e") + match["many"] if number else match[0]


def _king(match: re.Match[str]) -> str:
    if match[2] in ("Ier", "Ire"):
        return f"{match[1]} {'premier' if match[2] == 'Ier' else 'première'}"
    number = roman(match[2])
    return f"{match[1]} {number}" if number > 1 else match[0]


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{'premier' if day == 1 else day} {_MONTHS[month - 1]} {year}"


def _time(hour: int, minute: int) -> str:
    # Hours are feminine, which espeak does not know of figures.
    hours = {1: "une heure", 21: "vingt et une heures"}.get(hour, f"{hour} heures")
    if hour == 0:
        hours = "zéro heure"
    return f"{hours} {minute}" if minute else hours
