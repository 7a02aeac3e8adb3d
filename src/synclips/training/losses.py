"""What the networks are asked to get right. Pure functions of tensors."""

from torch import Tensor
from torch.nn import functional


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


def temporal_loss(drawn: Tensor, truth: Tensor, weight: Tensor) -> Tensor:
    """L1 on how pixels change from a moment to the next, (B, N, 3, S, S) of N moments in a row.

    What flickers is drawn to change and was filmed to stay. There is a truth to compare with, so
    no optical flow has to say which pixel was where before (as in Lai et al. 2018, Learning Blind
    Video Temporal Consistency). Noise and exposure that change from moment to moment in the truth
    are asked for as well; leave them out of it.

    Args:
        drawn: N at least 2.
        truth: the same, filmed.
        weight: (B, N, 1, S, S) per pixel.
    """
    change = drawn.diff(dim=1) - truth.diff(dim=1)
    return (change.abs() * weight[:, 1:]).mean()


def _enlarge(small: Tensor, like: Tensor) -> Tensor:
    return functional.interpolate(small, like.shape[-2:], mode="bilinear", align_corners=False)


def mistaken(fake: Tensor) -> Tensor:
    """What a painter gains by being taken for real: non-saturating (Goodfellow et al. 2014)."""
    return functional.softplus(-fake.float()).mean()


def told_apart(real: Tensor, fake: Tensor) -> Tensor:
    """The loss of its discriminator, from scores that are positive for filmed."""
    return functional.softplus(-real.float()).mean() + functional.softplus(fake.float()).mean()


def hinge_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Hinge loss of the discriminator (Lim and Ye 2017, Geometric GAN)."""
    return functional.relu(1 - real).mean() + functional.relu(1 + fake).mean()


def hinge_generator(fake: Tensor) -> Tensor:
    """What the generator gains by being taken for real."""
    return -fake.mean()
