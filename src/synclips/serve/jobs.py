"""Orders that wait for their turn, and what becomes of each.

One is done at a time, since each uses the whole machine. Everything lies in one folder, which goes
with the server; knows nothing of HTTP.
"""

import logging
import os
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Literal

from synclips.errors import SynclipsError
from synclips.progress import STEPS, Progress
from synclips.serve.order import Done, Order
from synclips.serve.uploads import plainly

log = logging.getLogger(__name__)

KEPT_SECONDS = 24 * 3600
"""How long a job is kept after its end, by default."""
TOUCHED_SECONDS = 3600
"""What tidies temporary folders takes those that nobody changed for days; systemd's for ten."""

Perform = Callable[[Order, Path, Progress], Done]


@dataclass(frozen=True)
class Job:
    """How far an order is.

    Attributes:
        id: for asking again; cannot be guessed.
        title: name of the file to write, made of that of the video.
        state: waiting, working, done or failed.
        step: what is being done, in words; empty before and after.
        done: how much of the step is done.
        total: of how much, where that is known.
        error: why it failed, a sentence; None otherwise.
        notices: what the user should know, a sentence each.
        report: what was done; None before.
        ended: seconds since 1970 when it was done or failed; None before.
    """

    id: str
    title: str
    state: Literal["waiting", "working", "done", "failed"] = "waiting"
    step: str = ""
    done: int = 0
    total: int | None = None
    error: str | None = None
    notices: tuple[str, ...] = ()
    report: dict[str, Any] | None = None
    ended: float | None = None


class Jobs:
    """A queue and the thread that works on it; `close` ends both.

    Args:
        folder: where everything is kept; each job has a folder in it.
        perform: makes a video.
        kept: seconds for which a job is kept after its end.
        touched: seconds after which the folder is touched, while nothing else is to be done.
    """

    def __init__(
        self,
        folder: Path,
        perform: Perform,
        kept: float = KEPT_SECONDS,
        touched: float = TOUCHED_SECONDS,
    ) -> None:
        self._folder = folder
        self._perform = perform
        self._kept = kept
        self._touched = touched
        self._jobs: dict[str, Job] = {}
        self._orders: SimpleQueue[tuple[str, Order] | None] = SimpleQueue()
        self._closing = False
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="synclips-jobs", daemon=True)
        self._thread.start()

    def new_folder(self) -> Path:
        """A folder for the files of an order; its name becomes the job's id."""
        self._forget_old()
        folder = self._folder / secrets.token_urlsafe(12)
        folder.mkdir()
        return folder

    def submit(self, folder: Path, order: Order) -> Job:
        """Put an order, whose files lie in a `new_folder`, at the end of the queue."""
        job = Job(folder.name, f"{order.video.stem}-synclips{order.suffix}")
        with self._lock:
            self._jobs[job.id] = job
        self._orders.put((job.id, order))
        return job

    def all(self) -> list[Job]:
        """In the order in which they came."""
        self._forget_old()
        with self._lock:
            return list(self._jobs.values())

    def find(self, name: str) -> Job | None:
        """The job of an id; None if there is none, or it was removed."""
        self._forget_old()
        with self._lock:
            return self._jobs.get(name)

    def result(self, job: Job) -> Path:
        """Where the video of a job that is done lies."""
        return self._place(job.id, Path(job.title).suffix)

    def _place(self, name: str, suffix: str) -> Path:
        return self._folder / name / f"result{suffix}"

    def remove(self, name: str) -> bool:
        """Forget a job and its files, whether it waits, works or has ended; False if unknown."""
        with self._lock:
            job = self._jobs.pop(name, None)
        if job is not None and job.state != "working":  # whoever works removes them
            shutil.rmtree(self._folder / name, ignore_errors=True)
        return job is not None

    def close(self) -> None:
        """Stop what is being done, and wait until it has stopped."""
        self._closing = True
        self._orders.put(None)
        self._thread.join()

    def _work(self) -> None:
        while True:
            left = self._forget_old()
            try:  # at the latest when a job is old, for nobody may ever ask again
                task = self._orders.get(timeout=min(left or self._touched, self._touched))
            except Empty:
                with suppress(OSError):
                    os.utime(self._folder)
                continue
            if task is None:
                return
            name, order = task
            if not self._closing and self._change(name, state="working"):
                self._do(name, order)

    def _do(self, name: str, order: Order) -> None:
        folder = self._folder / name

        def tell(step: str, done: int, total: int | None) -> None:
            known = self._change(name, step=STEPS.get(step, step), done=done, total=total)
            if self._closing or not known:
                raise _Stopped

        heard = _Heard()
        logger = logging.getLogger("synclips")
        logger.addHandler(heard)
        error = None
        done = Done({}, ())
        try:
            done = self._perform(order, self._place(name, order.suffix), tell)
        except _Stopped:
            pass
        except SynclipsError as told:
            error = plainly(str(told), self._folder)
        except Exception:
            log.exception("%s failed", order.video.name)
            error = "Something broke in synclips itself; where it was started the reason is told."
        finally:
            logger.removeHandler(heard)
            _drop_inputs(folder)
        notices = (*(plainly(each, self._folder) for each in heard.sentences), *done.remarks)
        known = self._change(
            name,
            state="failed" if error else "done",
            step="",
            error=error,
            notices=tuple(dict.fromkeys(notices)),
            report=done.report or None,
            ended=time.time(),
        )
        if not known:
            shutil.rmtree(folder, ignore_errors=True)

    def _change(self, name: str, **changes: Any) -> bool:
        """Whether the job is still wanted."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None:
                self._jobs[name] = replace(job, **changes)
        return job is not None

    def _forget_old(self) -> float | None:
        """Seconds until there is something to forget again; None where no job has ended."""
        now = time.time()
        with self._lock:
            left = {
                job.id: job.ended + self._kept - now
                for job in self._jobs.values()
                if job.ended is not None
            }
        for name, seconds in left.items():
            if seconds <= 0:
                self.remove(name)
        return min((seconds for seconds in left.values() if seconds > 0), default=None)


def _drop_inputs(folder: Path) -> None:
    """Remove what a video was made from; the video itself stays."""
    with suppress(OSError):  # somebody else may have removed the folder
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry, ignore_errors=True)


class _Stopped(Exception):
    """Nobody wants the result any more."""


class _Heard(logging.Handler):
    """What is logged while a job is worked on, from any of its threads."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.sentences: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        if record.exc_info is None:
            self.sentences.append(record.getMessage())
