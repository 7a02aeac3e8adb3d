"""What of the picture was filmed, and where a mouth leaves it.

A film may have bars at its borders: they are no picture, and a face that they cut is a face at the
border. Of a mouth that is not whole nothing can be told but a guess, and nothing be drawn from it.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import EYE_CORNERS, JAW_SLOTS, OUTER
from synclips.faces.track import FaceTrack
from synclips.faces.tracker import FaceTracker
from synclips.media.box import Box
from synclips.media.spool import Spool
from synclips.media.video_info import VideoInfo
from synclips.spans import spans_of

Array = NDArray[np.float32]
Image = NDArray[np.uint8]

_EVERY = 10  # frames that are looked at for bars
_STEP = 8  # pixels of a line of which one is looked at
_WIDEST = 0.4  # of a picture may be a bar
_FLAT = 8  # levels from its first line that coding and grain leave of the colour of a bar
_BLURRED, _EDGE = 4, 40  # lines at its edge that may differ more, and by how many levels
_LOGO = 5  # percent of a line that may be brighter, and darker
_SAME, _MOSTLY, _ALWAYS = 3, 0.5, 0.95  # pixels by which one bar differs; shares of pictures
_LEAST = 1 / 3  # of the picture that must be left
# Eye distances: lips may be seen to go beyond a border by so much, since without a chin landmarks
# are too low; and how near to a jaw a bar is of any importance.
_BEYOND, _NEAR = 0.04, 0.4
_RAMP = 0.12  # seconds
_FEWEST = 10  # frames in which a mouth must stay whole


class FramingTracker:
    """A `FaceTracker` that also looks for bars at the borders of the pictures; another one tracks.

    Args:
        tracker: finds the face; closed with this one.
    """

    def __init__(self, tracker: FaceTracker) -> None:
        self._tracker = tracker
        self._count = 0
        self._size = (0, 0)
        self._bars: list[list[tuple[int, int]]] = []

    def find(self, image: Image) -> Array | None:
        """See `FaceTracker.find`."""
        points = self._tracker.find(image)
        if self._count % _EVERY == 0 and points is not None:
            self._size = image.shape[:2]
            self._bars.append(_bars(image))
        self._count += 1
        return points

    def close(self) -> None:
        """Close the tracker inside."""
        self._tracker.close()

    def area(self) -> Box | None:
        """What is between bars that are the same in half of the pictures; None without any."""
        if not self._bars:
            return None
        height, width = self._size
        sides = np.array(self._bars).transpose(1, 2, 0)  # 4 borders, (width, flat), pictures
        left, top, right, bottom = (_usual(widths, flat) for widths, flat in sides)
        area = Box(left, top, width - right, height - bottom)
        if area.bottom - area.top < _LEAST * height or area.right - area.left < _LEAST * width:
            return None
        return None if area == Box(0, 0, width, height) else area


def framed(track: FaceTrack, info: VideoInfo) -> FaceTrack:
    """A track that says in which frames the mouth is not whole in the picture, or in its area.

    Nothing is drawn on those and from those; to them it fades out. A run that has no others is left
    out.

    Args:
        track: of a video.
        info: of that video.
    """
    area = track.area or Box(0, 0, info.width, info.height)
    shares = np.ones(len(track), np.float32)
    for run in track.runs:
        whole = np.concatenate([_whole(points, area) for points in track.blocks(run)])
        if whole.all():
            continue
        shares[run] = _faded(whole, track.seconds[run])[0]
    if (shares == 1).all():
        return track
    runs = tuple(run for run in track.runs if shares[run].any())
    return replace(
        track,
        runs=runs,
        framed=shares if track.framed is None else np.minimum(shares, track.framed),
    )


def parted(track: FaceTrack) -> FaceTrack:
    """A track in which a run ends where the picture dissolves into another one.

    What is drawn fades out before and in after that, and nothing is drawn on what is between.
    """
    if not track.dissolves:
        return track
    mixed = np.zeros(len(track), bool)
    for span in track.dissolves:
        mixed[span] = True
    shares = np.ones(len(track), np.float32)
    left: list[slice] = []
    for run in track.runs:
        if not mixed[run].any():
            left.append(run)
            continue
        shares[run], parts = _faded(~mixed[run], track.seconds[run])
        left += [slice(run.start + first, run.start + stop) for first, stop in parts]
    return replace(track, runs=tuple(left), framed=None if shares.all() else shares)


def in_area(track: FaceTrack, area: Box) -> FaceTrack:
    """A track of a video, in pixels of an area of its pictures."""
    points = Spool(track.points.shape[1:])
    for block in track.blocks(slice(0, len(track))):
        moved = block.copy()
        moved[..., :2] -= (area.left, area.top)
        points.append(moved)
    return replace(track, points=points)


def needs_area(track: FaceTrack) -> bool:
    """Whether a bar is so near the face of a track that it must not be drawn upon."""
    area = track.area
    if area is None:
        return False
    for run in track.runs:
        for points in track.blocks(run):
            jaw, reach = points[:, JAW_SLOTS, :2], _NEAR * _eye_distance(points)[:, None]
            low, high = jaw.min(axis=1) - reach, jaw.max(axis=1) + reach
            if (low < (area.left, area.top)).any() or (high > (area.right, area.bottom)).any():
                return True
    return False


def _bars(image: Image) -> list[tuple[int, int]]:
    """Of each border of a picture, from the left clockwise, as `_bar`."""
    rows = image[:, ::_STEP]
    top, bottom = _bar(rows), _bar(rows[::-1])
    columns = image[top[0] : len(image) - bottom[0] : _STEP].swapaxes(0, 1)
    if columns.shape[1] == 0:
        return [(0, 0), top, (0, 0), bottom]
    return [_bar(columns), top, _bar(columns[::-1]), bottom]


def _bar(lines: Image) -> tuple[int, int]:
    """How many lines (n, m, 3) from the first on are of its colour, and how many at all."""
    colour = np.median(lines[0], axis=0)
    if _away(lines[:1], colour)[0] > _FLAT:
        return 0, 0
    away = _away(lines[: int(_WIDEST * len(lines))], colour)
    flat = away <= _FLAT
    count = int(np.count_nonzero(np.logical_and.accumulate(flat)))
    # What coding makes of the edge.
    blurred = np.logical_and.accumulate(away[count : count + _BLURRED] <= _EDGE)
    return count + int(np.count_nonzero(blurred)), int(np.count_nonzero(flat))


def _away(lines: Image, colour: NDArray[np.floating]) -> NDArray[np.floating]:
    """(n,) levels between lines (n, m, 3) and a colour, at nearly all of their pixels."""
    if len(lines) == 0:
        return np.zeros(0)
    ends = np.percentile(lines, (_LOGO, 100 - _LOGO), axis=1)
    away: NDArray[np.floating] = np.abs(ends - colour).max(axis=(0, 2))
    return away


def _usual(widths: NDArray[np.intp], flat: NDArray[np.intp]) -> int:
    """The width, made even, of a bar in some pictures; 0 where that is none.

    Args:
        widths: (n,) of it in each of them: the same in half of them, for something may be written
            in it in the others.
        flat: (n,) lines of its colour, which are most of the bar in all of them, or the others show
            something else there.
    """
    near = np.abs(widths[:, None] - widths) <= _SAME
    often = near.sum(axis=1)
    best = int(often.argmax())
    width = int(widths[near[best]].max())
    if width < 2 or often[best] < _MOSTLY * len(widths):
        return 0
    if np.count_nonzero(flat >= _MOSTLY * width) < _ALWAYS * len(flat):
        return 0
    return width + width % 2


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
    for first, stop in spans_of(wanted).tolist():
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
