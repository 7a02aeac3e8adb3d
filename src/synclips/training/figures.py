"""Means: the figures of a run between two rows of its journal.

Sums are kept in float64 on the device, so that nothing waits for a GPU, and as plain numbers in a
checkpoint, so that a continued run has the means of one that was never stopped.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from synclips.training.machine import summed
from synclips.training.stage import Figures

if TYPE_CHECKING:
    from lightning_fabric import Fabric


class Means:
    """Weighted means of figures by name."""

    def __init__(self) -> None:
        """Empty."""
        self._sums: dict[str, Tensor] = {}
        self._weights: dict[str, float] = {}

    def add(self, figures: Figures, weight: float) -> None:
        """Take in figures that count `weight`."""
        for name, value in figures.items():
            number = torch.as_tensor(value).detach().double() * weight
            self._sums[name] = self._sums[name] + number if name in self._sums else number
            self._weights[name] = self._weights.get(name, 0.0) + weight

    def merge(self, other: "Means") -> None:
        """Take in what another has summed up."""
        for name, number in other._sums.items():
            self._sums[name] = self._sums[name] + number if name in self._sums else number
            self._weights[name] = self._weights.get(name, 0.0) + other._weights[name]

    def over_processes(self, fabric: "Fabric") -> "Means":
        """Those of all processes together; every process calls this."""
        if fabric.world_size == 1:
            return self
        names = fabric.broadcast(sorted(self._sums))
        table = torch.tensor(
            [[float(self._sums.get(n, 0.0)), self._weights.get(n, 0.0)] for n in names],
            dtype=torch.float64,
            device=fabric.device,
        )
        rows = summed(fabric, [table])[0].tolist()
        return Means.from_dict(dict(zip(names, rows, strict=True)))

    def values(self) -> dict[str, float]:
        """The means by name."""
        return {n: float(total) / self._weights[n] for n, total in self._sums.items()}

    def to_dict(self) -> dict[str, list[float]]:
        """Plain numbers for JSON."""
        return {n: [float(total), self._weights[n]] for n, total in self._sums.items()}

    @classmethod
    def from_dict(cls, values: Mapping[str, list[float]]) -> "Means":
        """The inverse of `to_dict`."""
        means = cls()
        for name, (total, weight) in values.items():
            means._sums[name] = torch.tensor(total, dtype=torch.float64)
            means._weights[name] = weight
        return means
