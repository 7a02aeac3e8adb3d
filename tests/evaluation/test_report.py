import csv
import json
import math
from dataclasses import fields, replace
from pathlib import Path

import pytest

from synclips.errors import OutputError
from synclips.evaluation.conditions import FROZEN, REAL, SYSTEM
from synclips.evaluation.means import means
from synclips.evaluation.measure import Scores
from synclips.evaluation.report import markdown, write_report
from synclips.evaluation.swap import Row, Skipped


def row(
    condition: str, value: float, speaker: str = "s1", pair: str = "p", **changed: float
) -> Row:
    scores = {field.name: value for field in fields(Scores)} | changed
    return Row("grid", speaker, pair, condition, Scores(**scores))


@pytest.fixture
def rows() -> list[Row]:
    return [
        row(SYSTEM, 1.0, "s1", "p1"),
        row(SYSTEM, 3.0, "s1", "p2", silent_motion=math.nan),
        row(SYSTEM, 8.0, "s2", "p3"),
        row(REAL, 0.0, "s1", "p1", silent_motion=math.nan),
        row(FROZEN, 5.0, "s2", "p3"),
    ]


def test_means_of_pairs_in_order_of_conditions(rows: list[Row]) -> None:
    result = means(rows)
    assert [(m.condition, m.pairs) for m in result] == [(REAL, 1), (FROZEN, 1), (SYSTEM, 3)]
    assert result[2].scores.lip_error == 4
    assert result[2].scores.silent_motion == 4.5  # of the two pairs that have silence
    assert math.isnan(result[0].scores.silent_motion)


def test_early_and_late_do_not_cancel_in_sizes() -> None:
    late = row(SYSTEM, 0.0, best_lag=4.0, lag_size=4.0, sync_offset=4.0, sync_offset_size=4.0)
    early = row(SYSTEM, 0.0, best_lag=-4.0, lag_size=4.0, sync_offset=-4.0, sync_offset_size=4.0)
    (mean,) = means([late, early])
    assert (mean.scores.best_lag, mean.scores.sync_offset) == (0, 0)
    assert (mean.scores.lag_size, mean.scores.sync_offset_size) == (4, 4)
    table = [line.split(" | ") for line in markdown([late, early]).splitlines() if "| " in line]
    shown = dict(zip(table[0], table[2], strict=True))
    assert (shown["lag, frames"], shown["lag size"], shown["sync offset size"]) == (
        "0.0",
        "4.0",
        "4.0",
    )


def test_a_pair_that_equals_the_truth_counts_in_the_mean_of_psnr() -> None:
    drawn = [row(SYSTEM, 30.0, pair=f"p{k}") for k in range(3)]
    exact = row(SYSTEM, 30.0, pair="p3", psnr=math.inf)
    assert means([*drawn, exact])[0].scores.psnr == pytest.approx((3 * 30 + 100) / 4)
    assert means([exact])[0].scores.psnr == math.inf
    unknown = row(SYSTEM, 30.0, pair="p4", psnr=math.nan)
    assert means([*drawn, unknown])[0].scores.psnr == 30


def test_means_per_speaker(rows: list[Row]) -> None:
    result = [m for m in means(rows, per_speaker=True) if m.condition == SYSTEM]
    assert [(m.speaker, m.scores.jitter) for m in result] == [("s1", 2), ("s2", 8)]


def test_the_files_agree(tmp_path: Path, rows: list[Row]) -> None:
    skipped = [Skipped("p4", "no face")]
    write_report(tmp_path, rows, skipped, {"system": "tiny"})
    content = json.loads((tmp_path / "results.json").read_text())
    with (tmp_path / "results.csv").open(newline="") as file:
        table = list(csv.DictReader(file))
    assert content["about"] == {"system": "tiny"}
    assert content["skipped"] == [{"pair": "p4", "reason": "no face"}]
    assert content["means"][2]["scores"]["lip_error"] == 4
    assert len(content["rows"]) == len(table) == 5
    for mine, theirs in zip(content["rows"], table, strict=True):
        assert theirs["pair"] == mine["pair"]
        assert float(theirs["jitter"]) == mine["scores"]["jitter"]
    assert content["rows"][1]["scores"]["silent_motion"] is None
    assert table[1]["silent_motion"] == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "report.html",
        "report.md",
        "results.csv",
        "results.json",
    ]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path, rows: list[Row]) -> None:
    texts = []
    for _ in range(2):
        write_report(tmp_path, rows)
        texts.append([path.read_bytes() for path in sorted(tmp_path.iterdir())])
    assert texts[0] == texts[1]


def test_markdown_tables_are_rectangular(rows: list[Row]) -> None:
    text = markdown(rows, [Skipped("p4", "no face")])
    lines = [line for line in text.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in lines}) == 1
    assert "| synclips | 3 | 4.00 |" in text
    assert "| s2 | 1 | 8.00 |" in text
    assert "–" in next(line for line in lines if line.startswith("| real"))
    assert "- p4: no face" in text
    assert "pairs: 3, skipped: 1" in text


def test_empty_columns_are_left_out_of_the_table(rows: list[Row]) -> None:
    assert "sync confidence" in markdown(rows)
    deaf = [
        replace(
            one,
            scores=replace(
                one.scores,
                sync_confidence=math.nan,
                sync_offset=math.inf,
                sync_offset_size=math.inf,
            ),
        )
        for one in rows
    ]
    text = markdown(deaf)
    assert "sync distance" in text
    assert "sync confidence" not in text
    assert "sync offset" not in text


def test_a_folder_in_the_way(tmp_path: Path, rows: list[Row]) -> None:
    (tmp_path / "results.csv").mkdir()
    with pytest.raises(OutputError, match=r"results\.csv"):
        write_report(tmp_path, rows)
    assert not list(tmp_path.glob(".*"))
