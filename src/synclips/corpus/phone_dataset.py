"""Windows of speech with the phone of every instant, changed in voice, room, noise and speed.

Everything is held in memory and a batch is drawn from nothing but a random generator. Half of the
windows (or another share) are changed as waveform, which is dear, and all as log-mel, which is
cheap; see `augment_sound` and `augment_mel`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.corpus.augment_mel import SoundAugmentation, augment_sound
from synclips.corpus.augment_sound import WaveAugmentation, augment_wave
from synclips.corpus.phone_files import FULL_SCALE, Speech
from synclips.corpus.phone_set import IGNORED
from synclips.errors import InputError
from synclips.features.mel import MelSpec, log_mel
from synclips.features.timing import MEL_PER_MOTION, SAMPLES_PER_MOTION, rows_at

Array = NDArray[np.float32]

NO_TARGET = -100
"""Where no phone is known; what `cross_entropy` passes over."""

_MARGIN = 4  # instants heard beyond a window, so that analysis and filters are not cut
_FASTER = 0.18  # logarithm of the largest change of speed
_LARGEST = 15_000  # instants of a voice beyond which more of it does not count


@dataclass(frozen=True, eq=False)
class PhoneBatch:
    """mel (B, 2 T, n_mels) float32 and the class of every instant, (B, T) int64."""

    mel: Tensor
    phones: Tensor


class PhoneDataset:
    """Draws windows, a voice weighing by the square root of what there is of it.

    Args:
        speech: what may be drawn.
        spec: analysis of the sound.
        window: instants per sample.
        augmentation: how log-mel is changed.
        wave: how waveforms are changed.
        wave_share: share of windows whose waveform is.

    Raises:
        InputError: there is no speech.
    """

    def __init__(
        self,
        speech: Sequence[Speech],
        spec: MelSpec,
        window: int,
        augmentation: SoundAugmentation | None = None,
        wave: WaveAugmentation | None = None,
        wave_share: float = 0.5,
    ) -> None:
        if not speech:
            raise InputError("There is no speech to learn phones from; check phones.speech.")
        self.spec = spec
        self.window = window
        self.augmentation = augmentation
        self.wave = wave
        self.wave_share = wave_share if wave is not None else 0.0
        self._voices: dict[str, list[Speech]] = {}
        for item in speech:
            self._voices.setdefault(item.voice, []).append(item)
        self._names = sorted(self._voices)
        self._mels = {id(item): _mel(item.sound, spec) for item in speech}
        amount = np.array([sum(len(s.labels) for s in self._voices[n]) for n in self._names])
        self._weights = np.sqrt(np.minimum(amount, _LARGEST))
        self._weights /= self._weights.sum()

    def batch(self, rng: np.random.Generator, size: int) -> PhoneBatch:
        """Draw `size` windows."""
        samples = [self._sample(rng) for _ in range(size)]
        mel = np.stack([heard for heard, _ in samples])
        phones = np.stack([said for _, said in samples])
        if self.augmentation is not None:
            # What the change does to a motion of ones says where sound was cut away.
            ones = np.ones((*phones.shape, 1), np.float32)
            mel, left = augment_sound(mel, ones, self.spec, self.augmentation, rng)
            phones[left[..., 0] < 0.99] = 0
        return PhoneBatch(torch.from_numpy(mel), torch.from_numpy(phones))

    def _sample(self, rng: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
        voice = self._voices[self._names[rng.choice(len(self._names), p=self._weights)]]
        item = voice[rng.integers(len(voice))]
        changed = self.augmentation is not None
        speed = float(np.exp(rng.uniform(-_FASTER, _FASTER))) if changed else 1.0
        span = self.window * speed
        start = rng.uniform(-0.25 * span, max(len(item.labels) - 0.75 * span, 0))
        halves = start * MEL_PER_MOTION + np.arange(self.window * MEL_PER_MOTION) * speed
        if rng.random() < self.wave_share:
            mel = self._changed(item, halves, rng)
        else:
            mel = rows_at(self._mels[id(item)], halves, self.spec.silence)
        places = np.rint(start + np.arange(self.window) * speed).astype(int)
        inside = (places >= 0) & (places < len(item.labels))
        phones = np.zeros(self.window, np.int64)
        phones[inside] = item.labels[places[inside]]
        phones[phones == IGNORED] = NO_TARGET
        return mel, phones

    def _changed(
        self, item: Speech, halves: NDArray[np.floating], rng: np.random.Generator
    ) -> Array:
        """Rows of the log-mel of a changed waveform, which may begin before it and end after it."""
        assert self.wave is not None
        first = int(halves[0] // MEL_PER_MOTION) - _MARGIN
        last = int(halves[-1] // MEL_PER_MOTION) + 1 + _MARGIN
        sound = np.zeros((last - first) * SAMPLES_PER_MOTION, np.float32)
        begin = first * SAMPLES_PER_MOTION
        part = item.sound[max(begin, 0) : max(last * SAMPLES_PER_MOTION, 0)]
        at = max(-begin, 0)
        sound[at : at + len(part)] = part / np.float32(FULL_SCALE)
        mel = log_mel(augment_wave(sound, self.wave, rng), self.spec)
        return rows_at(mel, halves - first * MEL_PER_MOTION, self.spec.silence)


def whole(item: Speech, spec: MelSpec) -> PhoneBatch:
    """One utterance, unchanged."""
    said = item.labels.astype(np.int64)
    said[said == IGNORED] = NO_TARGET
    mel = _mel(item.sound, spec)
    return PhoneBatch(torch.from_numpy(mel)[None], torch.from_numpy(said)[None])


def _mel(sound: NDArray[np.int16], spec: MelSpec) -> Array:
    return log_mel(sound.astype(np.float32) / np.float32(FULL_SCALE), spec)
