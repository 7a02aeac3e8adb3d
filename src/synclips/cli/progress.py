"""Progress: bars on a terminal, one per step, and plain lines elsewhere."""

import time

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from synclips.progress import STEPS
from synclips.progress import Progress as Told

_PAUSE = 60.0  # seconds between lines, and before the first


class bars:  # noqa: N801 - used like a function
    """One progress bar per step, on standard error; a line a minute when that is no terminal."""

    def __enter__(self) -> Told:
        console = Console(stderr=True)
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, int] = {}
        self._said = time.monotonic()
        return self._tell if console.is_terminal else self._say

    def _tell(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._progress.start()  # not before there is work: a bar would hide a question
            self._tasks[step] = int(self._progress.add_task(STEPS.get(step, step), total=total))
        task = self._tasks[step]
        self._progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

    def _say(self, step: str, done: int, total: int | None) -> None:
        now = time.monotonic()
        if now - self._said >= _PAUSE:
            self._said = now
            typer.echo(f"{step} {done}" + ("" if total is None else f" of {total}"), err=True)

    def __exit__(self, *error: object) -> None:
        self._progress.stop()
