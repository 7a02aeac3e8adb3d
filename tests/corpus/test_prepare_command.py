"""`python main.py` and `synclips corpus prepare`: what is asked for and what is told."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.corpus import prepare, workers
from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry, read_manifest
from synclips.corpus.prepared import load_shape
from synclips.corpus.workers import LocalWorkers
from synclips.errors import InputError

MAIN = Path(__file__).parents[2] / "main.py"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call main.py in an otherwise empty folder, where nothing is really recorded."""

    def record(clip: Clip, *_: object) -> tuple[Entry, dict[str, Any]]:
        if clip.name == "bad":
            raise InputError(f"{clip.path} is no video.")
        entry = Entry(clip.key, "grid", clip.person, clip.name, str(clip.path), seconds=3.0)
        return entry, {"yaw": np.zeros(3)}

    monkeypatch.setattr(prepare, "record", record)
    monkeypatch.setattr(workers, "LocalWorkers", lambda count: LocalWorkers(0))
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["main.py", *arguments])
        status = 0
        try:
            runpy.run_path(str(MAIN), run_name="__main__")
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capsys.readouterr()

    return call


def clips(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / f"{name}.mpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_without_arguments_the_downloaded_corpus_is_prepared(run: Run, tmp_path: Path) -> None:
    clips(tmp_path / "data/raw/s1/video", "bbaf2n", "sbaf2n", "bad")
    status, out, err = run()
    assert (status, err) == (0, "")
    assert out.splitlines()[:6] == [
        "skipped: 1 clip: the video is no video. (data/raw/s1/video/bad.mpg)",
        "data/prepared/manifest.jsonl names all of them; a clip is tried again when its file was"
        " replaced, and all are with `synclips corpus prepare --retry`",
        "test-sentence: 1 clips of 1 people, 0.1 minutes",
        "train: 1 clips of 1 people, 0.1 minutes",
        "2 GRID clips have no usable alignment, and so no words",
        "2 clips prepared, 1 skipped",
    ]
    assert "3 clips tried now" in out.splitlines()[6]
    assert [e.name for e in read_manifest(Path("data/prepared")).entries] == [
        "bad",
        "bbaf2n",
        "sbaf2n",
    ]
    assert load_shape(Path("data/prepared")).size == 16
    status, out, _ = run()
    assert status == 0
    assert "tried now" not in out


def test_other_folders_can_be_named_and_joined(run: Run, tmp_path: Path) -> None:
    clips(tmp_path / "a/s1/video", "bbaf2n")
    clips(tmp_path / "b/s2/video", "bbaf2n")
    assert run("a", "out", "--data", "b", "--workers", "3")[0] == 0
    assert [e.person for e in read_manifest(Path("out")).entries] == ["s1", "s2"]


def test_an_error_is_one_sentence(run: Run) -> None:
    status, out, err = run("nowhere", "out")
    assert (status, out) == (1, "")
    assert err == "synclips: nowhere is not a folder; name a folder of clips.\n"
    status, out, err = run("nowhere", "out", "--ray", "auto", "--workers", "2")
    assert (status, out) == (1, "")
    assert "--workers counts processes of this machine" in err


def test_help_lists_the_options(run: Run) -> None:
    status, out, _ = run("--help")
    assert status == 0
    for word in ("[RAW] [OUT]", "data/raw", "data/prepared", "--workers", "--retry", "--ray"):
        assert word in out, word
