"""Windows of speech with the phone of every instant, in all forms in which it was heard.

A batch is drawn from nothing but a random generator. Knows no lips.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import IGNORED
from synclips.errors import InputError

Array = NDArray[np.float32]

NO_TARGET = -100
"""Where no phone is known; what `cross_entropy` passes over."""

_FASTER = 0.18  # logarithm of the largest change of speed
_LARGEST = 15_000  # instants of a voice beyond which more of it does not count


@dataclass(frozen=True, eq=False)
class PhoneBatch:
    """heard (B, T, D) float32 and the class of every instant, (B, T) int64."""

    heard: Tensor
    phones: Tensor


class PhoneDataset:
    """Draws windows, a voice weighing by the square root of what there is of it.

    Args:
        speech: what may be drawn.
        window: instants per sample.
        augment: whether to change speed.

    Raises:
        InputError: there is no speech.
    """

    def __init__(self, speech: Sequence[Speech], window: int, augment: bool = True) -> None:
        if not speech:
            raise InputError("There is no speech to learn phones from; check phones.speech.")
        self.window = window
        self.augment = augment
        self._voices: dict[str, list[Speech]] = {}
        for item in speech:
            self._voices.setdefault(item.voice, []).append(item)
        self._names = sorted(self._voices)
        amount = np.array([sum(len(s.labels) for s in self._voices[n]) for n in self._names])
        self._weights = np.sqrt(np.minimum(amount, _LARGEST))
        self._weights /= self._weights.sum()

    def batch(self, rng: np.random.Generator, size: int) -> PhoneBatch:
        """Draw `size` windows."""
        heard, phones = zip(*(self._sample(rng) for _ in range(size)), strict=True)
        return PhoneBatch(torch.from_numpy(np.stack(heard)), torch.from_numpy(np.stack(phones)))

    def _sample(self, rng: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
        voice = self._voices[self._names[rng.choice(len(self._names), p=self._weights)]]
        item = voice[rng.integers(len(voice))]
        speed = float(np.exp(rng.uniform(-_FASTER, _FASTER))) if self.augment else 1.0
        span = self.window * speed
        start = rng.uniform(-0.25 * span, max(len(item.labels) - 0.75 * span, 0))
        instants = start + np.arange(self.window) * speed
        heard, moved = item.heard.draw(instants, rng)
        places = np.rint(instants).astype(int)
        inside = (places >= 0) & (places < len(item.labels))
        phones = np.zeros(self.window, np.int64)
        phones[inside] = item.labels[places[inside]]
        phones[phones == IGNORED] = NO_TARGET
        phones[moved < 0.99] = 0  # there the sound is cut away
        return heard, phones


def whole(item: Speech, form: int) -> PhoneBatch:
    """One utterance in one of its forms."""
    said = item.labels.astype(np.int64)
    said[said == IGNORED] = NO_TARGET
    said[item.heard.moved[form] < 0.99] = 0
    heard = item.heard.rows[form].astype(np.float32)
    return PhoneBatch(torch.from_numpy(heard)[None], torch.from_numpy(said)[None])
