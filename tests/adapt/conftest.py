"""Toy speakers: two sounds that come and go, and a mouth that opens with them in its own way."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.adapt import learn
from synclips.adapt.own_speech import MARGIN, OwnSpeech
from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.models.motion import Motion, MotionSpec
from synclips.models.motion_loss import motion_loss
from synclips.models.speech_encoder import FEATURES


def _envelope(rng: np.random.Generator, count: int) -> np.ndarray:
    """(count,) about -1 to 1 at 50 Hz, changing as fast as syllables do."""
    knots = rng.uniform(-1, 1, count // 6 + 3)
    return np.interp(np.arange(count) / 6, np.arange(len(knots)), knots).astype(np.float32)


@dataclass(frozen=True)
class Speaker:
    """Opens the mouth by `low` and `high` times what two halves of the features carry.

    Attributes:
        late: instants by which the sound of the clip is late.
        unrelated: the lips follow another sound.
    """

    low: float
    high: float
    late: int = 0
    unrelated: bool = False

    def speak(self, seed: int, seconds: float = 8.0) -> list[OwnSpeech]:
        """One piece, in front of a camera whose offset is not known."""
        rng = np.random.default_rng(seed)
        count = int(seconds * 50)
        wide = count + 2 * MARGIN
        low, high = _envelope(rng, wide), _envelope(rng, wide)
        sound = np.repeat(np.stack([low, high], axis=1), FEATURES // 2, axis=1)
        if self.unrelated:
            low, high = _envelope(rng, wide), _envelope(rng, wide)
        motion = np.zeros((count, 4), np.float32)
        heard = slice(MARGIN + self.late, MARGIN + self.late + count)
        motion[:, 0] = self.low * low[heard] + self.high * high[heard]
        activity = np.ones(wide, np.float32)
        return [OwnSpeech(sound, activity, motion, np.ones(count, bool))]


@pytest.fixture(scope="session")
def everybody() -> Speaker:
    """As the base network knows people."""
    return Speaker(low=1.0, high=0.3)


@pytest.fixture(scope="session")
def somebody() -> Speaker:
    """Opens wider, by other sounds, and was filmed with the sound late by six instants."""
    return Speaker(low=1.0, high=1.5, late=6)


@pytest.fixture(scope="session")
def make_speaker() -> type[Speaker]:
    return Speaker


@pytest.fixture(scope="session")
def trained(everybody: Speaker, tiny_model: Path) -> Checkpoint:
    """A model that knows `everybody`."""
    tiny: Any = load_checkpoint(tiny_model)
    (piece,) = everybody.speak(seed=1, seconds=30)
    opening = torch.from_numpy(tiny.shape.opening_effect)
    heard = torch.from_numpy(piece.heard).view(10, 150, FEATURES)
    truth = torch.from_numpy(piece.motion).view(10, 150, 4)
    valid, known = torch.ones(10, 150, dtype=torch.bool), torch.ones(10, dtype=torch.bool)
    deviation = torch.from_numpy(tiny.shape.deviation)
    with torch.random.fork_rng(devices=[]):  # dropout draws as well, or tests before this one count
        torch.manual_seed(3)
        motion = Motion(MotionSpec(width=16, depth=1, heads=2, shape_size=4))
        optimiser = learn._Adam(list(motion.parameters()))
        for _ in range(80):
            said = motion.train()(heard, truth[:, :24], known)
            sum(motion_loss(said, truth, valid, deviation, opening).values()).backward()
            optimiser.step(5e-3)
    for parameter in motion.parameters():
        parameter.requires_grad_(False)
    checkpoint: Checkpoint = replace(tiny, motion=motion.eval())
    return checkpoint


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps as small a network needs."""
    monkeypatch.setattr(learn, "RATE", 3e-3)
