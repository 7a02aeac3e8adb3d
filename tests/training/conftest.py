"""A motion stage of the real classes, small enough to train in a blink."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from synclips.corpus.augment import SoundAugmentation
from synclips.corpus.dataset import MotionDataset, Utterance
from synclips.features.mel import MelSpec
from synclips.models.motion import Motion, MotionSpec
from synclips.training.motion_stage import MotionStage

SPEC = MotionSpec(n_mels=8, width=16, depth=1, heads=2, reach=4, shape_size=4, references=3)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for one another cost more than these networks do."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def motion_stage(head: Any) -> Callable[..., MotionStage]:
    """Make a stage whose sound says how far the mouth opens; `seed` is of the weights."""
    rng = np.random.default_rng(5)
    mel_spec = MelSpec(n_mels=8)

    def utterance(person: str) -> Utterance:
        motion = np.zeros((120, 4), np.float32)
        motion[:, 0] = 1 + np.sin(np.arange(120) / rng.uniform(3, 6))
        mel = np.repeat(np.repeat(motion[:, :1], 2, axis=0), 8, axis=1) - 0.5
        return Utterance(person, "grid", "x", mel, motion, np.ones(120, bool))

    spoken = [utterance(person) for person in "abc"]
    unseen = [utterance("d"), utterance("d")]

    def make(seed: int = 0, augmented: bool = True) -> MotionStage:
        torch.manual_seed(seed)
        how = SoundAugmentation() if augmented else None
        data = MotionDataset(spoken, mel_spec, 32, 3, how)
        return MotionStage(Motion(SPEC), data, unseen, head.shape)

    return make
