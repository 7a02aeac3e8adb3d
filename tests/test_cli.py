"""What a user sees: one line when it went well, one sentence when not, and no file too many."""

import hashlib
import io
import json
import logging
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from synclips import cli
from synclips.errors import OutputError
from synclips.media.audio import probe_sound, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter
from synclips.options import DEFAULT_MODEL
from synclips.speech.espeak_process import find_library
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

SOURCE = Path(__file__).resolve().parents[1] / "src"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def refused(run: Run, tmp_path: Path) -> Callable[..., str]:
    """Call the command, which must fail politely; its sentence."""

    def call(*arguments: object, status: int = 1) -> str:
        before = listing(tmp_path)
        code, out, err = run(*arguments)
        assert code == status
        assert out == ""
        assert listing(tmp_path) == before, "inputs changed, or something was left behind"
        assert err.endswith("\n")
        sentence = err.removesuffix("\n")
        assert "\n" not in sentence
        assert sentence.startswith("synclips: ")
        assert sentence.endswith(".")
        assert "Traceback" not in sentence
        assert "Errno" not in sentence
        return sentence

    return call


def listing(folder: Path) -> dict[str, str]:
    """Every file below a folder with what is in it."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        if path.is_file()
        else "folder"
        for path in folder.rglob("*")
    }


def write_video(path: Path, pictures: list[np.ndarray], **options: Any) -> Path:
    height, width = pictures[0].shape[:2]
    rate = Fraction(25)
    with VideoWriter(
        path, width=width, height=height, frame_rate=rate, time_base=1 / rate, **options
    ) as writer:
        for index, picture in enumerate(pictures):
            writer.write(picture, index / rate)
    return path


@pytest.fixture
def wall(tmp_path: Path) -> Path:
    """Two frames of a grey wall."""
    return write_video(tmp_path / "wall.mp4", [np.full((96, 128, 3), 128, np.uint8)] * 2)


@pytest.fixture
def slow_start(tmp_path: Path, face_video: Path) -> Path:
    """The face video with its index at the end, as cameras write it."""
    path = tmp_path / "camera.mp4"
    with av.open(str(face_video)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copy = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                target.mux(packet)
    return path


def test_a_video_is_written_and_told_in_one_line(
    run: Run, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    output, report = tmp_path / "out.mp4", tmp_path / "report.json"
    arguments = ("sync", face_video, speech, "-o", output, "--report", report)
    status, out, err = run(*arguments, "--model", tiny_model, "--device", "cpu")
    assert status == 0
    assert err == "", "a bar is for terminals only"
    seen = re.fullmatch(
        r"(?P<path>.*): 1\.2 s, 320x240; 30 frames edited, 0 passed through;"
        r" \d+\.\d s \(\d+\.\d fps\) with tiny\n",
        out,
    )
    assert seen is not None
    assert seen["path"] == str(output)
    written = json.loads(report.read_text(encoding="utf-8"))
    assert (written["frames"], written["edited"], written["output"]) == (30, 30, str(output))
    assert VideoReader(output).info.frame_count == 30
    assert {path.name for path in tmp_path.iterdir()} == {"out.mp4", "report.json"}


def test_a_report_on_standard_output(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "synclips", "sync", face_video, speech]
    done = subprocess.run(
        [*command, "-o", "out.mp4", "--report", "-", "--model", tiny_model],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["output"] == "out.mp4"  # and nothing that other libraries say
    assert done.stderr.startswith("out.mp4: ") and done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out.mp4"]


def test_a_real_process_is_quiet(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "synclips", "sync", face_video, speech]
    done = subprocess.run(
        [*command, "-o", "out.mp4", "--model", tiny_model],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    # Neither MediaPipe nor protobuf nor FFmpeg has anything to say.
    assert done.stderr == ""
    assert done.returncode == 0
    assert done.stdout.count("\n") == 1
    assert done.stdout.startswith("out.mp4: ")


def test_help_costs_next_to_nothing() -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "synclips", "--help"],
        env=os.environ | {"PYTHONPATH": str(SOURCE)},
        capture_output=True,
        text=True,
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Processor time, not wall time: other work on the machine does not count.
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 0.5
    assert "sync" in done.stdout
    assert "train" in done.stdout
    assert done.stderr == ""


def test_every_command_explains_its_options(run: Run) -> None:
    status, out, _ = run("sync", "--help")
    assert status == 0
    for word in ("VIDEO", "AUDIO", "--output", "-o", "--report", "--model", "--quality"):
        assert word in out
    assert DEFAULT_MODEL in out
    for command in ("demo", "train"):
        status, out, _ = run(command, "--help")
        assert status == 0
        assert "--help" in out


@pytest.mark.parametrize(
    "arguments",
    [
        ["sync"],
        ["sync", "a.mp4"],
        ["sync", "a.mp4", "b.wav"],
        ["sync", "a.mp4", "b.wav", "c.wav", "-o", "out.mp4"],
        ["sync", "a.mp4", "b.wav", "-o", "out.mp4", "--colour"],
        ["sync", "a.mp4", "b.wav", "-o", "out.mp4", "--quality", "99"],
        ["sync", "a.mp4", "b.wav", "-o", "out.mp4", "--quality", "fine"],
        ["sing"],
    ],
)
def test_wrong_usage_is_status_2(run: Run, arguments: list[str]) -> None:
    status, out, err = run(*arguments)
    assert status == 2
    assert out == ""
    assert "Usage: synclips" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("which", ["video", "audio"])
def test_inputs_that_are_no_media(
    refused: Any, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path, which: str
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "letter.mp4").write_text("Dear Sir,\n" * 200, encoding="utf-8")
    (tmp_path / "letter.txt").write_text("Dear Sir,\n" * 200, encoding="utf-8")
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "empty.wav").touch()
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(1).bytes(5000))
    wanted = {
        "missing.mp4": "does not exist; check the name.",
        "x" * 300: "does not exist; check the name.",
        "folder.mp4": "is a folder; give a file.",
        "letter.mp4": "not a media file",
        "letter.txt": "not a media file",
        "empty.mp4": "is empty; copy or record it again.",
        "empty.wav": "is empty; copy or record it again.",
        "noise.mp4": "not a media file",
    }
    for name, reason in wanted.items():
        path = tmp_path / name
        inputs = (path, speech) if which == "video" else (face_video, path)
        output = tmp_path / "out.mp4"
        sentence = refused("sync", *inputs, "-o", output, "--model", tiny_model)
        assert str(path) in sentence
        assert reason in sentence


def test_a_video_cut_off_before_its_index(
    refused: Any, tiny_model: Path, slow_start: Path, speech: Path, tmp_path: Path
) -> None:
    whole = slow_start.read_bytes()
    cut = tmp_path / "cut.mp4"
    for share in (0.3, 0.9):
        cut.write_bytes(whole[: int(len(whole) * share)])
        sentence = refused("sync", cut, speech, "-o", tmp_path / "o.mp4", "--model", tiny_model)
        assert f"{cut} is cut off or damaged" in sentence


def test_a_video_cut_off_after_its_index(
    refused: Any, run: Run, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    whole = face_video.read_bytes()
    cut, output = tmp_path / "cut.mp4", tmp_path / "out.mp4"
    at = whole.index(b"mdat")
    cut.write_bytes(whole[: at + 200])
    sentence = refused("sync", cut, speech, "-o", output, "--model", tiny_model)
    assert str(cut) in sentence
    assert "no frame that can be decoded" in sentence
    # What can be seen of it is a video.
    cut.write_bytes(whole[: at + (len(whole) - at) * 3 // 4])
    status, out, _ = run("sync", cut, speech, "-o", output, "--model", tiny_model)
    assert status == 0
    assert "30 frames edited" in out


def test_pictures_without_sound_and_sounds_without_pictures(
    refused: Any, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    sentence = refused("sync", face_video, face_video, "-o", output, "--model", tiny_model)
    assert f"{face_video} has no sound track; give a file with speech." in sentence
    sentence = refused("sync", speech, speech, "-o", output, "--model", tiny_model)
    assert f"{speech} has no picture in it" in sentence


def test_a_sound_of_no_length(
    refused: Any, tiny_model: Path, face_video: Path, tmp_path: Path
) -> None:
    sound = tmp_path / "nothing.wav"
    write_sound(sound, np.zeros(0, np.float32), 16_000)
    output = tmp_path / "out.mp4"
    sentence = refused("sync", face_video, sound, "-o", output, "--model", tiny_model)
    assert str(sound) in sentence
    assert "give a file with speech" in sentence


def test_a_video_of_no_length(refused: Any, tiny_model: Path, speech: Path, tmp_path: Path) -> None:
    video = tmp_path / "nothing.mp4"
    with av.open(str(video), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.start_encoding()
    sentence = refused("sync", video, speech, "-o", tmp_path / "o.mp4", "--model", tiny_model)
    assert str(video) in sentence


def test_a_video_without_a_face(
    refused: Any, tiny_model: Path, wall: Path, speech: Path, tmp_path: Path
) -> None:
    sentence = refused("sync", wall, speech, "-o", tmp_path / "o.mp4", "--model", tiny_model)
    assert f"No face was found in {wall}; use a video" in sentence


def test_outputs_that_cannot_be(
    refused: Any, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "file").touch()
    wanted = {
        "missing/out.mp4": "missing is not a folder; create it first",
        "file/out.mp4": "file is not a folder; create it first",
        "folder.mp4": "folder.mp4 is a folder; name a file in it",
        "out.avi": "out.avi has no suffix that can be written; end its name in .mp4",
        "out": "out has no suffix",
        "x" * 300 + ".mp4": "could not be written (File name too long)",
    }
    for name, reason in wanted.items():
        path = tmp_path / name
        sentence = refused("sync", face_video, speech, "-o", path, "--model", tiny_model)
        assert str(tmp_path) in sentence
        assert reason in sentence


def test_a_folder_that_may_not_be_written(
    refused: Any,
    monkeypatch: pytest.MonkeyPatch,
    tiny_model: Path,
    face_video: Path,
    speech: Path,
    tmp_path: Path,
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(0o500)
    if os.access(locked, os.W_OK):  # nothing is locked for root; pretend
        allowed = os.access
        monkeypatch.setattr(os, "access", lambda at, mode: at != locked and allowed(at, mode))
    output = locked / "out.mp4"
    sentence = refused("sync", face_video, speech, "-o", output, "--model", tiny_model)
    assert f"{locked} may not be written to; choose another folder." in sentence


def test_an_output_that_is_an_input(
    refused: Any, tiny_model: Path, slow_start: Path, speech: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.mp4"
    link.symlink_to(slow_start)
    roundabout = tmp_path / ".." / tmp_path.name / slow_start.name
    for output in (slow_start, link, roundabout):
        sentence = refused("sync", slow_start, speech, "-o", output, "--model", tiny_model)
        assert f"{output} is also an input" in sentence
        sentence = refused("sync", link, slow_start, "-o", output, "--model", tiny_model)
        assert f"{output} is also an input" in sentence


def test_reports_that_cannot_be(
    refused: Any, tiny_model: Path, slow_start: Path, speech: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    wanted = {
        "missing/report.json": "missing is not a folder",
        "camera.mp4": "camera.mp4 is also an input",
        "out.mp4": "out.mp4 is named for two outputs",
    }
    for name, reason in wanted.items():
        options = ("--report", tmp_path / name, "--model", tiny_model)
        assert reason in refused("sync", slow_start, speech, "-o", output, *options)


def test_a_report_replaces_nothing_that_is_read(
    refused: Any, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    label, person, voice = tmp_path / "sign.png", tmp_path / "person", tmp_path / "voice"
    label.write_text("kept")
    for folder, name in ((person, "profile.json"), (voice, "voice.json")):
        folder.mkdir()
        (folder / name).write_text("kept")
    picture = ("--label", label, "--person", person, "--model", tiny_model)
    sync = ("sync", face_video, speech, "-o", tmp_path / "out.mp4", *picture)
    say = ("say", face_video, "Hi.", "-o", tmp_path / "out.mp4", "--voice", voice, *picture)
    (weights,) = list(tiny_model.glob("*.safetensors"))[:1]
    for command, read in (
        (sync, label),
        (sync, person / "profile.json"),
        (sync, weights),
        (say, label),
        (say, voice / "voice.json"),
    ):
        assert f"{read} is also an input" in refused(*command, "--report", read)


def test_unknown_models_and_devices(
    refused: Any, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    arguments = ("sync", face_video, speech, "-o", tmp_path / "out.mp4")
    sentence = refused(*arguments, "--model", "synclips-99")
    assert "no model 'synclips-99'; shipped models: " in sentence
    assert DEFAULT_MODEL in sentence
    sentence = refused(*arguments, "--model", tmp_path)
    assert str(tmp_path) in sentence
    sentence = refused(*arguments, "--model", tiny_model, "--device", "tpu")
    assert "Unknown device 'tpu'; use auto, cpu or cuda." in sentence


def test_a_sentence_is_printed_as_it_is(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # Neither markup nor line breaks at 80 columns, so that a path can be copied.
    long = "/tmp/[bold]/" + "very long " * 20 + "talk.mp4 is empty."

    def fail(*arguments: object, **names: object) -> None:
        raise OutputError(long)

    monkeypatch.setattr(cli.program, "app", fail)
    assert run() == (1, "", f"synclips: {long}\n")


def test_a_bug_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object, **names: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli.program, "app", fail)
    with pytest.raises(ZeroDivisionError):
        run()


@pytest.mark.parametrize(
    ("number", "ended"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_stopping_leaves_nothing(
    run: Run,
    number: int,
    ended: int,
    monkeypatch: pytest.MonkeyPatch,
    tiny_model: Path,
    face_video: Path,
    speech: Path,
    tmp_path: Path,
) -> None:
    from synclips.render.painter import Painter

    once = threading.Lock()  # several threads draw, and a second signal may come after the end

    def stop(*_: object) -> None:
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        if once.acquire(blocking=False):
            os.kill(os.getpid(), number)
        time.sleep(5)

    monkeypatch.setattr(Painter, "paint", stop)
    output = tmp_path / "out.mp4"
    before = signal.signal(
        number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    )
    try:
        status, out, err = run("sync", face_video, speech, "-o", output, "--model", tiny_model)
    finally:
        signal.signal(number, before)
    assert status == ended
    assert out == ""
    assert err == "synclips: stopped.\n"
    assert list(tmp_path.iterdir()) == []


def test_training_stops_with_a_sentence_of_its_own(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from synclips.training.stop import Stopped
    from synclips.training.synclips_road import SynclipsRoad as Road

    def stop(*_: object) -> None:
        raise Stopped("stopped after step 3.", 143)

    monkeypatch.setattr(Road, "run", stop)
    config, clips = tmp_path / "a.toml", tmp_path / "s1" / "video"
    config.write_text('name = "a"')
    clips.mkdir(parents=True)
    (clips / "bbaf2n.mpg").touch()
    status, out, err = run("train", config, "--data", tmp_path, "--work", tmp_path / "work")
    assert (status, out, err) == (143, "", "synclips: stopped after step 3.\n")


def test_training_without_its_packages_says_how_to_get_them(
    refused: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("synclips.training.machine.find_spec", lambda name: None)
    sentence = refused("train", tmp_path / "a.toml", "--data", tmp_path, "--work", tmp_path)
    assert sentence.endswith('install them with pip install -e ".[train]".')


def test_the_demo_makes_its_folder(
    run: Run, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings the portrait")
    from synclips.pipeline import LipSync
    from synclips.report import Report

    asked = []

    def sync(
        _: LipSync, video: Path, sound: Path, output: Path, *rest: object, **named: object
    ) -> Report:
        asked.append((video.name, sound.name, video.is_file(), sound.is_file(), output))
        return Report(str(output), "tiny", 512, 512, "25", 1, 1, 0, 0.04, 1.0, 1.0)

    monkeypatch.setattr(LipSync, "sync", sync)
    output = tmp_path / "new" / "demo.mp4"
    status, out, err = run("demo", "-o", output, "--model", tiny_model)
    assert (status, err) == (0, "")
    assert out.startswith(f"{output}: ")
    assert asked == [("astronaut.png", "speech.flac", True, True, output)]
    assert output.parent.is_dir()


def test_the_demo_says_where_it_cannot_write(refused: Any, tmp_path: Path) -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings the portrait")
    (tmp_path / "file").write_text("kept")
    sentence = refused("demo", "-o", tmp_path / "file" / "demo.mp4")
    assert sentence.startswith(f"synclips: {tmp_path / 'file'} could not be written (File exists)")


def test_what_is_logged_is_told_once(
    run: Run, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from synclips.errors import InputError
    from synclips.pipeline import LipSync

    def sync(*rest: object, **named: object) -> None:
        for _ in range(2):
            logging.getLogger("synclips.media.video").warning("%s: is damaged", "a.mp4")
        raise InputError("That is all.")

    monkeypatch.setattr(LipSync, "sync", sync)
    said = ("sync", "a.mp4", "a.wav", "-o", tmp_path / "b.mp4", "--model", tiny_model)
    for _ in range(2):
        assert run(*said) == (1, "", "synclips: a.mp4: is damaged\nsynclips: That is all.\n")
    assert logging.getLogger("synclips").handlers == []


def test_what_broke_is_told_whole_and_every_time(
    run: Run, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from synclips.errors import InputError
    from synclips.pipeline import LipSync

    def sync(*rest: object, **named: object) -> None:
        for _ in range(2):  # as `serve` does for a job that fails
            try:
                raise ZeroDivisionError("by nobody")
            except ZeroDivisionError:
                logging.getLogger("synclips.serve.jobs").exception("a.mp4 failed")
        raise InputError("That is all.")

    monkeypatch.setattr(LipSync, "sync", sync)
    status, _, said = run("sync", "a.mp4", "a.wav", "-o", tmp_path / "b.mp4", "--model", tiny_model)
    assert status == 1
    assert said.count("synclips: a.mp4 failed\nTraceback") == 2
    assert said.count("ZeroDivisionError: by nobody") == 2


def test_the_version_is_told(run: Run) -> None:
    import synclips

    assert run("--version") == (0, f"synclips {synclips.__version__}\n", "")


def test_what_else_is_in_the_picture_is_mentioned(
    run: Run, tiny_model: Path, face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from synclips.pipeline import LipSync
    from synclips.report import Report

    output = tmp_path / "out.mp4"
    edited, faces, people, region, occluded, listening = 1, 3, 1, None, 0, 0

    def sync(*_: object, **__: object) -> Report:
        seen = {
            "faces": faces,
            "people": people,
            "region": region,
            "occluded": occluded,
            "listening": listening,
        }
        return Report(str(output), "m", 64, 64, "25", 1, edited, 0, 0.04, 1.0, 1.0, **seen)  # type: ignore[arg-type]

    monkeypatch.setattr(LipSync, "sync", sync)
    arguments = ("sync", face_video, face_video, "-o", output, "--model", tiny_model)
    status, out, err = run(*arguments)
    assert status == 0
    assert out.startswith(f"{output}: ")
    assert err.startswith("synclips: 3 faces were seen at once; one of them speaks; --region ")
    region = "0,0,0.5,1"
    assert run(*arguments)[2] == (
        "synclips: 3 faces were seen at once; the one in --region 0,0,0.5,1 speaks, whose lips go"
        " with the video's sound.\n"
    )
    assert "one of them speaks" in run(*arguments, "--region", "left")[2]
    faces = 1
    assert run(*arguments)[2] == ""
    occluded = 11
    assert run(*arguments)[2] == ""
    occluded = 12
    assert run(*arguments)[2] == (
        "synclips: in 12 frames something is before the face, such as a hand; it stays as it was.\n"
    )
    occluded, listening = 0, 7
    assert run(*arguments, "--dub")[2] == (
        "synclips: in 7 frames who is seen only listens; they are as filmed.\n"
    )
    edited = 0
    assert run(*arguments, "--dub")[2] == (
        "synclips: nobody was seen to speak, so all of it is as filmed; without --dub whoever is"
        " seen speaks.\n"
    )
    edited, faces, people, listening = 1, 2, 2, 0
    assert run(*arguments, "--dub")[2] == (
        "synclips: 2 faces were seen at once; everybody speaks when they do in the video; --region"
        " dubs one of them alone.\n"
    )
    people = 1
    assert run(*arguments, "--dub")[2] == (
        "synclips: 2 faces were seen at once; they do not stay in their places, so one face is"
        " dubbed in each picture; --region dubs who is in one part of it.\n"
    )


def test_a_video_without_sound_cannot_be_dubbed(
    run: Run, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out.mp4"
    arguments = ("sync", face_video, speech, "-o", output, "--model", tiny_model, "--dub")
    assert run(*arguments) == (
        1,
        "",
        f"synclips: {face_video} has no sound of its own, so there is nothing to dub; leave --dub"
        " out.\n",
    )
    assert not output.exists()


def test_a_part_is_replaced(
    run: Run,
    hum: None,
    tiny_model: Path,
    face_video: Path,
    speech: Path,
    portrait: np.ndarray,
    tmp_path: Path,
) -> None:
    output, report = tmp_path / "out.mp4", tmp_path / "report.json"
    how = ("-o", output, "--model", tiny_model, "--adapt", "off")
    status, out, err = run("sync", face_video, speech, *how, "--at", "0:00.4", "--report", report)
    assert (status, err) == (0, "")
    counts = r"1\.6 s, 320x240; (\d+) frames edited, (\d+) passed through"
    found = re.search(counts, out)
    assert found and sum(map(int, found.groups())) == 40
    assert json.loads(report.read_text(encoding="utf-8"))["passed"] == int(found[2])
    assert 7 <= int(found[2]) <= 10, "frames at 25 per second, of 0.4 s"
    status, out, err = run("say", face_video, "Hello", *how, "--speed", "2", "--at", "0.5")
    assert (status, err) == (0, "")
    assert "1 sentence by hum en; " in out
    for at in ("-1", "soon"):
        assert run("sync", face_video, speech, *how, "--at", at) == (
            1,
            "",
            "synclips: --at takes a time of the video, such as 12.5 (seconds), 1:02.5 or 1:02:03.5,"
            f" not '{at}'.\n",
        )
    arguments = ("sync", face_video, speech, *how)
    assert run(*arguments, "--at", "9")[::2] == (
        1,
        f"synclips: {face_video} ends at 0.8 s, before --at 9; give an earlier time.\n",
    )
    assert run(*arguments, "--at", "0", "--dub")[::2] == (
        1,
        "synclips: A dub is of all that is said, and --at replaces a part; leave one of them"
        " out.\n",
    )
    picture = tmp_path / "me.png"
    cv2.imwrite(str(picture), portrait)
    assert run("sync", picture, speech, *how, "--at", "0")[::2] == (
        1,
        f"synclips: {picture} is a picture, in which nothing is said; leave --at out.\n",
    )


def test_a_part_in_which_nobody_is_seen_is_told(
    run: Run, tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    video, output, rate = tmp_path / "leaves.mp4", tmp_path / "out.mp4", Fraction(25)
    with VideoWriter(video, width=320, height=240, frame_rate=rate, time_base=1 / rate) as writer:
        for frame in VideoReader(face_video).frames():
            writer.write(frame.image, frame.time)
        for index in range(20, 60):
            writer.write(np.full((240, 320, 3), 90, np.uint8), index / rate)
    how = ("-o", output, "--model", tiny_model, "--adapt", "off", "--at", "1")
    status, out, err = run("sync", video, speech, *how)
    assert (status, err) == (
        0,
        "synclips: nobody is seen where the new sound is heard, so no lips speak it.\n",
    )
    assert "0 frames edited, 60 passed through" in out


class Hum(Synthesizer):
    """An engine that hums half a second for each sentence."""

    name = "hum"
    installed = True

    def voices(self) -> list[Any]:
        return [Voice("hum", tag, tag, None, "none", True) for tag in ("en", "de")]

    def speak(self, sentences: Any, voice: Any, speed: float) -> Any:
        syllables = np.sin(np.arange(8_000) / 60) * np.sin(np.arange(8_000) / 1000).clip(0)
        for _ in sentences:
            yield Utterance(0.3 * syllables.astype(np.float32), 16_000)


@pytest.fixture
def hum(monkeypatch: pytest.MonkeyPatch) -> None:
    from synclips.speech import engines

    monkeypatch.setattr(engines, "engines", lambda folder=None: [Hum()])


def test_a_text_is_said_in_a_video(
    run: Run, hum: None, tiny_model: Path, face_video: Path, tmp_path: Path
) -> None:
    output, report = tmp_path / "out.mp4", tmp_path / "report.json"
    arguments = ("say", face_video, "Hello 👋", "-o", output, "--report", report)
    status, out, err = run(*arguments, "--model", tiny_model, "--device", "cpu")
    assert status == 0
    assert err == "synclips: The text has what cannot be spoken and was left out: 1 emoji.\n"
    line = (
        rf"{output}: 0\.8 s, 320x240; 1 sentence by hum en; 20 frames edited, 0 passed through;"
        r" \d+\.\d s with tiny\n"
    )
    assert re.fullmatch(line, out)
    written = json.loads(report.read_text(encoding="utf-8"))
    assert (written["voice"], written["video"]["frames"]) == ("en", 20)
    assert {path.name for path in tmp_path.iterdir()} == {"out.mp4", "report.json"}


@pytest.mark.parametrize(("encoding", "name"), [("cp1252", "да.wav"), ("utf-8", "\udcff.wav")])
def test_letters_that_the_output_lacks_are_spelt_out(
    run: Run, hum: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str, name: str
) -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding=encoding)  # a file or pipe, on Windows
    monkeypatch.setattr(sys, "stdout", out)
    output, report = tmp_path / name, tmp_path / "report.json"
    assert run("say", "One.", "-o", output, "--report", report)[::2] == (0, "")
    assert output.exists() and json.loads(report.read_bytes())["output"] == str(output)
    out.flush()
    written = out.detach().getvalue().decode(encoding)
    assert written.startswith(str(output).encode(encoding, "backslashreplace").decode(encoding))


def test_a_text_is_said_without_a_video(
    run: Run, hum: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "out.wav"
    assert run("say", "One. Two. Three.", "-o", output) == (
        0,
        f"{output}: 2.5 s; 3 sentences by hum en\n",
        "",
    )
    spoken = b"Guten Morgen und herzlich willkommen."
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(spoken), "utf-8"))
    assert run("say", "-", "-o", output)[1] == f"{output}: 0.8 s; 1 sentence by hum de\n"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"Gr\xfc\xdfe"), "utf-8"))
    status, _, err = run("say", "-", "-o", output)
    assert status == 1 and "standard input is not text in UTF-8 (line 1)" in err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a" * 10_000_001), "utf-8"))
    status, _, err = run("say", "-", "-o", tmp_path / "a.wav")
    assert status == 1 and "standard input is longer than 10 MB" in err
    subtitles = tmp_path / "a.srt"
    subtitles.write_text("00:00:01,000 --> 00:00:02,000\nHi.\n")
    assert run("say", "--subtitles", subtitles, "-o", output)[1].endswith("1 subtitle by hum en\n")
    assert probe_sound(output).duration == 2
    (tmp_path / "plan.conf").write_text("Buy milk.")
    status, _, err = run("say", "a.mp4", tmp_path / "plan.conf", "-o", output)
    assert status == 1 and "plan.conf is the name of a file, not a text" in err
    (tmp_path / "plan.txt").write_text("Hello.")
    status, _, err = run("say", tmp_path / "plan.txt", "-o", output)
    assert status == 1 and "plan.txt is the name of a file, not a text; give it with --text" in err


def test_the_name_of_a_voice_that_is_mixed_has_its_own_line(
    run: Run, networks: Any, tmp_path: Path
) -> None:
    if find_library() is None:
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')
    networks.kokoro(tmp_path)
    said = ("say", "One.", "-o", tmp_path / "a.wav", "--voices-folder", tmp_path, "--speaker")
    short = "af_heart/bm_george"
    long = "af_heart:70+bm_george:30/af_bella:60+jf_alpha:50-bm_george:10"
    assert run(*said, short)[1].endswith(f"1 sentence by kokoro {short}\n")
    first, second = run(*said, long)[1].splitlines()
    assert first == f"voice, for --speaker: {long}"
    assert second.endswith("1 sentence by kokoro (mixed)")


def test_what_cannot_be_said(refused: Any, hum: None, face_video: Path, tmp_path: Path) -> None:
    text, output = tmp_path / "a.txt", tmp_path / "out.wav"
    text.write_text("Hello.")
    for arguments, reason in [
        ((), "There is nothing to say; give a text"),
        ((face_video,), f"There is nothing to say with {face_video}; give a text after it."),
        (("Hello", "to", "you"), "quote the text."),
        (("v.mp4", "Hi.", "--text-file", text), f"There is a text beside {text}"),
        (("--text-file", text, "--subtitles", text), "exclude each other"),
        (("--subtitles", text), "is no subtitle file; give a .srt or .vtt, or an .ass or .ssa."),
        (("--subtitles", text.with_suffix(".ttml")), "save it as .srt, and give that."),
        (("...",), "has nothing to speak"),
        (("Hi.", "--engine", "piper"), "There is no engine piper; take one of hum."),
        (("Hi.", "--speaker", "x"), "There is no voice x in hum; synclips voices lists them."),
        (("Hi.", "--language", "fr"), "No voice of hum speaks the language fr;"),
        (("Hi.", "--speed", "5"), "The speed 5 is out of range; take one from 0.5 to 2."),
        (("Hi.", "--report", output), "is named for two outputs"),
    ]:
        assert reason in refused("say", *arguments, "-o", output)
    only_sound = refused("say", "Hi.", "-o", output, "--label", "AI", "--still")
    assert f"{output} is sound alone, without a picture for --still and --label;" in only_sound
    labelled = (face_video, "Hi.", "--label")
    video = output.with_suffix(".mp4")
    assert "no '生' in the font" in refused("say", *labelled, "生成", "-o", video)
    missing = tmp_path / "sign.png"
    assert f"{missing} cannot be the label" in refused("say", *labelled, missing, "-o", video)


def test_voices_are_listed(run: Run, hum: None, refused: Any) -> None:
    head = "engine  voice  language  licence  installed\n"
    german = "hum     de     de        none     yes\n"
    assert run("voices", "--language", "de") == (0, head + german, "")
    assert len(run("voices")[1].splitlines()) == 3
    assert "is not a language" in refused("voices", "--language", "german")
    assert "No engine has a voice of the language sw;" in refused("voices", "--language", "sw")


def test_a_voice_is_learnt_with_consent_and_speaks(
    run: Run, refused: Any, hum: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if find_spec("pyworld") is None:
        pytest.skip('pyworld is not installed: pip install -e ".[voice]"')
    monkeypatch.delenv("SYNCLIPS_CONSENT", raising=False)
    speech, voice, output = tmp_path / "talk.flac", tmp_path / "ann", tmp_path / "out.wav"
    shutil.copy(SOURCE / "synclips" / "demo" / "speech.flac", speech)
    assert "add --i-have-consent" in refused("voice", speech, "-o", voice)
    status, out, err = run("voice", speech, "-o", voice, "--i-have-consent")
    assert status == 0
    assert re.fullmatch(rf"{voice}: 7\.\d s of speech, pitch \d+ Hz; consent recorded .*\n", out)
    assert err.startswith("synclips: There are 7.")  # of ten that it should be
    assert json.loads((voice / "voice.json").read_text())["consent"]["date"][:2] == "20"
    said = ("say", "One. Two.", "-o", output)
    assert run(*said, "--voice", voice) == (0, f"{output}: 1.6 s; 2 sentences by hum en\n", "")
    with av.open(str(output)) as container:
        assert "synclips (units) to the voice ann" in container.metadata["comment"]
    assert "is not a voice profile" in refused(*said, "--voice", tmp_path / "bob")
    assert "comes from a video" in refused(*said, "--voice", "original", "--i-have-consent")


def test_a_profile_is_made_and_used(
    run: Run,
    refused: Any,
    tiny_model: Path,
    face_video: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from synclips.adapt.speaker import Adaptation, Held

    asked: list[Any] = []

    def learn(
        videos: Any, output: Any, model: Any, device: Any, tell: Any, *, region: Any
    ) -> Adaptation:
        asked.append((videos, output, model, device, region))
        return Adaptation(None, True, "learnt", 61.2, (), Held(0.5, 0.3), Held(0.64, 0.2))  # type: ignore[arg-type]

    monkeypatch.setattr("synclips.person.learn_person", learn)
    person = tmp_path / "person"
    two = ("adapt", "a.mp4", "b.mp4", "-o", person)
    status, out, _ = run(*two, "--model", "m", "--region", "right")
    assert status == 0
    assert asked == [
        ([Path("a.mp4"), Path("b.mp4")], person, "m", "auto", "right"),
    ]
    assert out == (
        f"{person}: learnt from 61 s of speech; on speech held out lips are off by 67% of what they"
        " were, and the mouth opening correlates by 0.64, 0.50 before\n"
    )
    monkeypatch.setattr(
        "synclips.person.learn_person",
        lambda *_, **__: Adaptation(None, False, "too little speech", 2.2, calibrated=True),  # type: ignore[arg-type]
    )
    assert run(*two)[1] == (
        f"{person}: learnt from 2 s of speech where the lips differ from what is expected, no more"
        " (too little speech)\n"
    )
    sync = ["sync", face_video, face_video, "-o", tmp_path / "out.mp4", "--model", tiny_model]
    say = ["say", face_video, "Hi.", "-o", tmp_path / "out.mp4", "--model", tiny_model]
    for command in (sync, say):
        assert "holds no profile" in refused(*command, "--person", person)
        assert "--adapt takes auto, off or a number" in refused(*command, "--adapt", "maybe")
        assert "'middle' is no region" in refused(*command, "--region", "middle")
