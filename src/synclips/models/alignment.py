"""CrossAttention: what is heard asks how this person speaks.

Every person opens, rounds and spreads the mouth by a measure of their own. The queries are audio
features; keys and values are lip shapes seen in the person's own frames. Order in time plays no
part, so any frames of the person will do, and none at all means an average speaker.
"""

import torch
from torch import Tensor, nn


class CrossAttention(nn.Module):
    """Add to audio features (B, T, width) what the speaker's lip shapes (B, R, K) say.

    Args:
        width: size of the audio features.
        shape_size: lip coefficients K per reference shape.
        heads: attention heads.
    """

    def __init__(self, width: int = 192, shape_size: int = 16, heads: int = 4) -> None:
        super().__init__()
        self.embed = nn.Sequential(nn.Linear(shape_size, width), nn.GELU(), nn.Linear(width, width))
        self.average_speaker = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.norm = nn.LayerNorm(width)
        self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.gate = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, width))

    def forward(self, audio: Tensor, shapes: Tensor, known: Tensor) -> Tensor:
        """Align.

        Args:
            audio: (B, T, width).
            shapes: (B, R, K) lip shapes of the speaker, in standard deviations.
            known: (B,) bool; where False the shapes are ignored.

        Returns:
            (B, T, width).
        """
        tokens = self.embed(shapes)  # (B, R, width)
        speaker = self.average_speaker.expand(len(audio), 1, -1)
        tokens = torch.cat([speaker, tokens], dim=1)
        ignored = torch.zeros(tokens.shape[:2], dtype=torch.bool, device=tokens.device)
        ignored[:, 1:] = ~known[:, None]
        # Not as padding of the keys: torch 2.13 then imports SymPy, a quarter of a second, to check
        # its shape.
        heads, length = self.attention.num_heads, audio.shape[1]
        blocked = ignored[:, None, None].expand(-1, heads, length, -1).flatten(0, 1)
        mixed, _ = self.attention(
            self.norm(audio), tokens, tokens, attn_mask=blocked, need_weights=False
        )
        return audio + self.gate(mixed)  # type: ignore[no-any-return]
