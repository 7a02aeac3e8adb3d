"""Portuguese: abbreviations, ordinals, dates, times, money and measures."""

import re

from synclips.speech.readings.fractions import PORTUGUESE, say_fractions
from synclips.speech.readings.kings import PORTUGUESE as RULERS
from synclips.speech.readings.kings import say_kings
from synclips.speech.readings.moments import When, clock, say_bare_times, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, words

_CENTAVOS = ("um centavo", "centavos")
_CENTS = ("um cêntimo", "cêntimos")
_WORDS = Wording(
    to="a",
    group="[ .\u00a0\u202f]\\d{3}",
    money={
        "R$": ("um real", "reais", *_CENTAVOS),
        "€": ("um euro", "euros", *_CENTS),
        "EUR": ("um euro", "euros", *_CENTS),
        "$": ("um dólar", "dólares", *_CENTAVOS),
        "US$": ("um dólar", "dólares", *_CENTAVOS),
        "£": ("uma libra", "libras", "um péni", "pence"),
        "¥": ("um iene", "ienes"),
        "₹": ("uma rupia", "rupias"),
        "₽": ("um rublo", "rublos"),
        "₺": ("uma lira turca", "liras turcas"),
        "zł": ("um zlóti", "zlótis"),
        "CHF": ("um franco suíço", "francos suíços", *_CENTS),
        "kr": ("uma coroa", "coroas"),
    },
    units={
        "km": ("um quilômetro", "quilômetros"),
        "m": ("um metro", "metros"),
        "cm": ("um centímetro", "centímetros"),
        "mm": ("um milímetro", "milímetros"),
        "kg": ("um quilo", "quilos"),
        "g": ("um grama", "gramas"),
        "mg": ("um miligrama", "miligramas"),
        "l": ("um litro", "litros"),
        "ml": ("um mililitro", "mililitros"),
        "m²": ("um metro quadrado", "metros quadrados"),
        "km²": ("um quilômetro quadrado", "quilômetros quadrados"),
        "m³": ("um metro cúbico", "metros cúbicos"),
        "km/h": ("um quilômetro por hora", "quilômetros por hora"),
        "m/s": ("um metro por segundo", "metros por segundo"),
        "°C": ("um grau Celsius", "graus Celsius"),
        "ºC": ("um grau Celsius", "graus Celsius"),
        "°F": ("um grau Fahrenheit", "graus Fahrenheit"),
        "min": ("um minuto", "minutos"),
        "min.": ("um minuto", "minutos"),
        "s": ("um segundo", "segundos"),
        "kWh": ("um quilowatt-hora", "quilowatts-hora"),
        "kW": ("um quilowatt", "quilowatts"),
        # Spelt so that espeak says them in the English way.
        "MB": ("um megabaite", "megabaites"),
        "GB": ("um gigabaite", "gigabaites"),
        "GHz": ("um gigahertz", "gigahertz"),
    },
    cents=" e ",
    scales={
        "mil": "mil",
        "milhão": "milhão",
        "milhões": "milhões",
        "mi": "milhões",
        "bilhão": "bilhão",
        "bilhões": "bilhões",
        "bi": "bilhões",
    },
    of=" de ",
    titles={
        "Exmo.": "excelentíssimo",
        "Exma.": "excelentíssima",
        "sr.": "senhor",
        "sra.": "senhora",
        "srta.": "senhorita",
        "dr.": "doutor",
        "dra.": "doutora",
        "Cia.": "companhia",
        "Prof.": "professor",
        "Profa.": "professora",
        "D.": "dona",
    },
    starters=words("O A Os As Um Uma É Em E Mas Não Se Com De Por No Na Eu Há Ao"),
    numbered={
        "n.º": "número",
        "nº": "número",
        "n°": "número",
        "pág.": "página",
        "pp.": "páginas",
        "apto.": "apartamento",
        "p.": "página",
        "art.": "artigo",
        "cap.": "capítulo",
        "tel.": "telefone",
    },
    shorts={
        "p. ex.": "por exemplo",
        "etc.": "etcétera",
        "a. C.": "antes de Cristo",
        "d. C.": "depois de Cristo",
        "aprox.": "aproximadamente",
        "av.": "avenida",
    },
    scores=frozenset(
        words("venceu vence ganhou ganha perdeu perde empatou vitória derrota placar")
    ),
    closing=frozenset({"etc."}),
)
_MONTHS = words(
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"
)
_STREET = re.compile(r"(?<=\b(?:[Nn]a|[Dd]a) )R\. (?=[A-ZÀ-Ý]\w)")
_FIRST = re.compile(rf"(?<![\w.,:/-])1 (?=de (?:{'|'.join(_MONTHS)})\b)")
_STEMS = words("primeir segund terceir quart quint sext sétim oitav non décim")
_ORDINAL = re.compile(r"(?<![\w.,])(10|[1-9])\.?([ºª])(?!\w)")
# Men, too, are "D." in Portugal and of old.
_LORD = re.compile(
    r"(?<![\w.])D\. (?=(?:Pedro|João|Manuel|Afonso|Sebastião|Dinis|Miguel|Henrique)\b)"
)
_H = clock("hH")
_CLOCK = clock(":", " ?h(?!\\w)")
_WHEN = When(
    before="às|as|pelas|à|das",
    since="das|de|entre as|entre",
    joins="às|a|e as|e",
    marked=r"[hH]\b",
    lasting=r"horas?|(?:do|no) (?:vídeo|filme|clipe)",
    ratios=r"ganh\w+|perd\w+|venc\w+|escala|proporção|relação|placar",
    hours="horas?",
)
_HOURS = re.compile(r"(?<![\w:.,/-])([01]?\d|2[0-4]) ?h(?![\w/'’]| ?\d)")


def read(sentence: str) -> str:
    """A Portuguese sentence as an engine should get it."""
    sentence = _STREET.sub("rua ", _LORD.sub("dom ", sentence))
    sentence = say_kings(sentence, RULERS, lambda number, woman: _STEMS[number - 1] + "oa"[woman])
    sentence = _FIRST.sub("primeiro ", sentence)
    sentence = say_fractions(sentence, PORTUGUESE, _WORDS)
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = say_bare_times(sentence, _WHEN, _time, _WORDS.to)
    for pattern in (_H, _CLOCK):
        sentence = say_times(sentence, pattern, _time, _WORDS.to)
    sentence = _HOURS.sub(lambda match: _time(int(match[1]), 0), sentence)
    sentence = _ORDINAL.sub(
        lambda match: _STEMS[int(match[1]) - 1] + ("a" if match[2] == "ª" else "o"), sentence
    )
    return say_all(sentence, _WORDS)


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{'primeiro' if day == 1 else day} de {_MONTHS[month - 1]} de {year}"


def _time(hour: int, minute: int) -> str:
    # Hours are feminine, which espeak does not know of figures.
    words = {1: "uma", 2: "duas", 21: "vinte e uma", 22: "vinte e duas"}
    said = f"{words.get(hour, hour)} {'hora' if hour == 1 else 'horas'}"
    return f"{said} e {minute}" if minute else said
