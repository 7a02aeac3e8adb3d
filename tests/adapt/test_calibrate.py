"""What a person's lips do that the network does not expect, from little speech."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from synclips.adapt import calibrate
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


def scale(own: Motion, network: Motion) -> torch.Tensor:
    """By how much more the last layer moves the lips, a number per weight."""
    last, before = own.head[-1], network.head[-1]
    assert isinstance(last, nn.Linear) and isinstance(before, nn.Linear)
    return last.weight / before.weight


@pytest.fixture
def shapes(everybody: Any, trained: Checkpoint) -> np.ndarray:
    return shapes_of(everybody.speak(seed=3), trained.motion.spec.references)


def test_new_words_are_said_more_like_the_person(
    trained: Checkpoint, somebody: Any, shapes: np.ndarray
) -> None:
    person = replace(somebody, late=0)
    (new,) = person.speak(seed=4)
    errors = [np.abs(said(trained.motion, [new], shapes) - new.motion)[:, 0].mean()]
    for seconds in (2, 12):
        own = calibrated(trained.motion, person.speak(seed=3, seconds=seconds), shapes, OPENING)
        errors.append(np.abs(said(own, [new], shapes) - new.motion)[:, 0].mean())
    # A little from little, much from more.
    assert errors[1] < 0.95 * errors[0]
    assert errors[2] < 0.6 * errors[0]


def test_who_speaks_as_expected_is_left_as_they_are(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=2), shapes)
    own = calibrated(trained.motion, [piece], shapes, OPENING)
    new = everybody.speak(seed=4)
    before, after = (said(motion, new, shapes) for motion in (trained.motion, own))
    np.testing.assert_allclose(after, before, atol=1e-4)


def test_the_network_that_was_there_stays_as_it_was(
    trained: Checkpoint, somebody: Any, shapes: np.ndarray
) -> None:
    before = {name: value.clone() for name, value in trained.motion.state_dict().items()}
    own = calibrated(trained.motion, somebody.speak(seed=3), shapes, OPENING)
    for name, value in trained.motion.state_dict().items():
        assert torch.equal(value, before[name])
    assert trained.motion.residual is None
    assert own.residual is not None
    changed = [n for n, v in own.state_dict().items() if n not in before or (v != before[n]).any()]
    remembered = {"residual.features", "residual.weights"}
    assert set(changed) == {"head.3.weight", "head.3.bias"} | remembered
    assert not any(parameter.requires_grad for parameter in own.parameters())


def test_half_of_a_range_that_nothing_explains_is_taken_over_up_to_twice_the_range(
    trained: Checkpoint, everybody: Any, shapes: np.ndarray
) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=4), shapes)
    spread = piece.motion[:, 0].std()
    # Hither and thither from one instant that is looked at to the next.
    wild = np.where(np.arange(len(piece)) % 6 < 3, 1, -1).astype(np.float32) * spread
    for size, most in ((1.0, 2**0.5), (9.0, 2.0)):
        lips = piece.motion.copy()
        lips[:, 0] += size * wild
        own = calibrated(trained.motion, [replace(piece, motion=lips)], shapes, OPENING)
        ratio = scale(own, trained.motion)
        torch.testing.assert_close(ratio, ratio[:1, :1].expand_as(ratio))
        assert float(ratio[0, 0]) == pytest.approx(most**0.5, rel=0.08 if size < 2 else 1e-5)
        # Wider around the same middle.
        middle = said(own, [piece], shapes)[:, 0].mean()
        assert abs(middle - piece.motion[:, 0].mean()) < 0.2 * spread


def test_silence_is_not_remembered(trained: Checkpoint, everybody: Any, shapes: np.ndarray) -> None:
    piece = as_said(trained.motion, everybody.speak(seed=3, seconds=4), shapes)
    half = len(piece.activity) // 2
    activity = piece.activity.copy()
    activity[half:] = 0
    lips = piece.motion.copy()
    lips[~replace(piece, activity=activity).speaking] = 5
    quiet = replace(piece, activity=activity, motion=lips)
    own = calibrated(trained.motion, [quiet], shapes, OPENING)
    new = everybody.speak(seed=4)
    before, after = (said(motion, new, shapes) for motion in (trained.motion, own))
    np.testing.assert_allclose(after, before, atol=1e-4)
    assert own.residual is not None
    assert len(own.residual.features) == -(-int(quiet.speaking.sum()) // 3)


def test_much_speech_is_remembered_more_sparsely(
    trained: Checkpoint, somebody: Any, shapes: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calibrate, "_MOST_ROWS", 100)
    pieces = [*somebody.speak(seed=3, seconds=8), *somebody.speak(seed=5, seconds=8)]
    own = calibrated(trained.motion, pieces, shapes, OPENING)
    assert own.residual is not None
    assert len(own.residual.features) == 100
    assert own.residual.features[:50].unique(dim=0).shape[0] > 40


def test_what_is_remembered_is_kept_when_there_is_more(
    trained: Checkpoint, somebody: Any, shapes: np.ndarray
) -> None:
    person = replace(somebody, late=0)
    (new,) = person.speak(seed=4)
    long = calibrated(trained.motion, person.speak(seed=3, seconds=12), shapes, OPENING)
    then = calibrated(long, person.speak(seed=5, seconds=1.5), shapes, OPENING)
    plain, before, after = (
        np.abs(said(motion, [new], shapes) - new.motion)[:, 0].mean()
        for motion in (trained.motion, long, then)
    )
    assert before < 0.6 * plain
    assert after < 1.05 * before
    assert long.residual is not None and then.residual is not None
    assert len(then.residual.features) > len(long.residual.features)


def test_a_long_piece_is_heard_in_blocks(
    trained: Checkpoint, somebody: Any, shapes: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes: list[int] = []
    plain = Motion.features

    def features(network: Motion, heard: torch.Tensor, *others: torch.Tensor) -> torch.Tensor:
        sizes.append(heard.shape[1])
        return plain(network, heard, *others)

    monkeypatch.setattr(Motion, "features", features)
    calibrated(trained.motion, somebody.speak(seed=3, seconds=30), shapes, OPENING)
    assert max(sizes) < 500
