"""What is wrong with options in themselves is told where they are made."""

import dataclasses
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import synclips
from synclips.errors import ConfigError
from synclips.options import SayOptions, SyncOptions, parse_time
from synclips.pipeline import LipSync


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"quality": 52}, "There is no quality 52; take one from 0 to 51."),
        ({"quality": float("nan")}, "There is no quality nan; take one from 0 to 51."),
        ({"quality": "16"}, "SyncOptions.quality is '16', not a number."),
        ({"batch": 0}, "A batch of 0 frames draws nothing; give at least 1."),
        ({"batch": 2.5}, "SyncOptions.batch is 2.5, not a whole number."),
        ({"alive": "false"}, "SyncOptions.alive is 'false', not True or False."),
        ({"dub": None}, "SyncOptions.dub is None, not True or False."),
        (
            {"region": (0, 0, 1, 1)},
            "SyncOptions.region is (0, 0, 1, 1), not words, such as left or 0.5,0,1,1.",
        ),
        ({"model": None}, "SyncOptions.model is None, not a name or path."),
        ({"person": 5}, "SyncOptions.person is 5, not a path."),
        ({"label": 5}, "SyncOptions.label is 5, not words or a Path."),
        ({"at": "12.5"}, "SyncOptions.at is '12.5', not a number of seconds."),
        ({"at": -0.5}, "No video has a time -0.5 s; take --at from 0 on."),
        ({"at": Fraction(-1, 2)}, "No video has a time -0.5 s; take --at from 0 on."),
        ({"at": float("nan")}, "No video has a time nan s; take --at from 0 on."),
        ({"at": float("inf")}, "No video has a time inf s; take --at from 0 on."),
        (
            {"at": 0, "dub": True},
            "A dub is of all that is said, and --at replaces a part; leave one of them out.",
        ),
        ({"codec": "av1"}, "There is no codec 'av1'; take h264, hevc or prores."),
        ({"codec": None}, "There is no codec None; take h264, hevc or prores."),
        (
            {"extend": "cut"},
            "There is no way to extend a video 'cut'; take bounce, loop or hold.",
        ),
    ],
)
def test_of_a_picture(given: dict[str, Any], sentence: str) -> None:
    for make in (SyncOptions, LipSync):
        with pytest.raises(ConfigError) as told:
            make(**given)
        assert str(told.value) == sentence


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"consent": "no"}, "SayOptions.consent is 'no', not True or False."),
        ({"speed": 5}, "The speed 5 is out of range; take one from 0.5 to 2."),
        ({"speed": float("nan")}, "The speed nan is out of range; take one from 0.5 to 2."),
        ({"speed": "1"}, "SayOptions.speed is '1', not a number."),
        ({"speaker": ""}, "The speaker is empty; name a voice, or leave --speaker out."),
        ({"speaker": " "}, "The speaker is empty; name a voice, or leave --speaker out."),
        ({"language": 4}, "SayOptions.language is 4, not a name."),
        ({"voice": None}, "SayOptions.voice is None, not a name or path."),
        ({"converter_folder": 1}, "SayOptions.converter_folder is 1, not a path."),
    ],
)
def test_of_a_voice(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as told:
        SayOptions(**given)
    assert str(told.value) == sentence


def test_what_was_right_is() -> None:
    made = SyncOptions("m", "cpu", 0, int(np.int64(3)), "2", Path("p"), "left", False, True, "me")
    assert dataclasses.replace(made, quality=51, label=Path("a.png")).quality == 51
    assert SyncOptions(quality=np.int64(20), batch=np.int32(2)).quality == 20  # type: ignore[arg-type]
    for at in (0, 12.5, Fraction(25, 2), None):
        assert SyncOptions(at=at).at == at
    SayOptions("espeak", "en", "de", 2, Path("v"), Path("ann"), Path("c"), True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", Fraction(0)),
        ("12.5", Fraction(25, 2)),
        (".1", Fraction(1, 10)),
        (" 90. ", Fraction(90)),
        ("1:02.5", Fraction(125, 2)),
        ("90:00", Fraction(5400)),
        ("1:02:03.5", Fraction(7447, 2)),
        ("01:02:03", Fraction(3723)),
    ],
)
def test_times_are_written_as_players_show_them(text: str, seconds: Fraction) -> None:
    assert parse_time(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["-1", "", "soon", "1:60", "1:60:00", "1:2:3:4", "1e3", "nan", "12,5", ":5", "1:", "1:-2", "٣"],
)
def test_what_is_no_time_is_told(text: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse_time(text)
    assert str(told.value) == (
        "--at takes a time of the video, such as 12.5 (seconds), 1:02.5 or 1:02:03.5, not"
        f" {text!r}."
    )


def test_something_else_in_their_place_is_told(tmp_path: Path) -> None:
    wrong: Any = {"quality": 20}
    for call in (
        lambda: synclips.sync("a.mp4", "b.wav", tmp_path / "c.mp4", wrong),
        lambda: synclips.say(None, "Hello.", tmp_path / "c.wav", options=wrong),
        lambda: LipSync.of(wrong),
    ):
        with pytest.raises(ConfigError, match=r"\{'quality': 20\} is given as SyncOptions; make"):
            call()
    other: Any = SyncOptions()
    with pytest.raises(ConfigError, match="is given as SayOptions; make"):
        synclips.say(None, "Hello.", tmp_path / "c.wav", other)
