"""Italian: abbreviations, ordinals, dates, times, money and measures."""

import re
from functools import partial

from synclips.speech.readings.fractions import ITALIAN, say_fractions
from synclips.speech.readings.kings import ITALIAN as RULERS
from synclips.speech.readings.kings import say_kings
from synclips.speech.readings.moments import When, say_bare_times, say_dates
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.roman import NUMERAL, roman
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, words

_CENTS = ("un centesimo", "centesimi")
_WORDS = Wording(
    to="a",
    group="[.\u00a0\u202f'’]\\d{3}",  # the last in Switzerland
    money={
        "€": ("un euro", "euro", *_CENTS),
        "EUR": ("un euro", "euro", *_CENTS),
        "$": ("un dollaro", "dollari", *_CENTS),
        "US$": ("un dollaro americano", "dollari americani", *_CENTS),
        "£": ("una sterlina", "sterline", "un penny", "pence"),
        "¥": ("uno yen", "yen"),
        "₹": ("una rupia", "rupie"),
        "₽": ("un rublo", "rubli"),
        "₺": ("una lira turca", "lire turche"),
        "R$": ("un real", "real"),
        "zł": ("uno zloty", "zloty"),
        "CHF": ("un franco svizzero", "franchi svizzeri", *_CENTS),
        "kr": ("una corona", "corone"),
    },
    units={
        "km": ("un chilometro", "chilometri"),
        "m": ("un metro", "metri"),
        "cm": ("un centimetro", "centimetri"),
        "mm": ("un millimetro", "millimetri"),
        "kg": ("un chilo", "chili"),
        "g": ("un grammo", "grammi"),
        "mg": ("un milligrammo", "milligrammi"),
        "l": ("un litro", "litri"),
        "ml": ("un millilitro", "millilitri"),
        "m²": ("un metro quadrato", "metri quadrati"),
        "mq": ("un metro quadrato", "metri quadrati"),
        "km²": ("un chilometro quadrato", "chilometri quadrati"),
        "m³": ("un metro cubo", "metri cubi"),
        "km/h": ("un chilometro orario", "chilometri orari"),
        "m/s": ("un metro al secondo", "metri al secondo"),
        "°C": ("un grado Celsius", "gradi Celsius"),
        "°F": ("un grado Fahrenheit", "gradi Fahrenheit"),
        "min": ("un minuto", "minuti"),
        "min.": ("un minuto", "minuti"),
        "h": ("un'ora", "ore"),
        "s": ("un secondo", "secondi"),
        "kWh": ("un chilowattora", "chilowattora"),
        "kW": ("un chilowatt", "chilowatt"),
        # Spelt so that espeak says them in the English way.
        "MB": ("un megabait", "megabait"),
        "GB": ("un gigabait", "gigabait"),
        "GHz": ("un gigahertz", "gigahertz"),
    },
    cents=" e ",
    scales={
        "milione": "milione",
        "milioni": "milioni",
        "mln": "milioni",
        "miliardo": "miliardo",
        "miliardi": "miliardi",
        "mld": "miliardi",
    },
    of=" di ",
    titles={
        "sig.": "signor",
        "sig.ra": "signora",
        "sig.na": "signorina",
        "sigg.": "signori",
        "dott.": "dottor",
        "dott.ssa": "dottoressa",
        "dr.": "dottor",
        "prof.": "professor",
        "prof.ssa": "professoressa",
        "ing.": "ingegner",
        "avv.": "avvocato",
        "on.": "onorevole",
    },
    starters=words("Il La Lo I Gli Le Un Una È In E Ma Non Si Con Di Per A Al Io Poi"),
    numbered={
        "pag.": "pagina",
        "pagg.": "pagine",
        "p.": "pagina",
        "n.": "numero",
        "n°": "numero",
        "cap.": "capitolo",
        "art.": "articolo",
        "fig.": "figura",
    },
    shorts={
        "ecc.": "eccetera",
        "p. es.": "per esempio",
        "ad es.": "ad esempio",
        "a. C.": "avanti Cristo",
        "d. C.": "dopo Cristo",
        "ca.": "circa",
        "p.zza": "piazza",
        "v.le": "viale",
        "c.so": "corso",
        "l.go": "largo",
        "tel.": "telefono",
    },
    scores=frozenset(
        words("vinto vince vinse perso perde battuto batte vittoria sconfitta risultato")
    ),
    closing=frozenset({"ecc."}),
)
_MONTHS = words(
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)
_STEMS = words("prim second terz quart quint sest settim ottav non decim")
_WHOLE = words(
    "zero uno due tre quattro cinque sei sette otto nove dieci undici dodici tredici "
    "quattordici quindici sedici diciassette diciotto diciannove"
)
_TENS = {2: "venti", 3: "trenta", 4: "quaranta", 5: "cinquanta", 6: "sessanta", 7: "settanta"}
_ONES_AFTER_EIGHTY = ("", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove")
# Women and those of a vowel or S with a consonant are called otherwise.
_SAINT = re.compile(
    r"(?<![\w.])(?<!\. )S\. (?=(?:Pietro|Paolo|Giovanni|Marco|Martino|Lorenzo|Francesco|Giuseppe"
    r"|Giorgio|Michele|Nicola|Carlo|Gennaro|Benedetto|Domenico|Bernardo|Giacomo|Luca|Matteo"
    r"|Tommaso|Vincenzo|Siro|Donato|Rocco|Filippo|Bartolomeo|Vitale|Zeno)\b)"
)
_SAINTESS = re.compile(
    r"(?<![\w.])(?<!\. )S\. (?=(?:Maria|Chiara|Lucia|Caterina|Teresa|Rita|Croce|Cecilia|Margherita"
    r"|Giulia|Barbara)\b)"
)
_CENTURY = re.compile(rf"\b([Ss])ec\. ({NUMERAL})\b(?P<end>\.$)?")
_NAME = re.compile(
    r"\b(?!(?:Piazza|Via|Chiesa|Basilica|Campo|Ponte|Porta|Monte|Ospedale|Isola|Da|Di|Per|Con|Tra)\b)"
    r"[A-Z]\w+ $"
)
# "20°" is a temperature, if it is no floor or day.
_DAY = re.compile(
    rf"(?<![\w.,:/'’-])1[°º]? (?=(?:(?:al|e il) \d{{1,2}} )?(?:{'|'.join(_MONTHS)})\b)"
)
_PLACE = re.compile(
    r"(?<![\w.,-])([1-9]\d?)° (?=(?:piano|posto|premio|turno|tempo|livello|capitolo|atto|anno"
    r"|secolo|gruppo|classificato|figlio|punto|articolo|tentativo|giorno)\b)"
)
_ORDINAL = re.compile(r"(?<![\w.,-])([1-9]\d?)([ºª])(?![\wºª])")
_DEGREE = re.compile(
    r"(?P<before>\b(?:[Ii]l|[Dd]el|[Aa]l|[Nn]el|[Uu]n|[Ss]ul|[Dd]al) )([1-9]\d?)°"
    r"(?! ?[CFK]\b)(?= [a-z])"
)
_ELIDED = re.compile(r"\b([Ll]['’])(1|8\d?|11)(?:,(\d+))?(?![\d.:-])")
_WHEN = When(
    before="alle|dalle|delle|le|ore|all['’]|dall['’]",
    since="tra le|fra le|dalle",
    joins="alle|e le|e",
    marked="(?!)",
    lasting=r"ore|or[ae]\b|(?:del|nel|di) (?:video|film|clip|brano)",
    ratios=r"vint\w|vince\w*|pers\w|perde\w*|scala|rapporto|risultato|punteggio",
)
_POINT_CLOCK = re.compile(r"\b((?:alle|dalle|ore|le) )([01]?\d|2[0-4])\.([0-5]\d)\b(?![.,]?\d)")


def read(sentence: str) -> str:
    """An Italian sentence as an engine should get it."""
    sentence = _SAINTESS.sub(
        partial(_saint, "Santa "), _SAINT.sub(partial(_saint, "San "), sentence)
    )
    sentence = _CENTURY.sub(_century, sentence)
    sentence = say_kings(sentence, RULERS, lambda number, woman: _ordinal(number, "oa"[woman]))
    sentence = say_fractions(sentence, ITALIAN, _WORDS)
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = _POINT_CLOCK.sub(lambda m: m[1] + _time(int(m[2]), int(m[3])), sentence)
    sentence = say_bare_times(sentence, _WHEN, _time, _WORDS.to)
    sentence = _DAY.sub("primo ", sentence)
    sentence = _ORDINAL.sub(lambda m: _ordinal(int(m[1]), "a" if m[2] == "ª" else "o"), sentence)
    sentence = _PLACE.sub(lambda m: _ordinal(int(m[1]), "o") + " ", sentence)
    sentence = _DEGREE.sub(lambda m: m["before"] + _ordinal(int(m[2]), "o"), sentence)
    sentence = say_all(sentence, _WORDS)
    return _ELIDED.sub(_elided, sentence)


def _saint(title: str, match: re.Match[str]) -> str:
    # "John S. Marco" is none.
    return match[0] if _NAME.search(match.string[: match.start()]) else title


def _century(match: re.Match[str]) -> str:
    number = roman(match[2])
    return f"{match[1]}ecolo {_ordinal(number, 'o')}{match['end'] or ''}" if number else match[0]


def _ordinal(number: int, ending: str) -> str:
    """The word of an ordinal up to 99, with its last letter."""
    if number <= 10:
        return _STEMS[number - 1] + ending
    word = _cardinal(number)
    if word.endswith("tré"):
        return f"{word[:-1]}eesim{ending}"
    return (word if word.endswith("sei") else word[:-1]) + "esim" + ending


def _cardinal(number: int) -> str:
    if number < 20:
        return _WHOLE[number]
    ten, one = divmod(number, 10)
    tens = {8: "ottanta", 9: "novanta"}.get(ten) or _TENS[ten]
    if one in (1, 8):
        tens = tens[:-1]
    return tens + ("tré" if one == 3 else _ONES_AFTER_EIGHTY[one])


def _elided(match: re.Match[str]) -> str:
    """In letters, for espeak reads the article before figures as the letter it is."""
    decimals = f" virgola {match[3]}" if match[3] else ""
    return match[1] + _cardinal(int(match[2])) + decimals


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{'primo' if day == 1 else day} {_MONTHS[month - 1]} {year}"


def _time(hour: int, minute: int) -> str:
    if not hour and not minute:
        return "mezzanotte"
    return f"{hour} e {minute}" if minute else str(hour)
