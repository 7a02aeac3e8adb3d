"""Dutch: abbreviations, dates, times, money and measures."""

from synclips.speech.readings.moments import When, clock, say_bare_times, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import Wording, words

_CENTS = ("één cent", "cent")
_WORDS = Wording(
    to="tot",
    money={
        "€": ("één euro", "euro", *_CENTS),
        "EUR": ("één euro", "euro", *_CENTS),
        "$": ("één dollar", "dollar", *_CENTS),
        "US$": ("één Amerikaanse dollar", "Amerikaanse dollar", *_CENTS),
        "£": ("één pond", "pond", "één penny", "pence"),
        "¥": ("één yen", "yen"),
        "₹": ("één roepie", "roepie"),
        "₽": ("één roebel", "roebel"),
        "₺": ("één lira", "lira"),
        "R$": ("één real", "real"),
        "zł": ("één zloty", "zloty"),
        "CHF": ("één Zwitserse frank", "Zwitserse frank"),
        "kr": ("één kroon", "kronen"),
    },
    units={
        "km": ("één kilometer", "kilometer"),
        "m": ("één meter", "meter"),
        "cm": ("één centimeter", "centimeter"),
        "mm": ("één millimeter", "millimeter"),
        "kg": ("één kilo", "kilo"),
        "g": ("één gram", "gram"),
        "mg": ("één milligram", "milligram"),
        "l": ("één liter", "liter"),
        "ml": ("één milliliter", "milliliter"),
        "m²": ("één vierkante meter", "vierkante meter"),
        "m³": ("één kubieke meter", "kubieke meter"),
        "km/u": ("één kilometer per uur", "kilometer per uur"),
        "km/h": ("één kilometer per uur", "kilometer per uur"),
        "°C": ("één graad Celsius", "graden Celsius"),
        "min": ("één minuut", "minuten"),
        "kWh": ("één kilowattuur", "kilowattuur"),
        # Spelt so that espeak says them in the English way.
        "MB": ("één megabajt", "megabajt"),
        "GB": ("één gigabajt", "gigabajt"),
    },
    cents=" en ",
    bare_cents=True,
    scales={"mln.": "miljoen", "miljoen": "miljoen", "mld.": "miljard", "miljard": "miljard"},
    titles={
        "dhr.": "de heer",
        "mevr.": "mevrouw",
        "mw.": "mevrouw",
        "dr.": "doctor",
        "prof.": "professor",
        "ir.": "ingenieur",
        "drs.": "doctorandus",
        "St.": "Sint",
    },
    numbered={"nr.": "nummer", "blz.": "bladzijde", "hfst.": "hoofdstuk", "art.": "artikel"},
    shorts={
        "bijv.": "bijvoorbeeld",
        "bv.": "bijvoorbeeld",
        "enz.": "enzovoort",
        "o. a.": "onder andere",
        "m. a. w.": "met andere woorden",
        "d. w. z.": "dat wil zeggen",
        "i. p. v.": "in plaats van",
        "t. o. v.": "ten opzichte van",
        "a. u. b.": "alstublieft",
        "i. v. m.": "in verband met",
        "t/m": "tot en met",
        "ca.": "circa",
        "incl.": "inclusief",
        "excl.": "exclusief",
        "etc.": "et cetera",
    },
    scores=frozenset(words("won wint gewonnen verloor verliest verloren versloeg winst stand")),
    closing=frozenset({"enz.", "etc.", "a. u. b."}),
)
_MONTHS = words(
    "januari februari maart april mei juni juli augustus september oktober november december"
)
_UUR = clock(".:", " ?u(?:ur)?(?!\\w)")


_WHEN = When(
    before="om|vanaf|tot|rond|sinds|voor|na",
    since="van|tussen",
    joins="tot|en",
    marked=r"u(?:ur)?\b",
    lasting=r"uren|(?:in|van) de (?:video|film|clip)",
    ratios="won|wint|gewonnen|verloor|verliest|verloren|schaal|verhouding|stand",
)


def read(sentence: str) -> str:
    """A Dutch sentence as an engine should get it."""
    sentence = say_abbreviations(sentence, _WORDS)
    sentence = say_dates(sentence, _date)
    sentence = say_bare_times(sentence, _WHEN, _time, _WORDS.to)
    sentence = say_times(sentence, _UUR, _time, _WORDS.to)
    return say_all(sentence, _WORDS)


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{day} {_MONTHS[month - 1]} {year}"


def _time(hour: int, minute: int) -> str:
    return f"{hour} uur {minute}" if minute else f"{hour} uur"
