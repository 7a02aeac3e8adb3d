"""The sync loss: what the expert is shown, and that painters can learn from it."""

from typing import Any

import pytest
import torch

from synclips.training.expert import sync_loss
from synclips.training.stage import Hardware


def test_it_is_how_far_the_expert_finds_them_apart(tiny_syncnet: Any) -> None:
    rng = torch.Generator().manual_seed(0)
    mouths, mel = torch.rand(2, 16, 3, 32, 32, generator=rng), torch.randn(2, 64, 64, generator=rng)
    mouth, sound = tiny_syncnet.network(mouths.mean(dim=2)[:, None], mel)
    assert mouth.shape == (2, 2, 8)
    apart = (1 - torch.cosine_similarity(mouth, sound, dim=-1)).mean()
    torch.testing.assert_close(sync_loss(tiny_syncnet.network, mouths, mel, Hardware()), apart)


def test_mouths_of_any_size_learn_from_it(tiny_syncnet: Any) -> None:
    mouths = torch.rand(1, 15, 3, 40, 50, requires_grad=True)
    loss = sync_loss(tiny_syncnet.network, mouths, torch.randn(1, 60, 64), Hardware())
    assert 0 <= loss.item() <= 2
    loss.backward()
    assert mouths.grad is not None
    assert mouths.grad.abs().sum().item() > 0
    with pytest.raises(RuntimeError):
        sync_loss(tiny_syncnet.network, mouths[:, :14], torch.randn(1, 56, 64), Hardware())
