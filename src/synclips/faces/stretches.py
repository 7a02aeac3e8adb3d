"""The stretches of a tracked clip, analysed one at a time.

Whoever draws on frames asks in time order, so only one stretch is held in full and memory does not
grow with the video. Reads no pictures.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, Placement, crop_to_image
from synclips.faces.segment import Segment, Stretch, find_stretches
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack


@dataclass(frozen=True, eq=False)
class Place:
    """Where a frame lies.

    Attributes:
        number: of its stretch.
        segment: that stretch, analysed.
        index: of the frame within it.
        placement: of the crop in the frame.
    """

    number: int
    segment: Segment
    index: int
    placement: Placement

    @property
    def points(self) -> NDArray[np.float32]:
        """(P, 3) landmarks, pixels."""
        points: NDArray[np.float32] = self.segment.points[self.index]
        return points


class Stretches:
    """Which stretch a frame lies in, and the head pose, lips and crop there.

    Args:
        track: the face over time.
        shape: the space of the lips.
        spec: geometry of the crops.
    """

    def __init__(self, track: FaceTrack, shape: LipShape, spec: CropSpec) -> None:
        self._template = shape.template
        self._spec = spec
        self._stretches = find_stretches(track, shape)
        self._owner = np.full(len(track), -1)
        for number, stretch in enumerate(self._stretches):
            self._owner[stretch.frames] = number
        self._held: tuple[int, Segment, NDArray[np.float64]] | None = None

    def __len__(self) -> int:
        return len(self._stretches)

    def __iter__(self) -> Iterator[Segment]:
        """All of them in order; each is computed when it is asked for, and not held."""
        return map(Stretch.analysed, self._stretches)

    def place(self, frame: int) -> Place | None:
        """Where a frame lies, or None where it shows no face; one stretch is held at a time."""
        number = int(self._owner[frame])
        if number < 0:
            return None
        if self._held is None or self._held[0] != number:
            self._held = None  # let go of it before the next one is computed
            segment = self._stretches[number].analysed()
            maps = crop_to_image(segment.pose, self._template, self._spec)
            self._held = (number, segment, maps)
        _, segment, maps = self._held
        index = frame - segment.frames.start
        return Place(number, segment, index, Placement(maps[index], self._spec))
