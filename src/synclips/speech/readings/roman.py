"""Roman numerals up to 89, which is as far as centuries, kings, chapters and Super Bowls go."""

import re

_ROMAN = re.compile(r"(XL|L?X{0,3})(IX|IV|V?I{0,3})")
_TENS = {"": 0, "X": 1, "XX": 2, "XXX": 3, "XL": 4, "L": 5, "LX": 6, "LXX": 7, "LXXX": 8}
_ONES = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}

NUMERAL = "[IVX]+"
"""A pattern of what may be one; L is rather a letter."""


def roman(numeral: str) -> int:
    """What a numeral is worth, 0 if it is none."""
    match = _ROMAN.fullmatch(numeral) if numeral != "L" else None
    return 10 * _TENS[match[1]] + _ONES[match[2]] if match else 0
