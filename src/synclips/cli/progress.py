"""Progress bars, one per step, and the names that steps have there."""

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from synclips.progress import Progress as Told

STEPS = {
    "cast": "telling voices apart",
    "voice": "learning the voice",
    "speak": "speaking",
    "track": "finding the face",
    "adapt": "learning the speaker",
    "draw": "drawing the lips",
    "prepare": "preparing clips",
    "crops": "cropping faces",
    "speech": "making speech",
    "hear": "listening",
    "phones": "learning phones",
    "motion": "learning to move",
    "generator": "learning to draw",
    "audio": "learning to hear",
    "video": "learning to see",
    "joint": "learning all parts together",
    "adversarial": "learning against a critic",
    "syncnet": "learning what is in sync",
    "drawing": "learning to draw",
    "sync": "learning to be in sync",
    "evaluate": "evaluating",
}


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
