"""What a reader of the report gets to see: a few clips side by side, and how far the mouths open.

Makes small videos for a web page while the files of a pair exist. Does not judge.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from synclips.evaluation.conditions import REAL, SYSTEM, UNEDITED
from synclips.evaluation.measure import Measured
from synclips.evaluation.pairs import Pair
from synclips.evaluation.tiles import Image, frame_tile, mouth_tile
from synclips.evaluation.tracked import Tracked
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.features.timing import GRID_FRAME_RATE
from synclips.media.writer import VideoWriter

PANELS = (UNEDITED, SYSTEM, REAL)
"""What stands side by side, from left to right: the source, the result, the truth."""

MOST = 6
"""Exhibits in one report."""

LONGEST = Fraction(8)
"""Seconds of a clip that are shown."""

_MOUTH = CropSpec(size=240)
_FRAME_HEIGHT = 192
_CRF = 27


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One pair to look at.

    Attributes:
        corpus: Where it comes from.
        speaker: Who speaks.
        pair: Its name.
        clip: MP4 (H.264 4:2:0, AAC): the panels side by side, mouths above whole frames, with
            the true sound.
        size: Width and height of the clip, pixels.
        opening: (N,) opening of the mouth under each condition, at k / 25 seconds, in eye
            distances, NaN where unknown.
    """

    corpus: str
    speaker: str
    pair: str
    clip: bytes
    size: tuple[int, int]
    opening: Mapping[str, NDArray[np.float32]]


class Gallery:
    """Keeps the first pair of every speaker, up to `MOST`."""

    def __init__(self, shape: LipShape) -> None:
        """Prepare; `shape` gives the head pose."""
        self._shape = shape
        self._shown: dict[tuple[str, str], Exhibit] = {}

    @property
    def exhibits(self) -> list[Exhibit]:
        """What was kept, in order."""
        return list(self._shown.values())

    def wants(self, pair: Pair) -> bool:
        """Whether this pair would be taken in."""
        return _key(pair) not in self._shown and len(self._shown) < MOST

    def take(self, exhibit: Exhibit) -> None:
        """Take in what was made of a pair earlier, if its speaker is not there yet."""
        if len(self._shown) < MOST:
            self._shown.setdefault((exhibit.corpus, exhibit.speaker), exhibit)

    def of(self, pair: Pair) -> Exhibit | None:
        """What is shown of this pair, if anything is."""
        exhibit = self._shown.get(_key(pair))
        return exhibit if exhibit is not None and exhibit.pair == pair.name else None

    def visit(self, pair: Pair, videos: Mapping[str, Measured], sound: Path) -> None:
        """Take a pair in, if its speaker is not there yet.

        Args:
            pair: Its clips.
            videos: Its measured videos by condition, at least `PANELS`.
            sound: Of the truth.
        """
        if not self.wants(pair):
            return
        key = _key(pair)
        panels = [videos[condition] for condition in PANELS]
        clip, size = _clip(panels, sound, self._shape)
        count = int(LONGEST * GRID_FRAME_RATE)
        opening = {condition: videos[condition].opening[:count] for condition in PANELS}
        self._shown[key] = Exhibit(*key, pair.name, clip, size, opening)


def _key(pair: Pair) -> tuple[str, str]:
    return pair.target.corpus, pair.target.person


def _clip(panels: list[Measured], sound: Path, shape: LipShape) -> tuple[bytes, tuple[int, int]]:
    """The video and its size; it ends with the shortest of the panels."""
    end = min(LONGEST, *(panel.duration for panel in panels))
    times = [index / GRID_FRAME_RATE for index in range(int(end * GRID_FRAME_RATE))]
    width, height = _MOUTH.size * len(panels), _FRAME_HEIGHT + _MOUTH.size
    with TemporaryDirectory(prefix="synclips-") as folder:
        path = Path(folder) / "clip.mp4"
        columns = [_column(panel, times, shape) for panel in panels]
        with VideoWriter(
            path,
            width=width,
            height=height,
            frame_rate=GRID_FRAME_RATE,
            time_base=1 / GRID_FRAME_RATE,
            sound=sound,
            crf=_CRF,
        ) as writer:
            for time, tiles in zip(times, zip(*columns, strict=True), strict=True):
                writer.write(np.hstack(tiles), time)
        return path.read_bytes(), (width, height)


def _column(video: Tracked, times: list[Fraction], shape: LipShape) -> Iterator[Image]:
    """Mouth above frame at every time; players lay their controls over the bottom."""
    crops = video.crops(shape, _MOUTH)
    for frame in video.frames_at(times):
        yield np.vstack(
            [
                mouth_tile(frame.image, crops.get(frame.index), _MOUTH.size),
                frame_tile(frame.image, _MOUTH.size, _FRAME_HEIGHT),
            ]
        )
