"""Pieces of the speech that a video itself contains: what is heard, and how the lips move with it.

From a tracked video and its own sound, at most a minute of it however long it is. Sound is kept a
little beyond both ends of a piece, so that an offset between sound and picture can be taken out
later. Learns nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synclips.faces.segment import Segment, find_stretches
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.features.loudness import loudness_gain
from synclips.features.motion import SHORTEST, lip_motion
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.hearing.activity import lip_activity
from synclips.hearing.hearing import Hearing, silence
from synclips.media.spool import Rows

Array = NDArray[np.float32]

MARGIN = 20
"""Instants (0.4 s, ten frames of 25 per second) by which sound and picture may be apart."""

LONGEST = 3000  # instants, a minute: more of a person teaches little and costs time
PARTS = 6  # of a longer video, spread over it


@dataclass(frozen=True, eq=False)
class OwnSpeech:
    """T instants of a person who may be speaking.

    Attributes:
        sound: (T + 2 MARGIN, D) of `Hearing`, `MARGIN` instants more at both ends.
        activity: (T + 2 MARGIN,) of `lip_activity`.
        motion: (T, K) lip shapes.
        valid: (T,) bool, where a face is.
        offset: instants by which the sound is late against the picture.
    """

    sound: Array
    activity: Array
    motion: Array
    valid: NDArray[np.bool_]
    offset: int = 0

    def __len__(self) -> int:
        return len(self.motion)

    @property
    def heard(self) -> Array:
        """(T, D) features of the sound, the offset taken out."""
        return self.sound[MARGIN + self.offset :][: len(self)]

    @property
    def active(self) -> Array:
        """(T,) activity, the offset taken out."""
        return self.activity[MARGIN + self.offset :][: len(self)]

    @property
    def speaking(self) -> NDArray[np.bool_]:
        """(T,) where a face is and speech is heard."""
        return self.valid & (self.active > 0.5)

    @property
    def seconds(self) -> float:
        """Of speech with a face."""
        return float(self.speaking.sum() / MOTION_RATE)

    def part(self, first: int, last: int) -> "OwnSpeech":
        """The instants from `first` to before `last`."""
        wide = last + 2 * MARGIN
        return replace(
            self,
            sound=self.sound[first:wide],
            activity=self.activity[first:wide],
            motion=self.motion[first:last],
            valid=self.valid[first:last],
        )


def own_speech(samples: Rows, track: FaceTrack, shape: LipShape) -> list[OwnSpeech]:
    """What a video shows and lets hear of its person.

    Args:
        samples: (n,) the video's own sound at `SAMPLE_RATE`; sample n is heard n / SAMPLE_RATE
            seconds after the time zero of the track.
        track: the face over time.
        shape: the space of lip shapes.

    Returns:
        Pieces in order, those without any face left out.
    """
    hearing = Hearing(samples, loudness_gain(samples, SAMPLE_RATE))
    activity = lip_activity(samples)
    times = track.seconds
    length = min(len(activity), int(times[-1] * MOTION_RATE) + 1)
    stretches, speaking = find_stretches(track, shape), track.speaking
    pieces = []
    for instants in _spans(length):
        ends = np.array([instants.start, instants.stop - 1]) / float(MOTION_RATE)
        first = max(int(np.searchsorted(times, ends[0], "right")) - 1, 0)
        last = int(np.searchsorted(times, ends[1])) + 1
        seen: list[Segment] = []
        for stretch in stretches:
            start, stop = max(stretch.frames.start, first), min(stretch.frames.stop, last)
            if stop - start >= SHORTEST:
                seen.append(replace(stretch, frames=slice(start, stop)).analysed())
        motion, valid = lip_motion(seen, track.times, instants, shape.size)
        if speaking is not None:  # lips that listen do not go with what is heard
            at = np.array(instants) / float(MOTION_RATE)
            frames = np.clip(np.searchsorted(times, at, "right") - 1, 0, len(times) - 1)
            valid &= speaking[frames]
        if valid.any():
            wide = range(instants.start - MARGIN, instants.stop + MARGIN)
            heard = _padded(hearing, wide, silence())
            pieces.append(OwnSpeech(heard, _padded(activity, wide, np.float32(0)), motion, valid))
    return pieces


def hold_out(
    pieces: Sequence[OwnSpeech], share: float, seconds: float
) -> tuple[list[OwnSpeech], list[OwnSpeech]]:
    """Cut the end off: at least a share of the speech, and at least so many seconds of it.

    Returns:
        What comes before, and the end.
    """
    wanted = max(share * sum(piece.seconds for piece in pieces), seconds) * float(MOTION_RATE)
    kept, held = list(pieces), list[OwnSpeech]()
    while kept and wanted > 0:
        last = kept.pop()
        behind = last.speaking[::-1].cumsum()[::-1]  # instants of speech from here on
        if behind[0] <= wanted:
            held.insert(0, last)
        else:
            cut = int(np.flatnonzero(behind >= wanted)[-1])
            kept.append(last.part(0, cut))
            held.insert(0, last.part(cut, len(last)))
        wanted -= behind[0]
    return kept, held


def shapes_of(pieces: Sequence[OwnSpeech], count: int) -> Array:
    """Lip shapes (count, K) that show how the person speaks, spread over what there is."""
    spoken = np.concatenate([piece.motion[piece.valid] for piece in pieces])
    chosen: Array = spoken[np.linspace(0, len(spoken) - 1, count).astype(int)]
    return chosen


def _spans(length: int) -> Iterator[range]:
    """All instants, or parts of equal size spread over them where that is too much."""
    if length <= LONGEST:
        yield range(length)
        return
    size = LONGEST // PARTS
    for start in np.linspace(0, length - size, PARTS).astype(int).tolist():
        yield range(start, start + size)


def _padded(rows: Array | Hearing, instants: range, pad: Array | np.float32) -> Array:
    """A row for each instant, also for those before the first row and after the last."""
    first = instants.start
    inside = rows[max(first, 0) : max(min(instants.stop, len(rows)), 0)]
    result = np.empty((len(instants), *inside.shape[1:]), np.float32)
    result[:] = pad
    result[max(-first, 0) :][: len(inside)] = inside
    return result
