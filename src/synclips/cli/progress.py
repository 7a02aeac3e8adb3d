"""Progress bars, one per step."""

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


class bars:  # noqa: N801 - used like a function
    """One progress bar per step, on standard error; silent when that is not a terminal."""

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
        self._progress.start()
        return self._tell

    def _tell(self, step: str, done: int, total: int | None) -> None:
        if step not in self._tasks:
            self._tasks[step] = int(self._progress.add_task(STEPS.get(step, step), total=total))
        task = self._tasks[step]
        self._progress.update(task, completed=done, total=total)  # type: ignore[arg-type]

    def __exit__(self, *error: object) -> None:
        self._progress.stop()
