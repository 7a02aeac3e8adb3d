"""The one training loop: steps, validation, and what to do when something is not as it should be.

A stage says what a step is; this file makes steps happen, on one device or many, until they are
done, nothing gets better, or somebody wants to stop. Where a run is, and how it is saved, is
known to `run`.
"""

import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout

from synclips.errors import ConfigError, ModelError, OutputError
from synclips.media.partial import unwritable
from synclips.progress import Count
from synclips.training import resume
from synclips.training.feed import Feed
from synclips.training.figures import Means
from synclips.training.journal import Row
from synclips.training.machine import Machine
from synclips.training.optimisers import Outcome
from synclips.training.options import LoopOptions
from synclips.training.run import Run
from synclips.training.stage import Stage
from synclips.training.stop import Stopped, StopSignals

Log = Callable[[int, Row], None]

_SKIPS_IN_A_ROW = 10
_SKIPPED_SHARE = 0.5


def train(
    stage: Stage[Any],
    options: LoopOptions,
    folder: Path,
    log: Log | None = None,
    *,
    progress: Count | None = None,
    machine: Machine | None = None,
    settings: Mapping[str, Any] | None = None,
    wandb: str = "",
) -> None:
    """Train a stage to its end, continuing from `folder` if it was begun there.

    Leaves in `folder` what `resume` and `journal` name. Of several processes the first validates,
    logs and writes; all must see the folder.

    Args:
        stage: what to train.
        options: how.
        folder: of this stage alone.
        log: is given the step and the row of each validation.
        progress: is given steps done and in all, after each step.
        machine: what on; by default one device, a GPU if there is one.
        settings: what else decides the weights, such as sizes and data; nested plain values. A
            run is not continued with others.
        wandb: project of Weights & Biases; see `Journal`.

    Raises:
        ConfigError: options do not fit the machine, the stage or the run in `folder`.
        ModelError: losses are not finite, or the checkpoint in `folder` cannot be continued.
        OutputError: a checkpoint cannot be written, the one before is kept; or another run is
            training in `folder`.
        Stopped: control-C or SIGTERM; everything is saved.
    """
    machine = machine or Machine()
    machine.check(options)
    fabric = machine.fabric(options.precision)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    everything = resume.flat({**(settings or {}), "loop": asdict(options)})
    run = Run(stage, options, folder, fabric, everything)
    with _sole_trainer(run):
        run.restore()
        if run.finished:
            return
        run.on_first(lambda: run.open_journal(wandb))
        if not fabric.is_global_zero:
            log = progress = None
        feed = Feed(
            stage,
            options,
            run.done,
            rank=fabric.global_rank,
            processes=fabric.world_size,
            drawers=machine.drawers,
        )
        try:
            with StopSignals() as signals, feed:
                _Loop(run, feed, signals).go(log, progress)
        finally:
            if run.journal is not None:
                run.journal.close()


@contextmanager
def _sole_trainer(run: Run) -> Iterator[None]:
    """Keep other runs out of the folder, whose checkpoints each would remove."""
    lock = FileLock(run.folder / ".lock", timeout=0)

    def take() -> None:
        try:
            lock.acquire()
        except Timeout as error:
            raise OutputError(
                f"{run.folder} is being trained by another run; wait until it ends, or name"
                " another --work."
            ) from error
        except OSError as error:
            raise unwritable(run.folder, error) from error

    run.on_first(take)
    try:
        yield
    finally:
        lock.release()


class _Loop:
    """Steps of a run, and the time they take."""

    def __init__(self, run: Run, feed: Feed, signals: StopSignals) -> None:
        self.run, self.feed, self.signals = run, feed, signals
        self.began = time.monotonic()
        self.busy = 0.0  # seconds in steps since the last row
        self.steps = 0  # since the last row

    def go(self, log: Log | None, progress: Count | None) -> None:
        run, options = self.run, self.run.options
        while not run.finished:
            outcome = self.step()
            self.judge(outcome)
            if progress is not None:
                progress(run.done, options.steps)
            if run.done == options.steps or run.done % options.validate_every == 0:
                row = self.validate()
                if log is not None:
                    log(run.done, row)
            elif outcome.stop:
                run.save(run.weights())
            if outcome.stop:
                raise Stopped(
                    f"stopped after step {run.done} of {options.steps}, which is saved in"
                    f" {run.folder}; run the same command again to continue.",
                    128 + (self.signals.number or signal.SIGTERM),
                )

    def step(self) -> Outcome:
        began = time.perf_counter()
        run, options = self.run, self.run.options
        means = Means()
        run.optimisers.begin()
        for piece in self.feed.step():
            torch.manual_seed(piece.seed)
            objectives = run.stage.objectives(piece.batch, run.done)
            run.optimisers.accumulate(objectives, piece.size / options.batch_size, means)
        outcome = run.optimisers.step(options.rate(run.done), self.signals.number != 0)
        if outcome.taken:
            run.average.update(run.done)
            run.means.merge(means)
        run.done += 1
        self.steps += 1
        self.busy += time.perf_counter() - began
        return outcome

    def judge(self, outcome: Outcome) -> None:
        """Give up a run that no longer learns."""
        run = self.run
        if outcome.taken:
            run.in_a_row = 0
            return
        run.skipped += 1
        run.in_a_row += not outcome.expected
        often = run.skipped > max(_SKIPS_IN_A_ROW, _SKIPPED_SHARE * run.options.validate_every)
        if run.in_a_row >= _SKIPS_IN_A_ROW:
            when = f"{run.in_a_row} steps in a row"
        elif often:
            since = 0 if run.last_row is None else int(run.last_row["step"])
            when = f"{run.skipped} steps since step {since}"
        else:
            return
        raise ModelError(
            f"{outcome.reason.capitalize()} was not finite in {when}, up to step {run.done - 1};"
            f" remove {run.folder} and train again with a lower learning_rate, or with precision"
            ' "32".'
        )

    def validate(self) -> Row:
        """Validate, save, and only then log: what is logged can be continued from."""
        run, options = self.run, self.run.options
        row: Row = run.means.over_processes(run.fabric).values() | run.on_first(self.look)
        row |= {
            "step": run.done,
            "seconds": time.monotonic() - self.began,
            "rate": options.rate(run.done - 1),
            "samples_per_second": self.steps * options.batch_size / self.busy,
            "data_share": min(1.0, self.feed.waited / self.busy),
            "skipped": run.skipped,
        }
        row = run.on_first(lambda: row)
        run.means, run.skipped, run.last_row = Means(), 0, row
        self.busy, self.steps, self.feed.waited = 0.0, 0, 0.0
        weights = run.weights()
        try:
            better = options.patience > 0 and run.best.take(row)
        except ConfigError:
            run.save(weights)  # no step is lost for a misspelt figure
            raise
        if better:
            weights |= {f"{name}.best": values for name, values in weights.items()}
        run.save(weights)
        run.on_first(lambda: self.tell(row))
        return row

    def look(self) -> Row:
        with torch.no_grad():
            figures = self.run.stage.validate(self.run.average.networks)
        return {f"val_{name}": float(value) for name, value in figures.items()}

    def tell(self, row: Row) -> None:
        run = self.run
        assert run.journal is not None
        run.journal.write(row)
        with torch.no_grad():
            pictures = run.stage.pictures(run.average.networks)
            clips = run.stage.clips(run.average.networks)
        run.journal.show(run.done, pictures, clips)
