"""What an exception keeps of a job that failed, while somebody keeps it."""

import gc
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

import synclips
from synclips.errors import InputError, NoFaceError
from synclips.media.spool import Spool
from synclips.options import SyncOptions
from synclips.pipeline import LipSync
from synclips.release import releasing


class _Frames:
    """What is large."""


def _ours(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function as one of the package."""
    return FunctionType(function.__code__, globals() | {"__name__": "synclips.some.part"})


def _read(callback: Callable[[], None], seen: list[Any]) -> None:
    frames = _Frames()
    seen.append(weakref.ref(frames))
    try:
        callback()
    except ValueError as error:
        raise InputError("talk.mp4 is damaged; copy it again.") from error


READ = _ours(_read)


def _read_on(callback: Callable[[], None], seen: list[Any], read: Callable[..., Any]) -> None:
    frames = _Frames()
    seen.append(weakref.ref(frames))
    read(callback, seen)


def test_of_ours_an_exception_keeps_its_lines_alone() -> None:
    def callback() -> None:
        mine = 5
        raise ValueError(mine)

    seen: list[Any] = []
    with pytest.raises(InputError, match="damaged") as caught:
        releasing(_ours(_read_on))(callback, seen, READ)
    assert len(seen) == 2
    assert [kept() for kept in seen] == [None, None]
    cause = caught.value.__cause__
    assert isinstance(cause, ValueError)
    assert [entry.name for entry in caught.traceback][-2:] == ["_read_on", "_read"]
    last = cause.__traceback__
    assert last is not None
    assert last.tb_next is not None
    assert last.tb_next.tb_frame.f_locals == {"mine": 5}, "functions of others are left alone"


def test_a_job_is_called_as_before() -> None:
    assert releasing(len)([1, 2]) == 2
    assert releasing(LipSync.sync).__doc__ == LipSync.sync.__doc__


@pytest.mark.parametrize("step", ["track", "draw"])
def test_a_job_that_was_stopped_leaves_no_threads_or_files(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path, step: str
) -> None:
    def stop(now: str, done: int, total: int | None) -> None:
        if now == step and done:
            raise KeyboardInterrupt

    engine, before = LipSync(tiny_model, "cpu"), _held()
    with pytest.raises(KeyboardInterrupt) as kept:
        engine.sync(face_video, speech, tmp_path / "out.mp4", stop)
    assert kept.value.__traceback__ is not None
    assert _held() == before


def test_a_job_that_was_stopped_leaves_no_engine(
    tiny_model: Path, face_video: Path, speech: Path, tmp_path: Path
) -> None:
    """Whose threads wait for more as long as it is there."""

    def stop(now: str, done: int, total: int | None) -> None:
        if now == "draw" and done:
            raise ValueError

    options = SyncOptions(tiny_model, "cpu")
    gc.collect()
    before = _engines()
    gc.disable()  # as soon as it ends, and not whenever somebody looks for cycles
    try:
        with pytest.raises(ValueError) as kept:
            synclips.sync(face_video, speech, tmp_path / "out.mp4", options, stop)
        assert kept.value.__traceback__ is not None
        assert _engines() == before
    finally:
        gc.enable()


def _engines() -> int:
    return sum(type(one) is LipSync for one in gc.get_objects())


def test_a_job_that_failed_leaves_no_files(
    tiny_model: Path, tmp_path: Path, face_video: Path, speech: Path, monkeypatch: Any
) -> None:
    def lost(*_: object) -> None:
        raise NoFaceError("No face was found in talk.mp4.")

    monkeypatch.setattr("synclips.pipeline.track_speaker", lost)
    engine, before = LipSync(tiny_model, "cpu"), _held()
    with pytest.raises(NoFaceError) as kept:
        engine.sync(face_video, speech, tmp_path / "out.mp4")
    assert kept.value.__traceback__ is not None
    assert _held() == before


def _held() -> tuple[int, int]:
    """Threads that read, and temporary files."""
    threads = [thread.name for thread in threading.enumerate()]
    spools = [one for one in gc.get_objects() if type(one) is Spool]
    return threads.count("read-ahead"), len(spools)
