"""The terms of the lip-motion loss: what each of them minds, and what it does not."""

import math

import pytest
import torch
from torch import Tensor

from synclips.models.motion_loss import motion_loss, viseme_loss

DEVIATION = torch.tensor([0.4, 0.2, 0.1])
OPENING = torch.tensor([0.1, 0.0, 0.0])


@pytest.fixture
def truth() -> Tensor:
    torch.manual_seed(0)
    return torch.randn(2, 30, 3)


def terms(predicted: Tensor, truth: Tensor, valid: Tensor | None = None) -> dict[str, float]:
    valid = torch.ones(truth.shape[:2], dtype=torch.bool) if valid is None else valid
    found = motion_loss(predicted, truth, valid, DEVIATION, OPENING)
    return {name: float(term) for name, term in found.items()}


def test_motion_loss_is_zero_at_the_truth_and_nowhere_near_it(truth: Tensor) -> None:
    assert terms(truth, truth) == dict.fromkeys(("position", "velocity", "opening", "range"), 0)
    assert min(terms(truth * 1.1, truth).values()) > 0


def test_a_constant_offset_is_wrong_in_place_but_not_in_speed(truth: Tensor) -> None:
    found = terms(truth + 0.5, truth)
    assert found["position"] > 0.05
    assert found["opening"] == pytest.approx(0.5, abs=1e-5)
    assert found["velocity"] < 1e-5
    assert found["range"] < 1e-4


def test_mumbling_costs_range(truth: Tensor) -> None:
    half = terms(truth * 0.5, truth)["range"]
    assert half == pytest.approx(0.5 * float(truth[..., 0].std(dim=1, correction=0).mean()), 1e-3)
    assert terms(truth * 0.0, truth)["range"] > 1.9 * half


def test_only_what_opens_the_mouth_counts_as_opening(truth: Tensor) -> None:
    smiling = truth.clone()
    smiling[..., 2] += 1
    found = terms(smiling, truth)
    assert found["opening"] == 0
    assert found["range"] == 0
    assert found["position"] > 0


def test_strong_directions_weigh_more(truth: Tensor) -> None:
    offsets = torch.eye(3) * 0.5
    costs = [terms(truth + offset, truth)["position"] for offset in offsets]
    assert costs[0] > costs[1] > costs[2]


def test_frames_without_a_face_teach_nothing(truth: Tensor) -> None:
    valid = torch.ones(2, 30, dtype=torch.bool)
    valid[:, 10:20] = False
    wild = truth.clone()
    wild[:, 10:20] = 100
    assert max(terms(wild, truth, valid).values()) == pytest.approx(0, abs=1e-6)
    nothing = terms(wild, truth, torch.zeros_like(valid))
    assert all(math.isfinite(value) for value in nothing.values())
    assert nothing["position"] == 0


def test_motion_loss_has_a_finite_slope_everywhere(truth: Tensor) -> None:
    predicted = torch.zeros_like(truth).requires_grad_()  # no range at all
    valid = torch.ones(truth.shape[:2], dtype=torch.bool)
    sum(motion_loss(predicted, truth, valid, DEVIATION, OPENING).values()).backward()
    assert predicted.grad is not None
    assert predicted.grad.isfinite().all()
    assert predicted.grad.abs().max() > 0


def test_only_open_lips_are_wrong_where_they_must_be_shut(truth: Tensor) -> None:
    closed = torch.zeros(2, 30, dtype=torch.bool)
    closed[:, 10:14] = True
    valid, shut = torch.ones(2, 30, dtype=torch.bool), torch.tensor([-0.05, -0.1])

    def cost(lips: Tensor) -> float:
        return float(viseme_loss(lips, truth, valid, closed, shut, DEVIATION, OPENING)["closed"])

    lips = torch.zeros(2, 30, 3)
    lips[0, closed[0], 0], lips[1, closed[1], 0] = -0.5, -1.0
    assert cost(lips) == pytest.approx(0, abs=1e-6)
    assert cost(lips - torch.tensor([1.0, 0, 0])) == 0  # pressed together
    assert cost(lips + torch.tensor([0.5, 0, 0])) == pytest.approx(0.5, abs=1e-4)
    lips[:, :10] = 9
    assert cost(lips) == pytest.approx(0, abs=1e-6)


def test_expected_lips_count_where_they_are_known(truth: Tensor) -> None:
    nowhere, valid = torch.zeros(2, 30, dtype=torch.bool), torch.ones(2, 30, dtype=torch.bool)
    valid[:, 20:] = False
    wrong = truth.clone()
    wrong[:, 20:] += 1

    def terms(lips: Tensor) -> dict[str, Tensor]:
        shut = torch.zeros(2)
        return viseme_loss(lips, truth, valid, nowhere, shut, DEVIATION, OPENING)

    assert float(terms(wrong)["viseme"]) == 0
    assert float(terms(wrong + 0.1)["viseme"]) > 0
    assert float(terms(truth + 5)["closed"]) == 0
