"""Turkish: abbreviations, dates, times, percentages, money and measures."""

import re

from synclips.speech.readings.moments import clock, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, words

_WORDS = Wording(
    to="ila",
    forms=1,
    money={
        "₺": ("lira", "kuruş"),
        "TL": ("lira", "kuruş"),
        "€": ("avro", "sent"),
        "$": ("dolar", "sent"),
        "£": ("sterlin", "peni"),
        "¥": ("yen",),
        "₹": ("rupi",),
        "₽": ("ruble",),
        "R$": ("real",),
        "zł": ("zloti",),
        "CHF": ("İsviçre frangı",),
        "kr": ("kron",),
    },
    units={
        "km": ("kilometre",),
        "m": ("metre",),
        "cm": ("santimetre",),
        "mm": ("milimetre",),
        "kg": ("kilo",),
        "g": ("gram",),
        "gr": ("gram",),
        "ml": ("mililitre",),
        "m²": ("metrekare",),
        "°C": ("santigrat derece",),
        "kWh": ("kilovatsaat",),
        "MB": ("megabayt",),
        "GB": ("gigabayt",),
    },
    scales={"milyon": "milyon", "milyar": "milyar", "bin": "bin"},
    titles={
        "Dr.": "Doktor",
        "Prof.": "Profesör",
        "Doç.": "Doçent",
        "Av.": "Avukat",
        "Sn.": "Sayın",
    },
    numbered={"No:": "numara", "s.": "sayfa"},
    shorts={"vb.": "ve benzeri", "vs.": "vesaire", "örn.": "örneğin"},
    closing=frozenset({"vb.", "vs."}),
)
_MONTHS = words("Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık")
_PERCENT = re.compile(r"(?<![\w.,%])(\d+(?:[.,]\d+)?) ?%(?![\w\d])|%(?= ?\d)")


def read(sentence: str) -> str:
    """A Turkish sentence as an engine should get it."""
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = say_times(sentence, clock(), _time, _WORDS.to)
    sentence = _PERCENT.sub(lambda match: f"yüzde {match[1] or ''}", sentence)
    return say_all(sentence, _WORDS)


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{day} {_MONTHS[month - 1]} {year}"


def _time(hour: int, minute: int) -> str:
    return f"{hour} {minute}" if minute else str(hour)
