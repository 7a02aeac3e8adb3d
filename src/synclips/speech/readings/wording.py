"""The words of one language for what is written in signs, as a table; knows no rules of reading."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

LETTER = "A-Za-z\u00aa\u00ba\u00c0-\u024f\u0370-\u04ff\u0900-\u0963"
"""Inside brackets of a pattern: letters of alphabets, which Chinese signs next to a number are
not."""

_SPACES = "[ \u00a0\u202f]?"

Forms = tuple[str, ...]
Counting = Callable[[str, Forms], str]


def words(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return tuple(text.split())


def plain(number: str, forms: Forms) -> str:
    """A counted noun: of (all that is said for 1, plural) or of one form for all.

    Args:
        number: In figures, without marks between thousands.
        forms: As said.
    """
    return forms[0] if number == "1" and len(forms) > 1 else f"{number} {forms[-1]}"


def attached(number: str, forms: Forms) -> str:
    """A counted noun of a language without spaces; arguments as of `plain`."""
    return number + forms[-1]


@dataclass(frozen=True, eq=False)
class Wording:
    """What a language says.

    Attributes:
        to: Between the ends of a range; nothing where the engine reads them well.
        money: Forms of a currency and, after as many of it, of its parts, by the sign.
        units: Forms by the sign; of one letter only after a space.
        counted: Says a number with one of the forms.
        forms: How many forms a noun has.
        point: Mark before decimals.
        group: Pattern of a mark between thousands with the figures after it.
        cents: Between whole money and its parts.
        bare_cents: Whether ten and more parts follow without their name: "3 Euro 50".
        scales: What is said for large numbers between an amount and its currency.
        of: Between these and the currency.
        gap: Between a number, a word for a large one and the currency.
        elides: Whether that is d’ before vowels.
        titles: Abbreviations before a name.
        starters: Words with which a sentence begins rather than a name.
        numbered: Abbreviations before a number.
        shorts: Abbreviations anywhere; a space in them may be missing.
        closing: Those of them after which, before a capital letter, a sentence seems to end.
        hashtag: The word for # before a word.
        scores: Words shortly after which "1-3" is no range.
        labels: Words directly after which it is none.
        standings: Words shortly after which it is none unless a noun follows.
        copulas: Words directly after which it is none unless a noun follows.
    """

    to: str
    money: Mapping[str, Forms]
    units: Mapping[str, Forms] = field(default_factory=dict)
    counted: Counting = plain
    forms: int = 2
    point: str = ","
    group: str = "[.\u00a0\u202f]\\d{3}"
    cents: str = " "
    bare_cents: bool = False
    scales: Mapping[str, str] = field(default_factory=dict)
    of: str = " "
    gap: str = " "
    elides: bool = False
    titles: Mapping[str, str] = field(default_factory=dict)
    starters: tuple[str, ...] = ()
    numbered: Mapping[str, str] = field(default_factory=dict)
    shorts: Mapping[str, str] = field(default_factory=dict)
    closing: frozenset[str] = frozenset()
    hashtag: str = "hashtag"
    scores: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    standings: frozenset[str] = frozenset()
    copulas: frozenset[str] = frozenset()

    def digits(self, number: str) -> str:
        """A number as written without the marks between its thousands."""
        number = re.sub("['’]", "", number)
        if re.fullmatch(rf"\d{{1,3}}(?:{self.group})+(?:\{self.point}\d+)?", number):
            whole, point, part = number.partition(self.point)
            return re.sub(r"\D", "", whole) + point + part
        return re.sub("[.,]", self.point, number)

    @cached_property
    def number(self) -> str:
        """Pattern of a number; where decimals follow a comma they may follow a point too."""
        points = "[.,]" if self.point == "," else r"\."
        swiss = r"\d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?|" if "'" in self.group else ""
        return (
            rf"(?:{swiss}\d{{1,3}}(?:{self.group})+(?!\d)(?:\{self.point}\d+)?|\d+(?:{points}\d+)?)"
        )

    @cached_property
    def amount(self) -> re.Pattern[str]:
        """Money: sign, number, perhaps until, scale; or the sign after them."""
        sign = "|".join(re.escape(sign) for sign in sorted(self.money, key=len, reverse=True))
        many = rf"{self.number}(?:[-\u2013]{self.number})?"
        scale = "|".join(re.escape(scale) for scale in sorted(self.scales, key=len, reverse=True))
        scale = f"(?:[ \u00a0]?({scale}))?" if scale else "()"
        # A sign is of letters or of none; more of a number or word around it is something else.
        begin, end = (
            rf"(?<![{LETTER}\d_.,:/$+-])(?<!\d['’])",
            rf"(?![{LETTER}\d_]|[.,:/'’]\d|[-\u2013][\w])",
        )
        return re.compile(
            rf"{begin}(?:({sign}){_SPACES}({many}){scale}{end}"
            rf"|({many}){scale}{_SPACES}({sign}){end}(?!{_SPACES}\d|['’]\w))"
        )

    @cached_property
    def measure(self) -> re.Pattern[str]:
        """A number and one of the units."""
        long = sorted((unit for unit in self.units if len(unit) > 1), key=len, reverse=True)
        short = [unit for unit in self.units if len(unit) == 1]
        signs = [re.escape(unit) for unit in short if not unit.isalpha()]
        letters = "".join(unit for unit in short if unit.isalpha())
        unit = "|".join([*map(re.escape, long), *signs])
        spaced = rf"|(?<=[ \u00a0\u202f])[{letters}](?!\.[{LETTER}]|\. \d)" if letters else ""
        return re.compile(
            rf"(?<![{LETTER}\d_.,:/])(?<!\d['’])({self.number}){_SPACES}((?:{unit}){spaced})"
            rf"(?![{LETTER}\d_²³/'’]|[-\u2013][{LETTER}])"
        )

    @cached_property
    def range(self) -> re.Pattern[str]:
        """Two numbers with a dash and no space between, which may be a range."""
        unit = "|".join(map(re.escape, (unit for unit in self.units if len(unit) > 1)))
        after = rf"(?![{LETTER}\d_]|[-\u2013:/]|[.,]\d)"
        after = rf"(?:(?={unit})|{after})" if unit else after
        # Of another mark before decimals it is a version: "2.1-12".
        number = self.number.replace("[.,]", self.point)
        return re.compile(
            rf"(?<![{LETTER}\d_.,:/#+$€£=-])(?P<since>{number})[-\u2013](?P<until>{number}){after}"
        )

    @cached_property
    def abbreviations(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        """Patterns of all abbreviations and what is said for each."""
        name = rf"(?=[ \u00a0](?:(?:und|et|y|e|en) )?(?:\w+\. )?[{_CAPITAL}])"
        figure = r"(?=\d)"
        # "5 MM." is no title, and "vitamina D. El" none either.
        named = name + (rf"(?! (?:{'|'.join(self.starters)})\b)" if self.starters else "")
        rows = [
            (re.compile(rf"(?<!\d )(?<!\d){_short(key)}{named}{_after(key)}"), said)
            for key, said in self.titles.items()
        ]
        rows += [
            (re.compile(_short(key) + "[ \u00a0]?" + figure), f"{said} ")
            for key, said in self.numbered.items()
        ]
        for key, said in self.shorts.items():
            if key in self.closing:
                rows.append((re.compile(rf"{_short(key)}(?=[ \u00a0][{_CAPITAL}])"), f"{said}."))
            rows.append((re.compile(rf"{_short(key)}(?!\w)"), said))
        return tuple(rows)


_CAPITAL = (
    "A-Z\u00c0-\u00dd\u0104\u0106\u0118\u0141\u0143\u015a\u0179\u017b\u0130\u015e\u0410-\u042f"
)


def _after(key: str) -> str:
    """A pattern of what must follow a title: of one letter, no initial or it is one itself."""
    return r"(?=[ \u00a0]\w[\w'’])" if key[1:] == "." else ""


def _short(key: str) -> str:
    """A pattern of an abbreviation, which may begin a sentence."""
    folds = key[0].isalpha() and key[1:] != "."  # one letter is an initial in capitals
    first = f"[{key[0]}{key[0].upper()}]" if folds else re.escape(key[0])
    return rf"(?<![{LETTER}\d_./])" + first + re.escape(key[1:]).replace(r"\ ", "[ \u00a0]?")
