"""The published network, `grid-gan`: 13 MFCC and small pictures in, a mouth of 32 x 32 pixels out.

The layers and their names are given, down to the printed form. What that form leaves open is ours
and said in the docstrings below: batch first, eight heads, positions added to the sound, which
instants ask, a residual around the attention, and no activation that is not listed. Tensors to
tensors; knows neither files nor faces.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from synclips.errors import ConfigError
from synclips.specification import Specification

COEFFICIENTS = 13
PICTURE = 32
WIDTH = 128
_HEADS = 8
_DEPTH = 4
_POOLED = 8  # three poolings by two, in time and in both axes


@dataclass(frozen=True)
class GridGanSpec(Specification):
    """What the printed form does not say and training and use must agree on.

    Attributes:
        references: pictures T the video encoder looks at, which follow each other at 25 fps.
        window: MFCC frames the audio encoder hears at once, in training and in use alike. Its
            attention has no band, so windows of another length would be another network.
        pace: MFCC frames from one picture to the next within a window.
    """

    references: int = 8
    window: int = 60
    pace: int = 4

    def __post_init__(self) -> None:
        if self.references < _POOLED:
            raise ConfigError(f"GridGanSpec: references must be {_POOLED} or more.")
        if self.pace < 1 or self.window < self.pace:
            raise ConfigError("GridGanSpec: need a pace of 1 or more and a window to hold it.")

    @property
    def middle(self) -> int:
        """MFCC frame of a window that has a picture in training and hears furthest both ways."""
        return self.pace * (self.window // self.pace // 2)


class AudioEncoder(nn.Module):
    """(B, F, 13) MFCC at 100 Hz -> (B, F, 128).

    Ours: the sinusoidal positions of Vaswani et al. (Attention is all you need, 2017) are added to
    the embedding, computed from the length, so that nothing but the printed layers has weights.
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Linear(COEFFICIENTS, WIDTH)
        layer = nn.TransformerEncoderLayer(WIDTH, _HEADS, 512, dropout=0.1, batch_first=True)
        self.transformer_encoder = nn.TransformerEncoder(layer, _DEPTH)

    def forward(self, mfcc: Tensor) -> Tensor:
        """See the class."""
        embedded = self.embedding(mfcc)
        return self.transformer_encoder(  # type: ignore[no-any-return]
            embedded + positions(mfcc.shape[1], embedded)
        )


class VideoEncoder(nn.Module):
    """(B, 3, T, 32, 32) RGB in [-1, 1] -> (B, T // 8 * 16, 128) tokens: time, row, column.

    Ours: convolution, activation, pooling, three times, from weights that keep the scale of what
    they are shown (He et al., Delving deep into rectifiers, 2015); torch's own leave the tokens ten
    times smaller than what is heard, and the speaker would be learnt late.
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv3d(3, 64, 3, padding=1)
        self.conv2 = nn.Conv3d(64, WIDTH, 3, padding=1)
        self.conv3 = nn.Conv3d(WIDTH, WIDTH, 3, padding=1)
        self.pool = nn.MaxPool3d(2, 2)
        self.relu = nn.ReLU()
        for conv in (self.conv1, self.conv2, self.conv3):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")

    def forward(self, frames: Tensor) -> Tensor:
        """See the class."""
        # Not in bfloat16 on the CPU: the weight gradient of a Conv3d of this shape is off by half
        # its length there, and at times not finite (torch 2.13).
        with torch.autocast("cpu", enabled=False):
            hidden = frames.float() if frames.device.type == "cpu" else frames
            for conv in (self.conv1, self.conv2, self.conv3):
                hidden = self.pool(self.relu(conv(hidden)))
        return hidden.flatten(2).transpose(1, 2)


class CrossAttention(nn.Module):
    """Audio (B, Q, 128) asks video tokens (B, N, 128) -> (B, Q, 128).

    Ours: the projected audio is added to what it was answered, or nothing that is heard would pass.
    """

    def __init__(self) -> None:
        super().__init__()
        self.audio_proj = nn.Linear(WIDTH, WIDTH)
        self.video_proj = nn.Linear(WIDTH, WIDTH)
        self.cross_attention = nn.MultiheadAttention(WIDTH, _HEADS, batch_first=True)

    def forward(self, audio: Tensor, video: Tensor) -> Tensor:
        """See the class."""
        queries = self.audio_proj(audio)
        seen = self.video_proj(video)
        answers, _ = self.cross_attention(queries, seen, seen, need_weights=False)
        return queries + answers  # type: ignore[no-any-return]


class Generator(nn.Module):
    """(N, 128) -> (N, 3, 32, 32) RGB in [-1, 1]; `fc` makes 512 channels of 8 x 8."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(WIDTH, 512 * 8 * 8)
        self.conv1 = nn.ConvTranspose2d(512, 256, 4, 2, 1)
        self.conv2 = nn.ConvTranspose2d(256, 3, 4, 2, 1)
        self.relu = nn.ReLU()
        self.tanh = nn.Tanh()

    def forward(self, mixed: Tensor) -> Tensor:
        """See the class."""
        hidden = self.relu(self.fc(mixed)).unflatten(1, (512, 8, 8))
        return self.tanh(self.conv2(self.relu(self.conv1(hidden))))  # type: ignore[no-any-return]


class Discriminator(nn.Module):
    """(N, 3, 32, 32) RGB in [-1, 1] -> (N, 1) logits, positive for filmed; training only."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 4, 2, 1)
        self.conv2 = nn.Conv2d(64, WIDTH, 4, 2, 1)
        self.fc = nn.Linear(WIDTH * 8 * 8, 1)
        self.leaky_relu = nn.LeakyReLU(0.2)

    def forward(self, picture: Tensor) -> Tensor:
        """See the class."""
        hidden = self.leaky_relu(self.conv1(picture))
        hidden = self.leaky_relu(self.conv2(hidden))
        return self.fc(hidden.flatten(1))  # type: ignore[no-any-return]


class GridGan(nn.Module):
    """The four parts that draw; the discriminator is apart.

    Args:
        spec: how many pictures and how much sound the parts are shown.
    """

    def __init__(self, spec: GridGanSpec) -> None:
        super().__init__()
        self.spec = spec
        self.audio_encoder = AudioEncoder()
        self.video_encoder = VideoEncoder()
        self.cross_attention = CrossAttention()
        self.generator = Generator()

    def forward(self, mfcc: Tensor, frames: Tensor, queries: int, offset: int = 0) -> Tensor:
        """Pictures of a window.

        Args:
            mfcc: (B, F, 13) standardised, 100 Hz.
            frames: (B, 3, T, 32, 32) the speaker, RGB in [-1, 1].
            queries: pictures Q.
            offset: MFCC frame of the first of them; `spec.pace` frames lie between two.

        Returns:
            (B, Q, 3, 32, 32) RGB in [-1, 1].

        Raises:
            ValueError: the sound ends before the last picture.
        """
        last = offset + self.spec.pace * (queries - 1)
        if offset < 0 or last >= mfcc.shape[1]:
            raise ValueError(f"{queries} pictures do not fit {mfcc.shape[1]} MFCC frames.")
        heard = self.audio_encoder(mfcc)[:, offset : last + 1 : self.spec.pace]
        mixed = self.cross_attention(heard, self.video_encoder(frames))
        pictures = self.generator(mixed.flatten(0, 1))
        return pictures.unflatten(0, mixed.shape[:2])  # type: ignore[no-any-return]

    @torch.inference_mode()
    def watch(self, frames: Tensor) -> Tensor:
        """Tokens of a speaker, (T, 3, 32, 32) RGB in [-1, 1] -> (N, 128)."""
        return self.video_encoder(frames.transpose(0, 1)[None])[0]  # type: ignore[no-any-return]

    @torch.inference_mode()
    def speak(self, windows: Tensor, tokens: Tensor) -> Tensor:
        """One picture per window, that of its middle frame.

        Whatever else is drawn in the same call changes nothing, so pictures may be asked for in
        any order and number; memory depends on the number of windows alone.

        Args:
            windows: (B, `spec.window`, 13) MFCC around each instant, see `sound_windows`.
            tokens: (B, N, 128) of each speaker, from `watch`.

        Returns:
            (B, 3, 32, 32) RGB in [-1, 1].
        """
        heard = self.audio_encoder(windows)[:, self.spec.middle, None]
        return self.generator(  # type: ignore[no-any-return]
            self.cross_attention(heard, tokens)[:, 0]
        )


def positions(length: int, like: Tensor) -> Tensor:
    """Sinusoidal positions (length, width) of Vaswani et al. 2017: sines, then cosines by turns."""
    width = like.shape[-1]
    place = torch.arange(length, device=like.device, dtype=torch.float32)[:, None]
    step = torch.arange(0, width, 2, device=like.device, dtype=torch.float32)
    angle = place * torch.exp(step * (-math.log(10_000) / width))
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1).to(like.dtype)
