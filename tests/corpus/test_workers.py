import os
import sys
from pathlib import Path
from typing import Any

import pytest

from synclips.corpus import workers
from synclips.corpus.clips import Clip, Split
from synclips.corpus.manifest import PrepareSpec
from synclips.corpus.prepare import Preparation
from synclips.corpus.workers import LocalWorkers, environment
from synclips.errors import ConfigError, OutputError


class Deadly(Clip):
    """A clip that ends the process that unpacks it, as a decoder does that crashes."""

    def __reduce__(self) -> Any:
        return os._exit, (1,)


@pytest.fixture
def job(tmp_path: Path, head: Any) -> Preparation:
    (tmp_path / "clips").mkdir()
    return Preparation(tmp_path, PrepareSpec(), head.shape, Split())


def no_video(tmp_path: Path, name: str, kind: type[Clip] = Clip) -> Clip:
    path = tmp_path / f"{name}.mp4"
    path.write_bytes(b"no video")
    return kind(path, "s1", name, "grid")


def test_a_clip_that_kills_its_process_is_a_row_and_the_others_are_done(
    job: Preparation, tmp_path: Path
) -> None:
    clips = [
        no_video(tmp_path, "a"),
        no_video(tmp_path, "b", Deadly),
        no_video(tmp_path, "c"),
    ]
    rows = {entry.name: entry.skipped for entry in LocalWorkers(2)(job, clips)}
    assert set(rows) == {"a", "b", "c"}
    assert "b.mp4 ends the process that reads it" in rows["b"]
    for name in ("a", "c"):
        assert f"{name}.mp4 is not a media file" in rows[name]
    kept = {path.name for path in (tmp_path / "clips").iterdir()}
    assert kept == {f"grid__s1__{name}.json" for name in "abc"}


@pytest.mark.parametrize(("platform", "cores"), [("win32", 61), ("linux", 96)])
def test_a_pool_is_as_large_as_the_system_lets_it_be(
    monkeypatch: pytest.MonkeyPatch, platform: str, cores: int
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert LocalWorkers(96).cores == cores
    assert LocalWorkers(0).cores == 1


def test_where_no_process_can_start_it_is_not_for_the_clips_sake(
    job: Preparation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stillborn:
        def __call__(self) -> None: ...

        def __reduce__(self) -> Any:
            return os._exit, (1,)

    monkeypatch.setattr(workers, "follow_parent", Stillborn())
    with pytest.raises(ConfigError, match="Worker processes cannot start here"):
        list(LocalWorkers(1)(job, [no_video(tmp_path, "a")]))
    assert not list((tmp_path / "clips").iterdir())


def test_an_error_of_the_job_ends_the_work(job: Preparation, tmp_path: Path) -> None:
    (tmp_path / "clips").rmdir()
    clips = [no_video(tmp_path, name) for name in "abc"]
    with pytest.raises(OutputError, match="could not be written"):
        list(LocalWorkers(1)(job, clips))


def test_variables_are_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNCLIPS_ONE", "before")
    monkeypatch.delenv("SYNCLIPS_TWO", raising=False)
    with environment({"SYNCLIPS_ONE": "1", "SYNCLIPS_TWO": "2"}):
        assert (os.environ["SYNCLIPS_ONE"], os.environ["SYNCLIPS_TWO"]) == ("1", "2")
    assert os.environ["SYNCLIPS_ONE"] == "before"
    assert "SYNCLIPS_TWO" not in os.environ
