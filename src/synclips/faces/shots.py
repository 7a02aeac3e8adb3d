"""Who is seen in each shot of a film, so that several people in one picture can all be tracked.

In a film nobody keeps a part of the picture, but within a shot they do. Knows pictures and shots;
nobody is recognised, so who is on the left in one shot may be another person in the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crowd import FaceDetector, separate
from synclips.faces.region import Region
from synclips.faces.track import FaceTrack
from synclips.media.video import VideoReader

WHOLE = Region(0, 0, 1, 1)

_SHORTEST = Fraction(1, 2)  # seconds of a shot in which anybody is looked for
_EVERY = Fraction(2)  # seconds from one look to the next
_FEWEST_LOOKS = 3
_MOSTLY = 0.6  # of the looks at a shot must show as many people


@dataclass(frozen=True)
class Shot:
    """Frames in which everybody keeps their part of the picture.

    Attributes:
        frames: from one cut to the next.
        people: the part of each, from left to right; of one person the whole picture.
    """

    frames: slice
    people: tuple[Region, ...]


def find_shots(reader: VideoReader, track: FaceTrack) -> list[Shot]:
    """Who is seen in each shot in which a face was found.

    Args:
        reader: the video.
        track: of whichever face is seen.
    """
    looks = {
        index: number for number, run in enumerate(track.runs) for index in _looks(run, track.times)
    }
    seen: list[list[NDArray[np.float64]]] = [[] for _ in track.runs]
    if looks:
        detector = FaceDetector()
        try:
            for frame in reader.picked(track.times, looks.keys()):
                seen[looks[frame.index]].append(detector.boxes(frame.picture.draft()))
        finally:
            detector.close()
    return [Shot(run, _people(boxes)) for run, boxes in zip(track.runs, seen, strict=True)]


def parts_of(shots: Sequence[Shot], place: int, count: int) -> list[Region | None]:
    """What somebody has of each of so many frames; None where nobody has that place.

    Args:
        shots: of a film.
        place: counted from the left; the first is also had by who is alone.
        count: frames.
    """
    parts: list[Region | None] = [WHOLE if place == 0 else None] * count
    for shot in shots:
        part = shot.people[place] if place < len(shot.people) else None
        for index in range(shot.frames.start, shot.frames.stop):
            parts[index] = part
    return parts


def _looks(run: slice, times: Sequence[Fraction]) -> list[int]:
    """The frames of a shot that are looked at, none of them at a cut."""
    length = times[run.stop - 1] - times[run.start]
    if length < _SHORTEST:
        return []
    count = max(_FEWEST_LOOKS, int(length / _EVERY))
    span = run.stop - run.start
    return [run.start + (2 * number + 1) * span // (2 * count) for number in range(count)]


def _people(looks: Sequence[NDArray[np.float64]]) -> tuple[Region, ...]:
    """The parts of as many people as most looks show; the whole picture for one, or in doubt."""
    counts = [len(boxes) for boxes in looks]
    most = max(set(counts), key=counts.count, default=0)
    if most < 2 or counts.count(most) < _MOSTLY * len(looks):
        return (WHOLE,)
    boxes = np.median([boxes for boxes in looks if len(boxes) == most], axis=0)
    parts = separate(boxes)
    return parts if len(parts) == most else (WHOLE,)
