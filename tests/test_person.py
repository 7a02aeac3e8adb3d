"""A profile from videos: what is put together, and what is refused before and after learning."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from synclips.adapt.effort import THOROUGH
from synclips.adapt.profile import load_profile
from synclips.adapt.speaker import Adaptation
from synclips.checkpoint import load_checkpoint
from synclips.errors import ConfigError, InputError, ModelError
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.person import learn_person


@pytest.fixture
def talking_video(face_video: Path, speech: Path, tmp_path: Path) -> Path:
    path = tmp_path / "talking.mp4"
    rate = Fraction(25)
    with VideoWriter(
        path, width=320, height=240, frame_rate=rate, time_base=1 / rate, sound=speech
    ) as writer:
        for frame in VideoReader(face_video).frames():
            writer.write(frame.image, frame.time)
    return path


@pytest.mark.parametrize("outcome", [{"adapted": True}, {"calibrated": True}])
def test_all_videos_are_learnt_from_at_once(
    tiny_model: Path,
    talking_video: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    outcome: dict[str, bool],
) -> None:
    asked: list[Any] = []

    def learn(checkpoint: Any, clips: Any, effort: Any) -> Adaptation:
        asked.append((len(clips), effort))
        reasons = ("", "the mouth does not move")
        return replace(Adaptation(checkpoint.motion, False, "no", 12.0, reasons=reasons), **outcome)

    monkeypatch.setattr("synclips.person.learn_speaker", learn)
    told: list[str] = []
    learnt = learn_person(
        [talking_video] * 2,
        tmp_path / "person",
        tiny_model,
        "cpu",
        lambda step, *_: told.append(step),
    )
    assert asked == [(2, THOROUGH)]
    assert learnt.seconds == 12.0
    assert caplog.messages == [f"Nothing was learnt from {talking_video}: the mouth does not move."]
    assert list(dict.fromkeys(told)) == ["track", "adapt"]
    checkpoint: Any = load_checkpoint(tiny_model)
    load_profile(tmp_path / "person", checkpoint)


def test_where_nothing_can_be_learnt_nothing_is_written(
    tiny_model: Path,
    untrained_grid_gan: Path,
    talking_video: Path,
    face_video: Path,
    tmp_path: Path,
) -> None:
    output = tmp_path / "person"
    with pytest.raises(InputError, match=r"learnt from .*talking.mp4 \(the mouth does not move\)"):
        learn_person([talking_video], output, tiny_model, "cpu")
    with pytest.raises(InputError, match="has no sound track"):
        learn_person([talking_video, face_video], output, tiny_model, "cpu")
    with pytest.raises(ConfigError, match="grid does not learn speakers"):
        learn_person([talking_video], output, untrained_grid_gan, "cpu")
    for one in ("a.mp4", Path("a.mp4")):
        with pytest.raises(ConfigError, match=r"a\.mp4 is one path; give a list of videos"):
            learn_person(one, tmp_path / "person")  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match="no video to learn from; give at least one"):
        learn_person([], output, tiny_model, "cpu")
    with pytest.raises(ConfigError, match="'middle' is no region"):
        learn_person([str(talking_video)], str(output), tiny_model, "cpu", region="middle")
    assert not output.exists()


def test_what_is_missing_is_told_before_anything_is_looked_at(
    tiny_model: Path,
    talking_video: Path,
    face_video: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("synclips.person.track_speaker", lambda *given: pytest.fail("looked at"))
    with pytest.raises(InputError, match="has no sound track"):
        learn_person([talking_video, face_video], tmp_path / "person", tiny_model, "cpu")
    monkeypatch.setattr("synclips.hearing.hearing.WEIGHTS", tmp_path / "gone.safetensors")
    with pytest.raises(ModelError, match="run make setup"):
        learn_person([talking_video], tmp_path / "person", tiny_model, "cpu")
