"""Which voices of Kokoro, mixed in which shares, sound most like a person.

The style that tells Kokoro's network whose voice to speak in can be mixed, and the mixture sounds
between the voices, also to a speaker encoder. Knows speaker embeddings and shares; no sound.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

Array = NDArray[np.float32]

_TABLE = Path(__file__).parents[1] / "weights" / "speech" / "kokoro.safetensors"
_LEAST = 0.05  # share; less is not heard
_WHOLE = 3.0  # how much dearer it is to miss a sum of 1 than a number of the embedding
_SWEEPS = 300


@lru_cache(maxsize=1)
def kokoro_embeddings() -> dict[str, Array]:
    """Embedding of each voice of Kokoro 1.0 that synclips can use, (256,) by its name."""
    return {name: value.astype(np.float32) for name, value in load_file(_TABLE).items()}


def shares(wanted: Array, voices: Mapping[str, Array]) -> dict[str, float]:
    """What to mix, the largest share first.

    The shares that bring the mean of the embeddings nearest to the one wanted: least squares
    without negative numbers (Lawson and Hanson 1974), by coordinate descent.

    Args:
        wanted: (256,) embedding of the person, of unit length.
        voices: embeddings to mix, at least one.

    Returns:
        Shares by name, with a sum of 1.
    """
    names = sorted(voices)
    rows = np.stack([voices[name] for name in names]).astype(np.float64)
    products = rows @ rows.T + _WHOLE**2
    aim = rows @ wanted + _WHOLE**2
    share = np.zeros(len(names))
    for _ in range(_SWEEPS):
        for index in range(len(names)):
            step = (aim[index] - products[index] @ share) / products[index, index]
            share[index] = max(share[index] + step, 0.0)
    share /= share.sum()
    share[share < min(_LEAST, share.max())] = 0.0
    share /= share.sum()
    order = np.argsort(-share, kind="stable")
    return {names[index]: float(share[index]) for index in order if share[index]}
