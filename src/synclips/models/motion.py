"""Motion: speech and a few lip shapes of the speaker in, lip motion out.

AudioEncoder and CrossAttention with a linear head. Output is the lip shape of `faces.shape` at
50 instants per second; posing and drawing it is not known here.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from synclips.features.mel import LogMel
from synclips.models.alignment import CrossAttention
from synclips.models.audio_encoder import AudioEncoder
from synclips.specification import Specification


@dataclass(frozen=True)
class MotionSpec(Specification):
    """Sizes of a motion network; see `AudioEncoder` and `CrossAttention`."""

    n_mels: int = 64
    width: int = 192
    depth: int = 4
    heads: int = 4
    reach: int = 16
    dropout: float = 0.1
    shape_size: int = 16
    references: int = 24


class Motion(nn.Module):
    """(B, F, n_mels) log-mel, (B, R, K) lip shapes -> (B, (F + 1) // 2, K) lip motion at 50 Hz."""

    def __init__(self, spec: MotionSpec) -> None:
        super().__init__()
        self.spec = spec
        self.audio_encoder = AudioEncoder(
            spec.n_mels, spec.width, spec.depth, spec.heads, spec.reach, spec.dropout
        )
        self.cross_attention = CrossAttention(spec.width, spec.shape_size, spec.heads)
        self.head = nn.Sequential(
            nn.LayerNorm(spec.width),
            nn.Linear(spec.width, spec.width),
            nn.GELU(),
            nn.Linear(spec.width, spec.shape_size),
        )

    def forward(self, mel: Tensor, shapes: Tensor, known: Tensor) -> Tensor:
        """See the class; `known` is (B,) bool, False where the speaker is not known."""
        audio = self.audio_encoder(mel)
        return self.head(self.cross_attention(audio, shapes, known))  # type: ignore[no-any-return]

    @torch.inference_mode()
    def speak(self, mel: Tensor | LogMel, shapes: Tensor | None = None, block: int = 400) -> Tensor:
        """Lip motion of one sound of any length, (F, n_mels) -> ((F + 1) // 2, K).

        Computed in blocks of `block` instants, each with all the context the encoder can see, so
        that the result does not depend on the block size and memory does not grow with the sound.

        Args:
            mel: log-mel of the whole sound; read block by block.
            shapes: (R, K) lip shapes of the speaker, or None for an average speaker.
            block: instants per block.
        """
        spec = self.spec
        device = next(self.parameters()).device
        known = torch.tensor([shapes is not None], device=device)
        if shapes is None:
            shapes = torch.zeros(spec.references, spec.shape_size, device=device)
        length = (len(mel) + 1) // 2
        context = self.audio_encoder.context
        parts = []
        for start in range(0, length, block):
            first = max(0, start - context)
            last = min(length, start + block + context)
            heard = torch.as_tensor(mel[2 * first : 2 * last], device=device)
            motion = self(heard[None], shapes[None], known)[0]
            parts.append(motion[start - first : min(start + block, length) - first])
        return torch.cat(parts) if parts else torch.zeros(0, spec.shape_size)
