"""SpeechDetector: sound to the chance that somebody speaks in it, every 32 ms.

The network of Silero VAD (snakers4/silero-vad, version 6, MIT), whose weights ship with synclips.
Does not know how long a pause must be, or what the speech is for.
"""

import torch
from torch import Tensor, nn

CHUNK = 512  # samples at 16 kHz that get one probability
CONTEXT = 64  # samples before a chunk that belong to its input

_FFT = 256
_STEP = 128

State = tuple[Tensor, Tensor]


class SpeechDetector(nn.Module):
    """(T, CONTEXT + CHUNK) consecutive chunks of 16 kHz sound -> (T,) probabilities of speech."""

    def __init__(self) -> None:
        super().__init__()
        self.spectrum = nn.Conv1d(1, _FFT + 2, _FFT, _STEP, bias=False)
        self.features = nn.Sequential(
            nn.Conv1d(_FFT // 2 + 1, 128, 3, padding=1),
            nn.ReLU(),
            nn.Conv1d(128, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv1d(64, 64, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv1d(64, 128, 3, padding=1),
            nn.ReLU(),
        )
        self.memory = nn.LSTM(128, 128)
        self.output = nn.Linear(128, 1)

    def forward(self, chunks: Tensor, state: State | None = None) -> tuple[Tensor, State]:
        """Probabilities, and the state with which the chunks that follow begin."""
        padded = nn.functional.pad(chunks, (0, CONTEXT), mode="reflect")
        real, imaginary = self.spectrum(padded[:, None]).chunk(2, dim=1)
        hidden = self.features(torch.sqrt(real**2 + imaginary**2))[..., 0]  # (T, 128)
        hidden, state = self.memory(hidden, state)
        return torch.sigmoid(self.output(torch.relu(hidden)))[:, 0], state
