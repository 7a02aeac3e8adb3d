"""Voices that are downloaded, and networks that convert, from the command line."""

import hashlib
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
import soundfile

from synclips import cli
from synclips.download.resumable import Checksum
from synclips.speech import catalogue
from synclips.speech.catalogue import Offer, RemoteFile
from synclips.speech.espeak_process import find_library

NAME = "en_US-tiny-low"
SPEECH = Path(cli.__file__).parents[1] / "demo" / "speech.flac"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def espeak() -> None:
    if find_library() is None:
        pytest.skip('espeak-ng is not installed: pip install -e ".[espeak]"')


@pytest.fixture
def offer(networks: Any, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """The tiny voice as the only one of the catalogue."""
    model = networks.piper(tmp_path / "made", NAME)
    files = []
    for path in (model.with_suffix(".onnx.json"), model):
        body = server.files[path.name] = path.read_bytes()
        checksum = Checksum(len(body), "sha256", hashlib.sha256(body).hexdigest())
        files.append(RemoteFile(f"{server.url}/{path.name}", checksum))
    made = Offer("piper", NAME, "en-us", None, "CC0-1.0", tuple(files))
    monkeypatch.setattr(catalogue, "offers", lambda: (made,))
    return made


def test_a_voice_is_named_got_listed_and_speaks(
    run: Run, espeak: None, offer: Offer, server: Any, tmp_path: Path
) -> None:
    folder, output = tmp_path / "voices", tmp_path / "out.wav"
    said = ("say", "Hello.", "-o", output, "--engine", "piper", "--voices-folder", folder)
    command = f"synclips voices --get piper/{NAME}"
    status, _, err = run(*said)
    assert status == 1 and f"There is no folder of voices {folder}; " in err
    folder.mkdir()
    why = f"synclips: piper has no voice yet; get one: {command}"
    # The last two have nobody to ask.
    for how in ("--no-download", "--show-text", "--language=en", None):
        ways_out = "." if how in ("--show-text", "--no-download") else ", or add --download."
        assert run(*said, *([how] if how else [])) == (1, "", f"{why}{ways_out}\n")
    folder.rmdir()
    assert not output.exists() and not server.requests  # nothing is fetched unasked

    status, out, err = run("voices", "--get", f"piper/{NAME}", "--voices-folder", folder)
    assert (status, err) == (0, "")
    assert out.startswith(f"piper/{NAME}: 0.0 MB into {folder / 'piper'}\nlicence: CC0-1.0\n")
    assert all(file.checksum.digest in out for file in offer.files)
    assert out.endswith(f"piper/{NAME} is complete.\n")

    rows = run("voices", "--language", "en", "--voices-folder", folder)[1].splitlines()
    assert rows[1].split()[:5] == ["piper", NAME, "en-us", "CC0-1.0", "yes"]
    status, out, err = run(*said)
    assert (status, err) == (0, "")
    assert out.endswith(f"1 sentence by piper {NAME}\n")
    assert soundfile.info(output).samplerate == 8000
    with soundfile.SoundFile(output) as file:
        assert file.comment == f"Voice synthesised by synclips with piper {NAME}"


def test_a_voice_comes_on_first_use(
    run: Run, espeak: None, offer: Offer, server: Any, make: Any, tmp_path: Path
) -> None:
    folder, output = tmp_path / "voices", tmp_path / "out.wav"
    folder.mkdir()
    cues = tmp_path / "a.srt"
    cues.write_text("00:00:00,100 --> 00:00:02,000\nHello.\n")
    said = ("say", "--subtitles", cues, "-o", output, "--voices-folder", folder)
    server.acts[f"{NAME}.onnx"] = [make.act(status=404)]
    status, out, err = run(*said, "--speaker", NAME, "--download")
    assert (status, out) == (1, "") and "answered 404 Not Found; try again later.\n" in err
    assert {path.name for path in (folder / "piper").glob("*.onnx*")} == {f"{NAME}.onnx.json"}
    assert not output.exists()
    status, out, err = run(*said, "--speaker", NAME, "--download")
    assert status == 0 and out.endswith(f"1 subtitle by piper {NAME}\n")
    shown = err.splitlines()
    assert shown[:2] == [f"{offer.key}: 0.0 MB into {folder / 'piper'}", "licence: CC0-1.0"]
    assert all(file.url in shown and file.checksum.digest in err for file in offer.files)
    assert shown[-1] == f"{offer.key} is complete."
    asked = len(server.requests)
    status, _, err = run(*said, "--engine", "piper", "--download")
    assert (status, err, len(server.requests)) == (0, "", asked)


def test_a_folder_of_voices_is_made_by_a_download_and_by_nothing_else(
    run: Run, espeak: None, offer: Offer, server: Any, tmp_path: Path
) -> None:
    folder, output = tmp_path / "new" / "voices", tmp_path / "out.wav"
    said = ("say", "Hello.", "-o", output, "--voices-folder", folder, "--download")
    status, out, err = run(*said, "--engine", "espeak")  # a name that is misspelt
    assert (status, out) == (1, "") and f"There is no folder of voices {folder}; " in err
    assert not output.exists() and not folder.parent.exists() and not server.requests
    status, out, err = run(*said, "--engine", "piper")
    assert status == 0 and out.endswith(f"1 sentence by piper {NAME}\n")
    assert (folder / "piper" / f"{NAME}.onnx").is_file()


def test_to_show_a_text_nothing_is_downloaded(
    run: Run, offer: Offer, server: Any, tmp_path: Path
) -> None:
    said = ("say", "Hello.", "--show-text", "--engine", "piper", "--voices-folder", tmp_path)
    status, out, err = run(*said, "--download")
    assert (status, out) == (1, "")
    assert err == (
        "synclips: --show-text makes nothing, and so downloads nothing; leave out --download.\n"
    )
    assert not server.requests


class Keys(io.StringIO):
    """What is typed at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[io.StringIO], None]:
    """Sets what is typed, at a terminal that shows standard error; no folder of voices is there."""

    def sit_down(keys: io.StringIO) -> None:
        monkeypatch.setattr("sys.stdin", keys)
        monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    monkeypatch.setenv("SYNCLIPS_VOICES", str(tmp_path / "voices"))
    return sit_down


@pytest.mark.parametrize(
    ("answer", "gets"),
    [("\n", True), ("Y\n", True), ("yes\n", True), ("n\n", False), ("so\nno\n", False)],
)
def test_at_a_terminal_it_is_asked_for(
    answer: str,
    gets: bool,
    run: Run,
    espeak: None,
    offer: Offer,
    server: Any,
    tmp_path: Path,
    typed: Callable[[io.StringIO], None],
) -> None:
    typed(Keys(answer))
    output = tmp_path / "out.wav"
    status, out, err = run("say", "Hello.", "-o", output, "--engine", "piper", "--report", "-")
    # A question is seen with a report in a pipe, too, and is no part of it.
    assert (json.loads(out)["output"] if gets else out) == (str(output) if gets else "")
    assert err.count("Download it? [Y/n] ") == answer.count("\n")
    shown, _, rest = err.partition("Download it? [Y/n] ")
    assert all(file.checksum.digest in shown for file in offer.files)
    assert bool(server.requests) is output.exists() is (status == 0) is gets
    assert (f"{offer.key} is complete." in rest) is gets
    assert ("or add --download." in rest) is not gets


def test_the_end_of_the_input_is_no_and_control_c_stops(
    run: Run, offer: Offer, server: Any, tmp_path: Path, typed: Callable[[io.StringIO], None]
) -> None:
    class Stopped(Keys):
        def readline(self, size: int | None = -1) -> str:
            raise KeyboardInterrupt

    said = ("say", "Hello.", "-o", tmp_path / "out.wav", "--engine", "piper", "--report", "-")
    typed(Keys(""))  # control-D
    status, out, err = run(*said)
    assert (status, out) == (1, "")
    assert "\nDownload it? [Y/n] \nsynclips: piper has no voice yet; " in err
    typed(Stopped())
    status, out, err = run(*said)
    assert (status, out) == (130, "")
    assert err.endswith("\nDownload it? [Y/n] \nsynclips: stopped.\n")
    assert not server.requests and list(tmp_path.iterdir()) == [tmp_path / "made"]


def test_nobody_sees_a_question_in_a_file(
    run: Run, offer: Offer, server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNCLIPS_VOICES", str(tmp_path))
    said = ("say", "Hello.", "-o", tmp_path / "out.wav", "--engine", "piper")
    for stdin, stderr in ((True, False), (False, True)):
        monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
        monkeypatch.setattr("sys.stdin.isatty", lambda there=stdin: there, raising=False)
        monkeypatch.setattr("sys.stderr.isatty", lambda there=stderr: there)
        assert run(*said)[0] == 1
    monkeypatch.setattr("sys.stdin", None)  # as of programs without a console
    assert run(*said)[0] == 1
    assert not server.requests


def test_a_voice_that_is_another_file_is_refused(
    run: Run, offer: Offer, server: Any, tmp_path: Path
) -> None:
    server.files[f"{NAME}.onnx"] = b"x" * offer.files[1].checksum.size
    status, _, err = run("voices", "--get", offer.key, "--voices-folder", tmp_path)
    assert status == 1
    assert err == (
        f"synclips: {server.url}/{NAME}.onnx has another checksum than it should have; try again"
        " later.\n"
    )
    assert {path.name for path in (tmp_path / "piper").glob("*.onnx*")} == {f"{NAME}.onnx.json"}


def test_the_voice_of_a_network(
    run: Run, espeak: None, networks: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYNCLIPS_CONSENT", raising=False)
    folder, output = networks.converter(tmp_path / "model"), tmp_path / "out.wav"
    talk = tmp_path / "talk.flac"
    shutil.copy(SPEECH, talk)
    said = ("say", "Hello.", "-o", output, "--engine", "espeak", "--converter", folder)
    assert "add --i-have-consent" in run(*said, "--voice", talk)[2]
    assert "The original voice comes from a video" in run(*said, "--i-have-consent")[2]
    status, out, err = run(*said, "--voice", talk, "--i-have-consent")
    assert status == 0
    assert err.startswith("synclips: There are 7.")  # of ten seconds that it should be
    assert out.endswith("1 sentence by espeak en-us\n")
    with av.open(str(output)) as container:
        mark = container.metadata["comment"]
    assert "with espeak en-us, converted by tiny to the voice talk (consent recorded 20" in mark
    missing = ("--converter", tmp_path / "none", "--voice", talk, "--i-have-consent")
    assert run("say", "Hello.", "-o", output, *missing)[2] == (
        f"synclips: {tmp_path / 'none'} is no converter: there is no converter.json in it; name"
        " another folder.\n"
    )


def test_consent_is_asked_for_before_anything_is_opened(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYNCLIPS_CONSENT", raising=False)
    said = ("say", tmp_path / "none.mp4", "Hello.", "-o", tmp_path / "out.mp4")
    status, _, err = run(*said, "--voice", "original")
    assert status == 1
    assert "add --i-have-consent" in err
    assert "none.mp4" in run(*said)[2]
    monkeypatch.setattr("sys.stdin", None)  # not even what is to be said is read
    said = ("say", tmp_path / "none.mp4", "-", "-o", tmp_path / "out.mp4")
    assert "add --i-have-consent" in run(*said, "--voice", "original")[2]


def test_nobody_to_imitate(
    run: Run, espeak: None, networks: Any, face_video: Path, tmp_path: Path
) -> None:
    folder = networks.converter(tmp_path / "model")
    said = ("say", face_video, "Hello.", "-o", tmp_path / "out.mp4", "--i-have-consent")
    for named, way_out in (
        (("--converter", folder), "a recording"),
        (("--voice", "original"), "a profile that `synclips voice` made"),
    ):
        status, out, err = run(*said, *named)
        assert (status, out) == (1, "")
        assert err == (
            f"synclips: {face_video} has no sound to learn the original voice from; give {way_out}"
            " as --voice.\n"
        )
    assert not (tmp_path / "out.mp4").exists()


def test_notices_of_a_whole_film_are_told_in_short(run: Run, espeak: None, tmp_path: Path) -> None:
    film, output, report = tmp_path / "a.srt", tmp_path / "a.wav", tmp_path / "a.json"
    times = "00:00:{0:02},000 --> 00:00:{0:02},900\nThis is a bit too long.\n"
    film.write_text("\n".join(times.format(at) for at in range(20)))
    status, _, err = run("say", "--subtitles", film, "-o", output, "--report", report)
    assert status == 0
    lines = err.splitlines()
    assert len(lines) == 13 and all("line" in line for line in lines[:-1])
    notices = json.loads(report.read_text())["notices"]
    assert lines[-1] == f"synclips: {len(notices) - 12} more notices like these."
    assert [f"synclips: {notice}" for notice in notices[:12]] == lines[:-1]


def test_a_report_on_standard_output_is_all_that_is_there(
    run: Run, espeak: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = ("say", "Grüße aus Köln 👋 und guten Abend.", "-o", "a.wav")
    status, out, err = run(*said, "--report", "-")
    assert status == 0
    report = json.loads(out)
    assert (report["output"], report["language"]) == ("a.wav", "de")
    assert err.splitlines() == [
        f"synclips: {report['notices'][0]}",
        f"a.wav: {report['duration']:.1f} s; 1 sentence by espeak de",
    ]
    status, out, err = run("say", "Hi.", "-o", "a.wav", "--speed", "9", "--report", "-")
    assert (status, out) == (1, "") and "out of range" in err
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_the_text_is_shown_as_it_would_be_read_and_nothing_is_made(
    run: Run, espeak: None, face_video: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYNCLIPS_CONSENT", raising=False)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"I paid $2.")))
    head = "language  pause  text\n"
    assert run("say", "-", "--show-text") == (
        0,
        f"{head}en        0.30   I paid 2 dollars.\n",
        "",
    )
    status, out, err = run("say", "On 3 May, Dr. Who came 👋", "--show-text")
    assert (status, out) == (0, f"{head}en        0.30   On the 3rd of May, Dr Who came\n")
    assert err == "synclips: The text has what cannot be spoken and was left out: 1 emoji.\n"
    # With a whole command it needs no consent, and writes none of the files named.
    files = ("-o", tmp_path / "a.mp4", "--save-audio", tmp_path / "a.wav")
    files += ("--report", tmp_path / "a.json")
    said = ("say", face_video, "Am 3. Mai kommen wir.", *files, "--voice", "original")
    assert run(*said, "--show-text")[1].endswith("de        0.30   Am dritten Mai kommen wir.\n")
    subtitles = tmp_path / "a.srt"
    subtitles.write_text("00:00:00,100 --> 00:00:00,500\nIt is 9:05.\n")
    _, out, _ = run("say", face_video, "--subtitles", subtitles, "--show-text")
    assert out.splitlines()[1:] == ["00:00:00.100  00:00:00.500  en        -      It is 9 oh 5."]
    assert [path.name for path in tmp_path.iterdir()] == ["a.srt"]


def test_what_cannot_be_shown_is_told_as_if_it_were_to_be_spoken(run: Run, espeak: None) -> None:
    for arguments, reason in [
        ((), "There is nothing to say"),
        (("...",), "has nothing to speak"),
        (("none.mp4", "Hi."), "none.mp4 does not exist"),
        (("Hi.", "--speed", "5"), "The speed 5 is out of range"),
    ]:
        status, out, err = run("say", *arguments, "--show-text")
        assert (status, out) == (1, "") and reason in err
    status, out, err = run("say", "Hi.")
    assert (status, out) == (2, "") and "--output" in err
