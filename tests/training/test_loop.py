import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from synclips.errors import ModelError
from synclips.training.loop import LoopOptions, train
from synclips.training.motion_stage import MotionStage

OPTIONS = LoopOptions(steps=6, batch_size=4, learning_rate=1e-2, warmup=2, validate_every=2)


class Line:
    """The smallest stage: one number is pulled towards the mean of random numbers."""

    name = "line"

    def __init__(self, bad_step: int | None = None) -> None:
        self.network = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.network.weight)
        self.bad_step = bad_step
        self.weights: list[float] = []
        self.drawn: list[float] = []

    def networks(self) -> dict[str, nn.Module]:
        return {"line": self.network}

    def draw(self, rng: np.random.Generator, size: int) -> Tensor:
        return torch.from_numpy(rng.normal(3, 1, (size, 1)).astype(np.float32))

    def objectives(
        self, batch: Tensor, step: int
    ) -> Iterator[tuple[str, Tensor, dict[str, float]]]:
        self.drawn.append(float(batch[0, 0]))
        loss = (self.network(torch.ones(1, 1)) - batch).square().mean()
        if step == self.bad_step:
            loss = loss * float("nan")
        yield "line", loss, {"loss": loss.item()}
        self.weights.append(self.network.weight.item())

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        return {"weight": averaged["line"].weight.item()}  # type: ignore[union-attr, operator]


class Killed:
    """A stage whose process dies in the middle of a step."""

    def __init__(self, stage: MotionStage, at: int) -> None:
        self.stage, self.at, self.name = stage, at, stage.name

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stage, name)

    def objectives(self, batch: Any, step: int) -> Iterator[Any]:
        if step == self.at:
            raise KeyboardInterrupt
        yield from self.stage.objectives(batch, step)


def rows(folder: Path) -> list[dict[str, float]]:
    lines = (folder / "log.jsonl").read_text().splitlines()
    return [{k: v for k, v in json.loads(line).items() if k != "seconds"} for line in lines]


@pytest.mark.parametrize("killed_at", [1, 3, 4])
def test_a_killed_run_ends_exactly_as_one_that_was_not(
    motion_stage: Callable[..., MotionStage], tmp_path: Path, killed_at: int
) -> None:
    train(motion_stage(), OPTIONS, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        train(Killed(motion_stage(), killed_at), OPTIONS, tmp_path / "killed")
    # Other weights to begin with wherever a checkpoint was left: it restores everything.
    train(motion_stage(0 if killed_at < 2 else 99), OPTIONS, tmp_path / "killed")
    for name in ("motion.safetensors", "resume.safetensors"):
        whole, killed = load_file(tmp_path / "whole" / name), load_file(tmp_path / "killed" / name)
        assert whole.keys() == killed.keys()
        for key, value in whole.items():
            torch.testing.assert_close(killed[key], value, rtol=0, atol=0)
    assert rows(tmp_path / "whole") == rows(tmp_path / "killed")
    assert [row["step"] for row in rows(tmp_path / "whole")] == [2, 4, 6]


def test_the_seed_is_of_everything(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    for folder, seed in (("a", 0), ("b", 0), ("c", 1)):
        train(motion_stage(), replace(OPTIONS, steps=2, seed=seed), tmp_path / folder)
    a, b, c = (load_file(tmp_path / folder / "motion.safetensors") for folder in "abc")
    assert all(torch.equal(a[key], b[key]) for key in a)
    assert not all(torch.equal(a[key], c[key]) for key in a)


def test_a_finished_run_is_left_alone(tmp_path: Path) -> None:
    train(Line(), OPTIONS, tmp_path)
    weights = (tmp_path / "line.safetensors").read_bytes()
    again = Line()
    train(again, OPTIONS, tmp_path)
    assert again.weights == []
    assert (tmp_path / "line.safetensors").read_bytes() == weights


def test_a_finished_run_can_be_made_longer(tmp_path: Path) -> None:
    first, second = Line(), Line()
    train(first, OPTIONS, tmp_path)
    train(second, replace(OPTIONS, steps=9), tmp_path)
    assert len(second.weights) == 3
    assert [row["step"] for row in rows(tmp_path)] == [2, 4, 6, 8, 9]
    # No batch is seen twice.
    assert len({*first.drawn, *second.drawn}) == 9


def test_a_loss_that_is_not_finite_stops_the_run_and_says_where(tmp_path: Path) -> None:
    stage = Line(bad_step=3)
    with pytest.raises(ModelError, match=r"line is not finite at step 3; lower the learning rate"):
        train(stage, OPTIONS, tmp_path)
    assert int(load_file(tmp_path / "resume.safetensors")["step"]) == 2
    assert np.isfinite(stage.network.weight.item())


def test_averaged_weights_are_the_ones_that_ship(tmp_path: Path) -> None:
    stage = Line()
    train(stage, replace(OPTIONS, steps=40, ema=0.6), tmp_path)
    mean = 0.0
    for step, weight in enumerate(stage.weights):
        decay = min(0.6, (1 + step) / (10 + step))  # a short memory while there is little of it
        mean = decay * mean + (1 - decay) * weight
    shipped = load_file(tmp_path / "line.safetensors")["weight"].item()
    assert shipped == pytest.approx(mean, abs=1e-5)
    assert abs(shipped - stage.weights[-1]) > 1e-4
    assert rows(tmp_path)[-1]["val_weight"] == pytest.approx(shipped)
    assert set(load_file(tmp_path / "line.safetensors")) == {"weight"}


def test_learning_rate_rises_then_falls_to_a_twentieth(tmp_path: Path) -> None:
    options = replace(OPTIONS, steps=100, warmup=10, validate_every=1, learning_rate=1.0)
    train(Line(), options, tmp_path)
    rates = [row["rate"] for row in rows(tmp_path)]
    assert rates[0] == pytest.approx(0.1)
    assert np.argmax(rates) in (9, 10)
    assert max(rates) == pytest.approx(1.0)
    assert rates[-1] == pytest.approx(0.05, abs=2e-3)
    assert (np.diff(rates[10:]) <= 0).all()


def test_weights_of_another_network_are_refused(
    motion_stage: Callable[..., MotionStage], tmp_path: Path
) -> None:
    train(motion_stage(), replace(OPTIONS, steps=2), tmp_path)
    stage = motion_stage()
    stage.network.head[-1] = nn.Linear(16, 5)
    with pytest.raises(ModelError, match=r"resume\.safetensors belongs to another network"):
        train(stage, OPTIONS, tmp_path)


def test_progress_is_told_what_is_logged(tmp_path: Path) -> None:
    told: list[tuple[int, dict[str, float]]] = []
    train(Line(), OPTIONS, tmp_path, lambda step, row: told.append((step, dict(row))))
    assert [step for step, _ in told] == [2, 4, 6]
    losses = [row["loss"] for _, row in told]
    assert losses[-1] < losses[0]
    assert not list(tmp_path.glob("*.part"))
