"""The folder: what is done once, what is done again, and what a bad clip or a full disk leaves."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filelock import FileLock

from synclips.corpus import prepare
from synclips.corpus.clips import Clip, Split
from synclips.corpus.manifest import Entry, PrepareSpec, Word, read_manifest
from synclips.corpus.prepare import prepare_corpus
from synclips.corpus.prepared import load_clip, load_shape
from synclips.corpus.summary import Summary
from synclips.errors import ConfigError, InputError, OutputError
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape

SPEC = PrepareSpec()
ROOT = Path(__file__).parents[2]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Names of clips; nobody looks into them."""
    for place in ("s1/video/bbaf2n", "s1/video/sbaf2n", "s2/video/bbaf2n", "s34/video/bbaf2n"):
        path = tmp_path / "raw" / f"{place}.mpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "raw"


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was recorded, instead of recording it."""
    done: list[str] = []

    def record(clip: Clip, spec: PrepareSpec, shape: LipShape) -> tuple[Entry, dict[str, Any]]:
        done.append(f"{clip.person}/{clip.name}")
        if not clip.path.exists() or clip.path.read_bytes() == b"bad":
            raise InputError(f"{clip.path} is no video.")
        who = (clip.key, clip.corpus, clip.person, clip.name, str(clip.path), str(clip.lag))
        entry = Entry(*who, frames=75, seconds=3.0)
        return entry, {"yaw": np.full(3, len(clip.person), np.float32)}

    monkeypatch.setattr(prepare, "record", record)
    return done


Run = Callable[..., Summary]


@pytest.fixture
def run(raw: Path, recorded: list[str], tmp_path: Path, head: Any) -> Run:
    def go(**options: Any) -> Summary:
        values: dict[str, Any] = {"spec": SPEC, "shape": head.shape, "workers": 0} | options
        return prepare_corpus([values.pop("raw", raw)], tmp_path / "out", **values)

    return go


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_every_clip_has_a_row_with_its_split(run: Run, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = run(progress=lambda *done: seen.append(done))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    manifest = read_manifest(tmp_path / "out")
    assert manifest.entries == summary.entries
    assert {(e.person, e.name): e.split for e in manifest.entries} == {
        ("s1", "bbaf2n"): "train",
        ("s1", "sbaf2n"): "test-sentence",
        ("s2", "bbaf2n"): "train",
        ("s34", "bbaf2n"): "validation",
    }
    assert PrepareSpec.from_dict(manifest.spec) == SPEC
    with np.load(tmp_path / "out/clips/grid__s34__bbaf2n.npz") as data:
        assert data["yaw"].tolist() == [3, 3, 3]


def test_a_second_run_does_nothing_and_leaves_the_same_bytes(
    run: Run, recorded: list[str], tmp_path: Path
) -> None:
    run()
    before = contents(tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.*")}
    summary = run()
    assert len(recorded) == 4
    assert (summary.done, len(summary.entries)) == (0, 4)
    assert contents(tmp_path / "out") == before
    assert {path: path.stat().st_mtime_ns for path in times} == times


def test_what_is_missing_is_done_and_what_is_half_done_is_removed(
    run: Run, recorded: list[str], tmp_path: Path
) -> None:
    run()
    out = tmp_path / "out"
    before = contents(out)
    recorded.clear()
    (out / "manifest.jsonl").unlink()
    (out / "clips/grid__s1__bbaf2n.json").unlink()  # killed between the two files
    (out / "clips/grid__s2__bbaf2n.npz").unlink()  # lost
    (out / "clips/grid__s34__bbaf2n.json").write_text("{")  # the power failed
    (out / "clips/.grid__s1__bbaf2n.0a1b2c3d.npz").write_bytes(b"half")
    (out / ".manifest.0a1b2c3d.jsonl").write_bytes(b"half")
    run()
    assert recorded == ["s1/bbaf2n", "s2/bbaf2n", "s34/bbaf2n"]
    assert contents(out) == before


def test_a_clip_whose_lag_was_corrected_is_done_again(
    raw: Path, recorded: list[str], tmp_path: Path, head: Any
) -> None:
    folder = tmp_path / "talks"
    folder.mkdir()
    clip = next(raw.glob("s1/video/*"))
    (folder / clip.name).symlink_to(clip)
    for lag, times in (("0", 1), ("7", 2), ("7", 2)):
        rows = f"file\tperson\tlag_frames_at_25fps\n{clip.name}\tann\t{lag}\n"
        (folder / "INDEX.tsv").write_text(rows)
        summary = prepare_corpus([folder], tmp_path / "out", SPEC, head.shape, workers=0)
        assert len(recorded) == times
        assert summary.entries[0].clip.lag == Fraction(int(lag), 25)


def test_words_that_come_later_are_taken_without_preparing_again(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    out = tmp_path / "out"
    assert not any(entry.words for entry in read_manifest(out).entries)
    before = contents(out / "clips")
    (raw / "s2/align").mkdir()
    (raw / "s1/align").mkdir()
    (raw / "s1/align/bbaf2n.align").write_text("no alignment\n")
    align = raw / "s2/align/bbaf2n.align"
    align.write_text("0 2000 sil\n2000 9000 bin\n9000 99000 blue\n")
    summary = run()
    assert len(recorded) == 4, "decoded again"
    assert (summary.done, summary.worded) == (0, 1)
    assert "clips prepared earlier whose words have come: 1" in str(summary)
    words = {e.key: e.words for e in read_manifest(out).entries if e.words}
    assert words == {"grid__s2__bbaf2n": (Word("bin", 2, 9), Word("blue", 9, 75))}
    after = contents(out / "clips")
    assert {name for name in after if after[name] != before[name]} == {"grid__s2__bbaf2n.json"}
    assert run().worded == 0
    assert contents(out / "clips") == after


def test_a_clip_whose_file_was_replaced_is_done_again(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    recorded.clear()
    path = raw / "s2/video/bbaf2n.mpg"
    path.write_bytes(b"another take")
    run()
    assert recorded == ["s2/bbaf2n"]
    path.write_bytes(b"anothen take")  # as long as the one before
    os.utime(path, ns=(0, 10**18))
    run()
    run()
    assert recorded == ["s2/bbaf2n"] * 2


def test_a_clip_that_was_copied_is_the_same(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    path = raw / "s2/video/bbaf2n.mpg"
    path.write_bytes(b"a take")
    run()
    recorded.clear()
    os.utime(path, ns=(0, 10**18))
    run()
    assert recorded == []
    (entry,) = [e for e in read_manifest(tmp_path / "out").entries if e.person == "s2"]
    digest = hashlib.sha256(b"a take").hexdigest()[:16]
    assert entry.stamp == f"6 {10**18} {digest}", "its content would be read every time"


def test_rows_of_older_versions_are_taken_as_they_are(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    recorded.clear()
    for path in (tmp_path / "out/clips").glob("*.json"):
        values = json.loads(path.read_text())
        del values["stamp"]
        path.write_text(json.dumps(values))
    (raw / "s2/video/bbaf2n.mpg").write_bytes(b"another take")
    assert len(run().entries) == 4
    assert recorded == []


def test_whose_videos_are_removed_are_not_learnt_from_until_they_are_back(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    recorded.clear()
    (raw / "s2/video").rename(tmp_path / "withdrawn")
    summary = run()
    manifest = read_manifest(tmp_path / "out")
    assert {e.person: e.skipped for e in manifest.entries if e.skipped} == {
        "s2": "its source is gone"
    }
    assert {e.person for e in manifest.of("train")} == {"s1"}
    told = str(summary)
    assert "skipped: 1 clip: its source is gone" in told
    assert "put the videos back, or remove KEY.json and KEY.npz" in told
    run(retry=True)
    assert len(read_manifest(tmp_path / "out").of("train")) == 1
    # Not even where the rest cannot be looked at.
    raw.rename(tmp_path / "unmounted")
    (tmp_path / "more/s3/video").mkdir(parents=True)
    (tmp_path / "more/s3/video/lbaf2n.mpg").touch()
    run(raw=tmp_path / "more")
    assert {e.person for e in read_manifest(tmp_path / "out").of("train")} == {"s1", "s3"}

    (tmp_path / "unmounted").rename(raw)
    (tmp_path / "withdrawn").rename(raw / "s2/video")
    recorded.clear()
    run()
    assert recorded == [], "measured again though nothing has changed"
    assert len(read_manifest(tmp_path / "out").of("train")) == 3


def test_a_corpus_is_prepared_person_by_person(run: Run, raw: Path, tmp_path: Path) -> None:
    """Each is removed to make room for the next."""
    run()
    shutil.rmtree(raw / "s1")
    summary = run()
    assert not any(entry.skipped for entry in summary.entries)
    assert f"{raw / 's1'} is not there or empty: 2 of its clips are used" in str(summary)
    assert "s1" in {e.person for e in read_manifest(tmp_path / "out").of("train")}


@pytest.mark.parametrize("left", [False, True], ids=["missing", "empty"])
def test_a_folder_that_is_not_mounted_changes_nothing_and_is_told(
    run: Run, raw: Path, tmp_path: Path, left: bool
) -> None:
    run()
    before = read_manifest(tmp_path / "out").entries
    raw.rename(tmp_path / "unmounted")
    if left:
        raw.mkdir()
    (tmp_path / "more/s3/video").mkdir(parents=True)
    (tmp_path / "more/s3/video/lbaf2n.mpg").touch()
    summary = run(raw=tmp_path / "more")
    after = read_manifest(tmp_path / "out").entries
    assert [e for e in after if e.person != "s3"] == list(before)
    assert f"{raw} is not there or empty: 4 of its clips are used as they were prepared" in str(
        summary
    )


def test_a_folder_that_was_moved_is_found_where_it_is(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    recorded.clear()
    raw.rename(tmp_path / "elsewhere")
    summary = run(raw=tmp_path / "elsewhere")
    assert (recorded, summary.unseen) == ([], ())
    assert all(Path(e.source).exists() for e in read_manifest(tmp_path / "out").entries)


def test_new_clips_join_those_that_are_there(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    run()
    recorded.clear()
    shutil.rmtree(raw)
    (raw / "s3/video").mkdir(parents=True)
    (raw / "s3/video/lbaf2n.mpg").touch()
    summary = run()
    assert recorded == ["s3/lbaf2n"]
    assert [e.person for e in summary.entries] == ["s1", "s1", "s2", "s34", "s3"]
    assert read_manifest(tmp_path / "out").entries == summary.entries


def test_another_split_is_written_without_preparing_again(
    run: Run, recorded: list[str], tmp_path: Path
) -> None:
    run()
    run(split=Split(held_out=frozenset({"s2"}), validation=frozenset()))
    assert len(recorded) == 4
    splits = {e.person: e.split for e in read_manifest(tmp_path / "out").entries}
    assert (splits["s2"], splits["s34"]) == ("test-speaker", "train")


def test_a_bad_clip_is_a_row_with_a_reason_and_is_tried_again_only_if_asked(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    (raw / "s2/video/bbaf2n.mpg").write_bytes(b"bad")
    summary = run()
    assert len(recorded) == 4
    (bad,) = [e for e in summary.entries if e.skipped]
    assert (bad.key, bad.split) == ("grid__s2__bbaf2n", "train")
    assert bad.skipped == f"{raw / 's2/video/bbaf2n.mpg'} is no video."
    assert bad.key not in {e.key for e in read_manifest(tmp_path / "out").of("train")}
    assert not (tmp_path / "out/clips/grid__s2__bbaf2n.npz").exists()

    recorded.clear()
    run()
    assert recorded == []
    run(retry=True)
    assert recorded == ["s2/bbaf2n"]


def test_a_skipped_clip_whose_file_was_replaced_is_tried_again(
    run: Run, recorded: list[str], raw: Path, tmp_path: Path
) -> None:
    path = raw / "s2/video/bbaf2n.mpg"
    path.write_bytes(b"bad")
    run()
    recorded.clear()
    os.utime(path, ns=(0, 10**18))  # copied
    run()
    assert recorded == []
    path.write_bytes(b"good now")
    run()
    run()
    assert recorded == ["s2/bbaf2n"]
    assert not any(e.skipped for e in read_manifest(tmp_path / "out").entries)


def test_a_clip_that_turned_bad_leaves_nothing_to_learn_from(
    run: Run, raw: Path, tmp_path: Path
) -> None:
    run()
    arrays = tmp_path / "out/clips/grid__s2__bbaf2n.npz"
    assert arrays.exists()
    (raw / "s2/video/bbaf2n.mpg").write_bytes(b"bad")
    run()
    assert not arrays.exists()


def test_what_nobody_expected_of_a_clip_is_a_row_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(clip: Clip, *_: object) -> None:
        raise RuntimeError("the decoder\nlost its mind")

    monkeypatch.setattr(prepare, "record", stumble)
    summary = run()
    assert len(summary.entries) == 4
    assert all(
        e.skipped == f"{e.source} cannot be prepared (RuntimeError: the decoder lost its mind)."
        for e in summary.entries
    )


def test_where_there_is_no_room_to_work_no_clip_is_to_blame(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out(clip: Clip, *_: object) -> None:
        raise OutputError("The temporary folder cannot be written.")

    monkeypatch.setattr(prepare, "record", run_out)
    with pytest.raises(OutputError, match="temporary folder"):
        run()
    assert not list((tmp_path / "out" / "clips").iterdir())


def test_a_folder_without_clips_is_named(tmp_path: Path, head: Any) -> None:
    with pytest.raises(InputError, match="empty holds no clips"):
        (tmp_path / "empty").mkdir()
        prepare_corpus([tmp_path / "empty"], tmp_path / "out", SPEC, head.shape, 0)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_was_prepared_otherwise_is_left_alone(
    run: Run, tmp_path: Path, head: Any
) -> None:
    run()
    before = contents(tmp_path / "out")
    with pytest.raises(ConfigError, match=r"out was prepared with other settings \(lips\); use an"):
        run(spec=replace(SPEC, lips=CropSpec(size=96)))
    with pytest.raises(ConfigError, match="with another lip shape"):
        run(shape=replace(head.shape, deviation=head.shape.deviation * 2))
    assert contents(tmp_path / "out") == before


def test_a_folder_of_another_version_is_refused(run: Run, tmp_path: Path) -> None:
    run()
    path = tmp_path / "out" / "spec.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps(values | {"format": 0}))
    with pytest.raises(InputError, match="format 0, this version reads .* in an empty folder"):
        run()
    path.write_text("?")
    with pytest.raises(InputError, match=r"spec\.json does not begin as a prepared corpus does"):
        run()


def test_two_runs_do_not_fill_one_folder(run: Run, tmp_path: Path) -> None:
    run()
    with (
        FileLock(tmp_path / "out" / ".lock"),
        pytest.raises(OutputError, match="is being prepared by another run"),
    ):
        run()


def test_a_full_disk_ends_the_run_and_the_next_one_goes_on(
    run: Run, recorded: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    room = 5  # files: the shape, the settings, one clip with its row, half of the next clip
    write = Path.write_bytes

    def write_while_there_is_room(path: Path, data: bytes) -> int:
        nonlocal room
        room -= 1
        if room < 0:
            write(path, data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return write(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write_while_there_is_room)
        with pytest.raises(OutputError, match="the disk is full; free some space"):
            run()
    left = sorted(path.name for path in (out / "clips").iterdir())
    assert left == ["grid__s1__bbaf2n.json", "grid__s1__bbaf2n.npz", "grid__s1__sbaf2n.npz"]
    assert not (out / "manifest.jsonl").exists()
    recorded.clear()
    run()
    assert recorded == ["s1/sbaf2n", "s2/bbaf2n", "s34/bbaf2n"]
    assert len(read_manifest(out).of("train", "validation", "test-sentence")) == 4


def test_a_folder_that_cannot_be_made_is_named(
    raw: Path, recorded: list[str], tmp_path: Path, head: Any
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file/out could not be written"):
        prepare_corpus([raw], tmp_path / "file" / "out", SPEC, head.shape, 0)


SCRIPT = """
import sys
from pathlib import Path
from synclips.corpus.manifest import PrepareSpec
from synclips.corpus.prepare import prepare_corpus
from synclips.corpus.prepared import load_shape
raw, out, shape = map(Path, sys.argv[1:])
if __name__ == "__main__":
    prepare_corpus([raw], out, PrepareSpec(), load_shape(shape), workers=1)
"""


def test_a_killed_run_goes_on_and_the_number_of_workers_changes_no_byte(
    talking: Path, prepared: Path, tmp_path: Path
) -> None:
    """The one test of this file that uses real videos and processes."""
    out = tmp_path / "out"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), str(talking), str(out), str(prepared)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(command, env=environment)
    try:
        deadline = time.monotonic() + 60
        while not list((out / "clips").glob("*.json")) and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = list((out / "clips").glob("*.json"))
    assert 1 <= len(done) < 4, "not killed in the middle"
    assert not (out / "manifest.jsonl").exists()
    times = {path: path.stat().st_mtime_ns for path in done}

    summary = prepare_corpus([talking], out, SPEC, load_shape(prepared), workers=1)
    assert len(summary.entries) == 4
    assert summary.done <= 4 - len(done)
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert contents(out) == contents(prepared), "other bytes than two workers wrote"


def test_real_clips_come_out_whole(prepared: Path) -> None:
    entries = read_manifest(prepared).entries
    assert [bool(e.skipped) for e in entries] == [False, False, False, True]
    assert "bgif3s.mp4" in entries[3].skipped
    data = load_clip(prepared, entries[0], faces=64, lips=32)
    assert data.valid.sum() >= 28
    assert data.faces is not None and data.lips is not None
    row, column = np.rint(data.lip_points[data.valid][0].mean(axis=0)).astype(int)[::-1]
    assert 0 <= row < 32 and 0 <= column < 32
    assert data.faces[data.valid].reshape(-1, 3).std(axis=0).min() > 20
    assert entries[0].words[0].text == "bin"
    assert (data.sound.max(), len(data.sound)) == (
        pytest.approx(0.5, abs=0.5),
        pytest.approx(19_200, abs=800),
    )
