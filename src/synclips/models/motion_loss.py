"""What lip motion is asked to get right, when a model is trained and when it learns a speaker.

Pure functions of tensors; knows neither where sound and lips come from nor who learns.
"""

import torch
from torch import Tensor
from torch.nn import functional

WEIGHTS = {"position": 1.0, "velocity": 1.0, "opening": 0.5, "range": 0.3}
"""How much each term of `motion_loss` counts."""


def motion_loss(
    predicted: Tensor, truth: Tensor, valid: Tensor, deviation: Tensor, opening: Tensor
) -> dict[str, Tensor]:
    """Terms of the lip-motion loss.

    Position alone teaches a network to mumble, because the mean of what could have been said moves
    less than any of it; velocity and range count as well.

    Args:
        predicted: (B, T, K) coefficients in standard deviations.
        truth: (B, T, K).
        valid: (B, T) bool.
        deviation: (K,) standard deviations in eye distances.
        opening: (K,) linear effect of a coefficient on the mouth opening, in eye distances.

    Returns:
        Scalars by name: position, velocity, opening, range.
    """
    # Between plain coefficients (all count the same) and geometry (the jaw drowns the lips).
    weight = (deviation / deviation.mean()).sqrt()
    mask = valid[..., None].float()
    both = mask[:, 1:] * mask[:, :-1]
    error = (predicted - truth) * weight
    position = _mean(functional.huber_loss(error, torch.zeros_like(error), reduction="none"), mask)
    step = error[:, 1:] - error[:, :-1]
    velocity = _mean(step.abs(), both)
    scale = opening.norm()
    gap = ((predicted - truth) @ opening / scale)[..., None]
    gape = _mean(gap.abs(), mask)
    spread = _spread(predicted @ opening / scale, valid) - _spread(truth @ opening / scale, valid)
    return {
        "position": position,
        "velocity": velocity,
        "opening": gape,
        "range": spread.abs().mean(),
    }


def viseme_loss(
    predicted: Tensor,
    expected: Tensor,
    valid: Tensor,
    closed: Tensor,
    shut: Tensor,
    deviation: Tensor,
    opening: Tensor,
) -> dict[str, Tensor]:
    """How far lips are from those that phones lead to expect.

    What is expected is a mean over many ways to say a phone, so nothing is asked of speed and
    range. But p, b and m cannot be said with open lips, in whatever way.

    Args:
        predicted: (B, T, K) coefficients in standard deviations.
        expected: (B, T, K).
        valid: (B, T) bool, where `expected` holds.
        closed: (B, T) bool, where the lips must be together.
        shut: (B,) the opening of lips that are, in eye distances from rest.
        deviation: (K,) as for `motion_loss`.
        opening: (K,) as for `motion_loss`.

    Returns:
        Scalars by name: viseme, closed.
    """
    weight = (deviation / deviation.mean()).sqrt()
    error = (predicted - expected) * weight
    away = functional.huber_loss(error, torch.zeros_like(error), reduction="none")
    over = functional.relu(predicted @ opening - shut[:, None]) / opening.norm()
    return {
        "viseme": _mean(away, valid[..., None].float()),
        "closed": _mean(over, closed.float()),
    }


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / (mask.expand_as(values).sum() + 1e-6)


def _spread(values: Tensor, valid: Tensor) -> Tensor:
    """Standard deviation over the valid instants, (B, T) -> (B,)."""
    count = valid.sum(dim=1).clamp(min=2)
    mean = (values * valid).sum(dim=1) / count
    return (((values - mean[:, None]) ** 2 * valid).sum(dim=1) / count + 1e-6).sqrt()
