"""Which voices sound like a person: as high or low, and which of Kokoro's in which shares.

The style that tells Kokoro's network whose voice to speak in can be mixed, and the mixture sounds
between the voices, also to a speaker encoder. Knows speaker embeddings, pitch and shares; no sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
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
# Hz. Between them speak men and women; a voice of the other kind would be more of a surprise than
# one that is a little too low or high.
_LOW, _HIGH = 145.0, 185.0


@dataclass(frozen=True, eq=False)
class Likeness:
    """What a voice has to be like.

    Attributes:
        embedding: (256,) of unit length, see `speaker`.
        pitch: Median, Hz; None where it is not known.
    """

    embedding: Array
    pitch: float | None

    @property
    def gender(self) -> str | None:
        """Of the voices to take, see `gender_at`."""
        return None if self.pitch is None else gender_at(self.pitch)


def gender_at(pitch: float) -> str | None:
    """What engines call voices of a median pitch in Hz: "female", "male", or None for neither."""
    if _LOW < pitch < _HIGH:
        return None
    return "female" if pitch >= _HIGH else "male"


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
