"""ColourEncoder: whose voice Kokoro will have, told by the colour it is given.

Half-way between two colours is not half-way between two voices to a `SpeakerEncoder`; this network
has learnt where it is from mixtures that were spoken and heard (`runs/voice_mixtures.py`). Knows
numbers only; no voices by name and no sound.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import normalize, relu

from synclips.models.speaker_encoder import EMBEDDING

COLOUR = 128  # numbers of the half of Kokoro's style that shapes the sound
MEMBERS = 4
_HIDDEN = 256
_DROPPED = 0.3


class ColourEncoder(nn.Module):
    """(B, COLOUR) colours and (B,) 1 for the melody of men, 0 of women -> (B, 256).

    The mean of some networks that were taught alike: what one of them believes of a colour that is
    unlike those it was taught with, the others do not. It has no negative value, as what a
    `SpeakerEncoder` gives, and is the shorter the less they agree, 1 at most.
    """

    middle: Tensor
    spread: Tensor
    whitening: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("middle", torch.zeros(COLOUR))
        self.register_buffer("spread", torch.ones(COLOUR))
        self.register_buffer("whitening", torch.eye(COLOUR))
        self.members = nn.ModuleList(_member() for _ in range(MEMBERS))

    def forward(self, colour: Tensor, male: Tensor) -> Tensor:
        """See the class."""
        return torch.stack(self.each(colour, male)).mean(dim=0)

    def each(self, colour: Tensor, male: Tensor) -> list[Tensor]:
        """(B, 256) of unit length by each of the networks."""
        known = torch.cat([(colour - self.middle) / self.spread, 2 * male[:, None] - 1], dim=1)
        return [normalize(relu(member(known)), dim=1) for member in self.members]

    def strangeness(self, colour: Tensor) -> Tensor:
        """(B,) how unlike colours are to those it was taught with, which have 1 on average.

        The square of Mahalanobis' distance per dimension.
        """
        return ((colour - self.middle) @ self.whitening).square().mean(dim=1)


def _member() -> nn.Sequential:
    return nn.Sequential(
        *(nn.Linear(COLOUR + 1, _HIDDEN), nn.GELU(), nn.Dropout(_DROPPED)),
        *(nn.Linear(_HIDDEN, _HIDDEN), nn.GELU(), nn.Dropout(_DROPPED)),
        nn.Linear(_HIDDEN, EMBEDDING),
    )
