import json
from dataclasses import asdict, replace
from fractions import Fraction
from typing import Any

from synclips.adapt.speaker import Adaptation, Held
from synclips.options import SyncOptions
from synclips.report import Report, remarks, with_learning

PLAIN = Report("o", "m", 1, 1, "25", 1, 1, 0, 0.04, 1.0, 1.0)


def test_a_report_is_json() -> None:
    report = Report("out.mp4", "tiny", 64, 48, "30000/1001", 30, 20, 10, 1.001, 2.5, 12.0)
    assert json.loads(report.to_json()) == asdict(report)


def test_what_was_learnt_is_told_in_frames_of_the_video() -> None:
    nobody: Any = None
    learnt = Adaptation(
        nobody, True, "learnt", 5.0, (4,), Held(0.4, 0.3), Held(0.6, 0.2), calibrated=True
    )
    assert with_learning(PLAIN, learnt, Fraction(25)) == replace(
        PLAIN,
        adapted=True,
        calibrated=True,
        adaptation="learnt",
        offset=2.0,
        correlation_before=0.4,
        correlation_after=0.6,
    )
    assert with_learning(PLAIN, learnt, Fraction(50)).offset == 4.0


def test_what_was_not_learnt_has_a_reason() -> None:
    nobody: Any = None
    told = with_learning(PLAIN, "no sound", Fraction(25))
    assert told == replace(PLAIN, adaptation="no sound")
    still = with_learning(PLAIN, Adaptation(nobody, False, "no face", 0.0, (None,)), Fraction(25))
    assert (still.adapted, still.offset) == (False, None)
    assert PLAIN.adaptation == "off"


def test_a_sound_that_no_lips_speak_is_told() -> None:
    unseen = replace(PLAIN, edited=0, passed=1)
    assert remarks(PLAIN, SyncOptions()) == ()
    (told,) = remarks(unseen, SyncOptions())
    assert told.startswith("nobody is seen while the sound is heard, so no lips speak it; give")
    (told,) = remarks(unseen, SyncOptions(at=Fraction(1)))
    assert told == "nobody is seen where the new sound is heard, so no lips speak it."
    (told,) = remarks(replace(unseen, listening=1), SyncOptions(dub=True))
    assert told.startswith("nobody was seen to speak")
