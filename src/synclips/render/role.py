"""Somebody in a video who is made to speak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.faces.track import FaceTrack
from synclips.render.performance import Performance


@dataclass(frozen=True, eq=False)
class Role:
    """One face of a video and what it says.

    Attributes:
        track: the face over time.
        performance: draws its mouth.
        shares: (N,) how much of a new mouth each frame of the video shows, 0 where the person only
            listens; None for all of it everywhere.
    """

    track: FaceTrack
    performance: Performance
    shares: NDArray[np.float32] | None = None

    def share(self, frame: int) -> float:
        """How much of a new mouth a frame shows."""
        return 1.0 if self.shares is None else float(self.shares[frame])
