"""Where in a video somebody only listens: lips that rest while speech is heard.

A dub speaks when the video did. In a film of several people the one who is seen is not always the
one who is heard, and must not speak the words of another. Lips at rest are told from lips that
speak by how fast they change their shape. Nobody is recognised.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.faces.landmarks import LIPS, mouth_opening
from synclips.faces.segment import find_stretches
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.features.timing import MOTION_RATE
from synclips.hearing.activity import lip_activity
from synclips.media.audio import has_sound
from synclips.media.spool import Rows
from synclips.media.video_info import VideoInfo
from synclips.spans import spans_of

Array = NDArray[np.float32]

# Measured on 68 clips of people who speak, and on 18 in which they were made to rest
# (docs/results.md, "Dubbing"). By either bound alone more who mumble would be taken for listeners.
_RATE = 25
_LONG = 1.5
_STILL = 0.004  # eye distances in 1/25 s, that points of the lips move against one another
_LEVEL = 0.010  # eye distances, standard deviation of the opening
_SHORTEST = 1.0  # seconds of a shot in which anything can be told
_HEARD = 1.0  # seconds of speech; less may be the end of a word, or the video's own offset
_RAMP = 0.12  # seconds


def require_own_sound(info: VideoInfo) -> None:
    """Refuse what cannot be dubbed.

    Raises:
        InputError: it is a picture, or has no sound.
    """
    if info.is_image or not has_sound(info.path):
        what = "is a picture" if info.is_image else "has no sound of its own"
        raise InputError(f"{info.path} {what}, so there is nothing to dub; leave --dub out.")


def dialogue(samples: Rows, path: Path) -> Array:
    """Where speech is heard in the sound of a video, (M,) as `lip_activity` gives it.

    Args:
        samples: (n,) the video's own sound at `SAMPLE_RATE`.
        path: of the video.

    Raises:
        InputError: nowhere.
    """
    activity = lip_activity(samples)
    if not activity.any():
        raise InputError(
            f"No speech is heard in {path}, so there is nothing to dub; leave --dub out."
        )
    return activity


def speaking_shares(activity: Array, track: FaceTrack, shape: LipShape) -> Array:
    """How much the person of each frame may be made to speak, (N,): 0 where they only listen.

    Rises and falls within 0.12 s where they begin and cease to, and at once at cuts. 1 where
    nothing is heard, where there is no face, and in shots of less than a second.

    Args:
        activity: (M,) of `dialogue`; begins at the time zero of the track.
        track: the face over time.
        shape: the space of lip shapes.
    """
    times = track.seconds
    rests = np.zeros(len(times), bool)
    for stretch in find_stretches(track, shape):
        # As much of its neighbours as a window needs.
        first, last = times[stretch.frames.start] - _LONG, times[stretch.frames.stop - 1] + _LONG
        start = max(int(np.searchsorted(times, first)), stretch.run.start)
        stop = min(int(np.searchsorted(times, last, "right")), stretch.run.stop)
        wide = slice(start, stop)
        segment = replace(stretch, frames=wide).analysed()
        rests[wide] |= _rests(segment.canonical, times[wide])
    instants = np.round(times * float(MOTION_RATE)).astype(int)
    heard = activity[np.clip(instants, 0, len(activity) - 1)] * (instants < len(activity))
    shares = np.ones(len(times), np.float32)
    for run in track.runs:
        listens = _heard_long(rests[run], heard[run], times[run])
        shares[run] = _ramped(listens, times[run])
    return shares


def _rests(canonical: Array, at: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the frames (n, P, 3) at some times (n,) lie in a span in which the lips rest."""
    grid = np.arange(at[0], at[-1] + 1e-6, 1 / _RATE)
    if len(grid) <= _SHORTEST * _RATE:
        return np.zeros(len(at), bool)
    lips = canonical[:, LIPS]
    lips = (lips - lips.mean(axis=1, keepdims=True)).reshape(len(at), -1)
    even = np.stack([np.interp(grid, at, places) for places in lips.T], axis=-1)
    steps = np.diff(even.reshape(len(grid), len(LIPS), 3), axis=0)
    energy = np.square(steps).sum(axis=-1).mean(axis=-1)
    opening = np.interp(grid, at, mouth_opening(canonical))
    size = min(round(_LONG * _RATE), len(energy))
    windows = np.lib.stride_tricks.sliding_window_view
    still = np.sqrt(windows(energy, size).mean(axis=-1)) < _STILL
    still &= windows(opening[1:], size).std(axis=-1) < _LEVEL
    rests = np.zeros(len(grid), bool)
    for first in np.flatnonzero(still):
        rests[first : first + size + 1] = True
    nearest = np.clip(np.round((at - at[0]) * _RATE).astype(int), 0, len(grid) - 1)
    near: NDArray[np.bool_] = rests[nearest]
    return near


def _heard_long(
    rests: NDArray[np.bool_], heard: Array, at: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Only those spans of frames at rest (n,) in which enough is heard (n,)."""
    step = (at[-1] - at[0]) / max(len(at) - 1, 1)
    listens = np.zeros_like(rests)
    for start, stop in spans_of(rests):
        listens[start:stop] = heard[start:stop].sum() * step >= _HEARD
    return listens


def _ramped(listens: NDArray[np.bool_], at: NDArray[np.float64]) -> Array:
    """Shares (n,) that reach 0 some time into what is listened, so that all that is said is."""
    speaks = at[~listens]
    if len(speaks) == 0:
        return np.zeros(len(at), np.float32)
    after = np.searchsorted(speaks, at)
    sides = (speaks[np.clip(after + step, 0, len(speaks) - 1)] for step in (-1, 0))
    away = np.minimum(*(np.abs(side - at) for side in sides))
    shares: Array = np.clip(1 - away / _RAMP, 0, 1).astype(np.float32)
    return shares
