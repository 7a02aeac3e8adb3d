"""Roman numerals up to 39, which is as far as centuries, kings and chapters go in running text."""

import re

_ROMAN = re.compile(r"(X{0,3})(IX|IV|V?I{0,3})")
_ONES = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}

NUMERAL = "[IVX]+"
"""A pattern of what may be one."""


def roman(numeral: str) -> int:
    """What a numeral is worth, 0 if it is none."""
    match = _ROMAN.fullmatch(numeral)
    return 10 * len(match[1]) + _ONES[match[2]] if match else 0
