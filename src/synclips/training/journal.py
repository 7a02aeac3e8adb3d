"""Journal: what a run tells while it runs, as JSON lines, in TensorBoard and to Weights & Biases.

    log.jsonl       a row per validation, each exactly once however often the run was continued
    tensorboard/    the same as curves, and samples
    samples/        pictures and clips, named by step

Does not know what the figures mean.
"""

import json
import os
import secrets
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from synclips.errors import ConfigError
from synclips.media.partial import unwritable, write_whole
from synclips.training.samples import animated, write_clip, write_picture
from synclips.training.stage import Pictures

Row = dict[str, float]

_LOOP_FIGURES = ("seconds", "rate", "samples_per_second", "data_share", "skipped")


class Journal:
    """Rows and samples of one run.

    Attributes:
        run: what Weights & Biases knows the run by, "" without it; to be kept in a checkpoint.
    """

    def __init__(
        self,
        folder: Path,
        *,
        step: int = 0,
        last: Row | None = None,
        project: str = "",
        run: str = "",
        settings: Mapping[str, Any] | None = None,
    ) -> None:
        """Open the journal of a run that is at `step`; rows from behind it are taken out.

        Args:
            folder: the run's.
            step: steps done.
            last: the row that the checkpoint was followed by, in case it was not written.
            project: of Weights & Biases; "" for that of `WANDB_PROJECT`, if the package is there.
            run: see `run`.
            settings: shown with the run.

        Raises:
            ConfigError: Weights & Biases is asked for and not installed.
            OutputError: the folder cannot be written to.
        """
        from torch.utils.tensorboard import SummaryWriter

        self._folder = folder
        self._file = folder / "log.jsonl"
        self._rows = _rows(self._file, step)
        if last and all(row["step"] != last["step"] for row in self._rows):
            self._rows.append(last)
        write_whole(self._file, "".join(json.dumps(row) + "\n" for row in self._rows).encode())
        try:
            # Hides what an earlier process wrote of steps that are done again.
            self._board = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1)
        except OSError as error:
            raise unwritable(self._file, error) from error
        self._remote, self.run = _open_remote(folder, project, run, settings or {})

    def write(self, row: Row) -> None:
        """Add a row.

        Raises:
            OutputError: the disk is full.
        """
        step = int(row["step"])
        try:
            with self._file.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(row) + "\n")
            for name, value in row.items():
                if name != "step":
                    self._board.add_scalar(_tag(name), value, step)
            self._board.flush()
        except OSError as error:
            raise unwritable(self._file, error) from error
        if self._remote is not None:
            self._remote.log({_tag(name): value for name, value in row.items()}, step=step)

    def show(self, step: int, pictures: Pictures, clips: Pictures) -> None:
        """Add samples.

        Raises:
            OutputError: the disk is full.
        """
        folder = self._folder / "samples"
        try:
            if pictures or clips:
                folder.mkdir(exist_ok=True)
            for name, picture in pictures.items():
                write_picture(folder / f"{step:06d}-{name}.png", picture)
                self._board.add_image(name, picture, step, dataformats="HWC")
            for name, frames in clips.items():
                write_clip(folder / f"{step:06d}-{name}.mp4", frames)
                self._show_clip(name, frames, step)
            self._board.flush()
        except OSError as error:
            raise unwritable(folder, error) from error

    def close(self) -> None:
        """Write what is pending."""
        self._board.close()
        if self._remote is not None:
            self._remote.finish()

    def _show_clip(self, name: str, frames: Any, step: int) -> None:
        # SummaryWriter.add_video wants moviepy for what is a GIF in the place of a picture.
        from tensorboard.compat.proto.summary_pb2 import Summary

        height, width = frames.shape[1:3]
        image = Summary.Image(
            height=height, width=width, colorspace=3, encoded_image_string=animated(frames)
        )
        summary = Summary(value=[Summary.Value(tag=name, image=image)])
        self._board.file_writer.add_summary(summary, step)  # type: ignore[attr-defined]


def _rows(file: Path, step: int) -> list[Row]:
    """The rows up to a step; a killed process may have left half of one."""
    if not file.exists():
        return []
    rows = []
    for line in file.read_text(encoding="utf-8").splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if row["step"] <= step:
            rows.append(row)
    return rows


def _tag(name: str) -> str:
    """Where TensorBoard shows a figure: what the loop, held-out and training data say."""
    if name in _LOOP_FIGURES:
        return f"run/{name}"
    if name.startswith("val_"):
        return f"validation/{name.removeprefix('val_')}"
    return f"training/{name}"


def _open_remote(
    folder: Path, project: str, run: str, settings: Mapping[str, Any]
) -> tuple[Any, str]:
    """A run of Weights & Biases, or None, and its name there."""
    there = find_spec("wandb") is not None
    if project and not there:
        raise ConfigError(
            f"wandb = {project!r} needs Weights & Biases; pip install wandb, or leave it out."
        )
    project = project or os.environ.get("WANDB_PROJECT", "")
    if not project or not there:
        return None, run
    import wandb

    run = run or secrets.token_hex(4)
    remote = wandb.init(
        project=project,
        id=run,
        name=f"{folder.parent.name}/{folder.name}",
        dir=str(folder),
        config=dict(settings),
        resume="allow",
    )
    return remote, run
