"""A video from an order, really made."""

from pathlib import Path

import pytest

from synclips.errors import ConfigError
from synclips.media.audio import probe_sound
from synclips.media.video import VideoReader
from synclips.options import SayOptions, SyncOptions
from synclips.serve.order import Order, check, perform
from synclips.speech.espeak_process import find_library


def test_a_recording_is_lip_synced(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    told: list[str] = []
    order = Order(face_video, speech, True, SyncOptions(str(tiny_model), "cpu"))
    done = perform(order, tmp_path / "out.mp4", lambda step, *_: told.append(step))
    assert list(dict.fromkeys(told)) == ["track", "draw"]
    assert done.report["edited"] == done.report["frames"] > 10
    assert "output" not in done.report and done.remarks == ()
    assert (
        abs(VideoReader(tmp_path / "out.mp4").info.duration - probe_sound(speech).duration) < 0.05
    )


def test_a_text_is_said(tiny_model: Path, face_video: Path, tmp_path: Path) -> None:
    if find_library() is None:
        pytest.skip("espeak-ng is not installed: pip install -e '.[espeak]'")
    picture = SyncOptions(str(tiny_model), "cpu")
    order = Order(face_video, "Hi.", False, picture, SayOptions("espeak", speed=2))
    done = perform(order, tmp_path / "out.mp4", lambda *_: None)
    assert done.report["engine"] == "espeak"
    assert "output" not in done.report and "output" not in done.report["video"]
    assert VideoReader(tmp_path / "out.mp4").info.frame_count == done.report["video"]["frames"]


def test_names_of_files_are_refused_at_once_and_of_others_nothing_is_told(tmp_path: Path) -> None:
    if find_library() is None:
        pytest.skip("espeak-ng is not installed: pip install -e '.[espeak]'")
    with pytest.raises(ConfigError, match="line.wav is the name of a file"):
        check(Order(tmp_path / "a.mp4", "line.wav", False))
    (tmp_path / "plan.conf").write_text("Buy milk.")
    for name in ("plan.conf", "none.conf"):
        check(Order(tmp_path / "a.mp4", str(tmp_path / name), False))
