"""The person in a clip, ready to be drawn: head poses, closed mouth, manner, reference frames.

Made from a track in one pass over the frames; afterwards any frame of the clip can be asked for
with new lips. Only one stretch of the clip is held in full at a time, so memory does not grow with
the video.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec
from synclips.faces.landmarks import mouth_opening
from synclips.faces.segment import Segment
from synclips.faces.shape import LipShape
from synclips.faces.stretches import Stretches
from synclips.faces.track import FaceTrack
from synclips.render.painter import Job
from synclips.render.performance import Read
from synclips.render.reference_banks import PER_SEGMENT, collect_references
from synclips.render.schedule import Showing

Array = NDArray[np.float32]

# Eye distances, standard deviation of the opening: who hardly opens the mouth in the video does
# not show there how they speak.
_SILENT_SPREAD = 0.012
_FEW_FRAMES = 25


class Scene:
    """A tracked clip and its reference frames.

    Args:
        track: the face over time.
        read: gives the frames of the clip with the given indices, in order; called once.
        shape: the space of the lips.
        spec: geometry of the crops.
        kept: most reference frames of a stretch.
    """

    def __init__(
        self,
        track: FaceTrack,
        read: Read,
        shape: LipShape,
        spec: CropSpec,
        kept: int = PER_SEGMENT,
    ) -> None:
        self._shape = shape
        self._stretches = Stretches(track, shape, spec)
        self._track = track
        self._coefficients = np.zeros((0, shape.size), np.float32)
        self._opening = np.zeros(0, np.float32)
        self._banks = collect_references(
            read, self._look(), len(self._stretches), shape, spec, kept, track.framed
        )

    def _look(self) -> Iterator[Segment]:
        coefficients, opening = [self._coefficients], [self._opening]
        speaking = self._track.speaking
        for segment in self._stretches:
            speaks: slice | NDArray[np.bool_] = slice(None)
            if speaking is not None:
                speaks = speaking[segment.frames]
            coefficients.append(segment.coefficients[speaks])
            opening.append(mouth_opening(segment.canonical[speaks]).astype(np.float32))
            yield segment
        self._coefficients = np.concatenate(coefficients)
        self._opening = np.concatenate(opening)

    def manner(self, count: int) -> Array | None:
        """Lip shapes (count, K) that show how the person speaks, or None where they do not."""
        if len(self._opening) < _FEW_FRAMES or self._opening.std() < _SILENT_SPREAD:
            return None
        chosen: Array = self._coefficients[
            np.linspace(0, len(self._opening) - 1, count).astype(int)
        ]
        return chosen

    def job(self, showing: Showing, coefficients: Array) -> Job | None:
        """What is to be drawn to give a frame the lips (K,); None where nothing is."""
        place = self._stretches.place(showing.frame.index)
        if place is None or showing.share == 0:
            return None
        segment, index = place.segment, place.index
        at = np.array([index])
        own = place.points
        target = segment.target(at, coefficients[None], self._shape)[0]
        if showing.share < 1:
            target = own + np.float32(showing.share) * (target - own)
        return Job(
            picture=showing.frame.picture,
            time=float(showing.moment),
            points=own,
            target=target,
            placement=place.placement,
            yaw=float(segment.pose.yaw[index]),
            bank=self._banks[place.number],
            share=showing.share,
        )
