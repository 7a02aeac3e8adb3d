"""AudioEncoder: what is heard of speech to one feature vector per motion instant.

A transformer whose attention reaches a fixed distance and sees positions only as differences, so
that a sound of any length gives the same features wherever it is cut. Does not know what the
features are for.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.models.speech_encoder import FEATURES

_UNHEARD = 0.1  # share of features that are left out of a step of training


class AudioEncoder(nn.Module):
    """(B, T, FEATURES) of `SpeechEncoder` -> (B, T, width), both at 50 Hz.

    Args:
        width: feature size.
        depth: transformer layers.
        heads: attention heads.
        reach: instants each layer looks to either side; `depth * reach` in all.
        dropout: in attention outputs and feed-forward layers.
    """

    def __init__(
        self,
        width: int = 128,
        depth: int = 4,
        heads: int = 4,
        reach: int = 16,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.reach = reach
        self.depth = depth
        self.mean: Tensor
        self.deviation: Tensor
        self.register_buffer("mean", torch.zeros(FEATURES))
        self.register_buffer("deviation", torch.ones(FEATURES))
        self.stem = nn.Sequential(nn.Dropout(_UNHEARD), nn.Linear(FEATURES, width))
        self.layers = nn.ModuleList(
            LocalAttentionLayer(width, heads, reach, dropout) for _ in range(depth)
        )
        self.norm = nn.LayerNorm(width)

    @property
    def context(self) -> int:
        """Instants to either side that can change an output."""
        return self.depth * self.reach

    @torch.no_grad()
    def measure(self, heard: Tensor) -> None:
        """Take mean and deviation of what is heard, (N, FEATURES), from a sample of it."""
        self.mean.copy_(heard.mean(dim=0))
        self.deviation.copy_(heard.std(dim=0) + 1e-3)

    def forward(self, heard: Tensor) -> Tensor:
        """See the class."""
        hidden = self.stem((heard - self.mean) / self.deviation)
        for layer in self.layers:
            hidden = layer(hidden)
        return self.norm(hidden)  # type: ignore[no-any-return]


class LocalAttentionLayer(nn.Module):
    """Pre-norm transformer layer with banded attention and a learnt bias per distance."""

    def __init__(self, width: int, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.reach = reach
        self.dropout = dropout
        self.norm_attention = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.distance_bias = nn.Parameter(torch.zeros(heads, 2 * reach + 1))
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(width),
            nn.Linear(width, 3 * width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(3 * width, width),
            nn.Dropout(dropout),
        )

    def forward(self, hidden: Tensor) -> Tensor:
        """(B, T, width) -> (B, T, width)."""
        batch, length, width = hidden.shape
        qkv = self.qkv(self.norm_attention(hidden))
        query, key, value = qkv.view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        steps = torch.arange(length, device=hidden.device)
        distance = steps[None] - steps[:, None]
        bias = self.distance_bias[:, distance.clamp(-self.reach, self.reach) + self.reach]
        bias = bias.masked_fill(distance.abs() > self.reach, float("-inf")).to(query.dtype)
        mixed = functional.scaled_dot_product_attention(
            query, key, value, attn_mask=bias, dropout_p=self.dropout if self.training else 0.0
        )
        hidden = hidden + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return hidden + self.feed_forward(hidden)  # type: ignore[no-any-return]
