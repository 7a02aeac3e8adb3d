"""Windows of speech that nobody was filmed saying, with the lips that its phones lead to expect.

Synthesisers speak in many voices and languages, and say when each phone is spoken. Each window is
given to one of the filmed speakers, with the visemes in that speaker's manner.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.dataset import UNKNOWN, MotionBatch, MotionDataset, other_size
from synclips.corpus.phone_dataset import NO_TARGET, PhoneDataset
from synclips.corpus.phone_set import BILABIALS, IGNORED
from synclips.corpus.visemes import Visemes, manner_of

Array = NDArray[np.float32]

# Percent of a person's instants in which the lips are together.
_SHUT = 5


@dataclass(frozen=True, eq=False)
class VisemeBatch(MotionBatch):
    """Expected instead of seen lips, `valid` where the phones are known.

    Attributes:
        closed: (B, T) where the lips must be together.
        shut: (B,) the mouth opening with the lips together, eye distances from rest.
    """

    closed: NDArray[np.bool_]
    shut: Array


@dataclass(frozen=True, eq=False)
class _Manner:
    """How a speaker's lips are on average (K,), how far they go (K,), and how they are shut."""

    mean: Array
    deviation: Array
    shut: float


class VisemeDataset:
    """Draws windows like those of a `MotionDataset`.

    Args:
        phones: what is heard, in windows as long as those of `speakers`.
        speakers: who says it.
        visemes: how phones look.
        opening: (K,) effect of a lip coefficient on the mouth opening, in eye distances.
        stretch: by how much visemes, which are means, are exaggerated.
    """

    def __init__(
        self,
        phones: PhoneDataset,
        speakers: MotionDataset,
        visemes: Visemes,
        opening: Array,
        stretch: float = 1.0,
    ) -> None:
        self.phones = phones
        self.speakers = speakers
        self.visemes = visemes
        self.stretch = np.float32(stretch)
        seen = {
            key: np.concatenate([item.motion[item.valid] for item in items])
            for key, items in speakers.people.items()
        }
        self._manners = {
            key: _Manner(*manner_of(lips), float(np.percentile(lips @ opening, _SHUT)))
            for key, lips in seen.items()
        }
        size = len(opening)
        shut = float(np.mean([manner.shut for manner in self._manners.values()]))
        # Lip shapes are counted so that this is everybody's mean.
        self._anybody = _Manner(np.zeros(size, np.float32), np.ones(size, np.float32), shut)

    def batch(self, rng: np.random.Generator, size: int) -> VisemeBatch:
        """Draw `size` windows."""
        heard = self.phones.batch(rng, size)
        said = heard.phones.numpy()
        labels = np.where(said == NO_TARGET, IGNORED, said)
        motion, valid, shapes, known, shut = [], [], [], [], []
        for window in labels:
            lips, certain = self.visemes.expected(window)
            key = self.speakers.draw_speaker(rng)
            references = self.speakers.draw_shapes(rng, key)
            told = rng.random() > UNKNOWN
            manner = self._manners[key] if told else self._anybody
            gain = other_size(rng) if told else np.float32(1)
            motion.append(gain * (manner.mean + self.stretch * manner.deviation * lips))
            shapes.append(gain * references)
            valid.append(certain)
            known.append(told)
            shut.append(gain * manner.shut)
        return VisemeBatch(
            heard=heard.heard.numpy(),
            motion=np.stack(motion),
            valid=np.stack(valid),
            shapes=np.stack(shapes),
            known=np.array(known),
            closed=np.isin(labels, BILABIALS),
            shut=np.array(shut, np.float32),
        )
