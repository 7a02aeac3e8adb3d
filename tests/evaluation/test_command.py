import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import pytest

from synclips.errors import ConfigError, InputError, OutputError
from synclips.evaluation.command import evaluate
from synclips.faces.tracker import FaceTracker

OpenTracker = Callable[[], FaceTracker]


def test_a_report_with_videos(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    report = tmp_path / "report"
    rows = evaluate(system, report, grid=grid_folder, limit=1, keep=True, open_tracker=tracker)
    assert len(rows) == 2 * 6
    content = json.loads((report / "results.json").read_text())
    assert content["about"]["system"] == "loudness"
    assert {row["speaker"] for row in content["rows"]} == {"s1", "s2"}
    assert len(list((report / "videos").iterdir())) == 2
    sheet = cv2.imread(str(report / "sheet.png"))
    assert sheet.shape[0] == 2 * (2 * 24 + 2 * 216 + 2 * 288)  # one block per speaker


def test_without_keep_only_the_report_stays(
    grid_folder: Path, tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    report = tmp_path / "report"
    evaluate(system, report, grid=grid_folder, speakers=["s2"], limit=1, open_tracker=tracker)
    assert sorted(path.name for path in report.iterdir()) == [
        "report.md",
        "results.csv",
        "results.json",
    ]


def test_contradictions_are_named(grid_folder: Path, tmp_path: Path, system: Any) -> None:
    report = tmp_path / "report"
    with pytest.raises(ConfigError, match="--grid or --wild"):
        evaluate(system, report)
    with pytest.raises(ConfigError, match="with --grid as well"):
        evaluate(system, report, speakers=["s1"], wild=tmp_path)
    with pytest.raises(ConfigError, match="limit of 0"):
        evaluate(system, report, grid=grid_folder, limit=0)
    with pytest.raises(OutputError, match="cannot be created"):
        evaluate(system, tmp_path / "no" / "report", grid=grid_folder)
    assert not report.exists()


def test_when_nothing_works_the_report_says_why(
    tmp_path: Path, system: Any, tracker: OpenTracker
) -> None:
    wild = tmp_path / "wild"
    wild.mkdir()
    (wild / "note.mp4").write_text("not a video")
    with pytest.raises(InputError, match="No pair could be evaluated"):
        evaluate(system, tmp_path / "report", wild=wild, open_tracker=tracker)
    assert "note.mp4" in (tmp_path / "report" / "report.md").read_text()
