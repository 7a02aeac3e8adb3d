"""Orders one after the other: states, stopping, removing, errors and what remains on disk."""

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from synclips.errors import InputError
from synclips.progress import Progress
from synclips.serve.jobs import KEPT_SECONDS, TOUCHED_SECONDS, Job, Jobs
from synclips.serve.order import Done, Order

Wait = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def jobs(maker: Any, tmp_path: Path) -> Iterator[Jobs]:
    (tmp_path / "all").mkdir()
    made = Jobs(tmp_path / "all", maker)
    yield made
    made.close()


def submit(jobs: Jobs, name: str = "a.mp4") -> Job:
    folder = jobs.new_folder()
    (folder / "video").mkdir()
    video = folder / "video" / name
    video.write_bytes(b"film")
    return jobs.submit(folder, Order(video, "Hello.", is_sound=False))


def state(jobs: Jobs, job: Job) -> str | None:
    found = jobs.find(job.id)
    return None if found is None else found.state


def test_one_is_done_after_the_other(jobs: Jobs, maker: Any, wait: Wait) -> None:
    first, second = submit(jobs), submit(jobs, "b.mov")
    assert first.id != second.id
    assert second.title == "b-synclips.mp4"
    maker.begun.wait(5)
    now: Any = wait(lambda: (job := jobs.find(first.id)) and job.done and job)
    assert (now.state, now.step, now.done, now.total) == ("working", "drawing the lips", 3, 10)
    assert state(jobs, second) == "waiting"
    assert [job.id for job in jobs.all()] == [first.id, second.id]
    maker.may.set()
    wait(lambda: state(jobs, second) == "done")
    assert [order.video.name for order in maker.orders] == ["a.mp4", "b.mov"]
    ended: Any = jobs.find(first.id)
    assert ended.report == {"duration": 1.0}
    assert ended.notices == ("a remark",)
    assert ended.ended is not None and ended.error is None
    assert jobs.result(ended).read_bytes() == b"0123456789"
    assert [path.name for path in jobs.result(ended).parent.iterdir()] == ["result.mp4"]


def test_what_is_removed_is_stopped_and_gone(
    jobs: Jobs, maker: Any, wait: Wait, tmp_path: Path
) -> None:
    working, waiting, last = submit(jobs), submit(jobs), submit(jobs)
    maker.begun.wait(5)
    assert jobs.remove(working.id) and jobs.remove(waiting.id)
    assert not jobs.remove(working.id) and not jobs.remove("nobody")
    assert jobs.find(working.id) is None
    wait(lambda: maker.stopped)
    maker.may.set()
    wait(lambda: state(jobs, last) == "done")
    assert len(maker.orders) == 2, "who was removed while it waited is not begun"
    assert [path.name for path in (tmp_path / "all").iterdir()] == [last.id]
    assert jobs.remove(last.id)
    assert not list((tmp_path / "all").iterdir())


def test_errors_are_told_without_places(
    jobs: Jobs, maker: Any, wait: Wait, caplog: pytest.LogCaptureFixture
) -> None:
    folder = jobs.new_folder()
    maker.may.set()
    maker.error = InputError(f"{folder}/video/a b.mp4 is no video; give one.")
    (folder / "video").mkdir()
    job = jobs.submit(folder, Order(folder / "video" / "a b.mp4", "Hello.", is_sound=False))
    wait(lambda: state(jobs, job) == "failed")
    failed: Any = jobs.find(job.id)
    assert failed.error == "a b.mp4 is no video; give one."
    assert failed.report is None and not list(folder.iterdir())
    maker.error = ZeroDivisionError()
    job = submit(jobs)
    wait(lambda: state(jobs, job) == "failed")
    failed = jobs.find(job.id)
    assert "Something broke in synclips itself" in failed.error
    assert "ZeroDivisionError" in caplog.text


def test_what_is_logged_meanwhile_is_told(tmp_path: Path, wait: Wait) -> None:
    def perform(order: Order, output: Path, progress: Any) -> Done:
        for _ in range(2):
            logging.getLogger("synclips.media.video").warning("%s is short.", order.video)
        logging.getLogger("elsewhere").warning("no matter")
        return Done({}, ())

    jobs = Jobs(tmp_path, perform)
    job = submit(jobs)
    wait(lambda: state(jobs, job) == "done")
    jobs.close()
    assert jobs.find(job.id) is not None
    assert jobs.all()[0].notices == ("a.mp4 is short.",)
    logging.getLogger("synclips").warning("%s", "after it")
    assert jobs.all()[0].notices == ("a.mp4 is short.",)


def test_closing_stops_what_is_done(jobs: Jobs, maker: Any) -> None:
    submit(jobs), submit(jobs)
    maker.begun.wait(5)
    jobs.close()
    assert maker.stopped
    assert len(maker.orders) == 1


def test_a_folder_that_somebody_removed_holds_nothing_up(
    jobs: Jobs, maker: Any, wait: Wait
) -> None:
    first, second = submit(jobs), submit(jobs)
    maker.begun.wait(5)
    shutil.rmtree(jobs.result(first).parent)
    maker.may.set()
    wait(lambda: state(jobs, second) == "done")
    assert state(jobs, first) == "failed"


@pytest.mark.parametrize("asked", ["one", "all"])
def test_old_results_are_forgotten(tmp_path: Path, maker: Any, wait: Wait, asked: str) -> None:
    def perform(order: Order, output: Path, progress: Progress) -> Done:
        if order.video.name == "quick.mp4":
            output.write_bytes(b"film")
            return Done({}, ())
        done: Done = maker(order, output, progress)
        return done

    jobs = Jobs(tmp_path, perform, kept=0.2)
    old, new = submit(jobs, "quick.mp4"), submit(jobs)
    maker.begun.wait(5)  # so that nobody else has time to look
    if asked == "one":
        wait(lambda: jobs.find(old.id) is None)
    else:
        wait(lambda: [job.id for job in jobs.all()] == [new.id])
    assert not jobs.result(old).parent.exists()
    assert state(jobs, new) == "working"
    jobs.close()


def test_old_results_are_forgotten_if_nobody_asks(tmp_path: Path, maker: Any, wait: Wait) -> None:
    jobs = Jobs(tmp_path, maker, kept=0.2)
    maker.may.set()
    submit(jobs)
    wait(lambda: maker.orders and not list(tmp_path.iterdir()))
    again = submit(jobs)
    wait(lambda: len(maker.orders) == 2)
    assert maker.orders[1].video.parent.parent.name == again.id, "it works on"
    jobs.close()


def test_a_server_without_orders_keeps_its_folder(tmp_path: Path, maker: Any, wait: Wait) -> None:
    """Where temporary folders are tidied, one that nobody changes is removed."""
    os.utime(tmp_path, (0, 0))
    jobs = Jobs(tmp_path, maker, touched=0.05)
    wait(lambda: tmp_path.stat().st_mtime > 0)
    jobs.close()
    assert TOUCHED_SECONDS <= 24 * 3600


def test_results_are_kept_for_a_day(jobs: Jobs, maker: Any, wait: Wait) -> None:
    assert KEPT_SECONDS == 24 * 3600
    maker.may.set()
    job = submit(jobs)
    wait(lambda: state(jobs, job) == "done")
    assert jobs.all() == [jobs.find(job.id)] and jobs.result(job).exists()
