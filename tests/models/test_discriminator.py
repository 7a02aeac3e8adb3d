import torch

from synclips.models.discriminator import Discriminator


def test_every_patch_gets_a_score() -> None:
    torch.manual_seed(0)
    judge = Discriminator(width=4).eval()
    scores, features = judge(torch.rand(2, 3, 64, 64), torch.rand(2, 2, 64, 64))
    assert scores.shape == (2, 1, 8, 8)
    assert [tuple(f.shape) for f in features] == [(2, 4, 32, 32), (2, 8, 16, 16), (2, 16, 8, 8)]


@torch.no_grad()
def test_a_patch_is_judged_by_what_is_near_it() -> None:
    torch.manual_seed(0)
    judge = Discriminator(width=4).eval()
    picture, maps = torch.rand(1, 3, 64, 64), torch.rand(1, 2, 64, 64)
    changed = picture.clone()
    changed[..., :8, :8] = 1 - changed[..., :8, :8]
    moved = (judge(changed, maps)[0] - judge(picture, maps)[0])[0, 0].abs()
    assert moved[0, 0] > 1e-5
    assert moved[4:].max() == 0
    assert moved[:, 4:].max() == 0


@torch.no_grad()
def test_lips_are_part_of_the_evidence() -> None:
    torch.manual_seed(0)
    judge = Discriminator(width=4).eval()
    picture = torch.rand(1, 3, 64, 64)
    one, other = (judge(picture, torch.full((1, 2, 64, 64), level))[0] for level in (0.0, 1.0))
    assert (one - other).abs().max() > 1e-5


@torch.no_grad()
def test_scores_cannot_grow_faster_than_the_picture_changes() -> None:
    torch.manual_seed(0)
    judge = Discriminator(width=4).train()
    with torch.no_grad():
        for layer in judge.layers:
            layer.parametrizations.weight.original.mul_(100)
    picture, maps = torch.rand(1, 3, 64, 64), torch.rand(1, 2, 64, 64)
    for _ in range(20):  # the norm is estimated by power iteration, one step per call
        judge(picture, maps)
    score, _ = judge.eval()(picture, maps)
    assert score.abs().max() < 50
