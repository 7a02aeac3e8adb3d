"""A network of Wav2Lip's published shape, written here: the lower half of a face from sound.

Prajwal, Mukhopadhyay, Namboodiri and Jawahar, "A lip sync expert is all you need for speech to lip
generation in the wild", 2020. A face whose lower half is hidden and another frame of the same
person go down to a vector, the sound goes down to another, and a decoder that is shown every size
on the way paints the face again. It is here to be compared with: layers, sizes and strides are the
published ones; the sound is our own mel, and the discriminator and everything around them are ours.
Tensors to tensors; knows neither files nor faces.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from synclips.errors import ConfigError
from synclips.specification import Specification

SIZE = 96
"""Side of a face, pixels."""

WINDOW = 16
"""Mel frames that are heard at once, as published: 0.175 s at our 100 Hz, windows of 25 ms."""

MIDDLE = WINDOW // 2
"""The frame of a window that lies on the instant drawn: 80 ms of sound before it, 70 ms after."""

# Three strides of 3 leave three rows of so many bands, which the last convolution takes whole.
_BANDS = range(55, 82)
# Channels, and how many residual convolutions follow, at 96, 48, 24, 12, 6 and 3 pixels.
_DOWN = ((16, 0), (32, 2), (64, 3), (128, 2), (256, 2), (512, 1))
# The same on the way back, from 3 pixels.
_UP = ((512, 1), (512, 2), (384, 2), (256, 2), (128, 2), (64, 2))
# Channels, stride over bands and time, residual convolutions.
_HEAR = ((32, (1, 1), 2), (64, (3, 1), 2), (128, (3, 3), 2), (256, (3, 2), 1))
_CODE = 512


@dataclass(frozen=True)
class Wav2LipSpec(Specification):
    """Sizes of the network.

    Attributes:
        n_mels: mel bands, 55 to 81 (published: 80).
        width: what published numbers of channels are multiplied by.
    """

    n_mels: int = 64
    width: float = 1.0

    def __post_init__(self) -> None:
        if self.n_mels not in _BANDS:
            raise ConfigError(f"Wav2LipSpec: n_mels must be 55 to 81, not {self.n_mels}.")
        if not 0 < self.width <= 4:
            raise ConfigError(f"Wav2LipSpec: width must be above 0 and at most 4: {self.width}.")

    def channels(self, published: int) -> int:
        """How many channels stand for a published number of them."""
        return max(4, round(published * self.width))


class Residual(nn.Module):
    """Convolution and normalisation, added to what came in, then ReLU; the size stays."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)
        self.norm = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, H, W) -> the same."""
        return torch.relu(x + self.norm(self.conv(x)))


class FaceEncoder(nn.Module):
    """(B, 6, 96, 96) -> one tensor per size: 96, 48, 24, 12, 6, 3 and 1 pixels."""

    def __init__(self, spec: Wav2LipSpec) -> None:
        super().__init__()
        sizes = [6, *(spec.channels(channels) for channels, _ in _DOWN)]
        blocks = [nn.Sequential(*_conv(6, sizes[1], 7, 1, 3))]
        for before, after, (_, residuals) in zip(sizes[1:-1], sizes[2:], _DOWN[1:], strict=True):
            blocks.append(nn.Sequential(*_conv(before, after, 3, 2, 1), *_same(after, residuals)))
        code = spec.channels(_CODE)
        blocks.append(nn.Sequential(*_conv(sizes[-1], code, 3, 1, 0), *_conv(code, code, 1, 1, 0)))
        self.blocks = nn.ModuleList(blocks)

    def forward(self, faces: Tensor) -> list[Tensor]:
        """See the class; fine to coarse."""
        seen = []
        for block in self.blocks:
            faces = block(faces)
            seen.append(faces)
        return seen


class SoundEncoder(nn.Sequential):
    """(B, 1, n_mels, 16) -> (B, 512, 1, 1)."""

    def __init__(self, spec: Wav2LipSpec) -> None:
        layers: list[nn.Module] = []
        before = 1
        for published, stride, residuals in _HEAR:
            channels = spec.channels(published)
            layers += [*_conv(before, channels, 3, stride, 1), *_same(channels, residuals)]
            before = channels
        code = spec.channels(_CODE)
        super().__init__(*layers, *_conv(before, code, 3, 1, 0), *_conv(code, code, 1, 1, 0))


class Decoder(nn.Module):
    """The code of a sound and what was seen at every size -> (B, 3, 96, 96) in [0, 1]."""

    def __init__(self, spec: Wav2LipSpec) -> None:
        super().__init__()
        code = spec.channels(_CODE)
        skips = [code, *(spec.channels(channels) for channels, _ in reversed(_DOWN))]
        self.first = nn.Sequential(*_conv(code, code, 1, 1, 0))
        blocks, before = [], code
        for number, (published, residuals) in enumerate(_UP):
            channels = spec.channels(published)
            # From 1 pixel to 3, from then on twice as large.
            grow = (
                nn.ConvTranspose2d(before + skips[0], channels, 3)
                if number == 0
                else nn.ConvTranspose2d(before + skips[number], channels, 3, 2, 1, 1)
            )
            norm = (nn.BatchNorm2d(channels), nn.ReLU(inplace=True))
            blocks.append(nn.Sequential(grow, *norm, *_same(channels, residuals)))
            before = channels
        self.blocks = nn.ModuleList(blocks)
        last = spec.channels(32)
        self.out = nn.Sequential(*_conv(before + skips[-1], last, 3, 1, 1), nn.Conv2d(last, 3, 1))

    def forward(self, heard: Tensor, seen: Sequence[Tensor]) -> Tensor:
        """See the class."""
        coarse_first = list(reversed(seen))
        hidden = self.first(heard)
        for block, skip in zip(self.blocks, coarse_first, strict=False):
            hidden = block(torch.cat([hidden, skip], dim=1))
        return torch.sigmoid(self.out(torch.cat([hidden, coarse_first[-1]], dim=1)))


class Wav2Lip(nn.Module):
    """The network, without its discriminator; see the module."""

    def __init__(self, spec: Wav2LipSpec) -> None:
        super().__init__()
        self.spec = spec
        self.face_encoder = FaceEncoder(spec)
        self.sound_encoder = SoundEncoder(spec)
        self.decoder = Decoder(spec)

    def forward(self, mel: Tensor, faces: Tensor, references: Tensor) -> Tensor:
        """Paint faces.

        Args:
            mel: (B, 16, n_mels) standardised log-mel, whose frame `MIDDLE` lies on the instant.
            faces: (B, 3, 96, 96) RGB in [0, 1]; their lower halves are not looked at.
            references: (B, 3, 96, 96) the same people at another time.

        Returns:
            (B, 3, 96, 96) RGB in [0, 1].
        """
        seen = self.face_encoder(torch.cat([hidden_below(faces), references], dim=1))
        painted: Tensor = self.decoder(self.sound_encoder(mel.transpose(1, 2)[:, None]), seen)
        return painted


class FaceDiscriminator(nn.Module):
    """Lower halves (B, 3, 48, 96) in [0, 1] -> scores of patches, positive for filmed.

    Training only. The published one judges the lower half as a whole; this one is smaller and
    judges patches of it (Isola et al. 2017), which needs fewer faces to learn from.
    """

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        before = 3
        for channels in (width, 2 * width, 4 * width):
            layers += [nn.Conv2d(before, channels, 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
            before = channels
        self.layers = nn.Sequential(*layers, nn.Conv2d(before, 1, 3, padding=1))

    def forward(self, halves: Tensor) -> Tensor:
        """See the class; (B, 1, 6, 12)."""
        scores: Tensor = self.layers(2 * halves - 1)
        return scores


def hidden_below(faces: Tensor) -> Tensor:
    """Faces (..., 96, 96) whose lower halves are 0."""
    shown = faces.clone()
    shown[..., SIZE // 2 :, :] = 0
    return shown


def lower(faces: Tensor) -> Tensor:
    """The lower halves (..., 48, 96) of faces (..., 96, 96)."""
    return faces[..., SIZE // 2 :, :]


def _conv(
    before: int, after: int, kernel: int, stride: int | tuple[int, int], padding: int
) -> tuple[nn.Module, ...]:
    return (
        nn.Conv2d(before, after, kernel, stride, padding),
        nn.BatchNorm2d(after),
        nn.ReLU(inplace=True),
    )


def _same(channels: int, count: int) -> list[Residual]:
    return [Residual(channels) for _ in range(count)]
