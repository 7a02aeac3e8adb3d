"""SpeakerEncoder: a second and a half of speech to a point on the sphere of voices.

The network of Resemblyzer (Resemble AI, Apache-2.0), after Wan, Wang, Papir and Moreno 2018,
"Generalized end-to-end loss for speaker verification"; its weights ship with synclips. Does not
know where the speech comes from or how parts are averaged.
"""

from torch import Tensor, nn

PART_FRAMES = 160  # mel frames of one part: 1.6 s, as the network was trained
EMBEDDING = 256


class SpeakerEncoder(nn.Module):
    """(B, PART_FRAMES, 40) mel energies -> (B, 256) of unit length, no value negative."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(40, 256, 3, batch_first=True)
        self.linear = nn.Linear(256, EMBEDDING)

    def forward(self, mel: Tensor) -> Tensor:
        """See the class."""
        _, (hidden, _) = self.lstm(mel)
        return nn.functional.normalize(nn.functional.relu(self.linear(hidden[-1])), dim=1)
