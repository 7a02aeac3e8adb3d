"""Learning how one person speaks: find the offset, fine-tune, keep it only if it helps, calibrate.

Part of the speech is held out. The network that learns does not see it until it is decided whether
it replaces the old one: only if, both of them calibrated, it says those lips better. If so it goes
on learning from all of the speech. Knows tracks and sounds, no files.
"""

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.adapt.calibrate import calibrated
from synclips.adapt.effort import Effort
from synclips.adapt.learn import Deadline, learn
from synclips.adapt.offset import correlation, find_offset
from synclips.adapt.own_speech import OwnSpeech, hold_out, shapes_of
from synclips.checkpoint import Checkpoint
from synclips.models.motion import Motion

_LEAST_SPEECH = 3.0
"""Seconds, to fine-tune. One sentence of GRID (2 s of speech) made lips worse, five better."""

_LEAST_TO_CALIBRATE = 1.0
"""Seconds of speech."""

_HELD_OUT = 0.25
_LEAST_HELD_OUT = 1.5  # seconds of speech

STILL = 0.012
"""Standard deviation of the opening, eye distances, of a mouth that does not speak."""

_TIE = 0.02
"""Correlations that differ by less say nothing over a few seconds."""
# How much of what was learnt may be taken over, by weights in between (Wortsman et al. 2022, Robust
# fine-tuning of zero-shot models): half of it often helps where all of it does not.
_SHARES = (1.0, 0.5)
_AMENDS = 0.6  # share of the steps that are taken before the held-out part may be seen


@dataclass(frozen=True)
class Held:
    """How well a network says the lips of the part that was held out.

    Attributes:
        correlation: of the mouth opening.
        error: of the lip shape, eye distances.
    """

    correlation: float
    error: float

    def is_better_than(self, other: "Held") -> bool:
        """Whether the error falls, and the correlation does not."""
        return self.error < other.error and self.correlation > other.correlation - _TIE


@dataclass(frozen=True, eq=False)
class Adaptation:
    """What became of learning a speaker.

    Attributes:
        motion: the network to use: the one that learnt, or the one that was there.
        adapted: whether it is the one that learnt.
        calibrated: whether it also knows how the person's lips differ from what it expects.
        outcome: what happened, in a few words.
        seconds: of speech there was.
        offsets: of each clip, instants by which its sound is late; None where it cannot be told.
        before: on the held-out part, with the network that was there; None if there is none.
        after: the same with what was learnt from the rest, before it went on to learn from all.
        reasons: of each clip, why nothing was learnt from it; empty where something was.
    """

    motion: Motion
    adapted: bool
    outcome: str
    seconds: float = 0.0
    offsets: tuple[int | None, ...] = ()
    before: Held | None = None
    after: Held | None = None
    calibrated: bool = False
    reasons: tuple[str, ...] = ()


def learn_speaker(
    checkpoint: Checkpoint,
    clips: Sequence[Sequence[OwnSpeech]],
    effort: Effort,
) -> Adaptation:
    """Fine-tune and calibrate the motion network of a model on one person.

    Args:
        checkpoint: the model; it stays as it is.
        clips: of each video of the person, what `own_speech` found.
        effort: how long it may take.
    """
    motion = checkpoint.motion
    deadline = Deadline(effort.seconds)
    opening = checkpoint.shape.opening_effect
    told = [_known(motion, pieces, opening) for pieces in clips]
    offsets = tuple(pieces[0].offset if pieces else None for pieces, _ in told)
    pieces = [piece for some, _ in told for piece in some]
    seconds = sum(piece.seconds for piece in pieces)
    reasons = tuple(reason for _, reason in told)
    result = Adaptation(motion, False, "", round(seconds, 2), offsets, reasons=reasons)
    if not pieces:
        return replace(result, outcome=reasons[0] if reasons else "no sound")
    if seconds < _LEAST_SPEECH:
        result = replace(result, outcome="too little speech")
    else:
        result = _fine_tuned(result, checkpoint, pieces, effort, deadline)
    if seconds < _LEAST_TO_CALIBRATE:
        return result
    shapes = shapes_of(pieces, motion.spec.references)
    network = calibrated(result.motion, pieces, shapes, opening)
    return replace(result, motion=network, calibrated=True)


def _fine_tuned(
    result: Adaptation,
    checkpoint: Checkpoint,
    pieces: Sequence[OwnSpeech],
    effort: Effort,
    deadline: Deadline,
) -> Adaptation:
    """With the network that has learnt from pieces of speech, if that helps on a part held out."""
    motion, shape = checkpoint.motion, checkpoint.shape
    opening = shape.opening_effect
    first, last = hold_out(pieces, _HELD_OUT, _LEAST_HELD_OUT)
    network = copy.deepcopy(motion).eval()
    steps = effort.steps_for(result.seconds)
    early = math.ceil(_AMENDS * steps)
    shapes = shapes_of(first, motion.spec.references)
    deviation = shape.deviation

    def score(some: Motion) -> Held:
        own = calibrated(some, first, shapes, opening)
        return _score(own, last, shapes, opening, deviation)

    before = _score(motion, last, shapes, opening, deviation)
    untaught = score(motion)
    learn(network, first, shape, early, 0, deadline, effort.boldness)
    tried = {share: score(_blended(motion, network, share)) for share in _SHARES}
    helping = [share for share in _SHARES if tried[share].is_better_than(untaught)]
    if not helping:
        return replace(result, before=before, after=untaught, outcome="it did not help")
    best = min(helping, key=lambda share: tried[share].error)
    rest = steps - early
    learn(network, pieces, shape, rest, 1, deadline, effort.boldness)
    own = _blended(motion, network, best)
    return replace(
        result, motion=own, adapted=True, outcome="learnt", before=before, after=tried[best]
    )


@torch.no_grad()
def _blended(old: Motion, new: Motion, share: float) -> Motion:
    """A network whose weights lie between those of two, `share` of the way to the new one."""
    blended = copy.deepcopy(old)
    for weight, learnt in zip(blended.parameters(), new.parameters(), strict=True):
        weight.lerp_(learnt, share)
    return blended


def _known(
    motion: Motion, pieces: Sequence[OwnSpeech], opening: NDArray[np.floating]
) -> tuple[list[OwnSpeech], str]:
    """Those pieces of a clip from which something can be learnt, their offset known, or why not."""
    if not pieces:
        return [], "no face for long enough"
    seen = np.concatenate([(piece.motion @ opening)[piece.valid] for piece in pieces])
    if seen.std() < STILL:
        return [], "the mouth does not move"
    if not any(piece.seconds for piece in pieces):
        return [], "too little speech"
    offset = find_offset(motion, pieces, opening)
    if offset is None:
        return [], "sound and lips do not belong together"
    return [replace(piece, offset=offset) for piece in pieces], ""


def _score(
    network: Motion,
    pieces: Sequence[OwnSpeech],
    shapes: NDArray[np.float32],
    opening: NDArray[np.floating],
    deviation: NDArray[np.float32],
) -> Held:
    device = next(network.parameters()).device
    known = torch.from_numpy(shapes).to(device)
    said, seen = [], []
    for piece in pieces:
        motion = network.speak(torch.from_numpy(piece.heard).to(device), known).cpu().numpy()
        said.append((motion * piece.active[:, None])[piece.valid])
        seen.append(piece.motion[piece.valid])
    a, b = np.concatenate(said), np.concatenate(seen)
    error = np.sqrt(np.square((a - b) * deviation).sum(axis=1)).mean()
    return Held(round(correlation(a @ opening, b @ opening), 4), round(float(error), 4))
