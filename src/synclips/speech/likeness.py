"""Which voices sound like a person: as high or low, and which of Kokoro's in which shares.

The style that tells Kokoro's network whose voice to speak in can be mixed, and the mixture sounds
between the voices, or away from some of them, also to a speaker encoder. Knows speaker embeddings,
pitch and shares; no sound.
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
_PULL = 0.1  # towards the shares of the melody; with less the mixture runs to extremes
_MOST = 24  # voices in a colour; all of them are hardly nearer
# Hz. Between them speak men and women, and a mixture is made of the voices of both.
_LOW, _HIGH = 145.0, 185.0
# Hz, where one or the other has to be taken: of those between the bounds in the clips at hand six
# women are above it, two men below, and one on both sides.
_BETWEEN = 165.0


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
        """Of the voices to mix, as `gender_at` says; None for all."""
        if self.pitch is None or _LOW < self.pitch < _HIGH:
            return None
        return gender_at(self.pitch)


def gender_at(pitch: float) -> str:
    """What engines call voices of a median pitch in Hz: "female" or "male"."""
    return "female" if pitch >= _BETWEEN else "male"


@lru_cache(maxsize=2)
def kokoro_embeddings(melody: str | None) -> dict[str, Array]:
    """Embedding of the colour of each voice of Kokoro 1.0, (256,) of unit length by its name.

    Args:
        melody: "female" or "male": in which melody it spoke.
    """
    kind = f"{melody or 'female'}/"
    return {
        name.removeprefix(kind): value.astype(np.float32)
        for name, value in load_file(_TABLE).items()
        if name.startswith(kind)
    }


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


def colours(
    wanted: Array,
    voices: Mapping[str, Array],
    start: Mapping[str, float],
    pull: float = _PULL,
    most: int = _MOST,
) -> dict[str, float]:
    """As `shares`, but also away from voices, and so nearer to the one wanted.

    Ridge regression towards the shares to start with; the voices with the smallest shares are left
    out one after the other.

    Args:
        wanted: (256,) embedding of the person, of unit length.
        voices: Embeddings to mix.
        start: Shares of some of them, with a sum of 1.
        pull: How much it costs to leave them.
        most: Voices that are left.

    Returns:
        Shares by name, with a sum of 1, some of them negative.
    """
    names = sorted(voices)
    while True:
        rows = np.stack([voices[name] for name in names]).astype(np.float64)
        first = np.array([start.get(name, 0.0) for name in names])
        products = rows @ rows.T + _WHOLE**2 + pull * np.eye(len(names))
        share = np.linalg.solve(products, rows @ wanted + _WHOLE**2 + pull * first)
        share /= share.sum()
        if len(names) <= most:
            break
        del names[int(np.argmin(np.abs(share)))]
    order = np.argsort(-share, kind="stable")
    return {names[index]: float(share[index]) for index in order}
