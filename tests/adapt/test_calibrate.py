"""Range and middle of the lips, from little speech."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from synclips.adapt.calibrate import calibrated
from synclips.adapt.own_speech import OwnSpeech, shapes_of
from synclips.checkpoint import Checkpoint
from synclips.models.motion import Motion

OPENING = np.array([0.1, 0, 0, 0], np.float32)


def said(motion: Motion, pieces: list[OwnSpeech], shapes: np.ndarray) -> np.ndarray:
    (piece,) = pieces
    return motion.speak(torch.from_numpy(piece.heard), torch.from_numpy(shapes)).numpy()


def as_said(motion: Motion, pieces: list[OwnSpeech], shapes: np.ndarray) -> OwnSpeech:
    """The same sound with the lips that the network says."""
    return replace(pieces[0], motion=said(motion, pieces, shapes))


@pytest.fixture
def shapes(everybody: Any, trained: Checkpoint) -> np.ndarray:
    return shapes_of(everybody.speak(seed=3), trained.motion.spec.references)


def test_half_of_range_and_middle_is_taken_over(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=2), shapes)
    middle = piece.motion.mean(axis=0)
    # Somebody whose lips go 1.44 times as far, around another place.
    lips = middle + 1.44 * (piece.motion - middle) + np.float32([0.3, -0.2, 0, 0])
    own = calibrated(trained.motion, [replace(piece, motion=lips)], shapes, OPENING)
    new = everybody.speak(seed=4)
    before, after = (said(motion, new, shapes) for motion in (trained.motion, own))
    expected = middle + 1.2 * (before - middle) + np.float32([0.15, -0.1, 0, 0])
    np.testing.assert_allclose(after, expected, atol=1e-4)


def test_who_speaks_as_expected_is_left_as_they_are(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=2), shapes)
    before = {name: value.clone() for name, value in trained.motion.state_dict().items()}
    own = calibrated(trained.motion, [piece], shapes, OPENING)
    for name, value in own.state_dict().items():
        torch.testing.assert_close(value, before[name])
    odd = replace(piece, motion=piece.motion * 3 + 1)
    other = calibrated(trained.motion, [odd], shapes, OPENING)
    changed = [n for n, v in other.state_dict().items() if not torch.equal(v, before[n])]
    assert changed == ["head.3.weight", "head.3.bias"]
    # The network that was there stays as it was.
    for name, value in trained.motion.state_dict().items():
        assert torch.equal(value, before[name])
    assert not any(parameter.requires_grad for parameter in other.parameters())


def test_a_wild_range_is_believed_up_to_twice(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=2), shapes)
    middle = piece.motion.mean(axis=0)
    for factor, kept in ((9.0, 2.0), (0.01, 0.5)):
        lips = middle + np.float32(factor) * (piece.motion - middle)
        own = calibrated(trained.motion, [replace(piece, motion=lips)], shapes, OPENING)
        ratio = own.head[-1].weight / trained.motion.head[-1].weight  # type: ignore[operator]
        torch.testing.assert_close(ratio, torch.full_like(ratio, kept**0.5))


def test_silence_says_nothing_about_the_middle(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=4), shapes)
    half = len(piece.activity) // 2
    activity = piece.activity.copy()
    activity[half:] = 0
    lips = piece.motion.copy()
    lips[~replace(piece, activity=activity).speaking] = 5
    quiet = replace(piece, activity=activity, motion=lips, valid=np.ones(len(piece), bool))
    own = calibrated(trained.motion, [quiet], shapes, OPENING * 0 + np.float32(1e-9))
    new = everybody.speak(seed=4)
    before, after = (said(motion, new, shapes) for motion in (trained.motion, own))
    assert abs(float((after - before).mean())) < 0.5
