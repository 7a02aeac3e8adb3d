"""Full stops that end no sentence: those of abbreviations, initials and ordinals.

Knows what is usual in a few languages. What it cannot tell it takes for no end; `is_abbreviation`
is stricter, for where a missed end is heard.
"""

import re

RANKS = {
    "Lt": "Lieutenant",
    "Capt": "Captain",
    "Sgt": "Sergeant",
    "Col": "Colonel",
    "Gen": "General",
    "Adm": "Admiral",
    "Maj": "Major",
    "Gov": "Governor",
    "Sen": "Senator",
    "Rep": "Representative",
    "Rev": "Reverend",
    "Prof": "Professor",
    "Pres": "President",
    "Cmdr": "Commander",
    "Cpl": "Corporal",
    "Pvt": "Private",
}
"""English ranks before a name, and what is said."""

SHORT_MONTHS = {
    "Jan": "January",
    "Feb": "February",
    "Mar": "March",
    "Apr": "April",
    "Jun": "June",
    "Jul": "July",
    "Aug": "August",
    "Sep": "September",
    "Sept": "September",
    "Oct": "October",
    "Nov": "November",
    "Dec": "December",
}
"""English months before a day, and what is said."""

_RANKS = frozenset(rank.lower() for rank in RANKS)
_MONTHS = frozenset(month.lower() for month in SHORT_MONTHS)
# A name or a number follows these, so that the sentence cannot end there.
_TITLES = frozenset(
    """
    mr mrs ms dr st mt messrs hon vs approx cf pp vol chap fig e.g i.e z.b d.h u.a bzw hr fr nr
    bspw evtl ggf mio mrd m mme mlle sra srta sres dra sig dott avv dhr mevr
    hrn frl inkl exkl zzgl bzgl vgl tsd mgr dña profa bijv mw ul św ks sn doç av ул проф св
    drs incl excl
    """.split()  # noqa: SIM905
)
_OTHERS = frozenset(
    """
    sr jr dept est inc ltd co corp al p ca usw str tel ud uds ave blvd rd mon tue tues wed thu thur
    thurs fri
    """.split()  # noqa: SIM905
)
_OF_DAY = frozenset({"a.m", "p.m"})
_PLACES = frozenset({"l.a", "d.c", "n.y"})
_AFTER_TIME = re.compile(
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:[ECMP][SD]?T|GMT|UTC|BST)\b"
    r"|(?:Eastern|Central|Mountain|Pacific)\b"
)
_GERMAN_MONTHS = re.compile(r"(?:Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\w*")
_BEFORE_NUMBERS = frozenset({"no", "nos"})
# Before a small letter these are no ends either; after "sun." or "min." a sentence may begin.
_BEFORE_SMALL = frozenset(
    """
    etc ecc enz tbsp tsp fri thu thur thurs tues hr hrs mins secs oz lb lbs ft yd qt gal dept govt
    misc esp max máx mín aprox env inkl insb allg ehem sog geb gest resp evt ed éd hab
    """.split()  # noqa: SIM905
)
# Of other languages, whole words of English among them.
_BEFORE_FIGURES = frozenset(
    """
    abb abs kap art bd pág págs pag pagg núm num cap nr blz hfst стр рис гл кв str godz rozdz
    aprox env op figs ch sec sect ext apt ste eq
    """.split()  # noqa: SIM905
)
# "Ok. 20 people came" are two sentences, so that what is counted has to be Polish.
_ABOUT = re.compile(
    r"\d[\d., ]*(?:tys\.|mln|zł|osób|osoby|ludzi|minut|godzin|lat|proc|dni|tygodni|miesięcy)"
)
# "Дал им. Она" are two sentences as well.
_IN_NAME_OF = re.compile(
    r"\b(?:театр|университет|институт|парк|завод|музе|библиотек|школ|улиц|площад|станци|метро"
    r"|колхоз|академи|больниц|стадион|сад|аэропорт|фабрик|консерватори|премии|премия)\w{0,3} им$",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+")  # U.S, p.m, Ph.D
_STARTERS = frozenset(
    """
    a all an and but everybody everyone he her here his how i if in it my no nobody not now of or
    our she so that the their then there these they this those we what when where who why yes you
    your
    """.split()  # noqa: SIM905
)
# Of other languages, written just so, before a name: "sta." is a word of Italian, "Sta." is none.
_BEFORE_NAMES = frozenset(
    """
    bd boul fg ing geom rag gent.ma gent.mo egr spett pza plza avda Sto Sta Pza Plza Avda Gral Lic
    Ilmo Ilma Exmo Exma Excmo Excma Cia Cía Dpto डॉ प्रो श्री श्रीमती पं
    """.split()  # noqa: SIM905
)
# Before a number of any kind.
_BEFORE_NUMERALS = frozenset("apt apto appt sec séc रु".split())  # noqa: SIM905
_NUMERAL_AFTER = re.compile(r"\d|(?:[IVX]{2,}|[VX])\b")
_ELIDED = re.compile(r"^\w{1,4}['’]")
_HONOURABLE = re.compile(r"\b(?:[Ll]|[Dd]ell|[Aa]ll|[Dd]all)['’][Oo]n$")  # "on" alone is English
_MESSIEURS = re.compile(r"(?<!\d )\bMM$")  # before French names; after a number a unit
_INITIAL = re.compile(r"[A-Z]\.")
_WORD = re.compile(r"[^\W\d_]+")
# Characters looked at before and after a full stop; more takes a time that grows with the text.
_AROUND = 60


def goes_on(text: str, start: int, stop: int) -> bool:
    """Whether marks before a space seem not to end the sentence.

    Args:
        text: What they stand in.
        start: Where they begin.
        stop: Where the next word may begin.
    """
    after = text[stop : stop + _AROUND].lstrip()
    if after[:1].islower():
        return True
    if text[start:stop].strip() != ".":
        return False
    word = _word_before(text, start)
    if is_abbreviation(text, start, stop) or word in _OTHERS or word.endswith("str"):
        return True  # streets in German
    if word in _BEFORE_FIGURES and after[:1].isdigit():
        return True
    if word == "ok" and _ABOUT.match(after):
        return True
    if word == "им" and after[:1].isupper():
        return _IN_NAME_OF.search(text[max(start - _AROUND, 0) : start]) is not None
    if word == "ee" and after.startswith("UU"):  # "EE. UU."
        return True
    if _MESSIEURS.search(text[max(start - 5, 0) : start]):
        return True
    if word.isdigit():
        return _is_ordinal(word)  # as in German
    if word in _OF_DAY:
        return _AFTER_TIME.match(after) is not None
    if _DOTTED.fullmatch(word):
        return not _begins_a_sentence(after)
    return len(word) == 1 and word != word.upper() and word != "i"


def is_abbreviation(text: str, start: int, stop: int) -> bool:
    """Whether a full stop certainly belongs to a word, arguments as of `goes_on`."""
    after = text[stop : stop + _AROUND].lstrip()
    word = _word_before(text, start)
    if word in _TITLES or _is_of_a_name(text[max(start - 20, 0) : start], after):
        return True
    if after[:1].islower():  # "3. maj", "XIV. war", "et al. found", "d. h."
        roman = re.fullmatch("[ivxlc]+", word) is not None and text[start - 1].isupper()
        known = word in _OTHERS | _RANKS | _MONTHS | _BEFORE_SMALL
        letter = len(word) == 1 and word.isalpha() and word not in ("i", "a")
        return roman or known or letter or _is_ordinal(word) or bool(_DOTTED.fullmatch(word))
    if word in _RANKS:
        return after[:1].isupper() and not _begins_a_sentence(after)
    if after[:1].isdigit():
        numbered = word in _BEFORE_NUMBERS | _MONTHS | _BEFORE_FIGURES or word in ("ca", "tel", "p")
        return numbered or word.endswith("str")
    if _is_ordinal(word):
        return _GERMAN_MONTHS.match(after) is not None
    before = text[max(start - 1 - _AROUND, 0) : max(start - 1, 0)].rstrip()
    initial = len(word) == 1 and word != word.upper() and text[start - 1].isupper()
    # "J. K. Rowling" and "John F. Kennedy", but not "plan B. It works".
    named = not before or before[-1] == "." or before.split()[-1][:1].isupper()
    named = named or _INITIAL.match(after) is not None
    return initial and named and after[:1].isupper() and not _begins_a_sentence(after)


def _is_of_a_name(before: str, after: str) -> bool:
    """Whether what stands before a full stop goes with the name or the number after it."""
    word = before.split()[-1].lstrip("(\"'“‘¿¡") if before.strip() else ""
    word = _ELIDED.sub("", word)
    if word.lower() in _BEFORE_NUMERALS:
        return _NUMERAL_AFTER.match(after) is not None
    named = word in _BEFORE_NAMES or _HONOURABLE.search(before) is not None
    return named and after[:1].isalpha() and not after[:1].islower()


def is_place(word: str) -> bool:
    """Whether dotted letters are a place after which a sentence ends as often as not."""
    return word.lower().rstrip(".") in _PLACES


def _is_ordinal(word: str) -> bool:
    return word.isdigit() and len(word) < 3


def _word_before(text: str, start: int) -> str:
    words = text[max(start - 20, 0) : start].split()
    return words[-1].lstrip("(\"'“‘").lower() if words else ""


def _begins_a_sentence(after: str) -> bool:
    word = _WORD.match(after)
    return word is not None and word[0].lower() in _STARTERS
