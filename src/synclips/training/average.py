"""Average: running means of weights, which are the ones that are validated and ship.

Exponential moving average with a short memory at the beginning, when there is little worth
remembering. Does not know how the weights change.
"""

import copy
from collections.abc import Mapping

import torch
from torch import nn


class Average:
    """Copies of networks that follow them.

    Attributes:
        networks: the copies by name, in evaluation mode and without gradients.
    """

    def __init__(self, networks: Mapping[str, nn.Module], decay: float) -> None:
        """Copy the networks; `decay` is the share of the old mean that a step keeps."""
        self.decay = decay
        self.networks = {
            name: copy.deepcopy(network).eval().requires_grad_(False)
            for name, network in networks.items()
        }
        # Looked up once: both change in place.
        self._pairs = [
            pair
            for name, network in networks.items()
            for pair in zip(
                self.networks[name].state_dict().values(),
                network.state_dict().values(),
                strict=True,
            )
        ]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights that step `step`, counted from 0, led to."""
        weight = 1 - min(self.decay, (1 + step) / (10 + step))
        for mean, value in self._pairs:
            if mean.is_floating_point():
                mean.lerp_(value.to(mean.dtype), weight)
            else:
                mean.copy_(value)
