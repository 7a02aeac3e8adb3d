import json

import pytest
import torch
from torch import nn

from synclips.errors import ConfigError
from synclips.models.generator import Generator, GeneratorSpec, widened
from synclips.models.motion import Motion, MotionSpec
from synclips.models.video_encoder import VideoEncoder

SIDE = 32


@pytest.fixture
def generator() -> Generator:
    torch.manual_seed(0)
    return Generator(GeneratorSpec(references=3, first=8, second=16, third=16)).eval()


def inputs(batch: int, references: int, side: int = SIDE) -> tuple[torch.Tensor, ...]:
    pictures = torch.rand(batch, references, 3, side, side)
    return pictures, torch.rand(batch, 2, side, side), torch.randn(batch, references)


def test_shapes_and_ranges(generator: Generator) -> None:
    drawing = generator(*inputs(2, 3))
    assert drawing.flow.shape == (2, 2, 2, SIDE, SIDE)
    assert drawing.inner.shape == (2, 3, SIDE, SIDE)
    assert drawing.cover.shape == (2, 1, SIDE, SIDE)
    for share in (drawing.inner, drawing.cover):
        assert share.min() >= 0
        assert share.max() <= 1


def test_it_begins_with_what_landmarks_say(generator: Generator) -> None:
    drawing = generator(*inputs(2, 3))
    assert drawing.cover.max() < 0.1
    assert drawing.flow.abs().max() < 0.1  # pixels


def test_skin_away_from_the_lips_is_the_frame_to_edit(generator: Generator) -> None:
    pictures, maps, gaps = inputs(1, 3, side=48)
    maps.zero_()
    maps[:, 0, 20:24, 12:36] = 1
    window = generator(pictures, maps, gaps).window
    assert (window[..., 20:24, 12:36] == 1).all()
    assert window[..., 40:, :].max() == 0
    assert window[..., :8, :].max() == 0


def test_corrections_of_the_flow_are_bounded(generator: Generator) -> None:
    with torch.no_grad():
        generator.out.weight.mul_(1e6)
    flow = generator(*inputs(1, 3)).flow.abs()
    assert 0.8 < flow.max() <= 1


def test_channels_keep_their_meaning_through_the_enlargement(generator: Generator) -> None:
    # Four copies of each channel become one channel of twice the side: planting a value in
    # channel `c` must show in field `c`, everywhere, and nowhere else.
    with torch.no_grad():
        generator.out.weight.zero_()
        generator.out.bias.zero_()
        for channel, value in enumerate((1.0, -1.0, 0.5), start=1):
            generator.out.bias[4 * channel : 4 * channel + 4] = value
    flow = generator(*inputs(1, 3)).flow[0]
    wanted = torch.tanh(torch.tensor([[0, 1.0], [-1.0, 0.5]]))
    assert torch.allclose(flow, wanted[:, :, None, None].expand_as(flow), atol=1e-6)


def test_video_encoder_sees_three_scales() -> None:
    encoder = VideoEncoder(references=2, widths=(8, 16, 24))
    sizes = [tuple(features.shape) for features in encoder(*inputs(1, 2))]
    assert sizes == [(1, 8, 16, 16), (1, 16, 8, 8), (1, 24, 4, 4)]


def test_every_input_counts(generator: Generator) -> None:
    leaves = [part.requires_grad_() for part in inputs(1, 3)]
    drawing = generator(*leaves)
    (drawing.flow.sum() + drawing.inner.sum()).backward()
    for leaf in leaves:
        assert leaf.grad is not None
        assert leaf.grad.abs().max() > 0
    pictures = leaves[0].grad
    assert (pictures.abs().amax(dim=(0, 2, 3, 4)) > 0).all(), "a frame is not looked at"


def multiplications(network: nn.Module, *parts: torch.Tensor) -> int:
    """Multiply-accumulates of convolutions and linear layers in one run."""
    total = 0

    def count(layer: nn.Module, _: object, out: torch.Tensor) -> None:
        nonlocal total
        assert isinstance(layer, nn.Conv2d | nn.Linear)
        total += out[0].numel() * layer.weight[0].numel()

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            layer.register_forward_hook(count)
    with torch.no_grad():
        network(*parts)
    return total


def test_counting_counts() -> None:
    layer = nn.Conv2d(2, 3, 3, padding=1)
    assert multiplications(layer, torch.zeros(1, 2, 10, 10)) == 10 * 10 * 3 * 2 * 9


def test_work_per_frame_stays_in_the_budget() -> None:
    generator = Generator(GeneratorSpec()).eval()
    work = multiplications(generator, *inputs(1, generator.spec.references, 96))
    assert 0.02e9 < work <= 0.2e9


def test_parameters_stay_in_the_budget() -> None:
    generator, motion = Generator(GeneratorSpec()), Motion(MotionSpec())
    count = sum(p.numel() for network in (generator, motion) for p in network.parameters())
    assert count <= 3_000_000


def test_a_mouth_needs_a_frame_to_come_from() -> None:
    with pytest.raises(ConfigError, match="not 1"):
        GeneratorSpec(references=1)


def test_spec_goes_through_json() -> None:
    spec = GeneratorSpec(references=4, first=16)
    assert GeneratorSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_spec_of_another_version_is_refused_by_the_name_of_what_differs() -> None:
    with pytest.raises(ConfigError, match="fourth"):
        GeneratorSpec.from_dict(GeneratorSpec().to_dict() | {"fourth": 1})
    with pytest.raises(ConfigError, match=r"first, references, second"):
        GeneratorSpec.from_dict({"third": 8})


def test_widened_maps_reach_as_far_in_corners_as_along_lines() -> None:
    maps = torch.zeros(1, 1, 9, 9)
    maps[..., 4, 5] = 0.5
    expected = torch.zeros(9, 9)
    expected[2:7, 3:8] = 0.5
    assert torch.equal(widened(maps, 2)[0, 0], expected)
