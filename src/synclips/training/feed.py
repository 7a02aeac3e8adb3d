"""Feed: the pieces of each step's batch, drawn ahead in processes of their own.

A batch is cut into pieces that depend on the seed, the step and the number of the piece alone, and
process `r` of `n` takes every nth of them. So a step is the same for any number of processes, and
nothing random has to be saved to continue a run. Knows neither losses nor networks.
"""

import pickle
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import active_children, parent_process
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from torch.utils.data import DataLoader, Dataset

from synclips.corpus.workers import follow_parent
from synclips.errors import SynclipsError
from synclips.training.options import LoopOptions
from synclips.training.stage import Stage, on_device


@dataclass(frozen=True, eq=False)
class Piece:
    """Part of a batch.

    Attributes:
        batch: what the stage drew, on its device.
        size: samples in it.
        seed: of the noise of the networks.
    """

    batch: Any
    size: int
    seed: int


class Feed:
    """A context manager that draws from `first` on.

    Batches are drawn by forked processes, which see the data of this one without a copy and leave
    it its thread for starting kernels; where there is no fork to be trusted, each is drawn when it
    is needed.

    Attributes:
        waited: seconds spent waiting for pieces that were not ready, or not on their device.
    """

    def __init__(
        self,
        stage: Stage[Any],
        options: LoopOptions,
        first: int,
        *,
        rank: int = 0,
        processes: int = 1,
        drawers: int = 1,
    ) -> None:
        """Nothing is drawn before the context is entered."""
        self.waited = 0.0
        self._stage = stage
        self._options = options
        self._mine = range(rank, len(options.pieces), processes)
        self._forks = sys.platform == "linux"
        with _unwarned():
            self._loader: DataLoader[Any] = DataLoader(
                _Pieces(stage, options),
                batch_size=None,
                sampler=[(s, p) for s in range(first, options.steps) for p in self._mine],
                num_workers=drawers if self._forks else 0,
                multiprocessing_context="fork" if self._forks else None,
                collate_fn=_as_drawn,
                worker_init_fn=_begin,
            )
        self._coming: Iterator[Any] = iter(())
        self._drawers: list[BaseProcess] = []

    def __enter__(self) -> Self:
        """Begin to draw."""
        others = active_children()
        with _unwarned(), _without_threads() if self._forks else nullcontext():
            self._coming = iter(self._loader)
        self._drawers = [child for child in active_children() if child not in others]
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what was drawn in vain."""
        # Its own end would wait for whoever holds the traceback of an error in it.
        getattr(self._coming, "_shutdown_workers", lambda: None)()
        self._coming = iter(())
        for drawer in self._drawers:
            drawer.kill()  # if it is still there: it does not hear SIGTERM
            drawer.join()

    def step(self) -> Iterator[Piece]:
        """The pieces of the next step that are this process's."""
        device = self._stage.hardware.device
        for _ in self._mine:
            began = time.perf_counter()
            step, number, batch = next(self._coming)
            if isinstance(batch, Exception):
                raise batch
            if device.type != "cpu":
                batch = on_device(batch, device)
            self.waited += time.perf_counter() - began
            seed = self._options.seed * 1_000_003 + step + number * 1_000_000_007
            yield Piece(batch, self._options.pieces[number], seed)


@dataclass(frozen=True, eq=False)
class _Pieces(Dataset[Any]):
    stage: Stage[Any]
    options: LoopOptions

    def __getitem__(self, index: tuple[int, int]) -> tuple[int, int, Any]:
        """Step, number and batch of a piece, or what went wrong instead of the batch."""
        step, number = index
        rng = np.random.default_rng([self.options.seed, step, number])
        try:
            return step, number, self.stage.draw(rng, self.options.pieces[number])
        except Exception as error:  # the loader would raise it with a traceback for its text
            return step, number, _portable(error)


def _portable(error: Exception) -> Exception:
    """An error that can go to another process, and says where it happened if it is a bug."""
    trace = traceback.format_exc()
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(trace)
    if not isinstance(error, SynclipsError):
        error.add_note(trace)
    return error


def _as_drawn(piece: Any) -> Any:
    return piece


@contextmanager
def _unwarned() -> Iterator[None]:
    """Not of more drawers than cores, which is for the user to say."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


@contextmanager
def _without_threads() -> Iterator[None]:
    """Fork without the threads of OpenCV: a fork has none of them, and would wait for them.

    Who is forked keeps to one, too; on many cores those of several drawers fight for them.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


def _begin(drawer: int) -> None:
    """Who is asked to stop is the process that trains, which saves first and needs its drawers.

    Control-C, `timeout` and batch systems signal all processes of a group.
    """
    if parent_process() is not None:
        follow_parent()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
