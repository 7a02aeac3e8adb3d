"""SpeechEncoder: log-mel to what a recogniser of speech in many languages makes of it.

The lower three of the four layers of Whisper tiny's encoder (Radford et al. 2022, "Robust speech
recognition via large-scale weak supervision", MIT), as Smart Turn 3.2 (BSD-2-Clause) went on
training them; the weights, in the 8 bits they were published in, are fetched when synclips is set
up. It is never trained here. Does not know what its features are for.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

N_MELS = 80
WIDTH = 384
FEATURES = 2 * WIDTH
LONGEST = 400
"""Instants (8 s) it can hear at once."""

_HEADS = 6
_LAYERS = 3


class SpeechEncoder(nn.Module):
    """(B, 2 T, 80) log-mel at 100 Hz -> (B, T, 768) at 50 Hz, T at most `LONGEST`.

    The features are those of the second layer beside those of the third: how lips move can be read
    from either about as well, and from those before and after less.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(N_MELS, WIDTH, 3, padding=1)
        self.conv2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.positions = nn.Parameter(torch.zeros(LONGEST, WIDTH))
        self.layers = nn.ModuleList(_Layer() for _ in range(_LAYERS))

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        hidden = functional.gelu(self.conv1(mel.transpose(1, 2)))
        hidden = functional.gelu(self.conv2(hidden)).transpose(1, 2)
        hidden = hidden + self.positions[: hidden.shape[1]]
        outputs = []
        for layer in self.layers:
            hidden = layer(hidden)
            outputs.append(hidden)
        return torch.cat(outputs[-2:], dim=-1)


class _Layer(nn.Module):
    """Pre-norm transformer layer, (B, T, WIDTH) to the same."""

    def __init__(self) -> None:
        super().__init__()
        self.norm_attention = nn.LayerNorm(WIDTH)
        self.query = nn.Linear(WIDTH, WIDTH)
        self.key = nn.Linear(WIDTH, WIDTH, bias=False)
        self.value = nn.Linear(WIDTH, WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 4 * WIDTH), nn.GELU(), nn.Linear(4 * WIDTH, WIDTH)
        )

    def forward(self, hidden: Tensor) -> Tensor:
        batch, length, width = hidden.shape
        normed = self.norm_attention(hidden)
        query, key, value = (
            part(normed).view(batch, length, _HEADS, -1).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value)
        hidden = hidden + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        return hidden + self.feed_forward(hidden)  # type: ignore[no-any-return]
