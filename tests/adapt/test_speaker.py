"""Learning a speaker: what is kept, what is refused, and that it is the same every time."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from synclips.adapt import speaker
from synclips.adapt.calibrate import calibrated
from synclips.adapt.effort import BRIEF, Effort
from synclips.adapt.own_speech import OwnSpeech, shapes_of
from synclips.adapt.speaker import Adaptation, Held, learn_speaker
from synclips.checkpoint import Checkpoint
from synclips.models.motion import Motion


def opening_of(motion: Motion, pieces: list[OwnSpeech]) -> np.ndarray:
    (piece,) = pieces
    shapes = torch.from_numpy(shapes_of(pieces, motion.spec.references))
    return motion.speak(torch.from_numpy(piece.heard), shapes).numpy()[:, 0]


def weights(motion: Motion) -> torch.Tensor:
    return torch.cat([value.flatten() for value in motion.state_dict().values()])


@pytest.fixture
def learnt(trained: Checkpoint, somebody: Any, quick: None) -> Adaptation:
    return learn_speaker(trained, [somebody.speak(seed=5, seconds=10)], BRIEF)


def test_a_speaker_is_learnt_and_says_new_words_better(
    trained: Checkpoint, somebody: Any, learnt: Adaptation
) -> None:
    assert learnt.adapted
    assert learnt.calibrated
    assert learnt.outcome == "learnt"
    assert learnt.seconds == 10
    assert learnt.offsets[0] is not None
    assert abs(learnt.offsets[0] - 6) <= 1
    assert learnt.before is not None
    assert learnt.after is not None
    assert learnt.after.correlation > learnt.before.correlation + 0.1
    assert learnt.after.error < learnt.before.error
    # New words, heard when they are said: the lips come with the sound, not as late as filmed.
    later = replace(somebody, late=0).speak(seed=6)
    truth = later[0].motion[:, 0]
    before, after = (opening_of(motion, later) for motion in (trained.motion, learnt.motion))
    assert np.corrcoef(after, truth)[0, 1] > np.corrcoef(before, truth)[0, 1] + 0.1
    assert abs(1 - after.std() / truth.std()) < abs(1 - before.std() / truth.std())


def test_the_model_stays_as_it_was(trained: Checkpoint, somebody: Any, quick: None) -> None:
    before = weights(trained.motion).clone()
    learnt = learn_speaker(trained, [somebody.speak(seed=5)], BRIEF)
    assert torch.equal(weights(trained.motion), before)
    assert not torch.equal(weights(learnt.motion), before)
    assert not learnt.motion.training
    assert not any(parameter.requires_grad for parameter in learnt.motion.parameters())


def test_the_same_speech_teaches_the_same(
    trained: Checkpoint, somebody: Any, learnt: Adaptation
) -> None:
    torch.rand(3)  # whatever others draw
    again = learn_speaker(trained, [somebody.speak(seed=5, seconds=10)], BRIEF)
    assert torch.equal(weights(again.motion), weights(learnt.motion))
    assert (again.before, again.after) == (learnt.before, learnt.after)


def test_a_sound_that_has_nothing_to_do_with_the_lips_is_refused(
    trained: Checkpoint, make_speaker: Any
) -> None:
    stranger = make_speaker(1.0, 0.3, unrelated=True).speak(seed=7)
    result = learn_speaker(trained, [stranger], BRIEF)
    assert not result.adapted
    assert result.motion is trained.motion
    assert result.outcome == "sound and lips do not belong together"
    assert result.before is None


def test_what_does_not_help_on_the_rest_is_not_kept(
    trained: Checkpoint, somebody: Any, everybody: Any, quick: None
) -> None:
    # Three quarters of one way to speak, the rest of another: what is learnt does not carry over.
    first = replace(somebody, high=-0.8, late=0).speak(seed=8, seconds=9)
    result = learn_speaker(trained, [first, everybody.speak(seed=9, seconds=3)], BRIEF)
    assert not result.adapted
    assert result.calibrated
    kept, old = result.motion.state_dict(), trained.motion.state_dict()
    changed = [name for name in old if not torch.equal(kept[name], old[name])]
    assert changed == ["head.3.weight", "head.3.bias"]
    assert result.motion.residual is not None
    assert result.outcome == "it did not help"
    assert result.before is not None
    assert result.after is not None


def test_too_little_is_not_learnt_from(trained: Checkpoint, somebody: Any) -> None:
    short = learn_speaker(trained, [somebody.speak(seed=5, seconds=2.8)], BRIEF)
    (piece,) = somebody.speak(seed=5)
    silent = replace(piece, activity=np.zeros_like(piece.activity))
    still = replace(piece, motion=np.zeros_like(piece.motion))
    quiet, frozen, nothing = (
        learn_speaker(trained, [some], BRIEF) for some in ([silent], [still], [])
    )
    outcomes = [result.outcome for result in (short, quiet, frozen, nothing)]
    assert outcomes == ["too little speech"] * 2 + [
        "the mouth does not move",
        "no face for long enough",
    ]
    assert not any(result.adapted for result in (short, quiet, frozen, nothing))
    # A sentence is enough to tell how far the lips go.
    shorter = learn_speaker(trained, [somebody.speak(seed=5, seconds=0.9)], BRIEF)
    results = (short, shorter, quiet, frozen, nothing)
    assert [result.calibrated for result in results] == [True] + [False] * 4
    assert shorter.motion is trained.motion


def test_half_of_it_is_kept_where_all_is_too_much(
    trained: Checkpoint, somebody: Any, everybody: Any, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "calibrated", lambda network, *_: network)
    # Learnt from: opens wider than usual; held out: halfway between.
    first = replace(somebody, late=0).speak(seed=8, seconds=9)
    between = replace(everybody, high=(everybody.high + somebody.high) / 2)
    rest = between.speak(seed=9, seconds=3)
    kept = learn_speaker(trained, [first, rest], Effort(40))
    monkeypatch.setattr(speaker, "_SHARES", (1.0,))
    whole = learn_speaker(trained, [first, rest], Effort(40))
    assert (kept.adapted, whole.adapted) == (True, False)
    assert kept.before == whole.before
    assert kept.after is not None and kept.before is not None
    assert kept.after.error < kept.before.error
    assert whole.after == whole.before


def test_a_bolder_effort_takes_larger_steps(
    trained: Checkpoint, somebody: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rates: list[float] = []
    monkeypatch.setattr("synclips.adapt.learn._Adam.step", lambda _, rate: rates.append(rate))
    speech = [somebody.speak(seed=5)]
    learn_speaker(trained, speech, Effort(40))
    learn_speaker(trained, speech, Effort(40, boldness=2.0))
    half = len(rates) // 2
    assert half >= 24
    np.testing.assert_allclose(rates[half:], 2 * np.array(rates[:half]))


def test_it_stops_when_the_time_is_over(
    trained: Checkpoint, somebody: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = []
    monkeypatch.setattr("synclips.adapt.learn.time.monotonic", iter(range(1000)).__next__)
    monkeypatch.setattr("synclips.adapt.learn._Adam.step", lambda *rate: steps.append(rate))
    learn_speaker(trained, [somebody.speak(seed=5)], Effort(500, seconds=3.0))
    # Set at 0, asked at 1 and 2, over at 3.
    assert len(steps) == 2


def test_better_means_a_smaller_error_and_no_less_agreement() -> None:
    old = Held(correlation=0.6, error=0.20)
    assert Held(0.7, 0.19).is_better_than(old)
    assert Held(0.59, 0.19).is_better_than(old)
    assert not Held(0.5, 0.19).is_better_than(old)
    assert not Held(0.7, 0.21).is_better_than(old)


def test_a_profile_can_learn_on(trained: Checkpoint, somebody: Any, quick: None) -> None:
    opening = trained.shape.opening_effect
    known = replace(somebody, late=0)
    spoken = known.speak(seed=3, seconds=12)
    shapes = shapes_of(spoken, trained.motion.spec.references)
    profile = calibrated(trained.motion, spoken, shapes, opening)
    learnt = learn_speaker(replace(trained, motion=profile), [known.speak(seed=5)], BRIEF)
    assert learnt.calibrated
    new = known.speak(seed=6)
    truth = new[0].motion[:, 0]
    errors = [
        np.abs(opening_of(motion, new) - truth).mean()
        for motion in (trained.motion, profile, learnt.motion)
    ]
    assert errors[1] < 0.6 * errors[0]
    assert errors[2] < 1.1 * errors[1]
