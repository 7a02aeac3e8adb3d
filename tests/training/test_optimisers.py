from typing import Any

import pytest
import torch
from lightning_fabric import Fabric
from lightning_fabric.plugins import MixedPrecision
from torch import Tensor, nn

from synclips.training.figures import Means
from synclips.training.machine import Machine
from synclips.training.optimisers import Optimisers, Outcome
from synclips.training.options import LoopOptions

OPTIONS = LoopOptions(10, 4, 1e-2, warmup=0)
TAKEN = Outcome(taken=True, reason="", expected=False, stop=False)


@pytest.fixture
def fabric() -> Fabric:
    return Machine("cpu").fabric("32")


@pytest.fixture
def half() -> Fabric:
    """Float16 with its scaler, which Lightning offers on GPUs only."""
    return Fabric(accelerator="cpu", devices=1, plugins=[MixedPrecision("16-mixed", "cpu")])


def layer(value: float = 1.0) -> nn.Linear:
    network = nn.Linear(1, 1, bias=False)
    nn.init.constant_(network.weight, value)
    return network


def step(optimisers: Optimisers, *objectives: Any, rate: float = 1e-2) -> Outcome:
    optimisers.begin()
    optimisers.accumulate(objectives, 1.0, Means())
    return optimisers.step(rate, stop=False)


def test_a_loss_reaches_the_networks_it_names_and_no_others(fabric: Fabric) -> None:
    networks = {"a": layer(2.0), "b": layer(3.0), "c": layer(4.0)}
    optimisers = Optimisers(fabric, networks, OPTIONS)
    product = networks["a"].weight * networks["b"].weight * networks["c"].weight
    assert step(optimisers, (("a", "c"), product.sum(), {})) == TAKEN
    assert networks["a"].weight < 2
    assert networks["b"].weight == 3  # no gradient, no momentum, no decay
    assert networks["c"].weight < 4
    assert optimisers.by_name["b"].state == {}


def test_all_losses_of_a_step_see_the_weights_it_began_with(fabric: Fabric) -> None:
    networks = {"a": layer(), "b": layer()}
    optimisers = Optimisers(fabric, networks, OPTIONS)
    seen = []

    def objectives() -> Any:
        yield "a", networks["a"].weight.sum(), {}
        seen.append(networks["a"].weight.item())
        yield "b", networks["b"].weight.sum(), {}

    optimisers.begin()
    optimisers.accumulate(objectives(), 1.0, Means())
    optimisers.step(1e-2, stop=False)
    assert seen == [1.0]
    assert networks["a"].weight.item() < 1


def test_gradients_are_clipped_for_each_network(fabric: Fabric) -> None:
    networks = {"a": layer(), "b": layer()}
    optimisers = Optimisers(fabric, networks, LoopOptions(10, 4, 1e-2, warmup=0, clip=0.5))
    loss = 8 * networks["a"].weight.sum() + 0.25 * networks["b"].weight.sum()
    step(optimisers, (("a", "b"), loss, {}))
    assert networks["a"].weight.grad is not None
    assert networks["a"].weight.grad.item() == pytest.approx(0.5)
    assert networks["b"].weight.grad is not None
    assert networks["b"].weight.grad.item() == pytest.approx(0.25)

    unbound = Optimisers(fabric, networks, LoopOptions(10, 4, 1e-2, warmup=0, clip=0))
    step(unbound, ("a", 8 * networks["a"].weight.sum(), {}))
    assert networks["a"].weight.grad.item() == pytest.approx(8)


def test_the_rate_is_that_of_the_step(fabric: Fabric) -> None:
    networks = {"a": layer()}
    optimisers = Optimisers(fabric, networks, LoopOptions(10, 4, 1e-2, warmup=0, decay=0))
    step(optimisers, ("a", networks["a"].weight.sum(), {}), rate=0.125)
    assert networks["a"].weight.item() == pytest.approx(1 - 0.125, abs=1e-6)  # Adam's first step


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_nothing_changes_where_a_loss_is_not_finite(fabric: Fabric, bad: float) -> None:
    networks = {"a": layer(), "b": layer()}
    optimisers = Optimisers(fabric, networks, OPTIONS)
    good = ("a", networks["a"].weight.sum(), {})
    # Its gradient is finite all the same.
    outcome = step(optimisers, good, ("b", networks["b"].weight.sum() + bad, {}))
    assert outcome == Outcome(taken=False, reason="the loss of b", expected=False, stop=False)
    assert networks["a"].weight == networks["b"].weight == 1
    assert step(optimisers, good) == TAKEN


def test_nothing_changes_where_a_gradient_is_not_finite(fabric: Fabric) -> None:
    networks = {"a": layer(0.0)}
    optimisers = Optimisers(fabric, networks, OPTIONS)
    outcome = step(optimisers, ("a", networks["a"].weight.sqrt().sum(), {}))
    assert outcome == Outcome(False, "the gradient of a", expected=False, stop=False)
    assert networks["a"].weight == 0


def test_statistics_of_a_step_that_is_not_taken_are_forgotten(fabric: Fabric) -> None:
    network = nn.BatchNorm1d(2)
    optimisers = Optimisers(fabric, {"a": network}, OPTIONS)

    def objective(batch: Tensor) -> Any:
        yield "a", network(batch).square().mean(), {}

    for batch, mean in ((torch.ones(4, 2), 0.1), (torch.full((4, 2), float("nan")), 0.1)):
        optimisers.begin()
        optimisers.accumulate(objective(batch), 1.0, Means())
        optimisers.step(1e-2, stop=False)
        assert network.running_mean is not None
        assert network.running_mean.tolist() == pytest.approx([mean, mean])


def test_a_network_without_anything_to_learn_is_left_alone(fabric: Fabric) -> None:
    networks = {"a": layer(), "b": layer().requires_grad_(False)}
    with pytest.raises(ValueError, match="empty parameter list"):
        Optimisers(fabric, networks, OPTIONS)


def test_float16_steps_like_float32_once_its_scale_is_found(half: Fabric, fabric: Fabric) -> None:
    ends = []
    for one in (fabric, half):
        networks = {"a": layer(), "b": layer()}
        optimisers = Optimisers(one, networks, LoopOptions(10, 4, 1e-2, warmup=0, clip=0.5))
        outcomes = []
        taken = 0
        while taken < 5:
            # The second overflows float32 when it is scaled by 2 ** 16, which is where it begins.
            objectives = (
                ("a", networks["a"].weight.square().sum(), {}),
                ("b", 1e34 * networks["b"].weight.sum(), {}),
            )
            outcomes.append(step(optimisers, *objectives))
            taken += outcomes[-1].taken
        ends.append([networks[name].weight.item() for name in "ab"])
    assert outcomes[0] == Outcome(False, "the gradient of b", expected=True, stop=False)
    assert 0 < sum(not outcome.taken for outcome in outcomes) < 5
    assert optimisers.scaler is not None
    assert 1 < optimisers.scaler.get_scale() < 2**16
    assert ends[1] == pytest.approx(ends[0], rel=1e-5)


def test_overflow_is_no_excuse_for_a_loss_that_is_not_finite(half: Fabric) -> None:
    networks = {"a": layer()}
    optimisers = Optimisers(half, networks, OPTIONS)
    outcome = step(optimisers, ("a", networks["a"].weight.sum() * float("nan"), {}))
    assert outcome == Outcome(False, "the loss of a", expected=False, stop=False)


def test_figures_are_weighted_by_the_share_of_the_piece(fabric: Fabric) -> None:
    networks = {"a": layer()}
    optimisers = Optimisers(fabric, networks, OPTIONS)
    means = Means()
    optimisers.begin()
    optimisers.accumulate([("a", networks["a"].weight.sum(), {"x": 1.0})], 0.75, means)
    optimisers.accumulate([("a", networks["a"].weight.sum(), {"x": 5.0})], 0.25, means)
    assert means.values() == {"x": pytest.approx(2)}
    assert networks["a"].weight.grad is not None
    assert networks["a"].weight.grad.item() == pytest.approx(1)
