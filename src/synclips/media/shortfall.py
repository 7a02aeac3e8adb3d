"""Files that hold less than they say: damaged, cut off, or with one track shorter than others."""

import logging
from fractions import Fraction
from pathlib import Path

# Seconds, and share of the whole; containers round.
_LEAST, _LEAST_SHARE = Fraction(1, 2), Fraction(1, 20)

log = logging.getLogger(__name__)


def note_shortfall(path: Path, what: str, end: Fraction, claim: Fraction | None) -> None:
    """Log where a part of a file ends before it should.

    Args:
        path: The file.
        what: Ends, such as "picture".
        end: Seconds that could be read of it.
        claim: Seconds that there should be; None where the file does not say.
    """
    if claim is not None and claim - end > max(_LEAST, _LEAST_SHARE * claim):
        log.warning("%s: its %s ends after %.1f of %.1f s.", path, what, end, claim)
