import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest
from typer.testing import CliRunner

from synclips.cli import app
from synclips.errors import ConfigError, InputError, ModelError, OutputError
from synclips.evaluation import command as command_module
from synclips.evaluation.command import evaluate
from synclips.faces.tracker import FaceTracker

OpenTracker = Callable[[], FaceTracker]


def test_a_report_with_videos(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    report = tmp_path / "report"
    rows = evaluate(system, report, [grid_folder], limit=1, keep=True, open_tracker=tracker)
    assert len(rows) == 2 * 6
    content = json.loads((report / "results.json").read_text())
    assert content["about"] == {
        "system": "loudness",
        "judge": "none, sync is not judged (none was given)",
    }
    assert all(row["scores"]["sync_offset"] is None for row in content["rows"])
    assert all(0 < row["scores"]["ssim"] <= 1 for row in content["rows"])
    assert {row["speaker"] for row in content["rows"]} == {"s1", "s2"}
    assert len(list((report / "videos").iterdir())) == 2
    sheet = cv2.imread(str(report / "sheet.png"))
    assert sheet.shape[0] == 2 * (2 * 24 + 2 * 216 + 2 * 288)  # one block per speaker


def test_two_runs_give_the_same_bytes(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    for name in ("one", "two"):
        evaluate(
            system,
            tmp_path / name,
            [grid_folder],
            speakers=["s2"],
            baselines=False,
            open_tracker=tracker,
        )
    for file in ("results.json", "results.csv", "report.md", "report.html"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert b"data:video/mp4" in (tmp_path / "one" / "report.html").read_bytes()


def test_without_keep_only_the_report_stays(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    report = tmp_path / "report"
    evaluate(system, report, [grid_folder], speakers=["s2"], limit=1, open_tracker=tracker)
    assert sorted(path.name for path in report.iterdir()) == [
        "report.html",
        "report.md",
        "results.csv",
        "results.json",
    ]


def test_contradictions_are_named(grid_folder: Path, tmp_path: Path, system: Any) -> None:
    report = tmp_path / "report"
    with pytest.raises(ConfigError, match="with --data"):
        evaluate(system, report, [])
    with pytest.raises(ConfigError, match="with --data as well"):
        evaluate(system, report, [tmp_path], speakers=["s1"])
    with pytest.raises(ConfigError, match="limit of 0"):
        evaluate(system, report, [grid_folder], limit=0)
    if os.geteuid():  # who may write everywhere is refused nothing
        (tmp_path / "shut").mkdir(mode=0o500)
        with pytest.raises(OutputError, match="may not be written"):
            evaluate(system, tmp_path / "shut", [grid_folder])
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file is a file; name another folder"):
        evaluate(system, tmp_path / "file" / "report", [grid_folder])
    assert not report.exists()


def test_folders_above_the_report_are_made(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    report = tmp_path / "a" / "b" / "c"
    evaluate(system, report, [grid_folder], speakers=["s2"], baselines=False, open_tracker=tracker)
    assert (report / "report.md").is_file()


def test_when_nothing_works_the_report_says_why(
    tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    wild = tmp_path / "wild"
    wild.mkdir()
    (wild / "note.mp4").write_text("not a video")
    with pytest.raises(InputError, match="No pair could be evaluated"):
        evaluate(system, tmp_path / "report", [wild], open_tracker=tracker)
    assert "note.mp4" in (tmp_path / "report" / "report.md").read_text()


class TestCommandLine:
    def test_the_model_comes_first(self, tiny_model: Path, tmp_path: Path) -> None:
        nothing = tmp_path / "nothing"
        nothing.mkdir()
        arguments = ["evaluate", str(tiny_model), "--data", str(nothing), "-o", str(tmp_path / "r")]
        result = CliRunner().invoke(app, [*arguments, "--device", "cpu"])
        assert isinstance(result.exception, InputError)
        assert "nothing holds no videos" in str(result.exception)
        assert not (tmp_path / "r").exists()
        arguments[1] = "synclips-99"
        assert isinstance(CliRunner().invoke(app, arguments).exception, ModelError)

    def test_what_decides_the_numbers_is_what_they_are_kept_by(
        self, tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[dict[str, str]] = []

        def catch(system: Any, output: Path, *rest: Any, settings: dict[str, str], **more: Any):
            asked.append(settings)
            output.mkdir(exist_ok=True)
            (output / "report.md").touch()

        monkeypatch.setattr(command_module, "evaluate", catch)
        other = tmp_path / "other"
        shutil.copytree(tiny_model, other)
        same = tmp_path / "same"
        shutil.copytree(tiny_model, same)
        weights = bytearray((other / "motion.safetensors").read_bytes())
        weights[-1] ^= 1
        (other / "motion.safetensors").write_bytes(weights)
        common = ["--data", str(tmp_path), "-o", str(tmp_path / "r"), "--device", "cpu"]
        for line in (
            [str(tiny_model)],
            [str(same), "--adapt", "auto", "--limit", "3"],
            [str(other)],
            [str(tiny_model), "--adapt", "off"],
            [str(tiny_model), "--own-offsets"],
        ):
            result = CliRunner().invoke(app, ["evaluate", *line, *common])
            assert result.exit_code == 0, result.output
        first, second, *others = asked
        assert first == second
        assert all(settings != first for settings in others)

    def test_data_is_needed(self, tmp_path: Path) -> None:
        result = CliRunner().invoke(app, ["evaluate", "-o", str(tmp_path)])
        assert result.exit_code == 2
        assert "--data" in result.output
