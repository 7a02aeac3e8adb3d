import pytest
import torch
from torch import nn

from synclips.training.average import Average


def test_the_mean_follows_with_a_memory_that_grows_to_its_decay() -> None:
    network = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(network.weight)
    average = Average({"n": network}, decay=0.5)
    with torch.no_grad():
        network.weight.fill_(1.0)
    mean = 0.0
    for step in range(12):
        average.update(step)
        keep = min(0.5, (1 + step) / (10 + step))
        mean = keep * mean + (1 - keep)
        assert average.networks["n"].weight.item() == pytest.approx(mean)
    average.update(10_000)
    assert average.networks["n"].weight.item() == pytest.approx(0.5 * mean + 0.5)


def test_copies_are_apart_and_cannot_learn() -> None:
    network = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2)).train()
    average = Average({"n": network}, decay=0.9)
    twin = average.networks["n"]
    assert not twin.training
    assert not any(p.requires_grad for p in twin.parameters())
    assert all(p.requires_grad for p in network.parameters())
    network(torch.full((8, 2), 5.0))
    assert twin[1].running_mean.abs().max() == 0
    average.update(10**6)
    moved, mean = network[1].running_mean, twin[1].running_mean
    assert moved.abs().min() > 0
    torch.testing.assert_close(mean, 0.1 * moved)
    assert twin[1].num_batches_tracked == 1  # counts are copied, not averaged
