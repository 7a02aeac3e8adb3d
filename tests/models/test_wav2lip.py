"""The network has Wav2Lip's published shape, and looks at what it may look at."""

import pytest
import torch
from torch import nn

from synclips.errors import ConfigError
from synclips.models.wav2lip import (
    MIDDLE,
    SIZE,
    WINDOW,
    FaceDiscriminator,
    Residual,
    Wav2Lip,
    Wav2LipSpec,
    hidden_below,
    lower,
)

NARROW = Wav2LipSpec(width=0.125)


@pytest.fixture(scope="module")
def network() -> Wav2Lip:
    """Untrained; its normalisation has seen some faces, or the sound would fade on the way."""
    torch.manual_seed(0)
    network = Wav2Lip(NARROW)
    with torch.no_grad():
        for _ in range(30):
            network(torch.randn(4, WINDOW, 64), *torch.rand(2, 4, 3, SIZE, SIZE))
    return network.eval()


@pytest.fixture
def shown() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Sounds, faces and references of three people."""
    rng = torch.Generator().manual_seed(1)
    mel = torch.randn(3, WINDOW, 64, generator=rng)
    faces, references = torch.rand(2, 3, 3, SIZE, SIZE, generator=rng)
    return mel, faces, references


def test_it_is_as_large_as_the_published_one() -> None:
    with torch.device("meta"):
        whole = Wav2Lip(Wav2LipSpec(n_mels=80))
        ours = Wav2Lip(Wav2LipSpec())
    counts = [sum(p.numel() for p in network.parameters()) for network in (whole, ours)]
    assert counts[0] == counts[1]  # bands are convolved over
    assert 36.0e6 < counts[0] < 36.6e6


@torch.no_grad()
def test_its_layers_are_the_published_ones() -> None:
    whole = Wav2Lip(Wav2LipSpec(n_mels=80)).eval()
    seen = whole.face_encoder(torch.zeros(1, 6, 96, 96))
    assert [tuple(one.shape[1:]) for one in seen] == [
        (16, 96, 96),
        (32, 48, 48),
        (64, 24, 24),
        (128, 12, 12),
        (256, 6, 6),
        (512, 3, 3),
        (512, 1, 1),
    ]
    assert whole.sound_encoder(torch.zeros(1, 1, 80, 16)).shape == (1, 512, 1, 1)
    up = [block[0] for block in whole.decoder.blocks]
    assert [(layer.in_channels, layer.out_channels) for layer in up] == [
        (1024, 512),
        (1024, 512),
        (768, 384),
        (512, 256),
        (320, 128),
        (160, 64),
    ]
    for part, residuals in (
        (whole.face_encoder, 10),
        (whole.sound_encoder, 7),
        (whole.decoder, 11),
    ):
        layers = list(part.modules())
        assert sum(isinstance(layer, Residual) for layer in layers) == residuals
        convolutions = sum(isinstance(layer, nn.Conv2d | nn.ConvTranspose2d) for layer in layers)
        norms = sum(isinstance(layer, nn.BatchNorm2d) for layer in layers)
        assert convolutions - norms == (part is whole.decoder)  # the last one makes colours


@torch.no_grad()
def test_it_paints_colours(
    network: Wav2Lip, shown: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    painted = network(*shown)
    assert painted.shape == (3, 3, 96, 96)
    assert 0 <= painted.min() < painted.max() <= 1


@torch.no_grad()
def test_what_is_hidden_has_no_influence_and_the_rest_has(
    network: Wav2Lip, shown: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
) -> None:
    mel, faces, references = shown
    painted = network(mel, faces, references)
    other = faces.clone()
    other[..., 48:, :] = 1 - other[..., 48:, :]
    before = other.clone()
    assert torch.equal(network(mel, other, references), painted)
    assert torch.equal(other, before)

    def moves(*changed: torch.Tensor) -> float:
        return float((network(*changed) - painted).abs().amax(dim=(1, 2, 3)).min())

    other = faces.clone()
    other[..., 47, :] = 1 - other[..., 47, :]
    assert moves(mel, other, references) > 1e-3
    assert moves(mel, faces, references.roll(1, 0)) > 1e-3
    for row in (0, MIDDLE, WINDOW - 1):
        louder = mel.clone()
        louder[:, row] += 3
        assert moves(louder, faces, references) > 1e-3


def test_residuals_are_added_before_the_activation() -> None:
    torch.manual_seed(0)
    layer = Residual(4).eval()
    x = torch.randn(2, 4, 5, 5)
    nn.init.zeros_(layer.norm.weight)
    assert torch.equal(layer(x), x.relu())


def test_halves(shown: tuple[torch.Tensor, torch.Tensor, torch.Tensor]) -> None:
    _, faces, _ = shown
    assert torch.equal(hidden_below(faces)[..., :48, :], faces[..., :48, :])
    assert not lower(hidden_below(faces)).any()
    assert FaceDiscriminator(4)(lower(faces)).shape == (3, 1, 6, 12)


def test_a_specification_travels() -> None:
    assert Wav2LipSpec.from_dict(NARROW.to_dict()) == NARROW
    for wrong in ({"n_mels": 54}, {"n_mels": 82}, {"width": 0.0}):
        with pytest.raises(ConfigError, match="Wav2LipSpec"):
            Wav2LipSpec(**wrong)  # type: ignore[arg-type]
    for bands in (55, 81):
        network = Wav2Lip(Wav2LipSpec(bands, 0.01)).eval()
        heard = network.sound_encoder(torch.zeros(1, 1, bands, WINDOW))
        assert heard.shape[2:] == (1, 1)
