"""Long silences between subtitles, which are more likely a wrong time than meant."""

from collections.abc import Sequence
from fractions import Fraction

from synclips.speech.subtitles import Cue
from synclips.speech.text import Notice

LONG = 600
"""Seconds without a subtitle."""


def tell_gaps(cues: Sequence[Cue], notice: Notice) -> None:
    """Tell of silences so long that a sound which ends with the last subtitle may become huge.

    Args:
        cues: In order of time.
        notice: Told of each, with the line of the file.
    """
    end = Fraction(0)
    for cue in cues:
        if cue.start - end > LONG:
            before = "the subtitle before it" if end else "the beginning"
            notice(
                f"The subtitle in line {cue.line} begins {float(cue.start - end) / 60:.0f} minutes"
                f" after {before}, which will be silent; correct its time if that is not meant."
            )
        end = max(end, cue.end)
