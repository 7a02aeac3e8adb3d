"""Which pieces of speech are by the same voice, from their embeddings.

Agglomerative clustering, as is common for telling speakers apart (Park et al. 2022, A review of
speaker diarization), in which how alike two groups must be depends on how much is heard of them.
Knows vectors and seconds; no sound and no people.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

# Chosen on 384 pieces of 47 people (docs/results.md, "Who says which subtitle"). How alike two
# groups of one person are nears a limit the more seconds there are of each: two pieces of 1.5 s
# .76 in the median, two halves of 40 s .98; the two most similar people there .82.
_ALIKE = 0.88
_NOISE = 0.5  # seconds
_SHORT = 1.2  # seconds; less tells too little to begin a group
LEAST = 2.0
"""Seconds of speech that make a voice of its own."""
LEAST_NAMED = 1.0
"""The same where somebody's name is known."""


def group(embeddings: Array, seconds: Array, names: Sequence[str]) -> NDArray[np.intp]:
    """Group pieces of speech by voice.

    Args:
        embeddings: (N, 256) of unit length, N at least 1.
        seconds: (N,) that each was made from.
        names: of who speaks, where it is known, else empty. Pieces of one name are one voice, those
            of two names are two.

    Returns:
        (N,) the group of each, counted from 0, the one that says most first. A name of which there
        is less than `LEAST_NAMED` has none of its own, and goes where it sounds most alike.
    """
    begun: dict[str | int, list[int]] = {}
    for index, name in enumerate(names):
        if name or seconds[index] >= _SHORT:
            begun.setdefault(name or index, []).append(index)
    if not begun:
        return np.zeros(len(names), np.intp)
    weighted = embeddings * seconds[:, None]
    groups = _merged(begun, weighted, seconds)
    said = _said(groups, embeddings, weighted, seconds)
    order = sorted(range(len(groups)), key=lambda index: -said[index])
    kept = [
        groups[index]
        for index in order
        if said[index] >= (LEAST_NAMED if any(names[at] for at in groups[index]) else LEAST)
    ] or [groups[order[0]]]
    centres = _unit(np.stack([weighted[members].sum(axis=0) for members in kept]))
    result: NDArray[np.intp] = (embeddings @ centres.T).argmax(axis=1)
    for name in set(names) - {""}:  # together, also where they have no group of their own
        mine = [at for at, other in enumerate(names) if other == name]
        result[mine] = int((centres @ weighted[mine].sum(axis=0)).argmax())
    for index, members in enumerate(kept):
        result[members] = index
    return result


def _said(
    groups: list[list[int]], embeddings: Array, weighted: Array, seconds: Array
) -> list[float]:
    """Seconds of each group, with the pieces that are too short to have begun one."""
    centres = _unit(np.stack([weighted[members].sum(axis=0) for members in groups]))
    whose = (embeddings @ centres.T).argmax(axis=1)
    for index, members in enumerate(groups):
        whose[members] = index
    return [float(seconds[whose == index].sum()) for index in range(len(groups))]


def _merged(begun: dict[str | int, list[int]], weighted: Array, seconds: Array) -> list[list[int]]:
    """The groups, the two that are most alike made one as long as they are alike enough."""
    groups = list(begun.values())
    named = np.array([isinstance(key, str) for key in begun])
    sums = np.stack([weighted[members].sum(axis=0) for members in groups])
    said = np.array([seconds[members].sum() for members in groups])
    centres = _unit(sums)
    there = np.ones(len(groups), bool)

    def likeness(index: int) -> NDArray[np.floating]:
        """Of a group to all others, as a share of what makes them one; 0 where they never are."""
        same = _ALIKE / np.sqrt((1 + _NOISE / said) * (1 + _NOISE / said[index]))
        alike: NDArray[np.floating] = centres @ centres[index] / same
        alike[~there | (named & named[index])] = 0
        alike[index] = 0
        return alike

    table = np.stack([likeness(index) for index in range(len(groups))])
    while True:
        one, other = divmod(int(table.argmax()), len(groups))
        if table[one, other] < 1:
            return [groups[index] for index in np.flatnonzero(there)]
        groups[one] = groups[one] + groups[other]
        sums[one] += sums[other]
        centres[one] = _unit(sums[one])
        said[one] += said[other]
        named[one] |= named[other]
        there[other] = False
        table[other], table[:, other] = 0, 0
        table[one] = table[:, one] = likeness(one)


def _unit(rows: Array) -> Array:
    unit: Array = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit
