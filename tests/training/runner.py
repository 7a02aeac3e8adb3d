"""A run of a small stage, for processes of its own; `conftest.py` starts them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.options import LoopOptions
from synclips.training.stage import Objective, Stage


class Duel(Stage[Tensor]):
    """A generator that imitates samples and a discriminator that tells them from its own."""

    name = "duel"

    def __init__(self, pause: float = 0.0) -> None:
        self.generator = nn.Sequential(nn.Linear(2, 8), nn.Dropout(0.2), nn.Tanh(), nn.Linear(8, 2))
        self.generator.register_parameter("idle", nn.Parameter(torch.ones(1)))  # in no loss
        self.discriminator = nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 1))
        self.pause = pause

    def networks(self) -> dict[str, nn.Module]:
        return {"generator": self.generator, "discriminator": self.discriminator}

    def draw(self, rng: np.random.Generator, size: int) -> Tensor:
        time.sleep(self.pause)
        return torch.from_numpy(rng.normal(1, 0.5, (size, 2)).astype(np.float32))

    def objectives(self, batch: Tensor, step: int) -> Iterator[Objective]:
        drawn = self.generator(batch.flip(1))
        imitation = (drawn - batch).square().mean()
        loss = imitation - 0.1 * self.discriminator(drawn).mean()
        yield "generator", loss, {"imitation": imitation.detach()}
        told = nn.functional.softplus(self.discriminator(drawn.detach())).mean()
        told = told + nn.functional.softplus(-self.discriminator(batch)).mean()
        yield "discriminator", told, {"told": told.item()}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        return {"mean": float(averaged["generator"](torch.ones(1, 2)).mean())}


def run(folder: Path, options: dict[str, Any], *, pause: float = 0.0, processes: int = 1) -> None:
    """Train; also leaves the networks as each process has them, `rank-R.safetensors`."""
    torch.set_num_threads(1)
    rank = os.environ.get("LOCAL_RANK", "0")
    torch.manual_seed(int(rank))  # weights of the first process must reach the others
    stage = Duel(pause)
    train(stage, LoopOptions(**options), folder, machine=Machine("cpu", processes))
    weights = {
        f"{name}.{key}": value
        for name, network in stage.networks().items()
        for key, value in network.state_dict().items()
    }
    save_file(weights, folder / f"rank-{rank}.safetensors")
