"""German: abbreviations, ordinals, dates, years, times, money and measures."""

import re

from synclips.speech.readings.german_words import WORDS
from synclips.speech.readings.moments import When, clock, say_bare_times, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.roman import roman
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.wording import words

MONTHS = words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
_STREET = re.compile(r"(?P<name>[a-zäöüß-])(?P<s>[sS])tr\.(?=\s|$)|\bStr\.(?=\s[a-z\dA-Z]|$)")
_FRIDAY = re.compile(r"\b([Aa]m) Fr\.(?= (?:Abend|Morgen|Mittag|Nachmittag|Vormittag)\b)")
_BARE_PREPOSITIONS = frozenset(words("ab bis seit nach vor zwischen"))
_ROMAN = re.compile(r"\b(Kapitel|Teil|Band|Akt|Weltkrieg|Artikel) ([IVX]+)\b(?!\.)")

_ONES = words("null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf")
_TENS = ("", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig")
_IRREGULAR = {1: "erst", 3: "dritt", 7: "siebt", 8: "acht", 16: "sechzehnt", 17: "siebzehnt"}
_GENDERS = {
    **dict.fromkeys(
        words("Platz Weltkrieg Stock Teil Band Akt Tag Preis Sieg Versuch Schritt Bezirk"),
        "er",
    ),
    **dict.fromkeys(
        words(
            "Klasse Etage Liga Bundesliga Auflage Runde Staffel Folge Woche Stunde Minute Frage "
            "Frau Person Familie Schule Seite"
        ),
        "e",
    ),
    **dict.fromkeys(words("Jahrhundert Jahrtausend Kapitel Mal Obergeschoss Semester"), "es"),
}
_OBLIQUE = frozenset(
    words("""
    am im vom zum zur beim dem den des einen einem einer eines jedem jeden jeder jedes diesem diesen
    dieser dieses meinem meinen seinem seinen ihrem ihren unserem unseren ab bis seit nach vor
    zwischen
    """)
)
# Of men in the nominative, unless a preposition or a woman is with them.
_EACH = frozenset(words("jeder dieser jener"))
_DIRECT = frozenset(words("der die das eine diese jede meine seine ihre unsere"))
_PREPOSITIONS = frozenset(
    words("in an auf mit von bei nach zu aus seit vor unter über neben während wegen trotz ab")
)
# What begins a sentence after a number that ended one: "Er ist 3. Das weiß ich."
_STARTERS = frozenset(
    words("""
    Aber Alle Als Am An Auch Auf Aus Bei Da Danach Dann Das Dein Der Deshalb Die Dies Diese Dieser
    Doch Du Ein Eine Er Es Für Heute Hier Ich Ihr Im In Ja Jetzt Kein Man Mein Mit Nach Nein Nicht
    Nun Nur Ob Oder Schon Sein Seit Sie So Und Von Vor Wann Warum Was Wenn Wer Wie Wir Wo Zu Zum
    """)
)
_ON_DAY = re.compile(r"\b(?:[Aa]m|[Vv]om|[Zz]um|[Bb]is) (?:\w+tag|Mittwoch|Sonnabend), $")
_ORDINALS = re.compile(
    r"(?<![\w.,:/-])(?P<first>\d{1,2})\.(?: (?P<join>und|oder|bis|bis zum) (?P<second>\d{1,2})\.)?"
    r" (?P<noun>[A-ZÄÖÜ][\wäöüß]+)"
)
_SHORT_DATE = re.compile(
    r"\b([Aa]m|[Vv]om|[Zz]um|[Bb]is|[Aa]b|[Ss]eit|[Dd]er|[Dd]en|[Dd]em)"
    r" (\d{1,2})\.(\d{1,2})\.(?!\d)"
)
_YEAR = re.compile(
    r"(?P<before>\b(?:Jahre?s?|[Ss]eit|[Aa]nno|Ende|Anfang|Mitte|Sommer|Winter|Herbst|Frühjahr"
    rf"|Frühling|Weihnachten|Ostern|{'|'.join(MONTHS)}) |\(|^|(?<![\d.,/-])"
    r"(?=1[1-9]\d\d[-\u2013](?:1[1-9]|20)\d\d))(?P<year>1[1-9]\d\d)"
    r"(?P<after>(?:[-\u2013]| bis )(?:1[1-9]|20)\d\d)?\b(?![.,:]\d|[-\u2013/]\w| ?[€$%°]| [A-ZÄÖÜ])"
)
_UHR = clock(":.", " ?Uhr")
_HOURS = clock(":", " ?h(?![a-z])")
_WHEN = When(
    before="um|ab|bis|gegen|seit|vor|nach",
    since="von|zwischen",
    joins="bis|und",
    marked=r"(?:Uhr|h)\b",
    lasting=r"Stunden?|Std|(?:im|in|des|vom) (?:\w+ )?(?:Video|Film|Clip|Satz|Lied|Song|Rückstand)",
    ratios=r"verl\w+|gew[ao]\w+|siegt\w+|Sieg|Niederlage|S[aä]tze?|Maßstab|Maßstäbe|Verhältnis|Endstand|Spielstand|Ergebnis|Stand",
)


def read(sentence: str) -> str:
    """A German sentence as an engine should get it."""
    sentence = _FRIDAY.sub(r"\1 Freitag", sentence)
    sentence = _STREET.sub(_street, sentence)
    sentence = _ROMAN.sub(lambda match: f"{match[1]} {_roman(match[2])}", sentence)
    sentence = say_abbreviations(sentence, WORDS)
    sentence = say_dates(sentence, _date)
    sentence = _SHORT_DATE.sub(_short_date, sentence)
    sentence = _ORDINALS.sub(_ordinals, sentence)
    sentence = say_bare_times(sentence, _WHEN, _time, WORDS.to)
    for pattern in (_UHR, _HOURS):
        sentence = say_times(sentence, pattern, _time, WORDS.to)
    sentence = _YEAR.sub(_years, sentence)
    return say_all(sentence, WORDS)


def _street(match: re.Match[str]) -> str:
    name = match["name"]
    return f"{name}{match['s']}traße" if name else "Straße"


def _ordinal(number: int, ending: str) -> str:
    """The word of an ordinal up to 99 with an ending after its "t": "e", "en", "er"."""
    if number in _IRREGULAR:
        return _IRREGULAR[number] + ending
    if number < 20:
        return (_ONES[number] if number <= 12 else f"{_ONES[number - 10]}zehn") + "t" + ending
    tens, one = divmod(number, 10)
    ten = "neunzig" if tens == 9 else _TENS[tens]
    return (f"{'ein' if one == 1 else _ONES[one]}und" if one else "") + ten + "st" + ending


def _ending(before: str, noun: str) -> str | None:
    """What an ordinal gets after the words before it; None where that cannot be told."""
    said = before.replace(",", " , ").split()
    last = said[-1].lower() if said else ""
    earlier = said[-2].lower() if len(said) > 1 else ""
    month = noun in MONTHS
    if last == "der" and (earlier in _PREPOSITIONS or _GENDERS.get(noun) == "e"):
        return "en"
    if last in _EACH:
        return "en" if earlier in _PREPOSITIONS or _GENDERS.get(noun) == "e" else "e"
    if last in _DIRECT:
        return "e"
    if last in _OBLIQUE and (month or last not in _BARE_PREPOSITIONS):
        return "en"
    if month:
        return "en" if _ON_DAY.search(before) else "er"
    return _GENDERS.get(noun) if not last or last in (",", ":", "(") else None


def _ordinals(match: re.Match[str]) -> str:
    first, noun = int(match["first"]), match["noun"]
    if noun in _STARTERS or not first:
        return match[0]
    before = match.string[: match.start()]
    ending = _ending(before, noun)
    if ending is None:
        return match[0]
    said = _ordinal(first, ending)
    if match["second"]:
        join = match["join"]
        said += f" {join} {_ordinal(int(match['second']), 'en' if 'bis' in join else ending)}"
    return f"{said} {noun}"


def _date(day: int, month: int, year: str, before: str) -> str:
    said = f"{_ordinal(day, _ending(before, MONTHS[month - 1]) or 'er')} {MONTHS[month - 1]}"
    return f"{said} {_year(year)}"


def _short_date(match: re.Match[str]) -> str:
    day, month = int(match[2]), int(match[3])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return match[0]
    name = MONTHS[month - 1]
    ends = "." if match.end() == len(match.string) else ""
    ending = _ending(match.string[: match.end(1)], name) or "en"
    return f"{match[1]} {_ordinal(day, ending)} {name}{ends}"


def _year(year: str) -> str:
    """Of 1100 to 1999 in hundreds, not in thousands, as years are said."""
    if not 1100 <= int(year) < 2000:
        return year
    teens = words("elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn")
    hundreds = f"{teens[int(year[1]) - 1]}hundert"
    return f"{hundreds} {int(year[2:])}" if year[2:] != "00" else hundreds


def _years(match: re.Match[str]) -> str:
    """A year, and the one to which it lasts."""
    if not match["before"] and not match["after"] and not _goes_on_small(match):
        return match[0]
    after = match["after"] or ""
    said = f"{match['before']}{_year(match['year'])}"
    return said + (f" bis {_year(after[-4:])}" if after else "")


def _goes_on_small(match: re.Match[str]) -> bool:
    """Whether a verb may follow, as in "1998 kam er"."""
    return re.match(" [a-zäöü]", match.string[match.end() :]) is not None


def _time(hour: int, minute: int) -> str:
    said = "ein Uhr" if hour == 1 else f"{hour} Uhr"
    return f"{said} {minute}" if minute else said


def _roman(numeral: str) -> str:
    value = roman(numeral)
    return str(value) if value else numeral
