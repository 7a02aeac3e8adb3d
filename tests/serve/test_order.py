"""A video from an order, really made."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import ConfigError, InputError
from synclips.media.audio import probe_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
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
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')
    picture = SyncOptions(str(tiny_model), "cpu")
    order = Order(face_video, "Hi.", False, picture, SayOptions("espeak", speed=2))
    done = perform(order, tmp_path / "out.mp4", lambda *_: None)
    assert done.report["engine"] == "espeak"
    assert "output" not in done.report and "output" not in done.report["video"]
    assert VideoReader(tmp_path / "out.mp4").info.frame_count == done.report["video"]["frames"]


def test_names_of_files_are_refused_at_once_and_of_others_nothing_is_told(
    face_video: Path, tmp_path: Path
) -> None:
    if find_library() is None:
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')
    with pytest.raises(ConfigError, match="line.wav is the name of a file"):
        check(Order(face_video, "line.wav", False))
    (tmp_path / "plan.conf").write_text("Buy milk.")
    for name in ("plan.conf", "none.conf"):
        check(Order(face_video, str(tmp_path / name), False))


def test_what_can_never_work_is_refused_at_once(
    face_video: Path, speech: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    check(Order(face_video, speech, True))
    with pytest.raises(InputError, match="no picture in it"):
        check(Order(speech, speech, True))
    with pytest.raises(InputError, match="no sound"):
        check(Order(face_video, face_video, True))
    with pytest.raises(InputError, match=r"no sound of its own, so there is nothing to dub"):
        check(Order(face_video, speech, True, SyncOptions(dub=True)))
    heard, rate = tmp_path / "heard.mp4", Fraction(25)
    with VideoWriter(
        heard, width=320, height=240, frame_rate=rate, time_base=1 / rate, sound=speech
    ) as writer:
        writer.write(portrait, Fraction(0))
    check(Order(heard, speech, True, SyncOptions(dub=True)))


def test_subtitles_of_another_video_are_refused_at_once(face_video: Path, tmp_path: Path) -> None:
    if find_library() is None:
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')
    titles = tmp_path / "a.srt"
    cue = "00:00:{0},000 --> 00:00:{0},900\nGood morning.\n"
    titles.write_text(cue.format("00") + "\n" + cue.format("05"))
    check(Order(face_video, titles, False))  # which are left out is told when it is done
    titles.write_text(cue.format("05"))
    with pytest.raises(InputError, match="No subtitle begins before the end of the video"):
        check(Order(face_video, titles, False))
