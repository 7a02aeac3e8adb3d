"""Spanish: abbreviations, ordinals, dates, times, money and measures."""

import re

from synclips.speech.readings.fractions import SPANISH, say_fractions
from synclips.speech.readings.kings import SPANISH as RULERS
from synclips.speech.readings.kings import say_kings
from synclips.speech.readings.moments import When, clock, say_bare_times, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Forms, Wording, plain, words

_CENTS = ("un céntimo", "céntimos")
_CENTAVOS = ("un centavo", "centavos")


def _counted(number: str, forms: Forms) -> str:
    """With "veintiún" before a noun, where figures are read "veintiuno"."""
    return plain(number, forms) if number != "21" else f"veintiún {forms[-1]}"


_WORDS = Wording(
    to="a",
    group="[ .\u00a0\u202f]\\d{3}",
    counted=_counted,
    money={
        "€": ("un euro", "euros", *_CENTS),
        "EUR": ("un euro", "euros", *_CENTS),
        "$": ("un dólar", "dólares", *_CENTAVOS),
        "US$": ("un dólar estadounidense", "dólares estadounidenses", *_CENTAVOS),
        "£": ("una libra", "libras", "un penique", "peniques"),
        "¥": ("un yen", "yenes"),
        "₹": ("una rupia", "rupias"),
        "₽": ("un rublo", "rublos"),
        "₺": ("una lira turca", "liras turcas"),
        "R$": ("un real", "reales", *_CENTAVOS),
        "zł": ("un esloti", "eslotis"),
        "CHF": ("un franco suizo", "francos suizos", *_CENTS),
        "kr": ("una corona", "coronas"),
    },
    units={
        "km": ("un kilómetro", "kilómetros"),
        "m": ("un metro", "metros"),
        "cm": ("un centímetro", "centímetros"),
        "mm": ("un milímetro", "milímetros"),
        "kg": ("un kilo", "kilos"),
        "g": ("un gramo", "gramos"),
        "mg": ("un miligramo", "miligramos"),
        "l": ("un litro", "litros"),
        "ml": ("un mililitro", "mililitros"),
        "m²": ("un metro cuadrado", "metros cuadrados"),
        "km²": ("un kilómetro cuadrado", "kilómetros cuadrados"),
        "m³": ("un metro cúbico", "metros cúbicos"),
        "km/h": ("un kilómetro por hora", "kilómetros por hora"),
        "m/s": ("un metro por segundo", "metros por segundo"),
        "°C": ("un grado centígrado", "grados centígrados"),
        "ºC": ("un grado centígrado", "grados centígrados"),
        "°F": ("un grado Fahrenheit", "grados Fahrenheit"),
        "min": ("un minuto", "minutos"),
        "min.": ("un minuto", "minutos"),
        "h": ("una hora", "horas"),
        "s": ("un segundo", "segundos"),
        "kWh": ("un kilovatio hora", "kilovatios hora"),
        "kW": ("un kilovatio", "kilovatios"),
        # Spelt so that espeak says them in the English way.
        "MB": ("un megabait", "megabaits"),
        "GB": ("un gigabait", "gigabaits"),
        "GHz": ("un gigahercio", "gigahercios"),
    },
    cents=" con ",
    scales={
        "mil": "mil",
        "millón": "millón",
        "millones": "millones",
        "M": "millones",
        "mil millones": "mil millones",
    },
    of=" de ",
    titles={
        "sr.": "señor",
        "sra.": "señora",
        "srta.": "señorita",
        "sres.": "señores",
        "dr.": "doctor",
        "dra.": "doctora",
        "Sto.": "Santo",
        "Sta.": "Santa",
        "Gral.": "general",
        "Excmo.": "excelentísimo",
        "Excma.": "excelentísima",
        "c/": "calle",
        "D.": "don",
        "Dña.": "doña",
        "D.ª": "doña",
        "Prof.": "profesor",
    },
    starters=words("El La Los Las Un Una Es En Y Pero No Se Su A Al Con De Por Yo Lo Si Sí Hay"),
    numbered={
        "pág.": "página",
        "págs.": "páginas",
        "núm.": "número",
        "n.º": "número",
        "nº": "número",
        "n°": "número",
        "art.": "artículo",
        "cap.": "capítulo",
    },
    shorts={
        "EE. UU.": "Estados Unidos",
        "p. ej.": "por ejemplo",
        "etc.": "etcétera",
        "a. C.": "antes de Cristo",
        "d. C.": "después de Cristo",
        "aprox.": "aproximadamente",
        "avda.": "avenida",
        "av.": "avenida",
        "pza.": "plaza",
        "plza.": "plaza",
        "Ud.": "usted",
        "Uds.": "ustedes",
        "tel.": "teléfono",
    },
    scores=frozenset(
        words("ganó gana perdió pierde empató venció derrotó quedó quedaron victoria derrota")
    ),
    closing=frozenset({"EE. UU.", "etc."}),
)
_MONTHS = words(
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
)
_ORDINALS = words("primer segund tercer cuart quint sext séptim octav noven décim")
_ORDINAL = re.compile(r"(?<![\w.,])(10|[1-9])\.?([ºª]|er(?![a-z]))(?![A-Z])")
# Of the weather, which is no ordinal.
_DEGREES = re.compile(
    r"(?<![\w.,])(\d{1,2}) ?[º°](?= (?:bajo|sobre) cero\b| de (?:frío|calor|temperatura)\b)"
    r"|(?:(?<=\bEstamos a )|(?<=\bestamos a )|(?<=\b[Hh]ace )|(?<=\b[Hh]acía )"
    r"|(?<=temperatura de ))(\d{1,2}) ?[º°](?! ?[CFK]\b)(?![\w])"
)
_OF_DAY = re.compile(r"(?<=\d) ?([ap])\. ?m\.(?=(?P<end>$)?)")
_PESOS = re.compile(r"(?<![\w$])\$ ?(?=\d[\d.,]*(?: mil| millones de)? pesos\b)")
_POINT_CLOCK = clock(".h", " ?h(?:oras|\\.(?= [a-z]))?(?!\\w)")
_CLOCK = clock(":", " ?h(?:rs?|\\.(?= [a-z]))?(?!\\w)")
_WHEN = When(
    before="las|a la|hasta la|desde la|sobre la",
    since="de|entre|desde",
    joins="a|y|a las|y las|hasta las",
    marked=r"h(?:rs?)?\b",
    lasting=r"horas?|(?:del?|en el) (?:vídeo|video|película|clip)",
    ratios=r"gan\w+|perd\w+|venci\w+|escala|proporción|relación|resultado|marcador",
    hours="horas?",
)
_NOUN = re.compile(r" (?!(?:de|del|en|con|por|que|al|se|es|fue)\b)[a-záéíóú]{3,}")


def read(sentence: str) -> str:
    """A Spanish sentence as an engine should get it."""
    sentence = _PESOS.sub("", sentence)
    sentence = _OF_DAY.sub(_of_day, sentence)
    sentence = _DEGREES.sub(_degrees, sentence)
    sentence = say_kings(sentence, RULERS, _of_ruler)
    sentence = say_fractions(sentence, SPANISH, _WORDS)
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = say_bare_times(sentence, _WHEN, _time, _WORDS.to)
    for pattern in (_POINT_CLOCK, _CLOCK):
        sentence = say_times(sentence, pattern, _time, _WORDS.to)
    sentence = _ORDINAL.sub(_ordinal, sentence)
    return say_all(sentence, _WORDS)


def _of_day(match: re.Match[str]) -> str:
    return (" a eme" if match[1] == "a" else " pe eme") + ("." if match["end"] is not None else "")


def _degrees(match: re.Match[str]) -> str:
    many = match[1] or match[2]
    return "un grado" if many == "1" else f"{many} grados"


def _ordinal(match: re.Match[str]) -> str:
    stem = _ORDINALS[int(match[1]) - 1]
    if match[2] == "er":
        return stem if stem.endswith("er") else match[0]
    if match[2] == "º" and match[1] in "13" and _NOUN.match(match.string, match.end()):
        return stem.removesuffix("er") + "er"  # "el primer piso"
    return stem + ("a" if match[2] == "ª" else "o")


def _of_ruler(number: int, woman: bool) -> str:
    return _ORDINALS[number - 1].removesuffix("er") + ("er" * (number in (1, 3))) + "oa"[woman]


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{'primero' if day == 1 else day} de {_MONTHS[month - 1]} de {year}"


def _time(hour: int, minute: int) -> str:
    # Hours are feminine, which espeak does not know of figures.
    said = {1: "una", 21: "veintiuna"}.get(hour, str(hour))
    if not minute:
        return f"{said} {'hora' if hour == 1 else 'horas'}" if hour > 12 or hour == 0 else said
    return f"{said} y {minute}"
