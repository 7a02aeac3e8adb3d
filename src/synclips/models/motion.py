"""Motion: speech and a few lip shapes of the speaker in, lip motion out.

AudioEncoder and CrossAttention with a linear head. Output is the lip shape of `faces.shape` at
50 instants per second; posing and drawing it is not known here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from synclips.errors import ConfigError
from synclips.models.alignment import CrossAttention
from synclips.models.audio_encoder import AudioEncoder
from synclips.models.residual import Residual
from synclips.specification import Specification, require_dropout, require_least


class Sliced(Protocol):
    """What is read slice by slice, as an array is: features of a sound that need not all be there.

    Every row is the same whichever slice it comes with.
    """

    def __len__(self) -> int: ...

    def __getitem__(self, where: slice, /) -> Any: ...


@dataclass(frozen=True)
class MotionSpec(Specification):
    """Sizes of a motion network; see `AudioEncoder` and `CrossAttention`."""

    width: int = 128
    depth: int = 4
    heads: int = 4
    reach: int = 16
    dropout: float = 0.1
    shape_size: int = 16
    references: int = 24

    def __post_init__(self) -> None:
        require_least(self, width=1, depth=1, heads=1, reach=1, shape_size=1, references=1)
        require_dropout(self.dropout)
        if self.width % self.heads:
            raise ConfigError(
                f"width must be a multiple of heads, which {self.width} is not of {self.heads}."
            )


class Motion(nn.Module):
    """(B, T, D) of `Hearing`, (B, R, K) lip shapes -> (B, T, K) lip motion at 50 Hz.

    Attributes:
        residual: what a person who was learnt does beyond that; None for anybody.
    """

    residual: Residual | None

    def __init__(self, spec: MotionSpec) -> None:
        super().__init__()
        self.spec = spec
        self.audio_encoder = AudioEncoder(
            spec.width, spec.depth, spec.heads, spec.reach, spec.dropout
        )
        self.cross_attention = CrossAttention(spec.width, spec.shape_size, spec.heads)
        self.head = nn.Sequential(
            nn.LayerNorm(spec.width),
            nn.Linear(spec.width, spec.width),
            nn.GELU(),
            nn.Linear(spec.width, spec.shape_size),
        )
        self.residual = None

    def forward(self, heard: Tensor, shapes: Tensor, known: Tensor) -> Tensor:
        """See the class; `known` is (B,) bool, False where the speaker is not known."""
        return self.lips(self.features(heard, shapes, known))

    def features(self, heard: Tensor, shapes: Tensor, known: Tensor) -> Tensor:
        """What the lips are told by, (B, T, width), layer-normalised; arguments as of `forward`."""
        audio = self.audio_encoder(heard)
        return self.head[0](self.cross_attention(audio, shapes, known))  # type: ignore[no-any-return]

    def lips(self, features: Tensor) -> Tensor:
        """(..., width) `features` -> (..., K) lip motion."""
        motion: Tensor = self.head[1:](features)
        return motion if self.residual is None else motion + self.residual(features)

    @torch.inference_mode()
    def speak(
        self, heard: Tensor | Sliced, shapes: Tensor | None = None, block: int = 300
    ) -> Tensor:
        """Lip motion of one sound of any length, (T, D) -> (T, K).

        Computed in blocks of `block` instants, each with all the context the encoder can see, so
        that the result does not depend on the block size and memory does not grow with the sound.

        Args:
            heard: features of the whole sound; read block by block.
            shapes: (R, K) lip shapes of the speaker, or None for an average speaker.
            block: instants per block.
        """
        parts = [self.lips(part) for part in self._listened(heard, shapes, block)]
        return torch.cat(parts) if parts else torch.zeros(0, self.spec.shape_size)

    @torch.no_grad()
    def listen(self, heard: Tensor | Sliced, shapes: Tensor, block: int = 300) -> Tensor:
        """`features` of one sound, (T, D) -> (T, width), T at least 1; arguments as of `speak`."""
        return torch.cat(list(self._listened(heard, shapes, block)))

    def _listened(
        self, heard: Tensor | Sliced, shapes: Tensor | None, block: int
    ) -> Iterator[Tensor]:
        """(block, width) features, block after block."""
        spec = self.spec
        device = next(self.parameters()).device
        known = torch.tensor([shapes is not None], device=device)
        if shapes is None:
            shapes = torch.zeros(spec.references, spec.shape_size, device=device)
        length = len(heard)
        context = self.audio_encoder.context
        for start in range(0, length, block):
            first = max(0, start - context)
            last = min(length, start + block + context)
            part = torch.as_tensor(heard[first:last], device=device)
            features = self.features(part[None], shapes[None], known)[0]
            yield features[start - first : min(start + block, length) - first]
