"""The scripts of `runs/`: the whole road on archives made here, its cost, and what is expected
of lips that speak known phones.
"""

import json
import math
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from synclips.corpus.clips import Clip
from synclips.corpus.phone_set import PHONES, Segment
from synclips.training.options import LoopOptions

ROOT = Path(__file__).resolve().parents[1]
ROAD = ROOT / "runs" / "grid.sh"


def go(folder: Path, **settings: str) -> list[str]:
    """Go the road at toy size in a folder; the lines it said."""
    # Nothing of the caller's road may leak in.
    known = re.findall(r"^(?:    )?([A-Z]+)=\$\{\1:-", ROAD.read_text(), re.MULTILINE)
    outside = {name: value for name, value in os.environ.items() if name not in known}
    told = subprocess.run(
        ["bash", str(ROAD)],
        cwd=folder,
        env={
            **outside,
            # The commands of the Python that runs the tests.
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "OMP_NUM_THREADS": "1",
            "TINY": "1",
            "DEVICE": "cpu",
            "WORKERS": "1",
            "PAIRS": "1",
            "DATA": str(folder / "data"),
            "WORK": str(folder / "checkpoints"),
            "REPORT": str(folder / "report"),
            **settings,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert told.returncode == 0, told.stdout
    return told.stdout.splitlines()


def made(folder: Path) -> dict[str, tuple[int, bytes]]:
    """When results were written and what they are; not what is exported anew, nor scratch files."""
    kinds = ("*.npz", "*.mpg", "log.jsonl", "resume*", "results.*", "report.*", "samples/*")
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for kind in kinds
        for path in folder.rglob(kind)
        if path.is_file()
    }


def check_report(folder: Path, name: str) -> None:
    """Numbers for every condition, and a page with them."""
    results = json.loads((folder / "results.json").read_text())
    assert results["skipped"] == []
    assert {row["condition"] for row in results["rows"]} >= {"real", "frozen", "synclips"}
    own = next(row["scores"] for row in results["means"] if row["condition"] == "synclips")
    numbers = [value for value in own.values() if value is not None]
    assert len(numbers) > 8
    assert all(math.isfinite(value) for value in numbers)
    page = (folder / "report.html").read_text()
    assert page.rstrip().endswith("</html>")
    assert name in page


@pytest.mark.slow
def test_from_raw_archives_to_a_report_and_then_nothing_anew(tmp_path: Path) -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings a portrait")
    said = go(tmp_path, PRESET="all")
    steps = [line.split(" ", 2)[2] for line in said if line.startswith("=== ")]
    order = [
        "download",
        "prepare",
        "syncnet-expert",
        "syncnet-judge",
        "grid-gan",
        "synclips-1",
        "report of grid-gan",
        "report of synclips-1",
    ]
    assert steps[::2] == order
    assert [re.sub(r": \d+ s$", "", step) for step in steps[1::2]] == order
    check_report(tmp_path / "report" / "grid-gan", "tiny-grid-gan")
    check_report(tmp_path / "report" / "synclips-1", "tiny")

    before = made(tmp_path)
    assert any(name.endswith("resume.json") for name in before)
    said = go(tmp_path, PRESET="all")
    after = made(tmp_path)
    assert before.keys() == after.keys()
    assert [name for name in before if before[name] != after[name]] == []
    assert sum(line.endswith(" is up to date") for line in said) == 2


FAKE_PYTHON = """#!/bin/bash
echo "python $*" >>"$LOG"
"""
FAKE_SYNCLIPS = """#!/bin/bash
echo "synclips $*" >>"$LOG"
[ "$1" != "$FAILS" ] || { echo "synclips: no" >&2; exit 7; }
given="$*"
case $1 in
    train)
        work=${given#*--work }; mkdir -p "${work%% *}/model"
        grep -s '^expert' "$2" >>"$LOG"
        echo "$2" >"${work%% *}/model/config.json" ;;
    evaluate) mkdir -p "${given##*-o }"; echo '{}' >"${given##*-o }/results.json" ;;
esac
"""


def rehearse(folder: Path, status: int = 0, **settings: str) -> list[str]:
    """The commands of a road on which nothing is done."""
    commands = folder / "bin"
    commands.mkdir(exist_ok=True)
    for name, text in (("python", FAKE_PYTHON), ("synclips", FAKE_SYNCLIPS)):
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    log = folder / "log"
    log.write_text("")
    ended = subprocess.run(
        ["bash", str(ROAD)],
        env={
            "PATH": f"{commands}:{os.environ['PATH']}",
            "LOG": str(log),
            "FAILS": "",
            "DATA": str(folder / "data"),
            "WORK": str(folder / "work"),
            "REPORT": str(folder / "report"),
            **settings,
        },
        capture_output=True,
        text=True,
    )
    assert ended.returncode == status, ended.stderr
    return log.read_text().replace(str(folder), "AT").splitlines()


def test_the_commands_of_the_road(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)
    train = "synclips train AT/work/{0}/run.toml --data AT/data/prepared --work AT/work/{0}"
    alone, on = (f" --device auto --devices {n} --drawers 3" for n in (1, 2))
    assert rehearse(tmp_path, DEVICES="2", DRAWERS="3") == [
        "python get_data.py --output_dir AT/data/raw --num_speakers 34",
        "python main.py AT/data/raw AT/data/prepared",
        train.format("syncnet-expert") + alone,
        train.format("syncnet-judge") + alone,
        train.format("grid-gan") + on,
        'expert = "AT/work/syncnet-expert/model"',
        "synclips evaluate AT/work/grid-gan/model --data AT/data/raw --speakers s32,s34 --limit 10"
        " --judge AT/work/syncnet-judge/model --device auto -o AT/report/grid-gan",
    ]


@pytest.mark.parametrize("name", ["grid-gan", "synclips-1"])
def test_one_device_trains_by_the_config_and_several_share_its_batches(
    tmp_path: Path, name: str
) -> None:
    def loops(table: dict[str, Any]) -> list[LoopOptions]:
        inner = [loop for part in table.values() if isinstance(part, dict) for loop in loops(part)]
        own = {
            key: table[key]
            for key in ("steps", "batch_size", "learning_rate", "warmup")
            if key in table
        }
        pieces = {"micro_batch": table.get("micro_batch", 0)}
        return [*inner, LoopOptions(**own, **pieces)] if "steps" in table else inner

    written = tmp_path / "work" / name / "run.toml"
    rehearse(tmp_path, PRESET="all")
    shipped = tomllib.loads((ROOT / "configs" / f"{name}.toml").read_text())
    if "expert" in shipped:
        shipped["expert"] = str(tmp_path / "work" / "syncnet-expert" / "model")
    assert tomllib.loads(written.read_text()) == shipped
    for tiny, devices in (("", "2"), ("", "3"), ("1", "2")):
        rehearse(tmp_path, PRESET="all", DEVICES=devices, TINY=tiny)
        found = loops(tomllib.loads(written.read_text()))
        assert found
        assert all(len(loop.pieces) >= int(devices) for loop in found)


def test_a_report_is_made_again_only_if_something_of_it_changed(tmp_path: Path) -> None:
    (tmp_path / "data" / "raw").mkdir(parents=True)

    def reports(**settings: str) -> int:
        lines = rehearse(tmp_path, **settings)
        return sum(line.startswith("synclips evaluate") for line in lines)

    assert reports() == 1
    assert reports() == 0
    assert reports(PAIRS="20") == 1
    (tmp_path / "work" / "syncnet-judge" / "model" / "more.safetensors").write_bytes(b"weights")
    assert reports(PAIRS="20") == 1
    assert reports(PAIRS="20") == 0


def test_speakers_source_and_workers_are_passed_on(tmp_path: Path) -> None:
    lines = rehearse(tmp_path, SPEAKERS="1-4,32", SOURCE="here it is", WORKERS="3")
    assert lines[:2] == [
        "python get_data.py --output_dir AT/data/raw --speakers 1-4,32 --source here it is",
        "python main.py AT/data/raw AT/data/prepared --workers 3",
    ]


def test_a_prepared_corpus_is_taken_as_it_is(tmp_path: Path) -> None:
    lines = rehearse(tmp_path, PREPARED="elsewhere", PRESET="synclips-1")
    assert not [line for line in lines if line.startswith("python")]
    assert not [line for line in lines if "expert" in line], "only grid-gan needs the expert"
    assert len([line for line in lines if "--data elsewhere" in line]) == 2
    assert not [line for line in lines if "evaluate" in line], "without clips there is no report"


def test_what_was_downloaded_by_hand_is_not_asked_for(tmp_path: Path) -> None:
    assert rehearse(tmp_path, SKIP_DOWNLOAD="1")[0].startswith("python main.py")


def test_the_corpus_can_be_made_where_there_is_no_gpu(tmp_path: Path) -> None:
    lines = rehearse(tmp_path, UNTIL="prepare")
    assert [line.split()[1] for line in lines] == ["get_data.py", "main.py"]


def test_a_step_that_fails_ends_the_road(tmp_path: Path) -> None:
    lines = rehearse(tmp_path, status=7, FAILS="train")
    assert [line.split()[1] for line in lines] == ["get_data.py", "main.py", "train"]


def test_an_unknown_preset_is_refused_before_anything(tmp_path: Path) -> None:
    assert rehearse(tmp_path, status=2, PRESET="best") == []


def write_log(folder: Path, speeds: list[float], batch: int = 10, steps: int = 1000) -> None:
    """A run that validated every 100 steps, for 2 s each."""
    folder.mkdir(parents=True)
    seconds, rows = 0.0, []
    for number, speed in enumerate(speeds, 1):
        seconds += 100 * batch / speed + 2
        row = {"step": 100 * number, "seconds": seconds, "samples_per_second": speed}
        rows.append(json.dumps({**row, "data_share": 0.1}))
    (folder / "log.jsonl").write_text("".join(f"{row}\n" for row in rows))
    settings = {"loop.batch_size": batch, "loop.steps": steps}
    (folder / "resume.json").write_text(json.dumps({"settings": settings}))


def cost(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "runs" / "cost.py"), *map(str, arguments)],
        capture_output=True,
        text=True,
    )


def cells(text: str) -> dict[str, list[str]]:
    rows = [[c.strip() for c in r.strip("|").split("|")] for r in text.splitlines() if "|" in r]
    return {row[0]: row[1:] for row in rows}


def test_cost_is_hours_of_the_measured_speed_times_a_given_price(tmp_path: Path) -> None:
    # 10 000 samples at 0.1 per second and 2 s in 10 002 beside it: 27.8 hours.
    write_log(tmp_path / "gan" / "joint", [0.1, 0.1])
    price = ("--price", 2, "--price-date", "2026-01-31", "--price-source", "a page")
    told = cost(tmp_path / "gan", "--also", "prepare=2.22", *price)
    assert told.returncode == 0, told.stderr
    found = cells(told.stdout)
    assert found["stage"][-2:] == ["hours", "USD"]
    assert found["gan/joint"] == ["10 000", "0.1", "10%", "0%", "27.78", "55.57"]
    assert found["prepare"][-2:] == ["2.22", "4.44"]
    assert found["all"][-2:] == ["30.00", "60.01"]
    assert "At 2 USD per hour, a page on 2026-01-31." in told.stdout


def test_a_slow_stretch_counts_by_its_time_and_validation_is_paid_too(tmp_path: Path) -> None:
    write_log(tmp_path / "gan" / "joint", [1000, 100, 100])
    row = cells(cost(tmp_path / "gan").stdout)["gan/joint"]
    assert row[1] == "142.9"  # 3000 samples in 21 s, not the mean of the three
    assert row[3] == "17%"  # 2 s of 12


def test_trainings_of_one_stage_are_told_apart(tmp_path: Path) -> None:
    for place in ("offsets/first", "offsets/second", "motion"):
        write_log(tmp_path / "lips" / place, [1])
    names = set(cells(cost(tmp_path / "lips", tmp_path / "lips" / "motion").stdout))
    assert {"lips/offsets/first", "lips/offsets/second", "lips/motion", "motion"} <= names


def test_no_price_without_date_and_source(tmp_path: Path) -> None:
    write_log(tmp_path / "gan" / "joint", [1])
    told = cost(tmp_path / "gan", "--price", 2)
    assert told.returncode == 2
    assert "needs its --price-date and --price-source" in told.stderr
    assert told.stdout == ""


def test_cost_of_nothing_is_refused(tmp_path: Path) -> None:
    told = cost(tmp_path)
    assert told.returncode == 2
    assert "no log.jsonl" in told.stderr


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "runs"))
    return __import__("said")


def spoken(names: str, begin: float = 0.0, each: float = 0.1) -> list[Segment]:
    """Phones of one length, one after the other."""
    return [
        Segment(PHONES.index(name), begin + k * each, begin + (k + 1) * each)
        for k, name in enumerate(names.split())
    ]


def test_what_a_phone_takes_of_an_instant(said: ModuleType) -> None:
    shares = said.shares(spoken("m aa", each=0.2), 15, 0.0)
    assert shares.sum(axis=1) == pytest.approx(1)
    assert shares[2, PHONES.index("m")] == pytest.approx(1)
    assert shares[5, PHONES.index("m")] == pytest.approx(0.5)  # where the two meet
    assert shares[14, 0] == pytest.approx(1), "silence where no phone is"
    late = said.shares(spoken("m aa", each=0.2), 15, 0.04)
    assert late[1:] == pytest.approx(shares[:-1])


def test_openings_of_phones_and_the_lag_of_the_lips_are_learnt(said: ModuleType) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=len(PHONES))
    clips = []
    for number in range(40):
        names = " ".join(PHONES[k] for k in rng.integers(1, len(PHONES), 25))
        phones = spoken(f"sil {names} sil")
        opening = said.shares(phones, 68, 0.06) @ values
        opening = 0.1 + 0.02 * opening + rng.normal(size=68) * 1e-3
        clip = Clip(Path(f"{number}.mpg"), "s1", str(number), "grid")
        clips.append(said.Recorded(clip, [], np.zeros(0, np.float32), phones, opening))
    expected = said.learn(clips)
    assert expected.offset == pytest.approx(0.06)
    assert np.corrcoef(expected.values[1:], values[1:])[0, 1] > 0.9
    curve = expected.of(clips[0].phones, 68)
    assert np.isnan(curve[[0, 1, -1]]).all(), "silence does not count"
    right = said.agreement(clips[0].opening, clips[0].phones, expected)
    wrong = said.stretched(clips[1].phones, clips[0].phones)
    assert right[said.MAX_LAG] > 0.95
    assert said.agreement(clips[0].opening, wrong, expected)[said.MAX_LAG] < 0.6


def test_another_sentence_begins_and_ends_when_this_one_does(said: ModuleType) -> None:
    other, this = spoken("sil m aa sil", 0.3, 0.2), spoken("sil b iy t sil", 0.1)
    assert said.span(said.stretched(other, this)) == pytest.approx(said.span(this))


def test_lips_that_come_together_for_a_sound(said: ModuleType) -> None:
    opening = np.ones(20)
    opening[[0, 3, 9, 19]] = 0.0
    opening[8] = np.nan  # no face
    phones = spoken("m aa b", 0.07)  # frames 2 to 4, 5 and 6, 7 to 9
    on, other = said.closed(opening, phones, 0.0, 0.25)
    assert on == [False, True, False, False, True]
    assert other == [False, False]
    late, _ = said.closed(opening, phones, 0.04, 0.25)
    assert late == [True, False, False, True, False]  # frames 3 to 5, 9 and 10


@pytest.mark.slow
def test_the_picture_of_text_to_video(tmp_path: Path) -> None:
    pytest.importorskip("skimage", reason="scikit-image, which brings a portrait")
    pytest.importorskip("espeakng_loader", reason="eSpeak NG")
    picture = tmp_path / "said.jpg"
    script = ROOT / "runs" / "said_picture.py"
    told = subprocess.run(
        [sys.executable, str(script), str(picture)], capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    assert len(told.stdout.splitlines()) == 6
    assert 20_000 < picture.stat().st_size < 150_000


def test_talks_are_judged_by_who_says_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "runs"))
    cast = __import__("cast")
    rows = np.eye(256, dtype=np.float32)

    def pieces(person: str, direction: int) -> list[Any]:
        return [cast.Piece(person, 2.0, rows[direction]) for _ in range(6)]

    people = [pieces("ann", 0), pieces("ben", 1), pieces("eve", 1)]
    said = cast.talk(people, 2, np.random.default_rng(0))
    assert len({piece.person for piece in said}) == 2
    assert 6 <= len(said) <= 12
    assert cast.judged([*people[0], *people[1]]) == (1.0, 2)
    # Two who sound alike are one voice, and what the one who says less says is wrong.
    assert cast.judged([*people[1], *people[2][:2]]) == (0.75, 1)
