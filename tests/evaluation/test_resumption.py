"""A stopped evaluation goes on where it was, and what has changed is measured again."""

import json
import math
import shutil
from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from synclips.errors import InputError, OutputError
from synclips.evaluation import command as command_module
from synclips.evaluation import gallery as gallery_module
from synclips.evaluation import resumption as resumption_module
from synclips.evaluation.command import evaluate
from synclips.evaluation.gallery import PANELS, Gallery
from synclips.evaluation.kept import NAME, Kept
from synclips.evaluation.measure import Scores
from synclips.evaluation.pairs import Pair, sentence_pairs
from synclips.evaluation.resumption import Resumption
from synclips.evaluation.swap import Row, Swap
from synclips.faces.tracker import FaceTracker

OpenTracker = Callable[[], FaceTracker]
REPORT = ("results.json", "results.csv", "report.md", "report.html")

Run = Callable[..., list[str]]
ALL = ["bbaa", "bbab", "lbaa"]


@pytest.fixture
def run(grid_folder: Path, tmp_path: Path, system: Any, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Evaluate with a swap that only pretends to measure; says the source of each pair it did."""
    measured: list[str] = []

    def pretend(swap: Any, pair: Pair) -> list[Row]:
        if pair.target.path.read_bytes() == b"no video":
            raise InputError(f"{pair.target.path} is no video.")
        measured.append(pair.source.name)
        if swap._keep is not None:
            (swap._keep / pair.name).mkdir(parents=True, exist_ok=True)
        opening = np.array([0.1, math.nan, 0.3], np.float32)
        swap._visit(pair, dict.fromkeys(PANELS, SimpleNamespace(opening=opening)), Path())
        scores = Scores(**{field.name: 1 / 3 for field in fields(Scores)})
        who = pair.target.corpus, pair.target.person, pair.name
        return [Row(*who, condition, scores) for condition in swap._conditions]

    monkeypatch.setattr(Swap, "evaluate", pretend)
    monkeypatch.setattr(gallery_module, "_clip", lambda *parts: (b"clip", (720, 432)))
    monkeypatch.setattr(command_module, "contact_sheet", lambda *parts, **options: None)

    def go(report: str = "report", **changed: Any) -> list[str]:
        options: dict[str, Any] = {"settings": {"weights": "1"}, "baselines": False} | changed
        measured.clear()
        evaluate(system, tmp_path / report, [grid_folder], **options)
        return list(measured)

    return go


def stopping(kind: type[BaseException], before: int) -> Callable[[int, int, str], None]:
    """Progress that ends an evaluation before a pair."""

    def tell(done: int, total: int, name: str) -> None:
        if done == before:
            raise kind

    return tell


def test_a_stopped_evaluation_goes_on_to_the_bytes_of_one_that_was_not(
    grid_folder: Path,
    tmp_path: Path,
    system: Any,
    tracker: OpenTracker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def go(report: str) -> int:
        before = len(system.calls)
        evaluate(
            system,
            tmp_path / report,
            [grid_folder],
            limit=1,
            baselines=False,
            settings={},
            open_tracker=tracker,
        )
        return len(system.calls) - before

    assert go("whole") == 4  # each pair, and its reconstruction
    sync, left = system.sync, iter([False, False, False, True])

    def interrupted(*paths: Path) -> object:
        if next(left, False):
            raise KeyboardInterrupt
        return sync(*paths)

    monkeypatch.setattr(system, "sync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        go("report")
    assert "stopped: after 1 of 2 pairs" in (tmp_path / "report" / "report.md").read_text()
    assert go("report") == 2
    for name in REPORT:
        assert (tmp_path / "report" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()
    assert go("report") == 0
    for name in REPORT:
        assert (tmp_path / "report" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, ZeroDivisionError])
def test_whatever_stops_an_evaluation_there_is_a_report_on_what_there_is(
    run: Run, tmp_path: Path, kind: type[BaseException], caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(kind):
        run(progress=stopping(kind, before=2))
    content = json.loads((tmp_path / "report" / "results.json").read_text())
    assert content["about"]["stopped"] == "after 2 of 3 pairs"
    assert len({row["pair"] for row in content["rows"]}) == 2
    assert "report.md tells of 2 of 3 pairs; run the same command again" in caplog.text
    said: list[str] = []
    assert run(say=said.append) == ["lbaa"]
    assert said == ["Earlier runs have measured 2 of 3 pairs."]
    assert "stopped" not in (tmp_path / "report" / "report.md").read_text()


def test_stopped_in_the_first_pair_there_is_nothing_to_report(run: Run, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(progress=stopping(KeyboardInterrupt, before=0))
    assert list((tmp_path / "report").iterdir()) == []


def test_what_ended_it_is_told_although_there_is_no_report(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*parts: object) -> None:
        raise OutputError

    monkeypatch.setattr(command_module, "write_report", full)
    with pytest.raises(ZeroDivisionError):
        run(progress=stopping(ZeroDivisionError, before=2))


def test_other_settings_or_code_are_measured_anew_and_the_old_ones_stay(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run() == ALL
    assert run(settings={"weights": "2"}) == ALL
    assert run(others={"retrieval": object()}) == ALL
    assert run(baselines=True) == ALL
    with monkeypatch.context() as patch:
        patch.setattr(resumption_module, "_code", lambda: "another version")
        assert run() == ALL
    assert run() == run(settings={"weights": "2"}) == run(baselines=True) == []


def test_without_settings_nothing_is_kept(run: Run, tmp_path: Path) -> None:
    assert run(settings=None) == run(settings=None) == ALL
    assert not (tmp_path / "report" / NAME).exists()


def test_more_or_other_pairs_are_added_and_the_report_is_of_those_asked_for(
    run: Run, tmp_path: Path
) -> None:
    assert run(limit=1, speakers=["s1"]) == ["bbaa"]
    assert run(speakers=["s2"]) == ["lbaa"]
    content = json.loads((tmp_path / "report" / "results.json").read_text())
    assert {row["speaker"] for row in content["rows"]} == {"s2"}
    assert run() == ["bbab"]


def test_a_clip_that_was_exchanged_is_measured_again(run: Run, grid_folder: Path) -> None:
    run()
    videos = grid_folder / "s1" / "video"
    (videos / "bbac.mp4").touch()
    assert run() == [], "the same clip at another time"
    shutil.copy(grid_folder / "s2" / "video" / "lbab.mp4", videos / "bbac.mp4")
    assert run() == ["bbab"]  # which speaks the sound of the clip


def test_kept_videos_are_made_again_where_they_are_not_there(run: Run, tmp_path: Path) -> None:
    assert run() != []
    assert run(keep=True) == ALL
    assert run(keep=True) == []
    shutil.rmtree(tmp_path / "report" / "videos" / "grid__s2__lbaa__lbab")
    assert run(keep=True) == ["lbaa"]
    run(keep=True, settings={"weights": "2"})
    # The videos are of other weights by now.
    assert run(keep=True) == ALL


def test_who_has_no_clip_in_the_gallery_yet_gets_one(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(gallery_module, "MOST", 1)
        run()
    assert run() == ["lbaa"]
    assert run() == []
    run("whole")
    page = (tmp_path / "report" / "report.html").read_bytes()
    assert page == (tmp_path / "whole" / "report.html").read_bytes()


def test_a_pair_that_was_skipped_is_tried_again(
    run: Run, grid_folder: Path, tmp_path: Path
) -> None:
    clip = grid_folder / "s2" / "video" / "lbab.mp4"
    whole = clip.read_bytes()
    clip.write_bytes(b"no video")
    assert run() == ["bbaa", "bbab"]
    assert run() == []
    assert "lbab.mp4" in (tmp_path / "report" / "report.md").read_text()
    clip.write_bytes(whole)
    assert run() == ["lbaa"]


def test_own_offsets_are_not_looked_for_twice(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def own_lag(clip: Any, listener: Any, tracker: Any) -> Fraction | None:
        asked.append(clip.name)
        return {"bbab": Fraction(2, 25), "bbac": None}.get(clip.name, Fraction(0))

    monkeypatch.setattr(resumption_module, "own_lag", own_lag)
    listener = type("Listener", (), {"name": "ear"})()
    run(listener=listener)
    run(listener=listener)
    assert asked == ["bbab", "bbac", "lbab"]
    about = json.loads((tmp_path / "report" / "results.json").read_text())["about"]
    assert about["own offsets, taken out"] == (
        "grid__s1__bbab +2.0, grid__s1__bbac unknown (frames of 1/25 s; the others 0)"
    )


def test_a_pair_is_known_by_its_lags_and_by_whose_sound_is_wrong(
    run: Run, grid_folder: Path, system: Any, tmp_path: Path
) -> None:
    gallery = Gallery(system.shape)
    swap = Swap(system, visit=gallery.visit)
    resumption = Resumption(swap, gallery, Kept(tmp_path), {})
    (pair,) = sentence_pairs([grid_folder], ["s2"])
    resumption.evaluate(pair)
    late = replace(pair, target=replace(pair.target, lag=Fraction(1, 25)))
    assert [resumption.count([one]) for one in (pair, late, replace(pair, other=None))] == [1, 0, 0]
