import pytest
import torch

from synclips.models.alignment import CrossAttention


@pytest.fixture
def attention() -> CrossAttention:
    torch.manual_seed(0)
    return CrossAttention(width=16, shape_size=5, heads=2).eval()


@torch.no_grad()
def test_an_unknown_speaker_has_no_say(attention: CrossAttention) -> None:
    audio = torch.randn(2, 7, 16)
    known = torch.tensor([False, True])
    one, other = (attention(audio, torch.randn(2, 6, 5), known) for _ in range(2))
    assert one.shape == audio.shape
    torch.testing.assert_close(one[0], other[0], rtol=0, atol=0)
    assert (one[1] - other[1]).abs().max() > 1e-4


@torch.no_grad()
def test_not_knowing_is_not_knowing_a_closed_mouth(attention: CrossAttention) -> None:
    audio, shut = torch.randn(1, 7, 16), torch.zeros(1, 6, 5)
    unknown = attention(audio, shut, torch.tensor([False]))
    assert (attention(audio, shut, torch.tensor([True])) - unknown).abs().max() > 1e-4


@torch.no_grad()
def test_order_of_the_speakers_frames_plays_no_part(attention: CrossAttention) -> None:
    audio, shapes = torch.randn(1, 7, 16), torch.randn(1, 6, 5)
    known = torch.tensor([True])
    turned = attention(audio, shapes.flip(1), known)
    torch.testing.assert_close(turned, attention(audio, shapes, known), rtol=0, atol=1e-5)


def test_an_average_speaker_is_learnt(attention: CrossAttention) -> None:
    known = torch.tensor([False])
    attention(torch.randn(1, 7, 16), torch.randn(1, 6, 5), known).sum().backward()
    gradient = attention.average_speaker.grad
    assert gradient is not None
    assert gradient.abs().max() > 0
