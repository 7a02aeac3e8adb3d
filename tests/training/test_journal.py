import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from synclips.errors import ConfigError, OutputError
from synclips.training import journal as module
from synclips.training.journal import Journal


@pytest.fixture(autouse=True)
def no_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_PROJECT", raising=False)


def row(step: int) -> dict[str, float]:
    return {"loss": 1 / step, "val_psnr": 30.0 + step, "step": step, "rate": 1e-3}


def steps(folder: Path) -> list[int]:
    return [json.loads(line)["step"] for line in (folder / "log.jsonl").read_text().splitlines()]


def fill(folder: Path, *numbers: int, **how: Any) -> None:
    journal = Journal(folder, **how)
    for number in numbers:
        journal.write(row(number))
    journal.close()


def board(folder: Path) -> EventAccumulator:
    return EventAccumulator(str(folder / "tensorboard")).Reload()


def test_rows_are_lines_and_curves(tmp_path: Path) -> None:
    fill(tmp_path, 2, 4)
    assert [json.loads(x) for x in (tmp_path / "log.jsonl").read_text().splitlines()] == [
        row(2),
        row(4),
    ]
    curves = board(tmp_path)
    assert set(curves.Tags()["scalars"]) == {"training/loss", "validation/psnr", "run/rate"}
    seen = [(event.step, event.value) for event in curves.Scalars("validation/psnr")]
    assert seen == [(2, 32.0), (4, 34.0)]


def test_what_is_done_again_replaces_what_was_logged(tmp_path: Path) -> None:
    fill(tmp_path, 2, 4, 6)
    fill(tmp_path, 4, 6, 8, step=2)
    assert steps(tmp_path) == [2, 4, 6, 8]
    assert [event.step for event in board(tmp_path).Scalars("training/loss")] == [2, 4, 6, 8]


def test_half_a_line_and_a_row_that_was_never_written(tmp_path: Path) -> None:
    fill(tmp_path, 2)
    with (tmp_path / "log.jsonl").open("a") as file:
        file.write('{"loss": 0.25, "st')
    fill(tmp_path, 6, step=4, last=row(4))
    assert steps(tmp_path) == [2, 4, 6]
    fill(tmp_path, step=6, last=row(6))
    assert steps(tmp_path) == [2, 4, 6]


def test_samples_are_files_and_shown(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    picture, clip = np.zeros((4, 6, 3), np.uint8), np.zeros((3, 8, 8, 3), np.uint8)
    journal.show(40, {"face": picture}, {"line": clip})
    journal.show(80, {}, {})
    journal.close()
    assert sorted(file.name for file in (tmp_path / "samples").iterdir()) == [
        "000040-face.png",
        "000040-line.mp4",
    ]
    shown = board(tmp_path)
    assert set(shown.Tags()["images"]) == {"face", "line"}
    event = shown.Images("line")[0]
    assert (event.step, event.width, event.height) == (40, 8, 8)
    assert event.encoded_image_string.startswith(b"GIF89a")


def test_a_journal_that_cannot_be_written_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal(tmp_path)

    def full(*args: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal._board, "add_scalar", full)
    with pytest.raises(OutputError, match=r"log\.jsonl could not be written: the disk is full"):
        journal.write(row(2))
    journal.close()


class Remote(ModuleType):
    """Weights & Biases as far as it is used."""

    def __init__(self) -> None:
        super().__init__("wandb")
        self.begun: list[dict[str, Any]] = []
        self.logged: list[tuple[int, dict[str, float]]] = []
        self.finished = 0

    def init(self, **how: Any) -> "Remote":
        self.begun.append(how)
        return self

    def log(self, values: dict[str, float], step: int) -> None:
        self.logged.append((step, values))

    def finish(self) -> None:
        self.finished += 1


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch) -> Remote:
    stub = Remote()
    monkeypatch.setitem(sys.modules, "wandb", stub)
    monkeypatch.setattr(module, "find_spec", lambda name: stub)
    return stub


def test_weights_and_biases_gets_the_same_and_continues_its_run(
    tmp_path: Path, remote: Remote
) -> None:
    journal = Journal(tmp_path, project="lips", settings={"loop.seed": 0})
    journal.write(row(2))
    journal.close()
    fill(tmp_path, 4, step=2, project="lips", run=journal.run)
    first, second = remote.begun
    assert (first["project"], first["config"]) == ("lips", {"loop.seed": 0})
    assert first["id"] == second["id"] == journal.run != ""
    assert [step for step, _ in remote.logged] == [2, 4]
    assert remote.logged[0][1]["validation/psnr"] == 32.0
    assert remote.finished == 2


def test_the_environment_may_ask_for_weights_and_biases(
    tmp_path: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 2)
    assert remote.begun == []
    monkeypatch.setenv("WANDB_PROJECT", "mine")
    fill(tmp_path, 4, step=2)
    assert [how["project"] for how in remote.begun] == ["mine"]


def test_weights_and_biases_must_be_there_if_the_config_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="wandb = 'lips' needs .* pip install wandb"):
        Journal(tmp_path, project="lips")
    monkeypatch.setenv("WANDB_PROJECT", "mine")  # perhaps meant for another program
    fill(tmp_path, 2)
