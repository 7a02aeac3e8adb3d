"""The processes of this machine that prepare clips, several at a time.

Knows how to keep them busy, and what to do when one of them dies: the clips under way are tried
again one by one, and the one that kills its process is named. What a worker does with a clip is
not known here.
"""

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Protocol

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry
from synclips.errors import ConfigError

# Each process works on a clip alone; more threads would only get in each other's way. The number
# of threads also decides in which order a product of matrices is summed up, so it is fixed.
SINGLE_THREADED = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}

_MOST_ON_WINDOWS = 61  # handles that it waits for at once, less two; else the pool is refused

FATAL = "{} ends the process that reads it, by a crash or for want of memory."


class Job(Protocol):
    """What is done with each clip; it travels to the workers."""

    @property
    def out(self) -> Path:
        """Where the results go."""
        ...

    def __call__(self, clip: Clip) -> Entry:
        """Prepare a clip; a bad one gives a row with a reason."""
        ...

    def give_up(self, clip: Clip, reason: str) -> Entry:
        """The row of a clip that cannot even be tried."""
        ...


class Workers(Protocol):
    """Anything that does a job on many clips."""

    cores: int

    def __call__(self, job: Job, clips: Sequence[Clip]) -> Iterator[Entry]:
        """Rows in the order in which the clips are done."""
        ...


class LocalWorkers:
    """Processes of this machine; with a count of 0 everything is done in this very process."""

    def __init__(self, count: int) -> None:
        self._count = process_count(count)
        self.cores = max(self._count, 1)

    def __call__(self, job: Job, clips: Sequence[Clip]) -> Iterator[Entry]:
        """See `Workers`.

        Raises:
            ConfigError: no process can be started.
            OutputError: from the job.
        """
        if self._count == 0:
            yield from map(job, clips)
            return
        waiting = deque(clips)
        with environment(SINGLE_THREADED):
            while waiting:
                suspects: list[Clip] = []
                yield from _until_broken(job, waiting, suspects, self._count, 2 * self._count)
                alone = deque(suspects)
                while alone:
                    lost: list[Clip] = []
                    yield from _until_broken(job, alone, lost, 1, 1)
                    for clip in lost:
                        yield job.give_up(clip, FATAL.format(clip.path))


def process_count(asked: int) -> int:
    """How many processes a pool can have of those that are asked for."""
    return min(asked, _MOST_ON_WINDOWS) if sys.platform == "win32" else asked


def _until_broken(
    job: Job, waiting: deque[Clip], suspects: list[Clip], count: int, ahead: int
) -> Iterator[Entry]:
    """Take clips from `waiting`, at most `ahead` at a time, until a process dies over a suspect."""
    # Fresh processes: MediaPipe does not survive in the copy of a process that used it.
    pool = ProcessPoolExecutor(
        min(count, len(waiting)), mp_context=get_context("spawn"), initializer=follow_parent
    )
    running: dict[Future[Entry], Clip] = {}
    broken = False
    try:
        _check(pool)
        while running or (waiting and not broken):
            while waiting and not broken and len(running) < ahead:
                try:
                    future = pool.submit(job, waiting[0])
                except BrokenProcessPool:
                    broken = True
                else:
                    running[future] = waiting.popleft()
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                clip = running.pop(future)
                try:
                    yield future.result()
                except BrokenProcessPool:
                    broken = True
                    suspects.append(clip)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _check(pool: ProcessPoolExecutor) -> None:
    """Make sure that it is not for the clips' sake if processes die."""
    try:
        pool.submit(os.getpid).result()
    except BrokenProcessPool as error:
        raise ConfigError(
            "Worker processes cannot start here; call prepare_corpus from a module, below"
            ' `if __name__ == "__main__":`, or with workers=0.'
        ) from error


def follow_parent() -> None:
    """Begin a process of a pool: it leaves control-C to its parent, and does not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that new processes get; restored afterwards."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
