"""Who of several people in a video speaks: the one whose lips go with its sound.

Every face is tracked by itself in its own part of the picture, and its lips are compared with those
that the motion network hears. Nobody is recognised.
"""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial

import numpy as np

from synclips.adapt.offset import CLEARANCE, agreement_at_lags
from synclips.adapt.own_speech import LONGEST, own_speech
from synclips.checkpoint import Checkpoint
from synclips.faces.region import Region
from synclips.faces.search import COVERAGE, in_places, track_each, track_video
from synclips.faces.track import FaceTrack
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.media.audio import has_sound, spool_mono
from synclips.media.spool import Rows
from synclips.media.video import VideoReader
from synclips.progress import Progress

_AGREEMENT = 0.3
"""Correlation of lips and sound below which nobody is taken for the one who speaks."""


def track_speaker(
    reader: VideoReader, checkpoint: Checkpoint, tell: Progress, region: Region | None = None
) -> FaceTrack:
    """Find the face in all frames of a video; of several people, that of the one who speaks.

    Of a video that shows several people at once, the first minute of each is looked at. Where
    nobody's lips go clearly better with the sound than all others', or who speaks does not stay in
    their part of the picture, one of them is taken.

    Args:
        reader: the video.
        checkpoint: hears.
        tell: called while working with the step, frames done, and frames in all if known.
        region: where the face is, so that nobody has to be chosen.

    Raises:
        NoFaceError: no frame shows a face.
    """
    track = track_video(reader, partial(tell, "track"), region)
    if region is not None or len(track.people) < 2 or not in_places(track, reader.info):
        return track
    if reader.info.is_image or not has_sound(reader.info.path):
        return track
    samples = spool_mono(reader.info.path, SAMPLE_RATE, reader.info.start)
    seconds = LONGEST / Fraction(MOTION_RATE)
    faces = track_each(reader, track.people, tell, seconds)
    chosen = who_speaks(checkpoint, samples, faces)
    if chosen is None:
        return track
    found = faces[chosen]
    if len(found) < len(track):
        found = track_video(reader, partial(tell, "speaker"), found.region)
    if found.face_count < COVERAGE * track.face_count:
        return track
    return replace(found, people=track.people)


def who_speaks(checkpoint: Checkpoint, samples: Rows, faces: Sequence[FaceTrack]) -> int | None:
    """Index of the face that speaks, or None where that is not clear.

    Args:
        checkpoint: hears.
        samples: (n,) the sound of the video at `SAMPLE_RATE`.
        faces: of different people.
    """
    scores = [agreement(checkpoint, samples, face) for face in faces]
    if not scores:
        return None
    best = int(np.argmax(scores))
    others = max((score for at, score in enumerate(scores) if at != best), default=0.0)
    return best if scores[best] >= _AGREEMENT and scores[best] - others >= CLEARANCE else None


def agreement(checkpoint: Checkpoint, samples: Rows, face: FaceTrack) -> float:
    """Correlation of heard and seen mouth opening at the best offset; 0 without speech or face."""
    pieces = own_speech(samples, face, checkpoint.shape)
    if not any(piece.speaking.any() for piece in pieces):
        return 0.0
    opening = checkpoint.shape.opening_effect
    return float(agreement_at_lags(checkpoint.motion, pieces, opening).max())
