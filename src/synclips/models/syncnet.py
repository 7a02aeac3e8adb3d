"""SyncNet: whether a mouth and a sound belong together.

Two towers that never meet (Chung and Zisserman 2016, "Out of time"): one looks at a window of
mouth pictures, the other hears the same window, and both say what they found as a direction.
Where the two directions agree, sound and picture are in sync. The convolutions are unpadded, so a
window sees its own 15 frames and nothing else, and a clip of any length gives all its windows at
once.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.errors import ConfigError
from synclips.specification import Specification, require_dropout, require_least

WINDOW = 15
"""Frames of 1/25 s that a window spans."""

_SMALLEST = 8


@dataclass(frozen=True)
class SyncNetSpec(Specification):
    """Sizes of the network.

    Attributes:
        size: side of the mouth pictures S, a multiple of 16.
        n_mels: mel bands.
        width: channels of the first layer of the mouth tower, a multiple of 8.
        hidden: channels of the layers over time.
        features: length D of the embeddings.
        dropout: before the last layer of each tower.
    """

    size: int = 48
    n_mels: int = 64
    width: int = 24
    hidden: int = 192
    features: int = 128
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if self.size < 16 or self.size % 16:
            raise ConfigError(f"SyncNetSpec: size must be a multiple of 16, not {self.size}.")
        require_least(self, n_mels=1, width=_SMALLEST, hidden=1, features=1)
        require_dropout(self.dropout)
        if self.width % _SMALLEST:
            raise ConfigError(f"width must be a multiple of {_SMALLEST}, not {self.width}.")


class MotionConv(nn.Conv3d):
    """A convolution over time that sees change only: what stands still adds nothing.

    A moustache, or a light, is not speech. With ten people to learn from this is what carries over
    to others: of windows shifted by 5 frames it raised the share told apart from 67 to 78 % on the
    speaker with a moustache and changed little on the others.
    """

    def forward(self, x: Tensor) -> Tensor:
        """(B, 1, T, S, S) -> (B, C, T - 4, S / 2, S / 2)."""
        change = self.weight - self.weight.mean(dim=2, keepdim=True)
        return functional.conv3d(x, change, self.bias, self.stride, self.padding)


class SyncNet(nn.Module):
    """See the module; both towers give embeddings of unit length, one per window."""

    def __init__(self, spec: SyncNetSpec) -> None:
        super().__init__()
        self.spec = spec
        width, hidden = spec.width, spec.hidden
        self.motion = MotionConv(1, width, (5, 5, 5), stride=(1, 2, 2), padding=(0, 2, 2))
        self.picture = nn.Sequential(
            *_down(width, 2 * width), *_down(2 * width, 3 * width), *_down(3 * width, 4 * width)
        )
        self.mouth_in_time = nn.Sequential(
            nn.Conv1d(4 * width * (spec.size // 16) ** 2, hidden, 1),
            *_in_time(hidden, hidden, 5),
            *_in_time(hidden, hidden, 7),
            nn.Dropout(spec.dropout),
            nn.Conv1d(hidden, spec.features, 1),
        )
        # 4 frames, then strides of 2 and 2, then 5, 5 and 6: one output sees 60 mel frames.
        self.sound_in_time = nn.Sequential(
            nn.Conv1d(spec.n_mels, hidden, 4, stride=2),
            *_in_time(hidden, hidden, 3, stride=2),
            *_in_time(hidden, hidden, 5),
            *_in_time(hidden, hidden, 5),
            *_in_time(hidden, hidden, 6),
            nn.Dropout(spec.dropout),
            nn.Conv1d(hidden, spec.features, 1),
        )
        # How sharply training tells neighbours apart; it is learnt, and is no part of a distance.
        self.log_temperature = nn.Parameter(torch.tensor(2.3))

    def mouth(self, lips: Tensor) -> Tensor:
        """Embeddings of mouth pictures.

        Args:
            lips: (B, 1, T, S, S) grey, in [0, 1], T at least `WINDOW`.

        Returns:
            (B, T - 14, D); window k is of frames k to k + 14.
        """
        batch, _, frames, size, _ = lips.shape
        # Light and contrast of the whole clip say nothing about speech.
        mean = lips.mean(dim=(2, 3, 4), keepdim=True)
        spread = lips.std(dim=(2, 3, 4), keepdim=True)
        moved = self.motion((lips - mean) / (spread + 0.05))
        pictures = moved.transpose(1, 2).flatten(0, 1)  # (B * (T - 4), C, S / 2, S / 2)
        seen = self.picture(functional.silu(pictures)).flatten(1)
        in_time = seen.view(batch, frames - 4, -1).transpose(1, 2)
        return functional.normalize(self.mouth_in_time(in_time).transpose(1, 2), dim=-1)

    def sound(self, mel: Tensor) -> Tensor:
        """Embeddings of a sound.

        Args:
            mel: (B, 4 T, n_mels) log-mel; frame 4 t belongs to video frame t.

        Returns:
            (B, T - 14, D); window k is of mel frames 4 k to 4 k + 59.
        """
        heard = self.sound_in_time(mel.transpose(1, 2)).transpose(1, 2)
        return functional.normalize(heard, dim=-1)

    def forward(self, lips: Tensor, mel: Tensor) -> tuple[Tensor, Tensor]:
        """Both embeddings, see `mouth` and `sound`."""
        return self.mouth(lips), self.sound(mel)


def _down(before: int, after: int) -> tuple[nn.Module, ...]:
    return nn.Conv2d(before, after, 3, 2, 1), nn.GroupNorm(_SMALLEST, after), nn.SiLU()


def _in_time(before: int, after: int, kernel: int, stride: int = 1) -> tuple[nn.Module, ...]:
    return nn.SiLU(), nn.Conv1d(before, after, kernel, stride)
