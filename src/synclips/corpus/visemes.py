"""Visemes: the lip shape that is to be expected of a phone, learnt from recordings.

A shape is counted in the speaker's own deviations from their own mean, so what one person's lips
teach holds for another. Knows phones and lips; where either comes from is known elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.dataset import Utterance
from synclips.corpus.phone_files import Labels
from synclips.corpus.phone_set import IGNORED, LIP_CLASSES, LIPS, PHONES
from synclips.errors import InputError

Array = NDArray[np.float32]

# Neighbouring phones share the mouth over 0.14 s.
_REACH = 3
_SHARED = np.array([1, 2, 3, 4, 3, 2, 1]) / 16
# Instants; a phone seen for less looks mostly like the others of its lip group.
_PRIOR = 50.0
_GROUP_PRIOR = 1e-2
_CLIPS_PER_PERSON = 40


@dataclass(frozen=True, eq=False)
class Visemes:
    """Lip shapes of phones.

    Attributes:
        values: (40, K) in deviations of the speaker from the speaker's mean.
    """

    values: Array

    def expected(self, labels: NDArray[np.integer]) -> tuple[Array, NDArray[np.bool_]]:
        """The lips that go with phones.

        Args:
            labels: (T,) classes of `phone_set`, 50 per second.

        Returns:
            Shapes (T, K), and where all phones that shape them are known (T,).
        """
        part = shares(labels)
        return (part @ self.values).astype(np.float32), part.sum(axis=1) > 0.99


def shares(labels: NDArray[np.integer]) -> NDArray[np.float64]:
    """How much each phone shapes the mouth at each instant: (T,) -> (T, 40).

    Rows sum to 1 where all phones near are known. Beyond both ends there is silence.
    """
    padded = np.pad(labels, _REACH)
    spoken = (padded[:, None] == np.arange(len(PHONES))).astype(np.float64)
    result = np.zeros((len(labels), len(PHONES)))
    for place, weight in enumerate(_SHARED):
        result += weight * spoken[place : place + len(labels)]
    return result


def learn_visemes(spoken: Iterable[tuple[Utterance, Labels]]) -> Visemes:
    """Lip shapes from recordings of which both lips and phones are known.

    Args:
        spoken: clips and their labels (T',), which may be a little shorter or longer than the clip.

    Raises:
        InputError: there are none.
    """
    people: dict[tuple[str, str], list[tuple[Utterance, Labels]]] = {}
    for clip, labels in spoken:
        person = people.setdefault((clip.corpus, clip.person), [])
        if len(person) < _CLIPS_PER_PERSON and clip.valid.any():
            person.append((clip, labels))
    if not people:
        raise InputError(
            "No clip has both lips and phones, so visemes cannot be learnt; run stage speech with"
            " phones.speech.grid, or set motion.visemes.share to 0."
        )
    rows, seen = [], []
    for clips in people.values():
        lips = np.concatenate([clip.motion[clip.valid] for clip, _ in clips])
        mean, deviation = manner_of(lips)
        for clip, labels in clips:
            said = np.full(len(clip.motion), IGNORED, np.uint8)
            said[: len(labels)] = labels[: len(said)]
            rows.append(shares(said)[clip.valid])
            seen.append(((clip.motion - mean) / deviation)[clip.valid])
    values = values_of_phones(np.concatenate(rows), np.concatenate(seen), _PRIOR)
    return Visemes(values.astype(np.float32))


def values_of_phones(
    parts: NDArray[np.floating], seen: NDArray[np.floating], prior: float
) -> NDArray[np.float64]:
    """What each phone contributes to what was seen, by least squares.

    A phone's value is that of its lip group and a difference, which is small for rare phones; a
    phone that was never seen has the value of its group.

    Args:
        parts: (N, 40) how much of each instant is each phone's.
        seen: (N,) or (N, K) at each instant.
        prior: instants that the difference being nothing counts for.

    Returns:
        (40,) or (40, K).
    """
    groups = np.eye(len(LIPS))[LIP_CLASSES]  # (40, G)
    both = np.concatenate([parts @ groups, parts], axis=1)
    weight = np.concatenate([np.full(len(LIPS), _GROUP_PRIOR), np.full(len(PHONES), prior)])
    found = np.linalg.solve(both.T @ both + np.diag(weight), both.T @ seen)
    result: NDArray[np.float64] = groups @ found[: len(LIPS)] + found[len(LIPS) :]
    return result


def manner_of(lips: Array) -> tuple[Array, Array]:
    """Mean and deviation (K,) of a person's lip shapes (N, K)."""
    return lips.mean(axis=0), np.maximum(lips.std(axis=0), 1e-3)
