"""Looking for a face, or several, in all frames of a video; each with a tracker of its own."""

import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, suppress
from dataclasses import replace
from fractions import Fraction
from functools import partial
from itertools import repeat, takewhile

import numpy as np

from synclips.errors import NoFaceError
from synclips.faces.crowd import CrowdTracker
from synclips.faces.framing import FramingTracker, framed, parted
from synclips.faces.region import PartTracker, Region
from synclips.faces.shots import find_shots, parts_of
from synclips.faces.track import FaceTrack, track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.ahead import read_ahead
from synclips.media.picture import RgbPicture
from synclips.media.video import VideoReader
from synclips.media.video_info import VideoInfo
from synclips.progress import Progress

COVERAGE = 0.9
"""Share of the frames with a face in which somebody must be in a part of the picture that somebody
has. In a film with cuts to close-ups nobody is."""

_FEWEST = 12
"""Frames in which somebody beside others must be seen to be made to speak."""

_REACH = 0.2
"""Share of a face that may be beyond the part of the picture that somebody has."""


def track_people(reader: VideoReader, progress: Progress) -> list[FaceTrack]:
    """Find the faces of all who are seen at once, each in their own part of the picture.

    Args:
        reader: the video.
        progress: called with the step, frames done, and frames in all where that is known.

    Returns:
        One for each, from left to right, who may be away for a while. In a film with cuts one for
        each place in the shot that has most of them, whoever is there; in other shots who is alone
        is in the first.

    Raises:
        NoFaceError: no frame shows a face.
    """
    track = track_video(reader, partial(progress, "track"))
    if len(track.people) > 1 and in_places(track, reader.info):
        found = track_each(reader, track.people, progress)
        seen = np.any([face.shown for face in found], axis=0) & track.shown
        if np.count_nonzero(seen) >= COVERAGE * track.face_count:
            return [replace(face, people=track.people) for face in found]
    if reader.info.is_image or (len(track.people) < 2 and len(track.runs) < 2):
        return [track]
    return _track_shots(reader, track, progress)


def _track_shots(reader: VideoReader, track: FaceTrack, progress: Progress) -> list[FaceTrack]:
    """The faces of all who are seen at once in some shot of a film; the one that is known if none.

    Args:
        reader: the video.
        track: of whichever face is seen.
        progress: called with the step, frames done, and frames in all where that is known.
    """
    shots = find_shots(reader, track)
    places = max((len(shot.people) for shot in shots), default=1)
    if places < 2:
        return [track]
    found = []
    for place in range(places):
        told = partial(progress, f"face {place + 1} of {places}")
        with suppress(NoFaceError):
            face = track_video(reader, told, parts=parts_of(shots, place, len(track)))
            if face.face_count >= _FEWEST:
                found.append(face)
    seen = np.any([face.shown for face in found], axis=0) & track.shown
    if len(found) < 2 or np.count_nonzero(seen) < COVERAGE * track.face_count:
        return [track]
    most = max((shot.people for shot in shots), key=len)
    return [replace(face, people=most, area=track.area) for face in found]


def in_places(track: FaceTrack, info: VideoInfo) -> bool:
    """Whether the face of a track of the whole picture stays in the parts that people have.

    In close-ups between pictures of several people it is across the border of two.
    """
    inside = 0
    size = np.array([info.width, info.height])
    for run in track.runs:
        for points in track.blocks(run):
            places = points[..., :2] / size
            low, high = places.min(axis=1), places.max(axis=1)
            reach = _REACH * (high - low)
            parts = [
                np.all(low + reach >= (part.left, part.top), axis=1)
                & np.all(high - reach <= (part.right, part.bottom), axis=1)
                for part in track.people
            ]
            inside += int(np.count_nonzero(np.any(parts, axis=0)))
    return inside >= COVERAGE * track.face_count


def track_each(
    reader: VideoReader,
    people: Sequence[Region],
    progress: Progress,
    seconds: Fraction | None = None,
) -> list[FaceTrack]:
    """The face in each of several parts of the picture, but of those that show none.

    Args:
        reader: the video.
        people: the parts.
        progress: called with the step, frames done, and frames in all where that is known.
        seconds: how much of the video is looked at; all by default.
    """
    found = []
    for number, part in enumerate(people, 1):
        told = partial(progress, f"face {number} of {len(people)}")
        with suppress(NoFaceError):
            found.append(track_video(reader, told, part, seconds))
    return found


def track_video(
    reader: VideoReader,
    progress: Callable[[int, int | None], None],
    region: Region | None = None,
    seconds: Fraction | None = None,
    parts: Iterable[Region | None] | None = None,
) -> FaceTrack:
    """Find the face in all frames of a video, or in those of its first seconds.

    Args:
        reader: the video.
        progress: called with frames done, and frames in all where that is known.
        region: where in the picture to look; everywhere by default.
        seconds: how much of the video is looked at; all by default.
        parts: of each frame where in it to look, None for nowhere; instead of a region.

    Raises:
        NoFaceError: no frame shows a face there, or it stands on its head, or what is seen of it is
            nowhere whole.
    """
    if region is not None:
        parts = repeat(region)
    total = reader.info.frame_count
    frames = reader.frames()
    if seconds is not None:
        frames = takewhile(lambda frame: frame.time < seconds, frames)
        most = math.ceil(seconds * reader.info.frame_rate)
        total = most if total is None else min(total, most)
    with closing(CrowdTracker(MediaPipeTracker(), float(reader.info.frame_rate))) as crowd:
        tracker = FramingTracker(crowd if parts is None else PartTracker(crowd, parts))
        # Converted while the tracker looks at the frame before.
        drafts = (replace(frame, picture=RgbPicture(frame.picture.draft())) for frame in frames)
        track = track_faces(read_ahead(drafts), tracker, lambda done: progress(done, total))
    where, way_out = str(reader.info.path), "use a video"
    if region is not None:
        where, way_out = f"{where} within {region}", "name another region, or a video"
    if track.face_count == 0:
        raise NoFaceError(
            f"No face was found in {where}; {way_out} where a face is turned to the camera and at"
            " least a tenth of the picture wide."
        )
    if crowd.is_upside_down:
        raise NoFaceError(f"The face in {where} stands on its head; turn the video and run again.")
    area = None if reader.info.is_image else tracker.area()
    whole = replace(track, people=crowd.people, region=region, area=area)
    clear = parted(whole)
    found = framed(clear, reader.info)
    if clear.face_count == 0:
        raise NoFaceError(
            f"All that {where} shows of a face dissolves into other pictures; {way_out} with longer"
            " shots."
        )
    if found.face_count == 0:
        raise NoFaceError(
            f"The borders of the picture cut the mouth in {where}; {way_out} that shows all of it."
        )
    return found
