import pytest
import torch
from torch import Tensor

from synclips.training.losses import (
    hinge_discriminator,
    hinge_generator,
    picture_loss,
    temporal_loss,
)


def picture() -> Tensor:
    torch.manual_seed(1)
    return torch.rand(1, 3, 32, 32)


def test_picture_loss_is_zero_at_the_truth_only() -> None:
    truth, weight = picture(), torch.ones(1, 1, 32, 32)
    assert picture_loss(truth, truth, weight) == 0
    assert picture_loss(truth + 0.1, truth, weight) == pytest.approx(0.1, abs=1e-4)


def test_a_blur_costs_more_than_its_colours() -> None:
    truth, weight = picture(), torch.ones(1, 1, 32, 32)
    blurred = torch.nn.functional.avg_pool2d(truth, 3, 1, 1, count_include_pad=False)
    assert picture_loss(blurred, truth, weight) > 1.5 * (blurred - truth).abs().mean()


def test_errors_count_where_the_weight_is() -> None:
    truth, weight = picture(), torch.zeros(1, 1, 32, 32)
    weight[..., 16:, :] = 1
    above, below = truth.clone(), truth.clone()
    above[..., :8, :] = 0
    below[..., 24:, :] = 0
    assert picture_loss(below, truth, weight) > 0.05
    assert picture_loss(above, truth, weight) < 0.01


def test_hinges_stop_pulling_where_the_judge_is_sure() -> None:
    sure, unsure = torch.full((4,), 2.0), torch.zeros(4)
    assert hinge_discriminator(sure, -sure) == 0
    assert hinge_discriminator(unsure, unsure) == 2
    assert hinge_discriminator(-sure, sure) == 6
    assert hinge_generator(sure) < hinge_generator(unsure) < hinge_generator(-sure)


def test_only_what_changes_otherwise_than_filmed_flickers() -> None:
    truth = torch.stack([picture(), picture().flip(-1)], dim=1)
    weight = torch.ones_like(truth[:, :, :1])
    assert temporal_loss(truth, truth, weight) == 0
    wrong_throughout = truth + 0.1 * torch.rand_like(truth[:, :1])
    assert temporal_loss(wrong_throughout, truth, weight) < 1e-6
    flickers = truth.clone()
    flickers[:, 1, :, :2] += 0.1
    share = 2 / truth.shape[-2]
    assert temporal_loss(flickers, truth, weight) == pytest.approx(0.1 * share, rel=1e-4)
    weight[..., :2, :] = 0
    assert temporal_loss(flickers, truth, weight) < 1e-6
