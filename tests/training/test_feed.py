import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import torch
from torch import nn

from synclips.errors import InputError
from synclips.training.feed import Feed
from synclips.training.options import LoopOptions
from synclips.training.stage import Objective, Stage

OPTIONS = LoopOptions(steps=4, batch_size=10, learning_rate=1e-3, warmup=0, micro_batch=4, seed=3)


class Dice(Stage[Any]):
    name = "dice"

    def __init__(self, pause: float = 0.0) -> None:
        self.pause = pause

    def networks(self) -> dict[str, nn.Module]:
        return {}

    def draw(self, rng: np.random.Generator, size: int) -> Any:
        time.sleep(self.pause)
        return rng.random(size)

    def objectives(self, batch: Any, step: int) -> Iterator[Objective]:
        yield from ()

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        return {}


def steps(first: int = 0, **how: Any) -> list[dict[int, list[float]]]:
    """For each step the numbers drawn, by the seed of their piece."""
    with Feed(Dice(), OPTIONS, first, **how) as feed:
        return [
            {piece.seed: piece.batch.tolist() for piece in feed.step()} for _ in range(4 - first)
        ]


def test_a_step_is_the_same_for_any_number_of_processes_and_drawers() -> None:
    alone = steps()
    assert [[len(batch) for batch in step.values()] for step in alone] == [[4, 4, 2]] * 4
    first, second = steps(rank=0, processes=2), steps(rank=1, processes=2)
    assert [len(step) for step in first] == [2] * 4
    assert [a | b for a, b in zip(first, second, strict=True)] == alone
    assert steps(drawers=2) == alone


def test_a_feed_that_starts_later_goes_on_the_same() -> None:
    assert steps(first=2) == steps()[2:]


def test_no_two_pieces_are_alike() -> None:
    pieces = [tuple(batch) for step in steps() for batch in step.values()]
    assert len({numbers[0] for numbers in pieces}) == 12
    assert len({seed for step in steps() for seed in step}) == 12


def test_the_first_piece_is_what_versions_without_pieces_drew() -> None:
    drawn = [next(iter(step.values())) for step in steps()]
    assert drawn[2] == np.random.default_rng([3, 2]).random(4).tolist()


def test_drawing_runs_ahead_and_only_waiting_counts() -> None:
    stage = Dice(0.05)
    with Feed(stage, OPTIONS, 0) as feed:
        list(feed.step())
        assert feed.waited > 0.14
        feed.waited = 0.0
        time.sleep(0.3)
        next(feed.step())
    assert feed.waited < 0.04


class Self(Dice):
    """Draws the process it is drawn in."""

    def draw(self, rng: np.random.Generator, size: int) -> Any:
        return os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is trusted to fork")
def test_other_processes_draw_and_end_when_the_feed_is_left() -> None:
    with Feed(Self(), OPTIONS, 0, drawers=2) as feed:
        drawers = {piece.batch for piece in feed.step()}
    assert len(drawers) == 2
    assert os.getpid() not in drawers
    assert not any(Path(f"/proc/{drawer}").exists() for drawer in drawers)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is trusted to fork")
def test_drawers_do_not_hear_who_stops_the_training() -> None:
    with Feed(Self(), OPTIONS, 0) as feed:
        (drawer,) = {piece.batch for piece in feed.step()}
        os.kill(drawer, signal.SIGTERM)
        os.kill(drawer, signal.SIGINT)
        rest = [piece.batch for _ in range(3) for piece in feed.step()]
    assert rest == [drawer] * 9
    assert not Path(f"/proc/{drawer}").exists()


def test_where_nothing_forks_batches_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    alone = steps()
    monkeypatch.setattr(sys, "platform", "win32")
    assert steps(drawers=2) == alone
    with Feed(Self(), OPTIONS, 0, drawers=2) as feed:
        assert {piece.batch for piece in feed.step()} == {os.getpid()}


def test_tensors_and_arrays_come_as_they_were_drawn() -> None:
    class Both(Dice):
        def draw(self, rng: np.random.Generator, size: int) -> Any:
            return {"tensor": torch.full((size, 2), 3.0), "array": np.arange(size)}

    with Feed(Both(), OPTIONS, 0) as feed:
        batch = next(feed.step()).batch
    assert torch.equal(batch["tensor"], torch.full((4, 2), 3.0))
    assert isinstance(batch["array"], np.ndarray)
    assert batch["array"].tolist() == [0, 1, 2, 3]


def test_drawers_may_use_opencv_after_its_threads_were_at_work_here() -> None:
    class Turned(Dice):
        def draw(self, rng: np.random.Generator, size: int) -> Any:
            return cv2.getNumThreads(), large()

    def large() -> float:
        picture = np.arange(4_000_000, dtype=np.float32).reshape(2000, 2000)
        turned = cv2.warpAffine(picture, np.array([[0.8, -0.6, 9], [0.6, 0.8, 9]]), (2000, 2000))
        return float(turned.sum())

    threads, expected = cv2.getNumThreads(), large()
    with Feed(Turned(), OPTIONS, 0) as feed:
        count, drawn = next(feed.step()).batch
    assert (count, drawn) == (1, pytest.approx(expected, rel=1e-6))
    assert cv2.getNumThreads() == threads


class Broken(Dice):
    """Fails to draw."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def draw(self, rng: np.random.Generator, size: int) -> Any:
        raise self.error


def test_an_error_while_drawing_is_raised_where_the_piece_is_needed() -> None:
    with Feed(Broken(OSError("gone")), OPTIONS, 0) as feed, pytest.raises(OSError) as caught:
        next(feed.step())
    assert str(caught.value) == "gone"
    assert "raise self.error" in caught.value.__notes__[0], "a bug must say where it is"


def test_what_the_user_can_mend_says_only_that() -> None:
    full = InputError("The disk is full; remove something.")
    with Feed(Broken(full), OPTIONS, 0) as feed, pytest.raises(InputError) as caught:
        next(feed.step())
    assert not hasattr(caught.value, "__notes__")


def test_an_error_that_cannot_travel_is_told_by_its_traceback() -> None:
    class Stubborn(Exception):
        def __init__(self, what: str, why: str) -> None:
            super().__init__(what)

    stage = Broken(Stubborn("gone", "no reason"))
    with Feed(stage, OPTIONS, 0) as feed, pytest.raises(RuntimeError, match="Stubborn: gone"):
        next(feed.step())


ALONE = """
import os, sys, time
import numpy as np
from synclips.training.feed import Feed
from synclips.training.options import LoopOptions
from synclips.training.stage import Stage

class Large(Stage):
    name = "large"
    def networks(self): return {}
    def objectives(self, batch, step): yield from ()
    def validate(self, averaged): return {}
    def draw(self, rng, size): return os.getpid(), np.zeros(3_000_000)

options = LoopOptions(steps=50, batch_size=1, learning_rate=1e-3, warmup=0)
with Feed(Large(), options, 0, drawers=2) as feed:
    drawers = [next(feed.step()).batch[0] for _ in range(2)]
    print(*drawers, flush=True)
    sys.stdin.readline()
    for _ in range(48): next(feed.step())
"""


@pytest.fixture
def alone() -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """A process with a feed, and its two drawers; it goes on when it is given a line."""
    with subprocess.Popen(
        [sys.executable, "-c", ALONE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        drawers = [int(one) for one in process.stdout.readline().split()]
        assert len(set(drawers)) == 2
        yield process, drawers
        process.kill()


def gone(drawers: list[int], seconds: float) -> bool:
    """Whether processes end in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        states = [Path(f"/proc/{drawer}/stat") for drawer in drawers]
        # A zombie has ended; whoever its parent is now has not looked yet.
        if not any(s.exists() and s.read_text().rsplit(")")[-1].split()[0] != "Z" for s in states):
            return True
        time.sleep(0.1)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is trusted to fork")
def test_a_lost_drawer_ends_the_training(
    alone: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, drawers = alone
    os.kill(drawers[0], signal.SIGKILL)
    _, error = process.communicate("\n", timeout=60)
    assert process.returncode == 1
    assert "DataLoader worker" in error
    assert gone(drawers, 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux is trusted to fork")
def test_drawers_end_with_a_training_that_is_killed(
    alone: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, drawers = alone
    time.sleep(0.5)  # until they wait for room to put the next batch
    process.kill()
    assert gone(drawers, 10)
