"""How a download looks in a terminal: one line per file, with speed and time left.

Without a terminal nothing is drawn; what happened is then told line by line by the command.
"""

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class DownloadBars:
    """A progress callback that draws; use it as a context manager, `show` is the callback."""

    def __init__(self, console: Console | None = None) -> None:
        """Draw on standard error, or on the given console."""
        console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._name = ""
        self._task = TaskID(0)
        self._done = 0

    def __enter__(self) -> "DownloadBars":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def say(self, line: str) -> None:
        """Print a line above the bar, for good."""
        self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)

    def show(self, name: str, done: int, total: int | None) -> None:
        """Tell how many bytes of a file are there, of how many."""
        # What was there before, or is thrown away, must not count as speed.
        if name != self._name or done < self._done:
            if self._name:
                self._progress.remove_task(self._task)
            self._task = self._progress.add_task(name, total=total, completed=done)
            self._name = name
        self._progress.update(self._task, completed=done)
        self._done = done
