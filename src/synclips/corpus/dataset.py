"""Batches for training: windows of sound with lip motion, and faces with reference frames.

Both datasets hold what `prepare` wrote in memory and draw a batch from nothing but a random
generator, so batch `n` of a run is the same whether or not the run was interrupted. They choose;
sounds are heard in several forms (`heard`), and `augment_batch` changes pictures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.augment_batch import reshape_faces
from synclips.corpus.clips import Clip, clip_key
from synclips.corpus.heard import Heard
from synclips.corpus.prepared import Prepared
from synclips.errors import InputError
from synclips.faces.landmarks import mouth_opening
from synclips.faces.segment import analyse
from synclips.faces.shape import LipShape
from synclips.features.motion import lip_motion
from synclips.features.timing import rows_at
from synclips.render.references import lip_distance

Array = NDArray[np.float32]

_MOST = 15_000  # instants, 5 min; what there is of a person beyond that does not count

UNKNOWN = 0.2
"""Share of windows whose speaker the network is not shown."""


@dataclass(frozen=True, eq=False)
class Utterance:
    """A clip as the motion network sees it: what is heard, motion and validity at 50 Hz."""

    person: str
    corpus: str
    name: str
    heard: Heard
    motion: Array  # (T, K)
    valid: NDArray[np.bool_]  # (T,)

    @property
    def key(self) -> str:
        """As of the `Clip`."""
        return clip_key(self.corpus, self.person, self.name)


@dataclass(frozen=True, eq=False)
class MotionBatch:
    """heard (B, T, D), motion (B, T, K), valid (B, T), shapes (B, R, K), known (B,)."""

    heard: Array
    motion: Array
    valid: NDArray[np.bool_]
    shapes: Array
    known: NDArray[np.bool_]


def utterance(
    prepared: Prepared, heard: Heard, shape: LipShape, late: Fraction = Fraction(0)
) -> Utterance:
    """Lip motion of a prepared clip, resampled to the instants of what is heard of it.

    Args:
        prepared: the clip.
        heard: of its sound.
        shape: the space of lip shapes.
        late: seconds by which the sound is late against the picture, which is taken out.
    """
    times = [time + late for time in prepared.track.times]
    motion, valid = lip_motion(analyse(prepared.track, shape), times, range(len(heard)), shape.size)
    clip = prepared.clip
    return Utterance(clip.person, clip.corpus, clip.name, heard, motion, valid)


class MotionDataset:
    """Draws windows of speech with the speaker's motion.

    Args:
        utterances: what may be drawn.
        window: instants per sample.
        references: lip shapes of the speaker per sample.
        augment: whether to change speed and the size of lips.
        quantity: the power of the amount of speech of a person that says how often they are drawn:
            0 all as often, 1 every second of speech as often.

    Raises:
        InputError: no utterance shows a face for long enough.
    """

    def __init__(
        self,
        utterances: Sequence[Utterance],
        window: int,
        references: int,
        augment: bool = True,
        quantity: float = 0.0,
    ) -> None:
        self.window = window
        self.references = references
        self.augment = augment
        self.people: dict[tuple[str, str], list[Utterance]] = {}
        for item in utterances:
            if item.valid.sum() >= 25:
                self.people.setdefault((item.corpus, item.person), []).append(item)
        if not self.people:
            raise InputError("No clip shows a face for half a second; prepare others.")
        self._keys = sorted(self.people)
        amount = np.array([sum(u.valid.sum() for u in self.people[k]) for k in self._keys])
        self._weights = np.minimum(amount, _MOST) ** quantity
        self._weights /= self._weights.sum()

    def batch(self, rng: np.random.Generator, size: int) -> MotionBatch:
        """Draw `size` windows."""
        samples = [self._sample(rng) for _ in range(size)]
        return MotionBatch(*(np.stack(part) for part in zip(*samples, strict=True)))

    def _sample(self, rng: np.random.Generator) -> tuple[NDArray[Any], ...]:
        key = self.draw_speaker(rng)
        person = self.people[key]
        item = person[rng.integers(len(person))]
        speed = float(np.exp(rng.uniform(-0.18, 0.18))) if self.augment else 1.0
        span = self.window * speed
        start = rng.uniform(-0.25 * span, max(len(item.motion) - 0.75 * span, 0))
        instants = start + np.arange(self.window) * speed
        heard, moved = item.heard.draw(instants, rng)
        motion = rows_at(item.motion, instants) * moved[:, None]
        valid = rows_at(item.valid[:, None].astype(np.float32), instants)[:, 0] > 0.99
        shapes = self.draw_shapes(rng, key)
        known = rng.random() > UNKNOWN
        if self.augment and known:
            gain = other_size(rng)
            motion, shapes = motion * gain, shapes * gain
        return heard, motion, valid, shapes, np.array(known)

    def draw_speaker(self, rng: np.random.Generator) -> tuple[str, str]:
        """One of the keys of `people`."""
        return self._keys[rng.choice(len(self._keys), p=self._weights)]

    def draw_shapes(self, rng: np.random.Generator, key: tuple[str, str]) -> Array:
        """Lip shapes (R, K) of one utterance of a speaker."""
        person = self.people[key]
        item = person[rng.integers(len(person))]
        spoken = item.motion[item.valid]
        shapes: Array = spoken[rng.integers(len(spoken), size=self.references)]
        return shapes


def other_size(rng: np.random.Generator) -> np.float32:
    """What makes a speaker's lips larger or smaller than they are: references alone tell which."""
    return np.float32(np.exp(rng.uniform(-0.35, 0.35)))


@dataclass(frozen=True, eq=False)
class PictureBatch:
    """N faces to draw, and R frames to draw them from, of which the first stands for that to edit.

    Attributes:
        pictures: (B, N + R, S, S, 3), the faces to draw first.
        points: (B, N + R, P, 2) crop pixels.
    """

    pictures: NDArray[np.uint8]
    points: Array


class PictureDataset:
    """Draws frames in a row and reference frames of the same clip, never closer than `gap` frames.

    Raises:
        InputError: no clip has enough crops.
    """

    def __init__(self, clips: Sequence[Clip], folder: Path, stride: int, gap: int = 5) -> None:
        self.gap = -(-gap // stride)
        self.clips: list[tuple[NDArray[np.uint8], Array, Array]] = []
        people: list[str] = []
        for clip in clips:
            file = folder / f"{clip.key}.crops.npz"
            if not file.exists():
                continue
            with np.load(file, allow_pickle=False) as data:
                points = data["points"]
                if len(points) > 4 * self.gap:
                    self.clips.append((data["images"], points, mouth_opening(points)))
                    people.append(f"{clip.corpus}/{clip.person}")
        if not people:
            raise InputError(
                f"{folder} has no crops, or too few of every clip; run stage crops, with clips that"
                " show a face for longer."
            )
        names, counts = np.unique(people, return_counts=True)
        share = dict(zip(names.tolist(), (1 / np.sqrt(counts)).tolist(), strict=True))
        self._weights = np.array([share[person] for person in people])
        self._weights /= self._weights.sum()

    def __len__(self) -> int:
        return sum(len(clip[0]) for clip in self.clips)

    def batch(
        self,
        rng: np.random.Generator,
        size: int,
        references: int = 3,
        augment: bool = True,
        moments: int = 1,
    ) -> PictureBatch:
        """Draw `size` samples.

        Args:
            rng: the only source of chance.
            size: B.
            references: R.
            augment: whether faces are mirrored, turned and made wider or longer.
            moments: N, at most twice `gap`, so that every clip has frames far enough from all.
        """
        samples = [self._sample(rng, references, moments) for _ in range(size)]
        pictures = np.stack([image for image, _ in samples])
        points = np.stack([place for _, place in samples])
        if augment:
            pictures, points = reshape_faces(pictures, points, rng)
        return PictureBatch(pictures, points)

    def _sample(
        self, rng: np.random.Generator, references: int, moments: int
    ) -> tuple[NDArray[np.uint8], Array]:
        images, points, opening = self.clips[rng.choice(len(self.clips), p=self._weights)]
        count = len(images)
        target = int(rng.integers(count - moments + 1))
        after = np.arange(count) - target
        allowed = np.flatnonzero((after <= -self.gap) | (after - moments + 1 >= self.gap))
        edit = int(rng.choice(allowed))
        bank = rng.choice(allowed, size=min(len(allowed), int(rng.integers(6, 25))), replace=False)
        if rng.random() < 0.2:
            # A portrait: nothing but (nearly) closed mouths to draw from.
            shut = allowed[opening[allowed] <= np.quantile(opening[allowed], 0.3)]
            edit = int(rng.choice(shut))
            bank = rng.choice(shut, size=references - 1)
        order = bank[np.argsort(lip_distance(points[bank], points[target]))]
        targets = range(target, target + moments)
        chosen = [*targets, edit, *np.resize(order, references - 1)]
        return images[chosen], points[chosen]
