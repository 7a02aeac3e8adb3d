"""Windows of a prepared corpus: some frames of a person, the sound of the same moment, and more.

For networks that see pictures and hear at once (`grid-gan`, `wav2lip`, SyncNet). Everything is
held in memory and a batch is drawn from nothing but a random generator, so batch `n` of a run is
the same whether or not the run was interrupted. What is drawn is changed by `augment_sound` and
`augment_picture`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.corpus.augment_picture import PictureAugmentation, augment_run
from synclips.corpus.augment_sound import WaveAugmentation, augment_wave
from synclips.corpus.lossy_codec import check_codecs
from synclips.corpus.manifest import Entry, Manifest
from synclips.corpus.prepared import load_clip
from synclips.errors import InputError
from synclips.features.loudness import fade_to_silence, speech_activity
from synclips.features.mel import LogMel
from synclips.features.mfcc import mfcc, silent_frame
from synclips.features.timing import (
    GRID_FRAME_RATE,
    MEL_PER_GRID_FRAME,
    MOTION_RATE,
    SAMPLE_RATE,
    exact_div,
)

Array = NDArray[np.float32]

SAMPLES_PER_FRAME = exact_div(SAMPLE_RATE, GRID_FRAME_RATE)

INSTANTS_PER_FRAME = exact_div(MOTION_RATE, GRID_FRAME_RATE)

GAP = 5
"""Frames that at least lie between a window and its reference frames."""

_MARGIN = 2  # frames of sound to either side, so that windows of analysis are never cut


@dataclass(frozen=True)
class WindowSpec:
    """What a sample consists of.

    Attributes:
        frames: consecutive frames T.
        size: side S of the pictures.
        references: consecutive frames R of the same clip, at least `GAP` frames away; may be 0.
        region: which crops are shown, `lips` or `face`. Faces of 96 pixels take 2 MB of memory a
            clip of three seconds.
    """

    frames: int = 15
    size: int = 32
    references: int = 8
    region: Literal["lips", "face"] = "lips"


@dataclass(frozen=True, eq=False)
class WindowBatch:
    """B windows; frame t and mel frame 4 t describe the same instant.

    The sound of another window of the batch is a swapped negative, that of other frames of the
    same window a shifted one.

    Attributes:
        pictures: (B, T, 3, S, S) in [0, 1].
        references: (B, R, 3, S, S).
        mel: (B, 4 T, n_mels).
        mfcc: (B, 4 T, 13).
        spoken: (B, T) bool, where somebody speaks.
        words: (B, T) index into `WindowDataset.vocabulary`, 0 between words.
        coefficients: (B, T, K) lip shape.
        reference_coefficients: (B, R, K).
    """

    pictures: Tensor
    references: Tensor
    mel: Tensor
    mfcc: Tensor
    spoken: Tensor
    words: Tensor
    coefficients: Tensor
    reference_coefficients: Tensor


@dataclass(frozen=True, eq=False)
class _Clip:
    entry: Entry
    sound: Array
    pictures: NDArray[np.uint8]
    points: Array
    coefficients: Array
    active: Array  # at MOTION_RATE
    words: NDArray[np.int64]
    runs: NDArray[np.intp]  # where windows begin whose frames all show a face
    starts: NDArray[np.intp]  # those of them that have references
    reference_starts: NDArray[np.intp]


class WindowDataset:
    """Draws windows, people weighing by the square root of what there is of them.

    Args:
        folder: of a prepared corpus.
        manifest: of it.
        entries: the clips that may be drawn.
        spec: what a sample consists of.
        vocabulary: the words by index, "" (none) first; words it lacks count as none.
        sound, picture: augmentation; None changes nothing.
        gated: share of windows whose cepstra are those of silence where nobody speaks, as they are
            when `grid-gan` is used.

    Raises:
        InputError: a clip cannot be read, or none is long enough for a window.
        ConfigError: sound is to go through codecs, and one is missing.
    """

    def __init__(
        self,
        folder: Path,
        manifest: Manifest,
        entries: Sequence[Entry],
        spec: WindowSpec,
        vocabulary: Sequence[str] = ("",),
        sound: WaveAugmentation | None = None,
        picture: PictureAugmentation | None = None,
        gated: float = 0.0,
    ) -> None:
        self.spec = spec
        self.vocabulary = tuple(vocabulary)
        self.analysis = manifest.preparation
        self.sound = sound
        self.picture = picture
        self.gated = gated
        if sound is not None and sound.codec_probability > 0:
            check_codecs()
        index = {word: number for number, word in enumerate(vocabulary)}
        loaded = (self._load(folder, entry, index) for entry in entries)
        self._clips = [clip for clip in loaded if len(clip.starts)]
        if not self._clips:
            more = f" and {spec.references} others {GAP} frames away" if spec.references else ""
            raise InputError(
                f"{folder} has no clip with {spec.frames} frames of a face in a row{more} among the"
                f" {len(entries)} asked for; prepare more clips."
            )
        people = [clip.entry.person for clip in self._clips]
        names, counts = np.unique(people, return_counts=True)
        share = dict(zip(names.tolist(), (1 / np.sqrt(counts)).tolist(), strict=True))
        self._weights = np.array([share[person] for person in people])
        self._weights /= self._weights.sum()

    def __len__(self) -> int:
        return len(self._clips)

    def _load(self, folder: Path, entry: Entry, index: dict[str, int]) -> _Clip:
        if self.spec.region == "face":
            data = load_clip(folder, entry, faces=self.spec.size)
            pictures, points = data.faces, data.face_points
        else:
            data = load_clip(folder, entry, lips=self.spec.size)
            pictures, points = data.lips, data.lip_points
        assert pictures is not None
        words = np.zeros(len(data.valid), np.int64)
        for word in entry.words:
            words[word.first : word.stop] = index.get(word.text, 0)
        heard = len(data.sound) // SAMPLES_PER_FRAME
        valid = data.valid & (np.arange(len(data.valid)) < heard)
        runs = starts = _starts(valid, self.spec.frames)
        there = _starts(data.valid, self.spec.references)
        if self.spec.references:
            kept = [len(self._away(there, int(first))) > 0 for first in runs]
            starts = runs[np.array(kept, bool)]
        return _Clip(
            entry,
            data.sound,
            pictures,
            points,
            data.coefficients,
            _activity(data.sound, len(valid)),
            words,
            runs,
            starts,
            there,
        )

    def batch(self, rng: np.random.Generator, size: int) -> WindowBatch:
        """Draw `size` windows."""
        chosen = rng.choice(len(self._clips), size=size, p=self._weights)
        samples = [self._sample(self._clips[number], rng) for number in chosen]
        return _stack(samples)

    def windows(self, number: int, stride: int) -> WindowBatch:
        """All windows of a clip, unchanged, every `stride` frames."""
        clip = self._clips[number]
        return _stack([self._cut(clip, int(first), None) for first in clip.starts[::stride]])

    def longest(self, number: int) -> WindowBatch:
        """One window, unchanged and without references: all a clip has without a gap."""
        clip = self._clips[number]
        breaks = np.flatnonzero(np.diff(clip.runs) > 1) + 1
        run = max(np.split(clip.runs, breaks), key=len)
        return _stack([self._cut(clip, int(run[0]), None, len(run) - 1 + self.spec.frames, 0)])

    def entry(self, number: int) -> Entry:
        """The manifest's row of a clip."""
        return self._clips[number].entry

    def _sample(self, clip: _Clip, rng: np.random.Generator) -> tuple[Tensor, ...]:
        return self._cut(clip, int(rng.choice(clip.starts)), rng)

    def _cut(
        self,
        clip: _Clip,
        first: int,
        rng: np.random.Generator | None,
        count: int = 0,
        references: int = -1,
    ) -> tuple[Tensor, ...]:
        count = count or self.spec.frames
        references = self.spec.references if references < 0 else references
        here = np.arange(first, first + count)
        there = np.arange(references)
        if references:
            there = there + self._reference(clip, first, rng)
        frames = np.concatenate([here, there])
        pictures = clip.pictures[frames].astype(np.float32) / 255
        if rng is not None and self.picture is not None:
            pictures, _ = augment_run(pictures, clip.points[frames], self.picture, rng)
        mel, cepstra = self._hear(clip, first, count, rng)
        seen = torch.from_numpy(pictures).permute(0, 3, 1, 2)
        return (
            seen[:count],
            seen[count:],
            torch.from_numpy(mel),
            torch.from_numpy(cepstra),
            torch.from_numpy(clip.active[INSTANTS_PER_FRAME * here] > 0.5),
            torch.from_numpy(clip.words[here]),
            torch.from_numpy(clip.coefficients[here]),
            torch.from_numpy(clip.coefficients[there]),
        )

    def _reference(self, clip: _Clip, first: int, rng: np.random.Generator | None) -> int:
        """Where the reference frames begin, away from the window."""
        away = self._away(clip.reference_starts, first)
        return int(away[0] if rng is None else rng.choice(away))

    def _away(self, starts: NDArray[np.intp], first: int) -> NDArray[np.intp]:
        """Those of the places where reference frames can begin that are away from a window."""
        before = first - GAP - self.spec.references
        after = first + self.spec.frames - 1 + GAP
        return starts[(starts <= before + 1) | (starts >= after)]

    def _hear(
        self, clip: _Clip, first: int, count: int, rng: np.random.Generator | None
    ) -> tuple[Array, Array]:
        begin = (first - _MARGIN) * SAMPLES_PER_FRAME
        end = (first + count + _MARGIN) * SAMPLES_PER_FRAME
        span = np.zeros(end - begin, np.float32)
        inside = clip.sound[max(begin, 0) : end]
        span[max(-begin, 0) : max(-begin, 0) + len(inside)] = inside
        if rng is not None and self.sound is not None:
            span = augment_wave(span, self.sound, rng)
        kept = slice(_MARGIN * MEL_PER_GRID_FRAME, (_MARGIN + count) * MEL_PER_GRID_FRAME)
        cepstra = mfcc(span, self.analysis.mfcc)[kept]
        if rng is not None and rng.random() < self.gated:
            active = clip.active[INSTANTS_PER_FRAME * first :]
            cepstra = fade_to_silence(cepstra, active, silent_frame(self.analysis.mfcc))
        return LogMel(span, self.analysis.mel)[kept], cepstra


def vocabulary(entries: Sequence[Entry]) -> tuple[str, ...]:
    """All words of some clips in order, after "" for none."""
    return ("", *sorted({word.text for entry in entries for word in entry.words}))


def _activity(sound: Array, frames: int) -> Array:
    """Share of speech at `MOTION_RATE` for some video frames; nobody speaks after the end."""
    active = speech_activity(sound)[: INSTANTS_PER_FRAME * frames]
    return np.pad(active, (0, INSTANTS_PER_FRAME * frames - len(active)))


def _starts(valid: NDArray[np.bool_], length: int) -> NDArray[np.intp]:
    """Where runs of `length` valid frames begin."""
    if length == 0 or len(valid) < length:
        return np.arange(0)
    count = np.convolve(valid.astype(int), np.ones(length, int), "valid")
    return np.flatnonzero(count == length)


def _stack(samples: Sequence[tuple[Tensor, ...]]) -> WindowBatch:
    return WindowBatch(*(torch.stack(part) for part in zip(*samples, strict=True)))
