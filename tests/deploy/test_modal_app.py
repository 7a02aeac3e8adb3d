"""The Modal app without an account: what it would run, with what, and what it keeps of it."""

import importlib.util
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

modal = pytest.importorskip("modal", reason="modal, which comes with synclips[cloud]")

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def app() -> ModuleType:
    spec = importlib.util.spec_from_file_location("modal_app", ROOT / "deploy" / "modal_app.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_app_has_its_function_image_and_volume(app: ModuleType) -> None:
    assert app.app.name == "synclips"
    assert isinstance(app.image, modal.Image)
    assert isinstance(app.volume, modal.Volume)
    for function in (app.corpus, app.training):
        assert isinstance(function, modal.Function)
    assert isinstance(app.training.with_options(gpu="A100:2"), modal.Function)


def test_the_code_travels_and_what_was_made_with_it_stays(app: ModuleType) -> None:
    stays = modal.FilePatternMatcher(*app.UNNEEDED)
    for path in ("data/raw/s1", "checkpoints/a", "report/x", ".venv/bin/python", ".git/HEAD"):
        assert stays(Path(path)), path
    travels = subprocess.run(
        ["git", "ls-files", "src", "configs", "runs", "pyproject.toml", "get_data.py", "README.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    if not travels:
        pytest.skip("no git checkout, so no list of files")
    assert not [path for path in travels if stays(Path(path))]


def test_the_road_is_told_where_and_what(app: ModuleType) -> None:
    assert app.ROAD == ("bash", "runs/grid.sh")
    assert (ROOT / app.ROAD[1]).is_file()
    settings = app.settings_of("all", "1-4,32", 2, also="PAIRS=50 TEST=s5,s33 SOURCE='a b'")
    assert settings == {
        "PRESET": "all",
        "SPEAKERS": "1-4,32",
        "DEVICES": "2",
        "DRAWERS": str(app.CORES_BESIDE),
        "DATA": "/kept/data",
        "WORK": "/kept/checkpoints",
        "REPORT": "/kept/report",
        "PAIRS": "50",
        "TEST": "s5,s33",
        "SOURCE": "a b",
    }
    before, after = app.of_corpus(settings), app.of_training(settings)
    assert before == {**settings, "WORKERS": str(app.CORES), "UNTIL": "prepare"}
    assert after == {**settings, "DEVICE": "cuda", "PREPARED": "/kept/data/prepared"}
    for name in {**before, **after}:
        assert f"{name}=${{{name}:-" in (ROOT / app.ROAD[1]).read_text(), f"{name} is not heard"


def test_a_rehearsal_has_folders_of_its_own(app: ModuleType) -> None:
    settings = app.settings_of("grid-gan", "34", 1, tiny=True)
    assert settings["TINY"] == "1"
    assert settings["WORK"] == "/kept/tiny/checkpoints"
    assert "SPEAKERS" not in settings


def test_a_sentence_is_an_answer_and_a_crash_is_tried_again(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    def end_with(status: int) -> None:
        monkeypatch.setattr(app, "follow", lambda *given: told.append(given) or status)

    for status in (0, 1, 2):
        end_with(status)
        assert app.go({"PRESET": "all"}) == status
    assert told[0][:3] == (("bash", "runs/grid.sh"), {"PRESET": "all"}, Path("/synclips"))
    for status in (137, 143, -9):
        end_with(status)
        with pytest.raises(subprocess.CalledProcessError):
            app.go({})


@pytest.mark.filterwarnings("ignore:The corpus function is executing locally")
def test_the_gpu_is_the_one_asked_for_and_comes_after_the_corpus(
    app: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Called:
        object_id = "fc-1"

    class Training:
        asked: list[Any] = []

        def with_options(self, **options: Any) -> "Training":
            self.asked.append(options)
            return self

        def spawn(self, settings: dict[str, str]) -> Called:
            self.asked.append(settings)
            return Called()

    monkeypatch.setattr(app, "training", Training())
    monkeypatch.setattr(app, "go", lambda settings: 0)
    settings = app.settings_of("grid-gan", "34", 2)
    assert app.corpus.local(settings, "A100-80GB", 2) == (0, "fc-1")
    options, passed = Training.asked
    assert options["gpu"] == "A100-80GB:2"
    assert options["memory"] == 2 * app.MEMORY
    assert passed == settings

    monkeypatch.setattr(app, "go", lambda settings: 1)
    assert app.corpus.local(settings, "A100-80GB", 2) == (1, "")
    assert len(Training.asked) == 2, "no GPU where there is no corpus"


@pytest.mark.parametrize("also", ["PAIRS", "=3", "a-b=1", "PAIRS=1 and"])
def test_settings_that_are_none_are_refused(app: ModuleType, also: str) -> None:
    with pytest.raises(ValueError, match="is no NAME=value"):
        app.settings_of("grid-gan", "34", 1, also=also)


def test_modal_reads_the_same_parameters_from_its_command_line() -> None:
    shown = subprocess.run(
        [sys.executable, "-m", "modal", "run", "deploy/modal_app.py", "--help"],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
    )
    assert shown.returncode == 0, shown.stderr
    for option in ("--preset", "--gpu", "--devices", "--speakers", "--tiny", "--also"):
        assert option in shown.stdout


def test_what_a_step_leaves_is_committed_when_it_ends(
    app: ModuleType, tmp_path: Path, capsys: Any
) -> None:
    there: list[list[str]] = []
    script = "echo '=== a'; touch a; echo noise; echo '=== a: 1 s'; touch $B; exit 3"
    status = app.follow(
        ("bash", "-c", script),
        {"B": "b"},
        tmp_path,
        lambda: there.append(sorted(path.name for path in tmp_path.iterdir())),
    )
    assert status == 3
    assert len(there) == 3  # two lines of steps, and the end
    assert there[-2:] == [there[-2], ["a", "b"]]
    assert "a" in there[1]
    assert capsys.readouterr().out == "=== a\nnoise\n=== a: 1 s\n"


def test_a_long_step_is_committed_meanwhile_even_if_that_failed_once(
    app: ModuleType, tmp_path: Path, capsys: Any
) -> None:
    calls: list[float] = []

    def commit() -> None:
        calls.append(time.monotonic())
        if len(calls) == 1:
            raise RuntimeError("no answer")
        if len(calls) == 3:
            (tmp_path / "enough").touch()

    wait = "while [ ! -e enough ]; do sleep 0.02; done"
    assert app.follow(("bash", "-c", wait), {}, tmp_path, commit, every=0.02) == 0
    assert len(calls) >= 4
    assert "nothing was committed (no answer)" in capsys.readouterr().out


def test_an_interruption_lets_the_children_save_and_then_commits(
    app: ModuleType, tmp_path: Path
) -> None:
    (tmp_path / "child.sh").write_text(
        "trap 'sleep 0.2; touch saved; exit 143' TERM; echo '=== on'\n"
        "while :; do sleep 0.05; done\n"
    )
    script = "trap 'exit 143' TERM; bash child.sh"
    there: list[bool] = []

    def commit() -> None:
        there.append((tmp_path / "saved").exists())
        if len(there) == 1:
            os.kill(os.getpid(), signal.SIGINT)  # as Modal tells that the machine is taken away

    assert threading.current_thread() is threading.main_thread()
    # Started in the background of a shell, Python ignores interruptions.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            app.follow(("bash", "-c", script), {}, tmp_path, commit)
    finally:
        signal.signal(signal.SIGINT, before)
    assert there == [False, True]
