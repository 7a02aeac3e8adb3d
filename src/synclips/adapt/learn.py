"""Fine-tuning a motion network on a person's own speech: windows, steps, nothing else.

The loss is that of training. Whether it helped is for others to say.
"""

import time
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.adapt.own_speech import OwnSpeech
from synclips.faces.shape import LipShape
from synclips.features.timing import rows_at
from synclips.hearing.hearing import silence
from synclips.models.motion import Motion
from synclips.models.motion_loss import WEIGHTS, motion_loss

Array = NDArray[np.float32]

WINDOW = 128  # instants, as in training
BATCH = 2  # four learn no more in as many steps, and take twice the time
RATE = 1e-4
"""Step size. Three times as much gains more from 10 s of speech and loses more from 5 s."""

_WARM_UP = 5
_SPEED = 0.1  # natural logarithm; faster and slower speech


class Deadline:
    """When learning has to stop: so many seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it has to stop."""
        return time.monotonic() >= self._ends


def learn(
    network: Motion,
    pieces: Sequence[OwnSpeech],
    shape: LipShape,
    steps: int,
    seed: int,
    deadline: Deadline,
    boldness: float = 1.0,
) -> None:
    """Change a network in place.

    All parameters change: head and cross attention alone gain about half as much. Nothing is drawn
    but from `seed`, so the same speech gives the same network unless the deadline stops it.

    Args:
        network: left in the mode it was in, its parameters as fixed as before.
        pieces: speech, offsets known.
        shape: of its lips.
        steps: at most.
        seed: of the windows.
        deadline: stops earlier.
        boldness: factor of the step size.
    """
    rng = np.random.default_rng(seed)
    device = next(network.parameters()).device
    deviation = torch.from_numpy(shape.deviation).to(device)
    opening = torch.from_numpy(shape.opening_effect).to(device)
    parameters = list(network.parameters())
    for parameter in parameters:
        parameter.requires_grad_(True)
    optimiser = _Adam(parameters)
    for step in range(steps):
        if deadline.is_over:
            break
        drawn = _draw(rng, pieces, network.spec.references)
        heard, motion, valid, shapes = (torch.from_numpy(part).to(device) for part in drawn)
        known = torch.ones(BATCH, dtype=torch.bool, device=device)
        terms = motion_loss(network(heard, shapes, known), motion, valid, deviation, opening)
        loss = torch.stack([WEIGHTS[name] * term for name, term in terms.items()]).sum()
        loss.backward()
        warm = min(1.0, (step + 1) / _WARM_UP)
        optimiser.step(boldness * RATE * warm * (1 - 0.9 * step / steps))
    for parameter in parameters:
        parameter.requires_grad_(False)


def _draw(
    rng: np.random.Generator, pieces: Sequence[OwnSpeech], references: int
) -> tuple[Array, Array, NDArray[np.bool_], Array]:
    """Windows of sound and lips, a little faster or slower, and lip shapes of any other moments."""
    share = np.array([piece.seconds for piece in pieces])
    spoken = np.concatenate([piece.motion[piece.valid] for piece in pieces])
    samples = []
    for _ in range(BATCH):
        piece = pieces[rng.choice(len(pieces), p=share / share.sum())]
        speed = float(np.exp(rng.uniform(-_SPEED, _SPEED)))
        span = WINDOW * speed
        start = rng.uniform(-0.25 * span, max(len(piece) - 0.75 * span, 0))
        instants = start + np.arange(WINDOW) * speed
        heard = rows_at(piece.heard, instants, pad=silence())
        motion = rows_at(piece.motion, instants)
        valid = rows_at(piece.valid[:, None].astype(np.float32), instants)[:, 0] > 0.99
        samples.append((heard, motion, valid, spoken[rng.integers(len(spoken), size=references)]))
    heard, motion, valid, shapes = (np.stack(part) for part in zip(*samples, strict=True))
    return heard, motion, valid, shapes


class _Adam:
    """Adam (Kingma and Ba 2015) with clipped gradients.

    That of PyTorch imports its compiler, which takes a second, a third of what there is.
    """

    def __init__(self, parameters: list[torch.nn.Parameter]) -> None:
        self._parameters = parameters
        self._mean = [torch.zeros_like(parameter) for parameter in parameters]
        self._square = [torch.zeros_like(parameter) for parameter in parameters]
        self._steps = 0

    @torch.no_grad()
    def step(self, rate: float, slow: float = 0.9, slower: float = 0.99) -> None:
        self._steps += 1
        slopes = [_slope(parameter) for parameter in self._parameters]
        clip = 1 / max(1.0, float(torch.stack([slope.norm() for slope in slopes]).norm()))
        for parameter, mean, square, slope in zip(
            self._parameters, self._mean, self._square, slopes, strict=True
        ):
            slope = slope * clip
            mean.lerp_(slope, 1 - slow)
            square.mul_(slower).addcmul_(slope, slope, value=1 - slower)
            scale = (square / (1 - slower**self._steps)).sqrt_().add_(1e-8)
            parameter.addcdiv_(mean / (1 - slow**self._steps), scale, value=-rate)
            parameter.grad = None


def _slope(parameter: torch.nn.Parameter) -> Tensor:
    return torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
