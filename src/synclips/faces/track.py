"""One face over time: landmarks of a whole clip, its gaps and its cuts.

A `FaceTrack` is what a tracker saw, short gaps bridged and cut into runs that show one
uninterrupted face. Landmarks are computed once per clip; of pictures no more is read than how the
face looks, which tells of cuts.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from synclips.faces.dissolves import Dissolves
from synclips.faces.landmarks import EYE_CORNERS, KEPT, RIGID_SLOTS
from synclips.faces.look import ANOTHER, DIFFERENT, is_new_scene, look_distance, look_of, scene_of
from synclips.faces.region import Region
from synclips.faces.repeats import Repeats
from synclips.faces.tracker import FaceTracker
from synclips.media.ahead import read_ahead
from synclips.media.box import Box
from synclips.media.spool import Rows, Spool
from synclips.media.video import Frame

Array = NDArray[np.float32]

# Seconds: a face lost for as short, five frames of 25 per second, is still there (a blink of the
# tracker). Times are rounded.
_BRIDGED_GAP = 0.2
_ROUNDED = 0.01
# Eye distances, and times of its size, in a 25th of a second or between any two frames: no head
# moves that far, so the picture was cut.
_CUT_JUMP = 0.6
_CUT_ZOOM = 1.25
_CUT_RATE = 25

_BLOCK = 1500  # frames whose landmarks are in memory at once


@dataclass(frozen=True, eq=False)
class FaceTrack:
    """Landmarks of one face in every frame of a clip.

    Attributes:
        times: N timestamps in seconds, from the container.
        points: (N, P, 3) pixels, NaN where no face is; on disk, since they grow with the video.
        runs: frames that show one face without a cut, in order.
        people: a part of the picture for each of the faces seen at once, where that was looked for.
        region: the part in which alone the face was looked for.
        shares: (N,) how much of another mouth each frame may show, 0 where the person only listens;
            None for all of it everywhere.
        framed: (N,) the same where the mouth comes into the picture or leaves it, 0 where it is not
            whole; None for all of it everywhere.
        area: what of the pictures is no bar at a border; None for all of them.
        dissolves: frames that show something of two shots.
        pictures: (N,) the number of the picture that each frame shows, the same where frames
            repeat one; None where none does.
    """

    times: tuple[Fraction, ...]
    points: Rows
    runs: tuple[slice, ...]
    people: tuple[Region, ...] = ()
    region: Region | None = None
    shares: Array | None = None
    framed: Array | None = None
    area: Box | None = None
    dissolves: tuple[slice, ...] = ()
    pictures: NDArray[np.int32] | None = None

    def __len__(self) -> int:
        return len(self.times)

    @cached_property
    def seconds(self) -> NDArray[np.float64]:
        """The timestamps as numbers, (N,)."""
        return np.array([float(time) for time in self.times])

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which frames show a face, (N,)."""
        shown = np.zeros(len(self), bool)
        for run in self.runs:
            shown[run] = True
        return shown

    def listens(self, frame: int) -> bool:
        """Whether the person of a frame only listens."""
        return self.shares is not None and self.shares[frame] == 0

    @property
    def speaking(self) -> NDArray[np.bool_] | None:
        """Which frames show lips that speak, and whole, (N,); None where all may do."""
        told = [shares > 0 for shares in (self.shares, self.framed) if shares is not None]
        return np.logical_and.reduce(told) if told else None

    def repeats(self, frame: int, other: int) -> bool:
        """Whether two frames show the same picture; no frame repeats itself."""
        return (
            frame != other
            and self.pictures is not None
            and bool(self.pictures[frame] == self.pictures[other])
        )

    def share(self, frame: int) -> float:
        """How much of another mouth a frame may show."""
        return min(
            1.0 if shares is None else float(shares[frame]) for shares in (self.shares, self.framed)
        )

    def blocks(self, frames: slice) -> Iterator[Array]:
        """The landmarks of frames that follow each other, (n, P, 3), so many at a time."""
        for start in range(frames.start, frames.stop, _BLOCK):
            yield self.points[start : min(start + _BLOCK, frames.stop)]

    @property
    def face_count(self) -> int:
        """Number of frames that show a face."""
        return sum(part.stop - part.start for part in self.runs)


def track_faces(
    frames: Iterable[Frame],
    tracker: FaceTracker,
    progress: Callable[[int], None] | None = None,
) -> FaceTrack:
    """Run a tracker over the frames of one clip, in order.

    Args:
        frames: the clip; each frame is dropped as soon as it was looked at.
        tracker: finds the face in one frame.
        progress: called with the number of frames done.
    """
    times: list[Fraction] = []
    assembly, dissolves, repeats = _Assembly(), Dissolves(), Repeats()
    scene: Array | None = None
    # Frames are compared while the tracker, which takes longest, looks at the next one.
    with closing(read_ahead(_found(frames, tracker))) as found:
        for time, image, points in found:
            look = None if points is None else look_of(image, points)
            before, scene = scene, scene_of(image)
            assembly.add(time, points, look, before is not None and is_new_scene(scene, before))
            dissolves.add(time, scene, look, points)
            repeats.add(time, image, points)
            times.append(time)
            if progress is not None:
                progress(len(times))
    track = assembly.finish(times)
    return replace(track, dissolves=tuple(dissolves.spans), pictures=repeats.pictures())


def _found(
    frames: Iterable[Frame], tracker: FaceTracker
) -> Iterator[tuple[Fraction, NDArray[np.uint8], Array | None]]:
    """Of each frame the time, the picture and where the face is."""
    for frame in frames:
        # Landmarks do not depend on the last level of a colour.
        image = frame.picture.draft()
        yield frame.time, image, tracker.find(image)


def assemble_track(times: Iterable[Fraction], points: Rows) -> FaceTrack:
    """Bridge short gaps in (N, P, 3) landmarks (NaN where missing) and find the runs."""
    assembly, clock = _Assembly(), tuple(times)
    for index in range(len(points)):
        assembly.add(clock[index], points[index])
    return assembly.finish(clock)


class _Assembly:
    """Landmarks on their way to a track; whether a gap is bridged is known when it ends."""

    def __init__(self) -> None:
        self._points = Spool((len(KEPT), 3))
        self._runs: list[slice] = []
        self._start = 0
        self._last: Array | None = None
        self._look: Array | None = None
        self._time = Fraction(0)  # of the last frame with a face
        self._gap: list[Fraction] = []  # times of the frames since then

    def add(
        self,
        time: Fraction,
        points: Array | None,
        look: Array | None = None,
        is_new_scene: bool = False,
    ) -> None:
        """The next frame; None or NaN without a face. How it looks also tells of cuts."""
        if points is None or np.isnan(points).any():
            self._gap.append(time)
            return
        if self._gap:
            self._end_gap(time, points, look)
        another = DIFFERENT if is_new_scene else ANOTHER
        if self._last is None:
            self._start = len(self._points)
        elif self._is_cut(self._last, time, points, look, another):
            self._runs.append(slice(self._start, len(self._points)))
            self._start = len(self._points)
        self._points.append(points[None])
        self._time, self._last, self._look = time, points, look

    def _is_cut(
        self,
        before: Array,
        time: Fraction,
        after: Array,
        look: Array | None,
        another: float = ANOTHER,
    ) -> bool:
        """Whether what comes at a time can not be the same uncut head."""
        if (
            look is not None
            and self._look is not None
            and look_distance(look, self._look) > another
        ):
            return True
        return _is_jump(before, after, float(time - self._time))

    def _end_gap(self, time: Fraction, after: Array, look: Array | None) -> None:
        before, gap, start = self._last, self._gap, self._time
        lost = float(time - gap[0])
        is_brief = len(gap) == 1 or lost <= _BRIDGED_GAP + _ROUNDED
        if before is None or not is_brief or self._is_cut(before, time, after, look):
            self._lose()
            return
        self._gap = []
        for between in gap:
            share = float((between - start) / (time - start))
            points = (1 - share) * before + share * after
            self.add(between, points.astype(np.float32), self._look)

    def _lose(self) -> None:
        if self._last is not None:
            self._runs.append(slice(self._start, len(self._points)))
        self._last = self._look = None
        missing = np.full((1, len(KEPT), 3), np.nan, np.float32)
        for _ in self._gap:
            self._points.append(missing)
        self._gap = []

    def finish(self, times: Iterable[Fraction]) -> FaceTrack:
        """The track of all frames added."""
        self._lose()
        return FaceTrack(tuple(times), self._points, tuple(self._runs))


def _is_jump(before: Array, after: Array, seconds: float) -> bool:
    """Whether a head moves farther between two frames than it can in the time between them."""
    span = max(seconds * _CUT_RATE, 1)
    size = float(np.linalg.norm(before[EYE_CORNERS[1]] - before[EYE_CORNERS[0]]))
    size_after = float(np.linalg.norm(after[EYE_CORNERS[1]] - after[EYE_CORNERS[0]]))
    jump = np.linalg.norm((after - before)[RIGID_SLOTS, :2].mean(axis=0)) / max(size, 1e-6)
    zoom = max(size, size_after) / max(min(size, size_after), 1e-6)
    return bool(jump > _CUT_JUMP * span or zoom > _CUT_ZOOM**span)
