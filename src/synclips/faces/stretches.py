"""The stretches of a tracked clip, analysed one at a time.

Whoever draws on frames asks in time order, so only one stretch is held in full and memory does not
grow with the video. Reads no pictures.
"""

from collections.abc import Iterator

import numpy as np

from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, Segment, analyse_stretch, find_stretches


class Stretches:
    """Which stretch a frame lies in, and the head pose and lips of that stretch.

    Args:
        track: the face over time.
        shape: the space of the lips.
    """

    def __init__(self, track: FaceTrack, shape: LipShape) -> None:
        self._track = track
        self._shape = shape
        self._stretches = find_stretches(track, shape)
        self._owner = np.full(len(track), -1)
        for number, stretch in enumerate(self._stretches):
            self._owner[stretch.frames] = number
        self._held: tuple[int, Segment] | None = None

    def __len__(self) -> int:
        return len(self._stretches)

    def __iter__(self) -> Iterator[Segment]:
        """All of them in order; each is computed when it is asked for, and not held."""
        for stretch in self._stretches:
            yield analyse_stretch(self._track, stretch, self._shape)

    def number(self, frame: int) -> int:
        """The stretch in which a frame lies, or -1 where it shows no face."""
        return int(self._owner[frame])

    def segment(self, number: int) -> Segment:
        """One stretch, held until another one is asked for."""
        if self._held is None or self._held[0] != number:
            self._held = None  # let go of it before the next one is computed
            segment = analyse_stretch(self._track, self._stretches[number], self._shape)
            self._held = (number, segment)
        return self._held[1]
