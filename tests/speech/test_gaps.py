from fractions import Fraction

from synclips.speech.gaps import LONG, tell_gaps
from synclips.speech.subtitles import Cue


def told(*starts: int) -> list[str]:
    notices: list[str] = []
    cues = [Cue(Fraction(at), Fraction(at + 1), "Hi.", 4 * n) for n, at in enumerate(starts, 1)]
    tell_gaps(cues, notices.append)
    return notices


def test_a_far_cue_is_told_with_its_line() -> None:
    (notice,) = told(1, 36001)
    assert "in line 8 begins 600 minutes after the subtitle before it" in notice
    (notice,) = told(3600, 3602)
    assert "in line 4 begins 60 minutes after the beginning" in notice


def test_shorter_gaps_are_not() -> None:
    assert told(LONG, 2 * LONG + 1) == []
