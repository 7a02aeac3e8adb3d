"""One subtitle as it stands in its file, of whichever kind."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Shown:
    """One subtitle, with whatever styles its words.

    Attributes:
        start: Seconds at which it appears.
        end: Seconds at which it goes.
        lines: What is shown.
        line: Of the file, where its times stand; for messages.
        speaker: Name of who says it, where the file has a place for that.
    """

    start: Fraction
    end: Fraction
    lines: list[str]
    line: int
    speaker: str = ""


def seconds(hours: str | None, minutes: str, whole: str, part: str) -> Fraction:
    """A time of day as seconds; `part` are the digits after the point."""
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(whole) + Fraction(f"0.{part}")
