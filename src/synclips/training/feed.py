"""Feed: the pieces of each step's batch, drawn ahead in processes of their own.

A batch is cut into pieces that depend on the seed, the step and the number of the piece alone, and
process `r` of `n` takes every nth of them. So a step is the same for any number of processes, and
nothing random has to be saved to continue a run. Knows neither losses nor networks.
"""

import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
from torch.utils.data import DataLoader, Dataset

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
        waited: seconds spent waiting for pieces that were not ready.
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
        forks = sys.platform == "linux"
        self._loader: DataLoader[Any] = DataLoader(
            _Pieces(stage, options),
            batch_size=None,
            sampler=[(s, p) for s in range(first, options.steps) for p in self._mine],
            num_workers=drawers if forks else 0,
            multiprocessing_context="fork" if forks else None,
            collate_fn=_as_drawn,
            worker_init_fn=_deaf,
        )
        self._coming: Iterator[Any] = iter(())
        self._threads = 1

    def __enter__(self) -> Self:
        """Begin to draw."""
        # Those of OpenCV would not live on in a fork, which would wait for them; and on many cores
        # the threads of several drawers fight for them.
        self._threads = cv2.getNumThreads()
        cv2.setNumThreads(1)
        self._coming = iter(self._loader)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what was drawn in vain."""
        self._coming = iter(())
        cv2.setNumThreads(self._threads)

    def step(self) -> Iterator[Piece]:
        """The pieces of the next step that are this process's."""
        device = self._stage.hardware.device
        for _ in self._mine:
            began = time.perf_counter()
            step, number, batch = next(self._coming)
            self.waited += time.perf_counter() - began
            if isinstance(batch, Exception):
                raise batch
            if device.type != "cpu":
                batch = on_device(batch, device)
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
            return step, number, error


def _as_drawn(piece: Any) -> Any:
    return piece


def _deaf(drawer: int) -> None:
    """Who is asked to stop is the process that trains, which saves first and needs its drawers.

    Control-C, `timeout` and batch systems signal all processes of a group.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
