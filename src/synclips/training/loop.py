"""The one training loop: steps, schedule, averaging, validation, checkpoints, resuming.

A stage says what a step is; this file makes steps happen, and makes a run that was killed continue
as if it had not been. Batch and noise of step `n` depend on the seed and on `n` alone, so nothing
but weights, optimisers and the step number has to be saved.
"""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from synclips.errors import ModelError

Log = Callable[[int, dict[str, float]], None]


@dataclass(frozen=True)
class LoopOptions:
    """How long and how hard to train.

    Attributes:
        steps: optimiser steps in all.
        batch_size: samples per step.
        learning_rate: peak, reached after `warmup` steps, then a half cosine to a twentieth.
        warmup: steps of rising learning rate.
        decay: weight decay.
        ema: decay of the averaged weights, which are the ones that ship.
        validate_every: steps between validations and checkpoints.
        seed: of everything random.
    """

    steps: int
    batch_size: int
    learning_rate: float
    warmup: int = 100
    decay: float = 0.01
    ema: float = 0.998
    validate_every: int = 250
    seed: int = 0


class Stage(Protocol):
    """What is trained, on what, and what counts as good."""

    name: str

    def networks(self) -> dict[str, nn.Module]:
        """The trained networks by name; each has an optimiser of its own."""
        ...

    def draw(self, rng: np.random.Generator, size: int) -> Any:
        """One batch, as arrays."""
        ...

    def objectives(self, batch: Any, step: int) -> Iterator[tuple[str, Tensor, dict[str, float]]]:
        """Network name, its loss and figures to log; the loop steps after each."""
        ...

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Figures on held-out data."""
        ...


def train(stage: Stage, options: LoopOptions, folder: Path, log: Log | None = None) -> None:
    """Train a stage to its end, continuing from `folder` if it was begun there.

    Leaves `NAME.safetensors` (averaged weights) for every network and `log.jsonl` in `folder`.

    Raises:
        ModelError: the loss is not finite.
    """
    folder.mkdir(parents=True, exist_ok=True)
    networks = stage.networks()
    averaged = {name: _copy(network) for name, network in networks.items()}
    optimisers = {
        name: torch.optim.AdamW(
            network.parameters(),
            lr=options.learning_rate,
            weight_decay=options.decay,
            betas=(0.9, 0.98) if name != "discriminator" else (0.0, 0.98),
        )
        for name, network in networks.items()
    }
    done = _resume(folder, networks, averaged, optimisers)
    began = time.monotonic()
    totals: dict[str, list[float]] = {}
    with ThreadPoolExecutor(1) as drawing, (folder / "log.jsonl").open("a") as journal:
        waiting = drawing.submit(_draw, stage, options, done)
        for step in range(done, options.steps):
            batch = waiting.result()
            waiting = drawing.submit(_draw, stage, options, step + 1)
            torch.manual_seed(options.seed * 1_000_003 + step)
            rate = _rate(step, options)
            for name, loss, figures in stage.objectives(batch, step):
                if not torch.isfinite(loss):
                    raise ModelError(
                        f"The loss of {name} is not finite at step {step}; lower the learning rate"
                        f" and continue from the last checkpoint in {folder}."
                    )
                optimiser = optimisers[name]
                optimiser.param_groups[0]["lr"] = rate
                optimiser.zero_grad(set_to_none=True)
                loss.backward()
                nn.utils.clip_grad_norm_(networks[name].parameters(), 1.0)
                optimiser.step()
                for key, value in figures.items():
                    totals.setdefault(key, []).append(value)
            _average(networks, averaged, min(options.ema, (1 + step) / (10 + step)))
            last = step + 1 == options.steps
            if last or (step + 1) % options.validate_every == 0:
                row = {key: float(np.mean(values)) for key, values in totals.items()}
                row |= {f"val_{k}": v for k, v in stage.validate(averaged).items()}
                row |= {"step": step + 1, "seconds": time.monotonic() - began, "rate": rate}
                totals.clear()
                journal.write(json.dumps(row) + "\n")
                journal.flush()
                _save(folder, step + 1, networks, averaged, optimisers)
                if log is not None:
                    log(step + 1, row)


def _draw(stage: Stage, options: LoopOptions, step: int) -> Any:
    return stage.draw(np.random.default_rng([options.seed, step]), options.batch_size)


def _rate(step: int, options: LoopOptions) -> float:
    if step < options.warmup:
        return options.learning_rate * (step + 1) / options.warmup
    share = (step - options.warmup) / max(1, options.steps - options.warmup)
    return options.learning_rate * (0.05 + 0.95 * 0.5 * (1 + float(np.cos(np.pi * share))))


def _copy(network: nn.Module) -> nn.Module:
    import copy

    twin = copy.deepcopy(network).eval()
    for parameter in twin.parameters():
        parameter.requires_grad_(False)
    return twin


@torch.no_grad()
def _average(networks: dict[str, nn.Module], averaged: dict[str, nn.Module], decay: float) -> None:
    for name, network in networks.items():
        for mean, value in zip(
            averaged[name].state_dict().values(), network.state_dict().values(), strict=True
        ):
            if mean.is_floating_point():
                mean.lerp_(value.to(mean.dtype), 1 - decay)
            else:
                mean.copy_(value)


def _save(
    folder: Path,
    step: int,
    networks: dict[str, nn.Module],
    averaged: dict[str, nn.Module],
    optimisers: dict[str, torch.optim.AdamW],
) -> None:
    """Weights that ship, and beside them what only resuming needs, each written and renamed."""
    state: dict[str, Tensor] = {"step": torch.tensor(step)}
    for name, network in networks.items():
        _write(folder / f"{name}.safetensors", averaged[name].state_dict())
        for key, value in averaged[name].state_dict().items():
            state[f"{name}.mean.{key}"] = value
        for key, value in network.state_dict().items():
            state[f"{name}.weight.{key}"] = value
        for index, slots in optimisers[name].state_dict()["state"].items():
            for key, value in slots.items():
                state[f"{name}.optimiser.{index}.{key}"] = torch.as_tensor(value)
    _write(folder / "resume.safetensors", state)


def _write(target: Path, tensors: dict[str, Tensor]) -> None:
    beside = target.with_suffix(".part")
    save_file({key: value.detach().clone().contiguous() for key, value in tensors.items()}, beside)
    beside.replace(target)


def _resume(
    folder: Path,
    networks: dict[str, nn.Module],
    averaged: dict[str, nn.Module],
    optimisers: dict[str, torch.optim.AdamW],
) -> int:
    file = folder / "resume.safetensors"
    if not file.exists():
        return 0
    state = load_file(file)
    for name, network in networks.items():
        try:
            network.load_state_dict(_under(state, f"{name}.weight."))
            averaged[name].load_state_dict(_under(state, f"{name}.mean."))
        except RuntimeError as error:
            raise ModelError(
                f"{file} belongs to another network; train into an empty folder."
            ) from error
        slots: dict[int, dict[str, Tensor]] = {}
        for key, value in _under(state, f"{name}.optimiser.").items():
            index, slot = key.split(".", 1)
            slots.setdefault(int(index), {})[slot] = value
        saved = optimisers[name].state_dict()
        optimisers[name].load_state_dict({"state": slots, "param_groups": saved["param_groups"]})
    return int(state["step"])


def _under(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {key[len(prefix) :]: value for key, value in state.items() if key.startswith(prefix)}
