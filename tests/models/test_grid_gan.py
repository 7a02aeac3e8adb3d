"""The published network to the layer, and the choices that its printed form leaves open."""

import math

import pytest
import torch
from torch import nn

from synclips.errors import ConfigError
from synclips.models.grid_gan import (
    AudioEncoder,
    CrossAttention,
    Discriminator,
    Generator,
    GridGan,
    GridGanSpec,
    VideoEncoder,
    positions,
)
from synclips.models.sound_windows import windows_at

PRINTED = {
    AudioEncoder: """\
AudioEncoder(
  (embedding): Linear(in_features=13, out_features=128, bias=True)
  (transformer_encoder): TransformerEncoder(
    (layers): ModuleList(
      (0-3): 4 x TransformerEncoderLayer(
        (self_attn): MultiheadAttention(
          (out_proj): NonDynamicallyQuantizableLinear(in_features=128, out_features=128, bias=True)
        )
        (linear1): Linear(in_features=128, out_features=512, bias=True)
        (dropout): Dropout(p=0.1, inplace=False)
        (linear2): Linear(in_features=512, out_features=128, bias=True)
        (norm1): LayerNorm((128,), eps=1e-05, elementwise_affine=True, bias=True)
        (norm2): LayerNorm((128,), eps=1e-05, elementwise_affine=True, bias=True)
        (dropout1): Dropout(p=0.1, inplace=False)
        (dropout2): Dropout(p=0.1, inplace=False)
      )
    )
  )
)""",
    VideoEncoder: """\
VideoEncoder(
  (conv1): Conv3d(3, 64, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))
  (conv2): Conv3d(64, 128, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))
  (conv3): Conv3d(128, 128, kernel_size=(3, 3, 3), stride=(1, 1, 1), padding=(1, 1, 1))
  (pool): MaxPool3d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (relu): ReLU()
)""",
    CrossAttention: """\
CrossAttention(
  (audio_proj): Linear(in_features=128, out_features=128, bias=True)
  (video_proj): Linear(in_features=128, out_features=128, bias=True)
  (cross_attention): MultiheadAttention(
    (out_proj): NonDynamicallyQuantizableLinear(in_features=128, out_features=128, bias=True)
  )
)""",
    Generator: """\
Generator(
  (fc): Linear(in_features=128, out_features=32768, bias=True)
  (conv1): ConvTranspose2d(512, 256, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
  (conv2): ConvTranspose2d(256, 3, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
  (relu): ReLU()
  (tanh): Tanh()
)""",
    Discriminator: """\
Discriminator(
  (conv1): Conv2d(3, 64, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
  (conv2): Conv2d(64, 128, kernel_size=(4, 4), stride=(2, 2), padding=(1, 1))
  (fc): Linear(in_features=8192, out_features=1, bias=True)
  (leaky_relu): LeakyReLU(negative_slope=0.2)
)""",
}

LAYER = {
    "self_attn.in_proj_weight": (384, 128),
    "self_attn.in_proj_bias": (384,),
    "self_attn.out_proj.weight": (128, 128),
    "self_attn.out_proj.bias": (128,),
    "linear1.weight": (512, 128),
    "linear1.bias": (512,),
    "linear2.weight": (128, 512),
    "linear2.bias": (128,),
    "norm1.weight": (128,),
    "norm1.bias": (128,),
    "norm2.weight": (128,),
    "norm2.bias": (128,),
}
TENSORS = {
    AudioEncoder: {
        "embedding.weight": (128, 13),
        "embedding.bias": (128,),
        **{
            f"transformer_encoder.layers.{number}.{name}": shape
            for number in range(4)
            for name, shape in LAYER.items()
        },
    },
    VideoEncoder: {
        "conv1.weight": (64, 3, 3, 3, 3),
        "conv1.bias": (64,),
        "conv2.weight": (128, 64, 3, 3, 3),
        "conv2.bias": (128,),
        "conv3.weight": (128, 128, 3, 3, 3),
        "conv3.bias": (128,),
    },
    CrossAttention: {
        "audio_proj.weight": (128, 128),
        "audio_proj.bias": (128,),
        "video_proj.weight": (128, 128),
        "video_proj.bias": (128,),
        "cross_attention.in_proj_weight": (384, 128),
        "cross_attention.in_proj_bias": (384,),
        "cross_attention.out_proj.weight": (128, 128),
        "cross_attention.out_proj.bias": (128,),
    },
    Generator: {
        "fc.weight": (32768, 128),
        "fc.bias": (32768,),
        "conv1.weight": (512, 256, 4, 4),
        "conv1.bias": (256,),
        "conv2.weight": (256, 3, 4, 4),
        "conv2.bias": (3,),
    },
    Discriminator: {
        "conv1.weight": (64, 3, 4, 4),
        "conv1.bias": (64,),
        "conv2.weight": (128, 64, 4, 4),
        "conv2.bias": (128,),
        "fc.weight": (1, 8192),
        "fc.bias": (1,),
    },
}
PARTS = {
    "audio_encoder": AudioEncoder,
    "video_encoder": VideoEncoder,
    "cross_attention": CrossAttention,
    "generator": Generator,
}


@pytest.fixture(scope="module")
def network() -> GridGan:
    torch.manual_seed(0)
    return GridGan(GridGanSpec()).eval()


@pytest.fixture
def speaker() -> torch.Tensor:
    """(2, 3, 8, 32, 32) two people."""
    return torch.rand(2, 3, 8, 32, 32, generator=torch.Generator().manual_seed(1)) * 2 - 1


@pytest.fixture
def heard() -> torch.Tensor:
    """(2, 60, 13)."""
    return torch.randn(2, 60, 13, generator=torch.Generator().manual_seed(2))


def shapes(module: nn.Module) -> dict[str, tuple[int, ...]]:
    return {name: tuple(tensor.shape) for name, tensor in module.state_dict().items()}


@pytest.mark.parametrize("part", PRINTED, ids=lambda part: part.__name__)
def test_the_printed_form_is_the_published_one(part: type[nn.Module]) -> None:
    assert repr(part()) == PRINTED[part]


@pytest.mark.parametrize("part", TENSORS, ids=lambda part: part.__name__)
def test_names_and_shapes_are_the_published_ones(part: type[nn.Module]) -> None:
    assert shapes(part()) == TENSORS[part]


def test_the_whole_has_its_parts_and_nothing_else(network: GridGan) -> None:
    assert {name: type(module) for name, module in network.named_children()} == PARTS
    assert shapes(network) == {
        f"{name}.{key}": shape
        for name, part in PARTS.items()
        for key, shape in TENSORS[part].items()
    }
    assert sum(tensor.numel() for tensor in network.parameters()) == 7_899_779


def test_what_is_not_printed_is_chosen() -> None:
    layer = AudioEncoder().transformer_encoder.layers[0]
    assert isinstance(layer, nn.TransformerEncoderLayer)
    for attention in (layer.self_attn, CrossAttention().cross_attention):
        assert (attention.num_heads, attention.batch_first) == (8, True)
    assert not layer.norm_first


def test_parts_fit_each_other(speaker: torch.Tensor, heard: torch.Tensor) -> None:
    torch.manual_seed(0)
    audio, video = AudioEncoder()(heard), VideoEncoder()(speaker)
    assert audio.shape == (2, 60, 128)
    assert video.shape == (2, 16, 128)
    assert VideoEncoder()(torch.zeros(1, 3, 17, 32, 32)).shape == (1, 32, 128)
    mixed = CrossAttention()(audio[:, ::4], video)
    assert mixed.shape == (2, 15, 128)
    pictures = Generator()(mixed.flatten(0, 1))
    assert pictures.shape == (30, 3, 32, 32)
    assert pictures.abs().max() <= 1
    assert Discriminator()(pictures).shape == (30, 1)


def test_tokens_run_over_rows_then_columns(network: GridGan, speaker: torch.Tensor) -> None:
    changed = speaker.clone()
    changed[..., 28:, :4] *= -1  # below on the left
    moved = (network.video_encoder(changed) - network.video_encoder(speaker))[0].norm(dim=-1)
    assert moved.argmax() == 12
    assert moved[:4].max() == 0


def test_positions_are_those_of_the_paper() -> None:
    table = positions(60, torch.zeros(1, 60, 128))
    assert table.shape == (60, 128)
    for place, channel in ((0, 0), (0, 1), (7, 0), (7, 1), (31, 64), (59, 127)):
        angle = place / 10_000 ** (2 * (channel // 2) / 128)
        wanted = math.cos(angle) if channel % 2 else math.sin(angle)
        assert table[place, channel].item() == pytest.approx(wanted, abs=1e-5)


def test_the_order_of_sounds_matters(network: GridGan) -> None:
    same = torch.ones(1, 60, 13)
    features = network.audio_encoder(same)[0]
    assert (features[1:] - features[:-1]).norm(dim=-1).min() > 0.1


def test_the_scale_of_a_speaker_is_that_of_a_sound(speaker: torch.Tensor) -> None:
    torch.manual_seed(0)
    for frames in (speaker, speaker.mean(dim=(2, 3, 4), keepdim=True).expand_as(speaker)):
        tokens = VideoEncoder()(frames / frames.pow(2).mean().sqrt())
        assert 0.3 < tokens.pow(2).mean().sqrt() < 6


@torch.no_grad()
def test_what_is_heard_and_who_speaks_both_matter(
    network: GridGan, speaker: torch.Tensor, heard: torch.Tensor
) -> None:
    pictures = network(heard, speaker, 15)
    assert pictures.shape == (2, 15, 3, 32, 32)
    other_sound = network(heard.flip(0), speaker, 15)
    other_person = network(heard, speaker.flip(0), 15)
    assert (pictures - other_sound).abs().amax(dim=(2, 3, 4)).min() > 1e-3
    assert (pictures - other_person).abs().amax(dim=(2, 3, 4)).min() > 1e-3
    # One's own sound and frames are all that counts.
    alone = network(heard[:1], speaker[:1], 15)
    torch.testing.assert_close(pictures[:1], alone, atol=1e-4, rtol=0)


def test_the_sound_passes_where_the_speaker_says_nothing() -> None:
    torch.manual_seed(0)
    part = CrossAttention()
    for parameter in part.cross_attention.parameters():
        nn.init.zeros_(parameter)
    audio = torch.randn(1, 5, 128)
    assert torch.equal(part(audio, torch.randn(1, 16, 128)), part.audio_proj(audio))


@torch.no_grad()
def test_queries_sit_on_their_frames(
    network: GridGan, speaker: torch.Tensor, heard: torch.Tensor
) -> None:
    pictures = network(heard, speaker, 15)
    features = network.audio_encoder(heard)
    tokens = network.video_encoder(speaker)
    for query, frame in ((0, 0), (3, 12), (14, 56)):
        mixed = network.cross_attention(features[:, frame : frame + 1], tokens)
        drawn = network.generator(mixed[:, 0])
        torch.testing.assert_close(pictures[:, query], drawn, atol=1e-4, rtol=0)
    shifted = network(heard, speaker, 2, offset=8)
    torch.testing.assert_close(shifted, pictures[:, 2:4], atol=1e-4, rtol=0)
    for queries, offset in ((16, 0), (15, 4), (1, -1)):
        with pytest.raises(ValueError, match="do not fit"):
            network(heard, speaker, queries, offset)


@torch.no_grad()
def test_use_is_the_middle_of_training(
    network: GridGan, speaker: torch.Tensor, heard: torch.Tensor
) -> None:
    spec = network.spec
    assert (spec.middle, spec.middle // spec.pace) == (28, 7)
    tokens = torch.stack([network.watch(person.transpose(0, 1)) for person in speaker])
    torch.testing.assert_close(tokens, network.video_encoder(speaker), atol=1e-5, rtol=0)
    drawn = network.speak(heard, tokens)
    torch.testing.assert_close(drawn, network(heard, speaker, 15)[:, 7], atol=1e-4, rtol=0)


def test_a_sound_may_be_drawn_in_any_portions(network: GridGan, speaker: torch.Tensor) -> None:
    sound = torch.randn(200, 13, generator=torch.Generator().manual_seed(3))
    tokens = network.watch(speaker[0].transpose(0, 1))
    instants = torch.arange(0, 200, 9)
    silence = torch.full((13,), -1.0)

    def draw(portion: torch.Tensor) -> torch.Tensor:
        windows = windows_at(sound, portion, 60, 28, silence)
        return network.speak(windows, tokens.expand(len(portion), -1, -1))

    whole = draw(instants)
    assert (whole[1:] - whole[:-1]).abs().amax(dim=(1, 2, 3)).min() > 1e-3
    for size in (1, 4, 7):
        portions = torch.cat([draw(portion) for portion in instants.split(size)])
        torch.testing.assert_close(portions, whole, atol=1e-5, rtol=0)
    backwards = draw(instants.flip(0)).flip(0)
    torch.testing.assert_close(backwards, whole, atol=1e-5, rtol=0)


def test_a_specification_travels() -> None:
    spec = GridGanSpec(references=16, window=80)
    assert GridGanSpec.from_dict(spec.to_dict()) == spec
    for wrong in ({"references": 7}, {"pace": 0}, {"window": 3}):
        with pytest.raises(ConfigError, match="GridGanSpec"):
            GridGanSpec(**wrong)
    with pytest.raises(ConfigError, match="colour"):
        GridGanSpec.from_dict({**spec.to_dict(), "colour": 1})


def test_mixed_precision_gives_the_video_encoder_its_true_gradients() -> None:
    torch.manual_seed(0)
    encoder = VideoEncoder()
    frames = 2 * torch.rand(2, 3, 8, 32, 32) - 1
    weight = torch.randn(2, 16, 128)

    def gradient(mixed: bool) -> torch.Tensor:
        encoder.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=mixed):
            tokens = encoder(frames)
        (tokens.float() * weight).mean().backward()
        assert encoder.conv3.weight.grad is not None
        return encoder.conv3.weight.grad.clone()

    true, mixed = gradient(False), gradient(True)
    assert (mixed - true).norm() < 0.05 * true.norm()
