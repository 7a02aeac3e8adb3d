"""Residual: what one person's lips do that the network does not expect of them.

Gaussian process regression (Rasmussen and Williams, Gaussian Processes for Machine Learning, 2006,
algorithm 2.1) from features of what is said to the rest that is left of the lips. Whatever sounds
like nothing the person was seen to say gets no correction. Knows features and lips of instants, not
where they come from.
"""

import torch
from torch import Tensor, nn

_LENGTH = 0.5
"""Length scale of the kernel, root mean square over normalised features.

Chosen with the noise on halves of natural clips and on GRID; between .4 and .7 little changes."""

NOISE = 10.0
"""Variance of what cannot be explained against what can, for 50 instants per second.

So much because neighbouring instants say nearly the same; with every third, a third of it."""


class Residual(nn.Module):
    """Features (..., W) -> what to add to lip shapes (..., K).

    Args:
        features: (N, W) of N instants that were seen, layer-normalised.
        weights: (N, K) of each.
    """

    features: Tensor
    weights: Tensor

    def __init__(self, features: Tensor, weights: Tensor) -> None:
        super().__init__()
        self.register_buffer("features", features)
        self.register_buffer("weights", weights)

    def forward(self, features: Tensor) -> Tensor:
        """See the class."""
        return _kernel(features, self.features) @ self.weights


def fit_residual(
    features: Tensor, rest: Tensor, noise: float, block: int
) -> tuple[Residual, Tensor]:
    """Learn from instants in the order of time.

    Args:
        features: (N, W) layer-normalised, N at least 1.
        rest: (N, K) seen lips less expected ones.
        noise: see `NOISE`.
        block: rows that are too near in time to tell anything about each other.

    Returns:
        What was learnt, and (N, K) what it would say of each block of rows if it had not seen it
        (Rasmussen and Williams 2006, section 5.4.2, here for blocks).
    """
    # In double precision: what is kept in single is the same then however many threads there are.
    kernel = _kernel(features.double(), features.double())
    kernel.diagonal().add_(noise)
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(kernel))
    exact = rest.double()
    weights = inverse @ exact
    unseen = [
        part - torch.linalg.solve(inverse[start : start + block, start : start + block], weight)
        for start, part, weight in zip(
            range(0, len(exact), block), exact.split(block), weights.split(block), strict=True
        )
    ]
    return Residual(features, weights.to(rest)), torch.cat(unseen).to(rest)


def _kernel(left: Tensor, right: Tensor) -> Tensor:
    """Squared exponential, 1 for the same features."""
    inner = left @ right.T
    apart = left.square().sum(dim=-1, keepdim=True) + right.square().sum(dim=-1) - 2 * inner
    return torch.exp(apart.clamp(min=0) / (-2 * _LENGTH**2 * left.shape[-1]))
