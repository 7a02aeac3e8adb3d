"""Stage: what is trained, on what, and what counts as good; the loop does everything else.

Knows what the loop asks of a stage and what it gives it. Does not know optimisers, processes or
files.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Batch = TypeVar("Batch")

Figures = Mapping[str, float | Tensor]
"""Scalars by name, to be logged as means; tensors are detached and may be on any device."""

Objective = tuple[str | tuple[str, ...], Tensor, Figures]
"""The network or networks that learn from a loss, the loss, and figures."""

Pictures = dict[str, NDArray[np.uint8]]
"""Samples by name: (H, W, 3) pictures or (T, H, W, 3) clips at 25 fps, RGB."""


@dataclass(frozen=True)
class Hardware:
    """Where a stage computes.

    Attributes:
        device: where networks and batches are.
        autocast: mixed precision as the run has it; a stage puts its networks under it, and its
            losses not.
    """

    device: torch.device = torch.device("cpu")
    autocast: Callable[[], AbstractContextManager[Any]] = nullcontext


class Stage(ABC, Generic[Batch]):
    """Base of all stages.

    The loop sets `hardware`, moves the networks there, trains those of `networks` and freezes
    those of `frozen`: a frozen child of a trained network stays frozen.
    """

    name: str
    figures: ClassVar[tuple[str, ...]]
    """What `validate` may give; `*` stands for anything."""
    hardware: Hardware = Hardware()

    @abstractmethod
    def networks(self) -> dict[str, nn.Module]:
        """The networks that train, by name; each has an optimiser of its own."""

    def frozen(self) -> dict[str, nn.Module]:
        """Networks that are used as they are."""
        return {}

    @abstractmethod
    def draw(self, rng: np.random.Generator, size: int) -> Batch:
        """`size` samples, from the generator and nothing else.

        Runs in another process, on its CPU: what it changes there nobody sees, and it must not
        touch a device. Tensors are moved to the device by the loop; arrays are left as they are.
        """

    @abstractmethod
    def objectives(self, batch: Batch, step: int) -> Iterator[Objective]:
        """Losses, each a mean over the batch, and which networks learn from them.

        A loss leaves no gradient in other networks than those it names. All networks step at the
        end, so that every loss sees the weights the step began with.
        """

    @abstractmethod
    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Figures on held-out data with the averaged networks; logged with `val_` before them."""

    def pictures(self, averaged: dict[str, nn.Module]) -> Pictures:
        """Sample pictures, to be looked at after every validation."""
        return {}

    def clips(self, averaged: dict[str, nn.Module]) -> Pictures:
        """Sample clips, to be looked at after every validation."""
        return {}


def on_device(batch: Any, device: torch.device) -> Any:
    """A batch with its tensors on a device.

    Args:
        batch: a tensor, or dataclasses, dictionaries, tuples and lists of them; anything else in
            it is kept.
        device: where to.
    """
    if isinstance(batch, Tensor):
        return batch.to(device)
    if is_dataclass(batch) and not isinstance(batch, type):
        moved = {f.name: on_device(getattr(batch, f.name), device) for f in fields(batch) if f.init}
        return replace(batch, **moved)
    if isinstance(batch, dict):
        return {key: on_device(value, device) for key, value in batch.items()}
    if isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*(on_device(value, device) for value in batch))
    if isinstance(batch, list | tuple):
        return type(batch)(on_device(value, device) for value in batch)
    return batch
