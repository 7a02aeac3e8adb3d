"""What of the picture was filmed, and where a mouth leaves it.

A film may have bars at its borders: they are no picture, and a face that they cut is a face at the
border. Of a mouth that is not whole nothing can be told but a guess, and nothing be drawn from it.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synclips.faces.box import Box
from synclips.faces.landmarks import EYE_CORNERS, JAW_SLOTS, OUTER
from synclips.faces.track import FaceTrack
from synclips.faces.tracker import FaceTracker
from synclips.media.spool import Spool
from synclips.media.video import VideoInfo

Array = NDArray[np.float32]
Image = NDArray[np.uint8]

_EVERY = 5  # frames that are looked at for bars
_STEP = 8  # pixels of a row or column of which one is looked at
_FLAT = 12  # levels, what coding leaves of one colour
_LEAST = 1 / 3  # of the picture that must be left
# Eye distances: lips may be seen to go beyond a border by so much, since without a chin landmarks
# are too low; and how near to a jaw a bar is of any importance.
_BEYOND, _NEAR = 0.04, 0.4
_RAMP = 0.12  # seconds
_FEWEST = 10  # frames in which a mouth must stay whole
_BLOCK = 1500  # frames whose landmarks are in memory at once


class FramingTracker:
    """A `FaceTracker` that also looks for bars at the borders of the pictures; another one tracks.

    Args:
        tracker: finds the face; closed with this one.
    """

    def __init__(self, tracker: FaceTracker) -> None:
        self._tracker = tracker
        self._count = 0
        self._size = (0, 0)
        # Of every row and column, (2, n, 3): the darkest and the brightest that was seen.
        self._rows: Image | None = None
        self._columns: Image | None = None

    def find(self, image: Image) -> Array | None:
        """See `FaceTracker.find`."""
        if self._count % _EVERY == 0:
            self._size = image.shape[:2]
            self._rows = _wider(self._rows, image[:, ::_STEP], 1)
            self._columns = _wider(self._columns, image[::_STEP], 0)
        self._count += 1
        return self._tracker.find(image)

    def close(self) -> None:
        """Close the tracker inside."""
        self._tracker.close()

    def area(self) -> Box | None:
        """What of the pictures was not of one colour always; None if all, or hardly anything."""
        if self._rows is None or self._columns is None:
            return None
        height, width = self._size
        area = Box(
            _bar(self._columns),
            _bar(self._rows),
            width - _bar(self._columns[:, ::-1]),
            height - _bar(self._rows[:, ::-1]),
        )
        if area.bottom - area.top < _LEAST * height or area.right - area.left < _LEAST * width:
            return None
        return None if area == Box(0, 0, width, height) else area


def framed(track: FaceTrack, info: VideoInfo) -> FaceTrack:
    """A track that says in which frames the mouth is not whole in the picture, or in its area.

    Nothing is drawn on those and from those; to them it fades out. A segment that has no others is
    left out.

    Args:
        track: of a video.
        info: of that video.
    """
    area = track.area or Box(0, 0, info.width, info.height)
    shares = np.ones(len(track), np.float32)
    for run in track.segments:
        whole = np.concatenate([_whole(points, area) for points in _blocks(track, run)])
        if whole.all():
            continue
        times = np.array([float(time) for time in track.times[run]])
        shares[run] = _faded(whole, times)[0]
    if (shares == 1).all():
        return track
    segments = tuple(run for run in track.segments if shares[run].any())
    return replace(
        track,
        segments=segments,
        framed=shares if track.framed is None else np.minimum(shares, track.framed),
    )


def parted(track: FaceTrack) -> FaceTrack:
    """A track in which a segment ends where the picture dissolves into another one.

    What is drawn fades out before and in after that, and nothing is drawn on what is between.
    """
    if not track.dissolves:
        return track
    mixed = np.zeros(len(track), bool)
    for span in track.dissolves:
        mixed[span] = True
    shares = np.ones(len(track), np.float32)
    segments: list[slice] = []
    for run in track.segments:
        if not mixed[run].any():
            segments.append(run)
            continue
        times = np.array([float(time) for time in track.times[run]])
        shares[run], runs = _faded(~mixed[run], times)
        segments += [slice(run.start + first, run.start + stop) for first, stop in runs]
    return replace(track, segments=tuple(segments), framed=None if shares.all() else shares)


def in_area(track: FaceTrack, area: Box) -> FaceTrack:
    """A track of a video, in pixels of an area of its pictures."""
    points = Spool(track.points.shape[1:])
    for start in range(0, len(track), _BLOCK):
        moved = track.points[start : start + _BLOCK].copy()
        moved[..., :2] -= (area.left, area.top)
        points.append(moved)
    return replace(track, points=points)


def needs_area(track: FaceTrack) -> bool:
    """Whether a bar is so near the face of a track that it must not be drawn upon."""
    area = track.area
    if area is None:
        return False
    for run in track.segments:
        for points in _blocks(track, run):
            jaw, reach = points[:, JAW_SLOTS, :2], _NEAR * _eye_distance(points)[:, None]
            low, high = jaw.min(axis=1) - reach, jaw.max(axis=1) + reach
            if (low < (area.left, area.top)).any() or (high > (area.right, area.bottom)).any():
                return True
    return False


def _wider(seen: Image | None, image: Image, axis: int) -> Image:
    now = np.stack([image.min(axis=axis), image.max(axis=axis)])
    if seen is None:
        return now
    return np.stack([np.minimum(seen[0], now[0]), np.maximum(seen[1], now[1])])


def _bar(seen: Image) -> int:
    """How many rows (2, n, 3) from the first on are of one colour, made even."""
    darkest = np.minimum.accumulate(seen[0].astype(int), axis=0)
    brightest = np.maximum.accumulate(seen[1].astype(int), axis=0)
    flat = np.all(brightest - darkest <= _FLAT, axis=-1)
    count = int(np.count_nonzero(np.minimum.accumulate(flat)))
    return count + count % 2 if count > 1 else 0


def _blocks(track: FaceTrack, run: slice) -> Iterator[Array]:
    for start in range(run.start, run.stop, _BLOCK):
        yield track.points[start : min(start + _BLOCK, run.stop)]


def _eye_distance(points: Array) -> Array:
    eyes = points[:, EYE_CORNERS, :2]
    return np.asarray(np.linalg.norm(eyes[:, 1] - eyes[:, 0], axis=-1), np.float32)


def _whole(points: Array, area: Box) -> NDArray[np.bool_]:
    """Which of the mouths (n, P, 3) lie in an area."""
    lips = points[:, OUTER, :2]
    reach = _BEYOND * _eye_distance(points)[:, None]
    low, high = lips.min(axis=1) + reach, lips.max(axis=1) - reach
    inside = (low >= (area.left, area.top)) & (high <= (area.right, area.bottom))
    return np.asarray(inside.all(axis=-1))


def _faded(
    wanted: NDArray[np.bool_], times: NDArray[np.float64]
) -> tuple[Array, list[tuple[int, int]]]:
    """Shares (n,) of what is drawn on the frames of a segment, and the runs in which it is.

    Args:
        wanted: (n,) on which frames something may be drawn.
        times: (n,) seconds.
    """
    shares = np.zeros(len(wanted), np.float32)
    runs = []
    edges = np.flatnonzero(np.diff(np.r_[False, wanted, False])).reshape(-1, 2)
    for first, stop in edges.tolist():
        if stop - first < _FEWEST:
            continue
        part = times[first:stop]
        shares[first:stop] = 1
        if first > 0:
            shares[first:stop] = np.minimum(shares[first:stop], _ramp(part - part[0]))
        if stop < len(wanted):
            shares[first:stop] = np.minimum(shares[first:stop], _ramp(part[-1] - part))
        runs.append((first, stop))
    return shares, runs


def _ramp(away: NDArray[np.float64]) -> Array:
    """(n,) from some of it on to all, so many seconds away from where it is none."""
    step = away[away > 0].min(initial=_RAMP)
    ramp: Array = np.clip((away + step) / (_RAMP + step), 0, 1).astype(np.float32)
    return ramp
