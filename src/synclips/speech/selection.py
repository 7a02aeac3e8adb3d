"""Which recorded frames say what is wanted, in an order that sounds spoken.

Unit selection (Hunt and Black 1996, "Unit selection in a concatenative speech synthesis system
using a large speech database") at the level of frames: nearest content, cheap joins, the best path
by dynamic programming. Knows features and indices, no sound.
"""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CANDIDATES = 20
_JOIN = 0.4  # cost of a join per unit of distance in content
_VOICING = 0.15  # cost of a voiced frame for an unvoiced one, and the other way
_BLOCK = 512  # frames compared at once


def select_frames(
    wanted: Array,
    wanted_voiced: NDArray[np.bool_],
    inventory: Array,
    inventory_voiced: NDArray[np.bool_],
    follows: NDArray[np.bool_],
) -> NDArray[np.intp]:
    """Choose a recorded frame for every wanted one.

    Args:
        wanted: (F, D) content of unit length.
        wanted_voiced: (F,).
        inventory: (R, D) content of unit length.
        inventory_voiced: (R,).
        follows: (R,) whether frame r was spoken right after r - 1.

    Returns:
        (F,) indices into the inventory.
    """
    count = min(_CANDIDATES, len(inventory))
    places = np.empty((len(wanted), count), np.intp)
    costs = np.empty((len(wanted), count))
    for first in range(0, len(wanted), _BLOCK):
        part = slice(first, first + _BLOCK)
        cost = -(wanted[part] @ inventory.T)
        cost += _VOICING * (wanted_voiced[part, None] != inventory_voiced)
        places[part] = np.argpartition(cost, count - 1, axis=1)[:, :count]
        costs[part] = np.take_along_axis(cost, places[part], axis=1)
    return _best_path(places, costs, inventory, follows)


def _best_path(
    places: NDArray[np.intp], costs: Array, inventory: Array, follows: NDArray[np.bool_]
) -> NDArray[np.intp]:
    count = len(inventory)
    back = np.zeros(places.shape, np.intp)
    total = costs[0]
    for index in range(1, len(places)):
        before, here = places[index - 1], places[index]
        after = np.minimum(before + 1, count - 1)
        # A join is heard as the step from what would have followed to what follows.
        apart = np.sqrt(np.maximum(2 - 2 * inventory[after] @ inventory[here].T, 0))
        natural = (before[:, None] + 1 == here) & follows[here]
        step = total[:, None] + np.where(natural, 0.0, _JOIN * apart)
        back[index] = step.argmin(axis=0)
        total = step.min(axis=0) + costs[index]
    path = np.empty(len(places), np.intp)
    best = int(total.argmin())
    for index in range(len(places) - 1, -1, -1):
        path[index] = places[index, best]
        best = int(back[index, best])
    return path
