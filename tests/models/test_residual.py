"""What is left of the lips: where the person was heard it is known, elsewhere it is nothing."""

import pytest
import torch
from torch.nn import functional

from synclips.models.residual import Residual, fit_residual


@pytest.fixture
def features() -> torch.Tensor:
    """(60, 32) layer-normalised, neighbours alike."""
    torch.manual_seed(0)
    wander = torch.randn(60, 32).cumsum(dim=0)
    return functional.layer_norm(wander, (32,))


@pytest.fixture
def rest(features: torch.Tensor) -> torch.Tensor:
    """(60, 3) what follows from the features."""
    torch.manual_seed(1)
    return torch.tanh(features @ torch.randn(32, 3) / 32**0.5)


def test_what_was_seen_is_said_again(features: torch.Tensor, rest: torch.Tensor) -> None:
    residual, _ = fit_residual(features, rest, noise=1e-3, block=5)
    torch.testing.assert_close(residual(features), rest, rtol=0, atol=0.02)
    batch = torch.stack([features, features.flip(0)])
    torch.testing.assert_close(residual(batch)[1], residual(features).flip(0))


def test_what_sounds_like_nothing_seen_is_left_alone(
    features: torch.Tensor, rest: torch.Tensor
) -> None:
    residual, _ = fit_residual(features, rest, noise=1e-3, block=5)
    assert residual(-features * 3).abs().max() < 1e-3 * rest.abs().max()


def test_the_more_noise_the_less_is_believed(features: torch.Tensor, rest: torch.Tensor) -> None:
    sizes = [
        float(fit_residual(features, rest, noise, block=5)[0](features).norm())
        for noise in (0.01, 1.0, 10.0, 1000.0)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] < 0.05 * sizes[0]


def test_a_block_is_told_as_if_it_had_not_been_seen(
    features: torch.Tensor, rest: torch.Tensor
) -> None:
    _, unseen = fit_residual(features, rest, noise=0.5, block=25)
    for start in (0, 25, 50):
        block = slice(start, start + 25)
        others = torch.ones(60, dtype=torch.bool)
        others[block] = False
        without, _ = fit_residual(features[others], rest[others], noise=0.5, block=25)
        torch.testing.assert_close(unseen[block], without(features[block]), rtol=0, atol=1e-4)


def test_one_instant_is_enough(features: torch.Tensor, rest: torch.Tensor) -> None:
    residual, unseen = fit_residual(features[:1], rest[:1], noise=1.0, block=17)
    torch.testing.assert_close(residual(features[:1]), rest[:1] / 2)
    torch.testing.assert_close(unseen, torch.zeros(1, 3), rtol=0, atol=1e-6)


def test_it_is_saved_with_a_network(features: torch.Tensor, rest: torch.Tensor) -> None:
    residual, _ = fit_residual(features, rest, noise=1.0, block=5)
    empty = Residual(torch.zeros(60, 32), torch.zeros(60, 3))
    empty.load_state_dict(residual.state_dict())
    torch.testing.assert_close(empty(features), residual(features))
    assert not list(residual.parameters())
