"""Somebody in a video who is made to speak."""

from dataclasses import dataclass

from synclips.faces.track import FaceTrack
from synclips.render.performance import Performance


@dataclass(frozen=True, eq=False)
class Role:
    """One face of a video and what it says.

    Attributes:
        track: the face over time.
        performance: draws its mouth.
    """

    track: FaceTrack
    performance: Performance
