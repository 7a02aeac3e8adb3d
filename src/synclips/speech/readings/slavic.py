"""What numbers ask of nouns in Polish and Russian."""

from synclips.speech.readings.wording import Forms


def polish(number: str, forms: Forms) -> str:
    """A counted noun of the forms (with 1, with 2 to 4, with more, with decimals)."""
    if number == "1":
        return f"{'jeden' if forms[0][-1] != 'a' else 'jedna'} {forms[0]}"
    if "," in number:
        return f"{number} {forms[3]}"
    two, one = int(number) % 100, int(number) % 10
    if number == "2" and forms[0][-1] == "a":
        return f"dwie {forms[1]}"
    return f"{number} {forms[1 if 2 <= one <= 4 and two not in (12, 13, 14) else 2]}"


def russian(number: str, forms: Forms) -> str:
    """A counted noun of the forms (with 1, with 2 to 4 and with decimals, with more)."""
    if "," in number:
        return f"{number} {forms[1]}"
    two, one = int(number) % 100, int(number) % 10
    feminine = forms[0][-1] in "ая"
    if feminine and number in ("1", "2"):
        return f"одна {forms[0]}" if number == "1" else f"две {forms[1]}"
    if two in (11, 12, 13, 14):
        return f"{number} {forms[2]}"
    return f"{number} {forms[0 if one == 1 else 1 if 2 <= one <= 4 else 2]}"
