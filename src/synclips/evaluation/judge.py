"""The sync error: how far picture and sound are apart, to the ear of a network that knows both.

A judge looks at a video and listens to a sound, window by window, and says by how many frames one
has to be moved to fit the other, and how sure it is of it (Chung and Zisserman 2016, Out of time:
automated lip sync in the wild). Knows how a file is shown to the network. Does not know how the
network was trained; it must not be the one that a judged model learnt from.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.evaluation.tracked import Tracked
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.features.loudness import normalise_loudness
from synclips.features.mel import MelSpec, log_mel
from synclips.features.timing import GRID_FRAME_RATE, MEL_PER_GRID_FRAME, SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.video import VideoReader
from synclips.models.syncnet import WINDOW
from synclips.render.view import view

MAX_SHIFT = 15
"""Frames at 25 Hz by which picture and sound are moved against each other, either way."""

MIN_WINDOWS = 5
"""Pairs of windows; a mean distance over fewer says nothing."""

_WINDOW_MEL = WINDOW * MEL_PER_GRID_FRAME
_AT_ONCE = 256  # windows that go through the network together

Curve = NDArray[np.float64]


@dataclass(frozen=True)
class SyncScore:
    """What a judge says of a video; NaN where it cannot say anything.

    Attributes:
        offset: Frames at 25 Hz by which the picture is late against the sound.
        distance: Mean distance of picture and sound at that offset, 1 - cosine: 0 to 2.
        confidence: Median of the distances at all offsets minus that distance.
    """

    offset: float = math.nan
    distance: float = math.nan
    confidence: float = math.nan


class Judge(Protocol):
    """Who says how well picture and sound fit."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    def offset(self, video: Tracked, sound: Path | None = None) -> SyncScore:
        """How far the picture of a video is from a sound; its own if none is given."""
        ...


@dataclass(frozen=True)
class NoJudge:
    """Says nothing, and why."""

    reason: str

    @property
    def name(self) -> str:
        """The reason, for the report."""
        return f"none, sync is not judged ({self.reason})"

    def offset(self, video: Tracked, sound: Path | None = None) -> SyncScore:
        """Nothing."""
        return SyncScore()


class Towers(Protocol):
    """The two halves of a SyncNet, see `synclips.models.syncnet`.

    Window k covers frames k..k + 14 and mel frames 4 k..4 k + 59; embeddings have length 1.
    """

    def mouth(self, lips: Tensor) -> Tensor:
        """(B, 1, T, S, S) grey aligned lips, 0 to 1, at 25 Hz -> (B, T - 14, D)."""
        ...

    def sound(self, mel: Tensor) -> Tensor:
        """(B, F, n_mels) log-mel at 100 Hz -> (B, (F - 60) // 4 + 1, D)."""
        ...


@dataclass(frozen=True, eq=False)
class SyncNetJudge:
    """A SyncNet and what it has to be shown.

    Attributes:
        name: What the report calls it.
        network: In evaluation mode.
        mel: How sounds are analysed.
        lips: How lips are cropped.
        size: Side of the pictures that the network sees, pixels, at most that of the crops.
        shape: Shape space by which they are aligned.
        device: Where the network is.
    """

    name: str
    network: Towers
    mel: MelSpec
    lips: CropSpec
    size: int
    shape: LipShape
    device: torch.device = torch.device("cpu")

    def offset(self, video: Tracked, sound: Path | None = None) -> SyncScore:
        """How far the picture of a video is from a sound.

        Args:
            video: A tracked file.
            sound: From the first frame on; by default the video's own.

        Returns:
            The offset in -15..15 with the smallest mean distance; all NaN if too few windows
            show a face and lie within the sound.

        Raises:
            InputError: If a file cannot be read or the video has no sound of its own.
        """
        return read_curve(self.distances(video, sound))

    def distances(self, video: Tracked, sound: Path | None = None) -> Curve:
        """(31,) mean distance of picture and sound at the offsets -15..15; arguments as above."""
        start = Fraction(0)
        if sound is None:
            sound, start = video.path, VideoReader(video.path).info.start
        heard = self._hear(read_mono(sound, SAMPLE_RATE, start))
        total = np.zeros(2 * MAX_SHIFT + 1)
        count = np.zeros(2 * MAX_SHIFT + 1, int)
        for first, seen in self._watch(video):
            add_distances(seen, heard, first, total, count)
        known = count >= MIN_WINDOWS
        return np.where(known, total / np.maximum(count, 1), np.nan)

    def _hear(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """(M, D) embeddings of all windows of a sound."""
        mel = log_mel(normalise_loudness(samples, SAMPLE_RATE)[0], self.mel)
        windows = max(0, (len(mel) - _WINDOW_MEL) // MEL_PER_GRID_FRAME + 1)
        parts = [np.empty((0, 0), np.float32)]
        for first in range(0, windows, _AT_ONCE):
            last = min(first + _AT_ONCE, windows) - 1
            part = mel[MEL_PER_GRID_FRAME * first : MEL_PER_GRID_FRAME * last + _WINDOW_MEL]
            parts.append(self._ask(self.network.sound, torch.from_numpy(part)[None]))
        return np.concatenate(parts[1:]) if windows else parts[0]

    def _watch(self, video: Tracked) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Number of the first window and (n, D) embeddings, of all windows that show a face."""
        lips: list[NDArray[np.float32]] = []
        due = (0, 0)
        for index, shot, picture in _lips(video, self.shape, self.lips, self.size):
            follows = (index, shot) == due
            if not follows or len(lips) == _AT_ONCE + WINDOW - 1:
                yield from self._see(lips, due[0])
                # A full stretch goes on with the frames of the windows that it has begun.
                lips = lips[1 - WINDOW :] if follows else []
            lips.append(picture)
            due = (index + 1, shot)
        yield from self._see(lips, due[0])

    def _see(
        self, lips: list[NDArray[np.float32]], end: int
    ) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """The windows of pictures that follow each other up to, not including, instant `end`."""
        if len(lips) >= WINDOW:
            pictures = torch.from_numpy(np.stack(lips))[None, None]
            yield end - len(lips), self._ask(self.network.mouth, pictures)

    @torch.inference_mode()
    def _ask(self, tower: Callable[[Tensor], Tensor], values: Tensor) -> NDArray[np.float32]:
        embedding: NDArray[np.float32] = tower(values.to(self.device))[0].float().cpu().numpy()
        return embedding


def add_distances(
    seen: NDArray[np.float32],
    heard: NDArray[np.float32],
    first: int,
    total: Curve,
    count: NDArray[np.int_],
) -> None:
    """Add the distances of windows that stand together at each shift to running sums.

    Args:
        seen: (n, D) embeddings of the windows from `first` on.
        heard: (M, D) embeddings of all windows of the sound.
        first: Number of the first window seen.
        total: (2 S + 1,) sums for the shifts -S..S, changed; where the picture is late by s, its
            window k belongs to window k - s of the sound.
        count: (2 S + 1,) how many windows are in each sum, changed.
    """
    numbers = first + np.arange(len(seen))
    reach = len(total) // 2
    for place, shift in enumerate(range(-reach, reach + 1)):
        there = numbers - shift
        inside = (there >= 0) & (there < len(heard))
        cosine = (seen[inside] * heard[there[inside]]).sum(axis=1, dtype=np.float64)
        total[place] += float((1 - cosine).sum())
        count[place] += int(inside.sum())


def read_curve(distances: Curve) -> SyncScore:
    """Offset, distance and confidence from mean distances at the shifts -S..S, NaN if unknown.

    Of two equal minima the smaller shift counts. Without a value at shift 0 nothing is known.
    """
    reach = len(distances) // 2
    if not np.isfinite(distances[reach]):
        return SyncScore()
    shifts = np.arange(-reach, reach + 1)
    nearest_first = np.argsort(np.abs(shifts), kind="stable")
    best = nearest_first[int(np.nanargmin(distances[nearest_first]))]
    least = float(distances[best])
    return SyncScore(float(shifts[best]), least, float(np.nanmedian(distances)) - least)


def _lips(
    video: Tracked, shape: LipShape, spec: CropSpec, size: int
) -> Iterator[tuple[int, int, NDArray[np.float32]]]:
    """Number of the instant at 25 Hz, of the shot, and (S, S) grey from 0 to 1, of every face.

    The pictures are made as those of a prepared corpus: cropped, reduced by area, mean of colours.
    """
    to_image = video.crops(shape, spec)
    starts = [run.start for run in video.track.runs]
    count = int(video.track.times[-1] * GRID_FRAME_RATE) + 1
    instants = (index / GRID_FRAME_RATE for index in range(count))
    for index, frame in enumerate(video.frames_at(instants)):
        affine = to_image.get(frame.index)
        if affine is not None:
            crop = view(frame.image, affine, spec.size)
            small = cv2.resize(crop, (size, size), interpolation=cv2.INTER_AREA)
            grey = small.mean(axis=2, dtype=np.float32) / 255
            yield index, bisect_right(starts, frame.index), grey
