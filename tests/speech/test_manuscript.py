"""What is to be said, found from what a user gives; what it refuses is tested where it is said."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from synclips import SayOptions
from synclips.errors import ConfigError, InputError
from synclips.media.video import VideoReader
from synclips.speech import engines
from synclips.speech.manuscript import Manuscript, read_manuscript, refuse_name
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice


class Mute(Synthesizer):
    """An engine that must not be asked to speak."""

    name = "mute"
    installed = True

    def voices(self) -> list[Voice]:
        return [Voice("mute", tag, tag, None, "none", True) for tag in ("de", "en-us")]

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        raise AssertionError("it spoke")


@pytest.fixture(autouse=True)
def mute(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "engines", lambda folder=None: [Mute()])


def found(text: str | Path, video: Path | None = None, language: str | None = None) -> Manuscript:
    told: list[str] = []
    made = read_manuscript(video, text, SayOptions(language=language), notice=told.append)
    assert told == []
    return made


def test_a_text_is_read_by_the_rules_of_its_language() -> None:
    german = "Wir treffen uns am 3. Mai in Berlin."
    (line,) = found(german).lines()
    assert (line.language, line.text) == ("de", "Wir treffen uns am dritten Mai in Berlin.")
    (line,) = found(german, language="en").lines()
    assert line.language == "en" and "dritten" not in line.text
    waits = found('<break time="2s"/>Hello.')
    assert (waits.lead, found("Hello.").lead, waits.info) == (2.0, 0.0, None)


def test_subtitles_are_those_the_video_has_time_for(face_video: Path, tmp_path: Path) -> None:
    subtitles, portrait = tmp_path / "a.srt", tmp_path / "a.png"
    cue = "00:00:{0},000 --> 00:00:{0},900\nI paid $2.\n"
    subtitles.write_text(cue.format("00") + "\n" + cue.format("05"))
    told: list[str] = []
    in_video = read_manuscript(face_video, subtitles, SayOptions(), notice=told.append)
    (line,) = in_video.lines()
    assert line.text == "I paid 2 dollars." and line.cue is not None
    assert (line.cue.start, line.cue.end) == (0, Fraction(9, 10))
    assert in_video.length == VideoReader(face_video).length()
    assert len(told) == 1 and "1 of 2 subtitles, from line 4 on, begin after the end" in told[0]
    cv2.imwrite(str(portrait), np.zeros((64, 64, 3), np.uint8))
    for video in (portrait, None):
        whole = found(subtitles, video)
        assert len(list(whole.lines())) == 2 and whole.length is None
    subtitles.write_text(cue.format("05"))
    with pytest.raises(InputError, match="No subtitle begins before the end of the video"):
        read_manuscript(face_video, subtitles, SayOptions(), notice=told.append)


def test_only_who_is_at_the_machine_learns_which_files_there_are(tmp_path: Path) -> None:
    there = tmp_path / "plan.conf"
    there.write_text("Buy milk.")
    refuse_name(str(there))
    refuse_name(str(tmp_path / "none.conf"), on_disk=True)
    with pytest.raises(ConfigError, match=r"plan\.conf is the name of a file"):
        refuse_name(str(there), on_disk=True)
    with pytest.raises(ConfigError, match=r"line\.wav is the name of a file"):
        refuse_name(" line.wav ")
