"""Signs of arithmetic before and between figures: minus, times, equals, less and greater.

espeak-ng 1.52 leaves most of them out in most languages, which turns "-5 °C" into its contrary. A
hyphen is a minus only where it surely is one: no range, no bullet, no dash around an aside.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

_N = r"\d+(?:[.,]\d+)*"
_MONEY = "€$£¥₹₽₺₩"
_DASH = "[-\u2013\u2212]"
_NOT_RANGE = rf"(?<![\d%°{_MONEY}] )(?<!°[CF] )"
_NOT_ASIDE = r"(?!.*\w[-\u2013](?:[\s,.;:!?)]|$))"
# Degrees, percent and money are what lists of things ("-200 g") do not begin with.
_UNIT = rf" ?[%°º℃℉٪+×÷=<>{_MONEY}]"
_END = r"(?:$|[.,;:!?)\]»”\"](?:\D|$))"
_EXPRESSION = re.compile(
    rf"(?<![\w.,/-]){_N}(?:{_DASH}{_N}|(?:(?: {_DASH} | ?[+×÷] ?){_N})+)(?= ?= ?{_DASH}?\d)"
    rf"|(?<==)(?<!\d=) ?{_N}(?:(?: {_DASH} | ?[+×÷] ?){_N})+(?![\w-])"
)
_TRUE_MINUS = re.compile(rf"(?<![^\W\u3040-\u9fff])\u2212 ?(?=[{_MONEY}%]? ?\d)")
_ZONE = re.compile(rf"\b(GMT|UTC) ?{_DASH}(?=\d)")
_NAME = re.compile(r"(?<=\s)[^\W\d_a-zà-ÿ]\S* $")  # "seit Covid -19."
_BETWEEN = re.compile(r"(?<=\d) ?([×÷=]) ?(?=\d)")
_COMPARED = re.compile(rf"(?<=\d) ?([<>]) ?(?={_N}(?!\w))")
# "<3" is a heart, and "Menu > 3" a way through a program.
_ABOUT = re.compile(
    r"(?P<before>(?:^|\s)[a-zà-ÿ]+ |\()(?P<more>>) ?(?=\d)"
    r"|(?:(?<!\S)|(?<=\())<(?: (?=\d)|(?!3\b)(?=\d))"
)


@dataclass(frozen=True, eq=False)
class _Signs:
    """What a language says for signs.

    Attributes:
        minus: Before a number.
        degrees: Pattern of words that follow a number below zero, but no list's bullet.
        before: Pattern of words after which a number with a hyphen is below zero.
        others: What is said for signs between figures, where espeak does not or it is not `minus`.
        compared: What is said for < and > between figures, and for each before one.
        gap: Between words and figures.
        tight: Pattern of what may stand close before a minus, where there are no spaces.
    """

    minus: str
    degrees: str
    before: str = "(?!)"
    others: Mapping[str, str] = field(default_factory=dict)
    compared: tuple[str, str, str, str] | None = None
    gap: str = " "
    tight: str = "(?!)"

    def between(self, sign: str) -> str:
        """What stands between two numbers."""
        said = self.others.get("-", self.minus) if re.match(_DASH, sign) else self.others.get(sign)
        return f" {sign} " if said is None else f"{self.gap}{said}{self.gap}"

    @cached_property
    def hyphen(self) -> re.Pattern[str]:
        """A hyphen that is a minus; `bare` is followed by nothing that says so."""
        sure = rf"(?:{_UNIT}| ?(?:{self.degrees})\b)"
        many = rf"[{_MONEY}%] ?\d|{_N}(?:{sure}| \w{{1,5}} {_DASH}?{_N}(?:{sure}|{_END}))"
        begins = rf"(?:(?<!\S)|(?<=[(\[=])|(?<={self.tight})(?=.\d[\d.]*(?:[%℃°]|{self.degrees})))"
        return re.compile(
            rf"{begins}{_NOT_RANGE}[-\u2013]{_NOT_ASIDE}(?={many}|(?P<bare>{_N}{_END}))"
            rf"|(?P<after>(?<!\w)(?i:{self.before}) )[-\u2013]{_NOT_ASIDE}(?=\d)"
        )


_SIGNS: Mapping[str, _Signs] = {
    "en": _Signs(
        "minus",
        "degrees?|percent|dollars?|euros?|pounds?|points?",
        compared=("is less than", "is greater than", "less than", "more than"),
    ),
    "de": _Signs(
        "minus",
        "Grad|Prozent|Euro|Punkte?",
        compared=("ist kleiner als", "ist größer als", "weniger als", "mehr als"),
    ),
    "es": _Signs(
        "menos",
        "grados?|por ciento|euros?|puntos?",
        "es|era|fue|hasta|hace|hacía|de|entre",
        {"×": "por", "÷": "entre"},
        ("es menor que", "es mayor que", "menos de", "más de"),
    ),
    "fr": _Signs(
        "moins",
        "degrés?|pour cent|euros?|points?",
        "est|était|fait|faisait|jusqu['’]à|entre",
        {"=": "égale"},
        ("est plus petit que", "est plus grand que", "moins de", "plus de"),
    ),
    "it": _Signs(
        "meno",
        "grad[io]|per cento|euro|punt[io]",
        "è|era|fino a|tra|fra",
        {"×": "per", "÷": "diviso"},
        ("è minore di", "è maggiore di", "meno di", "più di"),
    ),
    "pt": _Signs(
        "menos",
        "graus?|por cento|euros?|reais|pontos?",
        "é|era|foi|até|faz|entre",
        compared=("é menor que", "é maior que", "menos de", "mais de"),
    ),
    "nl": _Signs("min", "gra(?:ad|den)|procent|euro|punten"),
    "pl": _Signs("minus", "stop(?:ień|nie|ni|nia)|procent", "jest|było|do|od"),
    "ru": _Signs("минус", r"градус\w*|процент\w*", "было|до|от", {"×": "на", "÷": "разделить на"}),
    "tr": _Signs("eksi", r"derece\w*", others={"×": "çarpı", "÷": "bölü"}),
    "hi": _Signs("माइनस", "डिग्री|प्रतिशत", others={"×": "गुणा", "÷": "भाग"}),
    "ar": _Signs("ناقص", r"درج\w+", others={"+": "زائد", "×": "ضرب", "÷": "على", "=": "يساوي"}),
    "cmn": _Signs(
        "负",
        r"度\w*",
        others={"-": "减", "+": "加", "×": "乘", "÷": "除以", "=": "等于"},
        gap="",
        tight="[\u4e00-\u9fff]",
    ),
    "ko": _Signs(
        "마이너스", r"도\w*", others={"-": "빼기", "+": "더하기", "×": "곱하기", "÷": "나누기"}
    ),
    "ja": _Signs(
        "マイナス",
        r"(?:ど|パーセント)\w*",
        others={"-": "ひく", "×": "かける", "÷": "わる"},
        gap="",
        tight="[ぁ-ヿ]",
    ),
    "da": _Signs("minus", "grader|procent"),
    "sv": _Signs("minus", "grader|procent"),
}


def say_signs(sentence: str, language: str) -> str:
    """With words for signs that an engine would leave out.

    Args:
        sentence: One piece of a text.
        language: Its tag without a region; of others than those known nothing is changed.
    """
    signs = _SIGNS.get(language)
    if signs is None:
        return sentence
    minus = signs.minus + signs.gap

    def counted(match: re.Match[str]) -> str:
        return re.sub(rf" ?({_DASH}|[+×÷]) ?", lambda sign: signs.between(sign[1]), match[0])

    def below(match: re.Match[str]) -> str:
        named = match["bare"] and _NAME.search(match.string[: match.start()])
        return match[0] if named else (match["after"] or "") + minus

    sentence = _EXPRESSION.sub(counted, sentence)
    sentence = _ZONE.sub(rf"\1 {minus}", sentence)
    sentence = signs.hyphen.sub(below, _TRUE_MINUS.sub(minus, sentence))
    sentence = _BETWEEN.sub(
        lambda sign: signs.between(sign[1]) if sign[1] in signs.others else sign[0], sentence
    )
    return _compared(sentence, signs.compared) if signs.compared else sentence


def _compared(sentence: str, said: tuple[str, str, str, str]) -> str:
    sentence = _COMPARED.sub(lambda match: f" {said['<>'.index(match[1])]} ", sentence)
    return _ABOUT.sub(
        lambda match: f"{match['before'] or ''}{said[3] if match['more'] else said[2]} ", sentence
    )
