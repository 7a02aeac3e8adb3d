"""Two people made of pulses, one after the other, and subtitles of what they say."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.media.audio import write_sound
from synclips.media.video import VideoReader
from synclips.media.video_info import VideoInfo
from synclips.speech.cast import find_cast
from synclips.speech.subtitles import Cue

TURN = 4  # seconds


@pytest.fixture(scope="module")
def turns(low: Any, high: Any) -> list[NDArray[np.float32]]:
    """Low, high, low, high, low."""
    return [who.say(TURN, seed=index) for index, who in enumerate((low, high, low, high, low))]


@pytest.fixture
def info(face_video: Path, turns: list[NDArray[np.float32]], tmp_path: Path) -> VideoInfo:
    """Of a video whose sound they are."""
    path = tmp_path / "talk.wav"
    write_sound(path, np.concatenate(turns), 16_000)
    return replace(VideoReader(face_video).info, path=path)


def cue(start: float, end: float, speaker: str = "") -> Cue:
    return Cue(Fraction(start), Fraction(end), "What they say.", 1, speaker)


def each(**names: str) -> list[Cue]:
    return [cue(TURN * at, TURN * (at + 1), names.get(f"cue{at}", "")) for at in range(5)]


def never(sentence: str) -> None:
    raise AssertionError(sentence)


def test_who_is_heard_says_it(info: VideoInfo) -> None:
    steps: list[tuple[int, int]] = []
    cast = find_cast(info, each(), never, lambda done, total: steps.append((done, total)))
    assert cast is not None
    assert cast.parts == (0, 1, 0, 1, 0)
    assert [member.name for member in cast.members] == ["speaker 1", "speaker 2"]
    assert [member.gender for member in cast.members] == ["male", "female"]
    assert cast.summary == "speaker 1: 3, speaker 2: 2"
    assert steps[0] == (0, 5) and steps[-1] == (5, 5)
    for member, mine in zip(cast.members, ((0, 2, 4), (1, 3)), strict=True):
        for span in member.spans:
            assert span.start // (TURN * 16_000) in mine
            assert (span.stop - 1) // (TURN * 16_000) in mine


def test_names_of_the_file(info: VideoInfo) -> None:
    cast = find_cast(info, each(cue1="Ann", cue2="Ben"), never)
    assert cast is not None
    assert cast.names == ("Ben", "Ann", "Ben", "Ann", "Ben")
    told: list[str] = []
    short = [*each(cue0="Ben", cue2="Ben", cue4="Ben"), cue(TURN * 5 - 1, TURN * 5, "Eve")]
    cast = find_cast(info, short, told.append)
    assert cast is not None
    assert cast.names == ("Ben", "speaker 2", "Ben", "speaker 2", "Ben", "Ben")
    assert told == [f"Eve is heard for less than 1 s in {info.path}, and gets the voice of Ben."]


def test_a_name_is_a_voice_however_little_is_heard(info: VideoInfo) -> None:
    told: list[str] = []
    first, second = cue(0, TURN, "Ben"), cue(TURN, TURN + 2, "Ann")
    cast = find_cast(info, [first, second], told.append)
    assert cast is not None and cast.names == ("Ben", "Ann") and told == []
    assert find_cast(info, [first, replace(second, end=TURN + Fraction(1, 2))], told.append) is None
    assert len(told) == 1 and "Ann is heard for less than 1 s" in told[0]


def test_what_is_heard_counts_once(info: VideoInfo) -> None:
    twice = [one for one in each() for _ in range(2)]
    sign = cue(0, 5 * TURN)
    cast = find_cast(info, sorted([sign, *twice], key=lambda one: one.start), never)
    assert cast is not None and len(cast.members) == 2
    assert cast.parts[1:] == tuple(part for part in (0, 1, 0, 1, 0) for _ in range(2))
    for member in cast.members:
        assert all(a.stop <= b.start for a, b in pairwise(member.spans))


def test_who_is_not_heard_is_who_spoke_next_to_it(info: VideoInfo) -> None:
    quiet = [cue(60, 62), *[cue(100 + at, 101 + at) for at in range(3)]]
    cast = find_cast(info, [*each(), *quiet], never)
    assert cast is not None and cast.parts == (0, 1, 0, 1, 0, 0, 0, 0, 0)
    assert find_cast(info, quiet, never) is None


def test_one_person_is_no_cast(info: VideoInfo) -> None:
    assert find_cast(info, [each()[at] for at in (0, 2, 4)], never) is None


def test_a_picture_that_begins_late(info: VideoInfo) -> None:
    """Subtitles lie on the time of the file, to which players hold, too."""
    late = replace(info, start=Fraction(TURN))
    assert find_cast(late, each()[:4], never) == find_cast(info, each()[:4], never)
