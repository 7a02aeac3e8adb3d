"""Discriminator: whether patches of a mouth look filmed or drawn. Used in training only."""

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils.parametrizations import spectral_norm


class Discriminator(nn.Module):
    """Pictures (B, 3, S, S) with their lip maps (B, 2, S, S) -> patch scores and features.

    Patch discriminator (Isola et al. 2017) with spectral normalisation (Miyato et al. 2018).
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        sizes = [5, width, 2 * width, 4 * width]
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1))
            for a, b in zip(sizes[:-1], sizes[1:], strict=True)
        )
        self.out = spectral_norm(nn.Conv2d(sizes[-1], 1, 3, padding=1))

    def forward(self, picture: Tensor, maps: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores (B, 1, S/8, S/8), positive for filmed, and the features of each layer."""
        hidden = torch.cat([picture - 0.5, maps], dim=1)
        features = []
        for layer in self.layers:
            hidden = functional.leaky_relu(layer(hidden), 0.2)
            features.append(hidden)
        return self.out(hidden), features
