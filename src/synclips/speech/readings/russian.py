"""Russian: abbreviations, centuries, rulers, dates, years, money and measures."""

import re
from functools import partial

from synclips.speech.readings.moments import clock, say_dates, say_times
from synclips.speech.readings.quantities import say_all
from synclips.speech.readings.roman import NUMERAL, roman
from synclips.speech.readings.shorthand import say_abbreviations
from synclips.speech.readings.slavic import russian
from synclips.speech.readings.wording import Wording, words

_RUBLE = ("рубль", "рубля", "рублей", "копейка", "копейки", "копеек")
_CENT = ("цент", "цента", "центов")
_MILLION = ("миллион", "миллиона", "миллионов")
_BILLION = ("миллиард", "миллиарда", "миллиардов")
_WORDS = Wording(
    to="",
    group="[ .\u00a0\u202f]\\d{3}",
    counted=russian,
    forms=3,
    money={
        "₽": _RUBLE,
        "руб.": _RUBLE,
        "руб": _RUBLE,
        "$": ("доллар", "доллара", "долларов", *_CENT),
        "€": ("евро", "евро", "евро", *_CENT),
        "£": ("фунт", "фунта", "фунтов"),
        "¥": ("иена", "иены", "иен"),
        "₹": ("рупия", "рупии", "рупий"),
        "₺": ("лира", "лиры", "лир"),
        "R$": ("реал", "реала", "реалов"),
        "zł": ("злотый", "злотых", "злотых"),
        "CHF": ("франк", "франка", "франков"),
        "kr": ("крона", "кроны", "крон"),
    },
    units={
        "км": ("километр", "километра", "километров"),
        "м": ("метр", "метра", "метров"),
        "см": ("сантиметр", "сантиметра", "сантиметров"),
        "мм": ("миллиметр", "миллиметра", "миллиметров"),
        "кг": ("килограмм", "килограмма", "килограммов"),
        "г": ("грамм", "грамма", "граммов"),
        "л": ("литр", "литра", "литров"),
        "мл": ("миллилитр", "миллилитра", "миллилитров"),
        "м²": ("квадратный метр", "квадратных метра", "квадратных метров"),
        "км/ч": ("километр в час", "километра в час", "километров в час"),
        "°C": ("градус Цельсия", "градуса Цельсия", "градусов Цельсия"),
        "°С": ("градус Цельсия", "градуса Цельсия", "градусов Цельсия"),
        "кВт·ч": ("киловатт-час", "киловатт-часа", "киловатт-часов"),
        "МБ": ("мегабайт", "мегабайта", "мегабайт"),
        "ГБ": ("гигабайт", "гигабайта", "гигабайт"),
        "тыс.": ("тысяча", "тысячи", "тысяч"),
        "млн": _MILLION,
        "млн.": _MILLION,
        "млрд": _BILLION,
        "млрд.": _BILLION,
        "%": ("процент", "процента", "процентов"),
    },
    scales={
        "тыс.": "тысяч",
        "млн": "миллионов",
        "млн.": "миллионов",
        "млрд": "миллиардов",
        "млрд.": "миллиардов",
        "тысяч": "тысяч",
        "миллионов": "миллионов",
        "миллиардов": "миллиардов",
    },
    titles={"ул.": "улица", "г.": "город", "им.": "имени", "проф.": "профессор", "св.": "святой"},
    numbered={
        "стр.": "страница",
        "рис.": "рисунок",
        "гл.": "глава",
        "тел.": "телефон",
        "д.": "дом",
        "кв.": "квартира",
    },
    shorts={
        "т. е.": "то есть",
        "и т. д.": "и так далее",
        "и т. п.": "и тому подобное",
        "и др.": "и другие",
        "т. к.": "так как",
        "напр.": "например",
        "н. э.": "нашей эры",
        "до н. э.": "до нашей эры",
        "руб.": "рублей",
    },
    closing=frozenset({"и т. д.", "и т. п.", "и др."}),
    hashtag="хештег",
)
_MONTHS = words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря")
_STEMS = words(
    "перв втор трет четвёрт пят шест седьм восьм девят десят одиннадцат двенадцат тринадцат "
    "четырнадцат пятнадцат шестнадцат семнадцат восемнадцат девятнадцат"
)
_TENS = words("двадцат тридцат сороков пятидесят шестидесят семидесят восьмидесят девяност")
_WHOLE_TENS = words("двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто")
_STRESSED = frozenset({"втор", "шест", "седьм", "восьм", "сороков"})  # end in "-ой"
# The words follow their prepositions.
_PLACES = [
    (re.compile(r"\b((?:[Нн]а|[Пп]о) )ул\. (?=[А-ЯЁ\d])"), "улице"),
    (re.compile(r"\b([Сс] )ул\. (?=[А-ЯЁ\d])"), "улицы"),
    (re.compile(r"\b([Вв] )г\. (?=[А-ЯЁ])"), "городе"),
    (re.compile(r"\b([Ии]з )г\. (?=[А-ЯЁ])"), "города"),
]
_CENTURY = re.compile(rf"(?P<in>\b[Вв] )?\b({NUMERAL}) (веком|веке|веку|века|век)\b")
_RULERS = {
    "ый": "Пётр|Петр|Николай|Александр|Павел|Иван|Людовик|Генрих|Карл|Наполеон|Георг|Фридрих",
    "ая": "Екатерина|Елизавета",
    "ого": "Петра|Николая|Александра|Павла|Ивана|Людовика|Генриха|Карла|Наполеона",
    "ой": "Екатерины|Елизаветы",
}
_RULER = [(re.compile(rf"\b({names}) ({NUMERAL})\b"), ending) for ending, names in _RULERS.items()]
_WAR = re.compile(r"\b(II?) (?=мировая война)")
_YEAR = re.compile(
    r"(?P<in>\b[Вв] )?(?<![\w.,])(?P<year>[12]\d{3}) ?"
    r"(?P<word>г\.|(?<=[1-9] )г|года|году|год)(?!\w)(?P<end>$)?"
)
_RECIPE = re.compile("[а-яё)] ?[—\u2013-] ?$")  # "1941 — 1945 г." are years
_GRAMS = re.compile(r"(?<=[—\u2013] \d{4}) г\. (?=[а-яё])|(?<=оло \d{4}) г\. (?=[а-яё])")
_YEARS = re.compile(r"(?<=\d) гг\.")
_DAY = re.compile(rf"(?<![\w.,:/-])([12]\d|3[01]|[1-9]) (?=(?:{'|'.join(_MONTHS)})\b)")
_ORDINAL = re.compile(r"(?<![\w.,-])(\d{1,2})-(й|я|е|го|му|м)\b")
_WRITTEN = {"й": "ый", "я": "ая", "е": "ое", "го": "ого", "му": "ому", "м": "ом"}
_NEUTER = re.compile(
    rf" (?:число|место|издание|правило|задание|отделение|заседание|{'|'.join(_MONTHS)})\b"
)
_MANY = re.compile(r" (?:годы|классы|места|числа|сутки|роды|выборы|были|игры|серии)\b")
_HOURS = ("час", "часа", "часов")


def read(sentence: str) -> str:
    """A Russian sentence as an engine should get it."""
    for pattern, place in _PLACES:
        sentence = pattern.sub(rf"\1{place} ", sentence)
    sentence = _CENTURY.sub(_century, sentence)
    for pattern, ending in _RULER:
        sentence = pattern.sub(partial(_ruler, ending), sentence)
    sentence = _WAR.sub(lambda match: f"{_ordinal(len(match[1]), 'ая')} ", sentence)
    sentence = _YEAR.sub(_year, sentence)
    sentence = _GRAMS.sub(" г ", sentence)
    sentence = _YEARS.sub(" годов", sentence)
    sentence = say_dates(sentence, _date)
    sentence = _DAY.sub(lambda match: f"{_ordinal(int(match[1]), 'ого')} ", sentence)
    sentence = _ORDINAL.sub(_written, sentence)
    sentence = say_times(sentence, clock(), _time, "до")
    # Measures of a thousand before the abbreviations, one of which money may end with.
    return say_abbreviations(say_all(sentence, _WORDS), _WORDS)


def _ordinal(number: int, ending: str) -> str:
    """The words of an ordinal up to 99.

    Args:
        number: From 1.
        ending: Of "новый": "ый", "ого", "ому", "ом", "ым", "ая", "ой", "ое" or "ые".
    """
    if number < 20:
        return _inflected(_STEMS[number - 1], ending)
    ten, one = divmod(number, 10)
    if not one:
        return _inflected(_TENS[ten - 2], ending)
    return f"{_WHOLE_TENS[ten - 2]} {_inflected(_STEMS[one - 1], ending)}"


def _inflected(stem: str, ending: str) -> str:
    if stem == "трет":
        soft = {
            "ый": "ий",
            "ого": "ьего",
            "ому": "ьему",
            "ом": "ьем",
            "ым": "ьим",
            "ая": "ья",
            "ые": "ьи",
        }
        return stem + soft.get(ending, {"ой": "ьей", "ое": "ье"}.get(ending, ending))
    return stem + ("ой" if ending == "ый" and stem in _STRESSED else ending)


def _century(match: re.Match[str]) -> str:
    number = roman(match[2])
    if not number:
        return match[0]
    endings = {"век": "ый", "века": "ого", "веку": "ому", "веке": "ом", "веком": "ым"}
    return f"{match['in'] or ''}{_ordinal(number, endings[match[3]])} {match[3]}"


def _ruler(ending: str, match: re.Match[str]) -> str:
    number = roman(match[2])
    return f"{match[1]} {_ordinal(number, ending)}" if number else match[0]


def _dated(year: str, ending: str) -> str:
    """A year, whose last two figures are an ordinal."""
    last = int(year[2:])
    if not last:
        return year
    return f"{_thousands(int(year) - last)} {_ordinal(last, ending)}"


def _thousands(number: int) -> str:
    """A year of whole hundreds, without the "one" that espeak puts before a thousand."""
    return f"тысяча {number - 1000}" if 1000 < number < 2000 else str(number)


def _year(match: re.Match[str]) -> str:
    inside, word = match["in"], match["word"]
    if word[1:] in ("", ".") and not inside:
        after_dash = _RECIPE.search(match.string[: match.start()]) is not None
        if after_dash or int(match["year"]) not in range(1100, 2100):
            return match[0]  # grams
    if word in ("г.", "г"):
        word = "году" if inside else "года"
    ending = {"год": "ый", "года": "ого", "году": "ом" if inside else "ому"}[word]
    ends = "." if match["word"] == "г." and match["end"] is not None else ""
    return f"{inside or ''}{_dated(match['year'], ending)} {word}{ends}"


def _date(day: int, month: int, year: str, before: str) -> str:
    return f"{_ordinal(day, 'ого')} {_MONTHS[month - 1]} {_dated(year, 'ого')} года"


def _written(match: re.Match[str]) -> str:
    number = int(match[1])
    if match[2] == "е":
        after = match.string[match.end() :]
        # "Двадцатое" may be a day and "двадцатые" may be years; later ones are years only.
        if _MANY.match(after) or (number in range(40, 100, 10) and not _NEUTER.match(after)):
            return _ordinal(number, "ые")
        if not number or not _NEUTER.match(after):
            return match[0]
    return _ordinal(number, _WRITTEN[match[2]]) if number else match[0]


def _time(hour: int, minute: int) -> str:
    return f"{hour} {minute}" if minute else russian(str(hour), _HOURS)
