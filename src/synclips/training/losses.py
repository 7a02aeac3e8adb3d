"""What the networks are asked to get right. Pure functions of tensors."""

import torch
from torch import Tensor
from torch.nn import functional


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


def _mean(values: Tensor, mask: Tensor) -> Tensor:
    return (values * mask).sum() / (mask.expand_as(values).sum() + 1e-6)


def _spread(values: Tensor, valid: Tensor) -> Tensor:
    """Standard deviation over the valid instants, (B, T) -> (B,)."""
    count = valid.sum(dim=1).clamp(min=2)
    mean = (values * valid).sum(dim=1) / count
    return (((values - mean[:, None]) ** 2 * valid).sum(dim=1) / count + 1e-6).sqrt()


def picture_loss(drawn: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """L1 on colours and on three octaves of detail, (B, 3, S, S), weighted per pixel (B, 1, S, S).

    Laplacian pyramid loss (Ling and Okada 2006): a blurred mouth is as wrong as a shifted one.
    """
    loss = ((drawn - truth).abs() * weight).mean()
    for _ in range(3):
        small_drawn, small_truth = functional.avg_pool2d(drawn, 2), functional.avg_pool2d(truth, 2)
        detail = (drawn - _enlarge(small_drawn, drawn)) - (truth - _enlarge(small_truth, truth))
        loss = loss + (detail.abs() * weight).mean()
        drawn, truth, weight = small_drawn, small_truth, functional.avg_pool2d(weight, 2)
    return loss


def _enlarge(small: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(small, like.shape[-2:], mode="bilinear", align_corners=False)


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of the discriminator (Lim and Ye 2017, Geometric GAN)."""
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """What the generator gains by being taken for real."""
    return -fake.mean()
