"""Feed: the pieces of each step's batch, drawn ahead in threads.

A batch is cut into pieces that depend on the seed, the step and the number of the piece alone, and
process `r` of `n` takes every nth of them. So a step is the same for any number of processes, and
nothing random has to be saved to continue a run. Knows neither losses nor networks.
"""

import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
import torch

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
        self._ahead = drawers + 1  # the piece that is waited for, and those behind it
        self._plan = ((s, p) for s in range(first, options.steps) for p in self._mine)
        self._threads = ThreadPoolExecutor(drawers, thread_name_prefix="draw")
        self._coming: deque[Future[Piece]] = deque()

    def __enter__(self) -> Self:
        """Begin to draw."""
        device = self._stage.hardware.device
        if device.type == "cuda":
            # Torch loads its linear algebra at first use, and fails if two threads use it first.
            torch.linalg.cholesky(torch.eye(1, device=device))
        self._submit()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let go of what was drawn in vain."""
        self._threads.shutdown(cancel_futures=True)

    def step(self) -> Iterator[Piece]:
        """The pieces of the next step that are this process's."""
        for _ in self._mine:
            self._submit()
            began = time.perf_counter()
            piece = self._coming.popleft().result()
            self.waited += time.perf_counter() - began
            yield piece

    def _submit(self) -> None:
        while len(self._coming) < self._ahead:
            following = next(self._plan, None)
            if following is None:
                return
            self._coming.append(self._threads.submit(self._draw, *following))

    def _draw(self, step: int, number: int) -> Piece:
        options = self._options
        size = options.pieces[number]
        batch = self._stage.draw(np.random.default_rng([options.seed, step, number]), size)
        device = self._stage.hardware.device
        if device.type != "cpu":
            with torch.no_grad():
                batch = on_device(batch, device)
        return Piece(batch, size, options.seed * 1_000_003 + step + number * 1_000_000_007)
