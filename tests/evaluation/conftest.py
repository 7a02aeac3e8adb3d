"""A talking head in one grey patch: its brightness says how far the mouth is open.

A tracker reads the patch, a system paints it, and sounds are as loud as the mouth is open. So the
whole evaluation runs in milliseconds, with outputs whose quality is known.
"""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.faces.landmarks import (
    CHEEK_SLOTS,
    EYE_CORNERS,
    INNER,
    INNER_LOWER,
    JAW_SLOTS,
    KEPT,
    MOUTH,
    OUTER,
    RIGID_SLOTS,
)
from synclips.faces.shape import LipShape
from synclips.media.audio import read_mono, write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter

SIZE = 96  # pixels
EYE_DISTANCE = 32.0  # pixels
CENTRE = np.array([48.0, 32.0, 0.0], np.float32)
PATCH = (slice(0, 16), slice(0, 16))
WIDEST = 0.25  # eye distances
RATE = 16_000

Curve = NDArray[np.float64]


def _template() -> NDArray[np.float32]:
    rng = np.random.default_rng(7)
    face = np.zeros((len(KEPT), 3))
    face[RIGID_SLOTS] = rng.uniform([-0.6, -0.5, -0.3], [0.6, 0.4, 0.3], (len(RIGID_SLOTS), 3))
    face[CHEEK_SLOTS] = rng.uniform([-0.6, 0.3, -0.1], [0.6, 0.6, 0.1], (len(CHEEK_SLOTS), 3))
    face[JAW_SLOTS] = rng.uniform([-0.7, 0.8, -0.1], [0.7, 1.4, 0.1], (len(JAW_SLOTS), 3))
    face[MOUTH[40:-17]] = rng.uniform([-0.4, 0.7, -0.1], [0.4, 1.2, 0.1], (35, 3))
    face[EYE_CORNERS] = [[-0.5, 0, 0], [0.5, 0, 0]]
    # Both outlines run from the left corner over the upper lip to the right and back below.
    angle = np.pi + 2 * np.pi * np.arange(20) / 20
    face[OUTER] = np.stack([0.3 * np.cos(angle), 0.9 + 0.12 * np.sin(angle), 0 * angle], axis=1)
    face[INNER] = np.stack([0.24 * np.cos(angle), np.full(20, 0.9), 0 * angle], axis=1)
    return face.astype(np.float32)


class PatchTracker:
    """Finds the face whose mouth is as open as the patch is bright; none where it is black."""

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        level = float(image[PATCH][4:-4, 4:-4].mean())
        if level < 16:
            return None
        face = _template()
        face[INNER_LOWER, 1] += max(level - 40, 0) / 160 * WIDEST
        return face * EYE_DISTANCE + CENTRE

    def close(self) -> None:
        pass


def _paint(image: NDArray[np.uint8], opening: float) -> NDArray[np.uint8]:
    """The picture with its mouth this far open, in eye distances; below zero without a face."""
    painted = image.copy()
    painted[PATCH] = 0 if opening < 0 else round(40 + 160 * opening / WIDEST)
    return painted


def _background() -> NDArray[np.uint8]:
    """Detail that codecs keep: coarse noise."""
    noise = np.random.default_rng(3).integers(60, 200, (SIZE // 2, SIZE // 2), np.uint8)
    grey = cv2.resize(noise, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    return np.repeat(grey[..., None], 3, axis=2)


def _write_clip(
    path: Path,
    opening: Callable[[float], float],
    seconds: float = 2.0,
    rate: Fraction | int = 25,
    late: float = 0.0,
) -> Path:
    """A clip whose mouth opens by a function of time and whose sound is as loud, or late."""
    rate = Fraction(rate)
    at = np.arange(round(seconds * RATE)) / RATE
    loud = np.array([max(opening(t - late), 0) for t in at[::160]]).repeat(160)[: len(at)]
    tone = (loud / WIDEST * 0.5 * np.sin(2 * np.pi * 400 * at)).astype(np.float32)
    sound = path.with_suffix(".tone.wav")
    write_sound(sound, tone, RATE)
    background = _background()
    with VideoWriter(
        path, width=SIZE, height=SIZE, frame_rate=rate, time_base=1 / rate, sound=sound, crf=6
    ) as writer:
        for index in range(int(seconds * rate)):
            writer.write(_paint(background, opening(float(index / rate))), index / rate)
    sound.unlink()
    return path


def _syllables(seed: int) -> Callable[[float], float]:
    """An opening that rises and falls irregularly, at rest in the last half second of each two."""
    starts = np.cumsum(np.random.default_rng(seed).uniform(0.15, 0.4, 40)) - 0.2

    def opening(time: float) -> float:
        within = starts[starts <= time]
        if len(within) == 0 or time % 2 > 1.5:
            return 0.0
        return float(0.2 * np.sin(np.pi * min((time - within[-1]) / 0.15, 1)))

    return opening


class LoudnessSystem:
    """A lip-sync that opens the mouth as far as the sound is loud, and may blur the picture."""

    name = "loudness"

    def __init__(self, shape: LipShape, blur: float = 0.0) -> None:
        self.shape = shape
        self.blur = blur
        self.calls: list[tuple[str, str]] = []

    def sync(
        self, video: Path, sound: Path, output: Path, progress: Callable[..., None] | None = None
    ) -> object:
        self.calls.append((video.name, sound.name))
        reader = VideoReader(video)
        samples = read_mono(sound, RATE)
        info = reader.info
        with VideoWriter(
            output,
            width=info.width,
            height=info.height,
            frame_rate=info.frame_rate,
            time_base=info.time_base,
            sound=sound,
        ) as writer:
            for frame in reader.frames():
                at = round(float(frame.time) * RATE)
                if at >= len(samples):
                    break
                # A window of two periods of the tone measures its level at this instant.
                near = samples[max(at - 40, 0) : at + 40]
                opening = float(np.sqrt(2 * np.mean(near**2))) / 0.5 * WIDEST
                image = frame.image
                if self.blur:
                    image = np.asarray(cv2.GaussianBlur(image, (0, 0), self.blur), np.uint8)
                writer.write(_paint(image, min(opening, WIDEST)), frame.time)
        return None


@pytest.fixture
def shape() -> LipShape:
    """A shape space that knows one motion: the lower inner lip goes down."""
    template = _template()
    basis = np.zeros((1, len(MOUTH), 3), np.float32)
    lower = np.flatnonzero(np.isin(MOUTH, INNER_LOWER))
    basis[0, lower, 1] = 1 / np.sqrt(len(lower))
    return LipShape(template, basis, np.array([0.2], np.float32))


@pytest.fixture
def tracker() -> type[PatchTracker]:
    """Makes trackers."""
    return PatchTracker


@pytest.fixture
def system(shape: LipShape) -> LoudnessSystem:
    """A good lip-sync."""
    return LoudnessSystem(shape)


@pytest.fixture
def blurring_system(shape: LipShape) -> LoudnessSystem:
    """The same, but its pictures are soft."""
    return LoudnessSystem(shape, blur=1.5)


@pytest.fixture
def write_clip() -> Callable[..., Path]:
    """Write a clip."""
    return _write_clip


@pytest.fixture
def syllables() -> Callable[[int], Callable[[float], float]]:
    """Make an irregular opening from a seed."""
    return _syllables


@pytest.fixture
def grid_folder(tmp_path: Path) -> Path:
    """GRID in small: three sentences of s1, two of s2."""
    for seed, (person, name) in enumerate(
        [("s1", "bbaa"), ("s1", "bbab"), ("s1", "bbac"), ("s2", "lbaa"), ("s2", "lbab")]
    ):
        folder = tmp_path / "grid" / person / "video"
        folder.mkdir(parents=True, exist_ok=True)
        _write_clip(folder / f"{name}.mp4", _syllables(seed))
    return tmp_path / "grid"
