"""What a model family must be able to do so that the pipeline can use it.

A performer is a loaded model. It performs one sound on one tracked video: it draws what
the schedule asks for. The pipeline knows these protocols and nothing of what is behind them: one
family moves the speaker's own pixels (`warping`), others paint small pictures (`grid_gan`) or half
a face (`wav2lip`).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from synclips.faces.track import FaceTrack
from synclips.media.box import Box
from synclips.media.picture import Picture
from synclips.media.spool import Rows
from synclips.media.video import Frame
from synclips.models.motion import Motion
from synclips.render.schedule import Showing

Read = Callable[[Collection[int]], Iterable[Frame]]
"""Gives the frames of a clip with the given indices, in order."""


@dataclass(frozen=True, eq=False)
class Painted:
    """A drawn frame.

    Attributes:
        picture: the whole frame.
        box: the part of it that was edited.
        mask: (h, w) how much each pixel of the box was edited, 0 to 1.
        occluded: whether something stands before the face there, and stayed.
    """

    picture: Picture
    box: Box
    mask: NDArray[np.float32]
    occluded: bool = False

    @property
    def image(self) -> NDArray[np.uint8]:
        """The whole frame as RGB (H, W, 3)."""
        return self.picture.image


class Performance(Protocol):
    """One sound on one video."""

    def draw(self, showings: Sequence[Showing]) -> Iterable[Painted | None]:
        """Begin to draw showings that follow those of the call before.

        Returns:
            For each the drawn frame, None where it shows no face or nothing is to be drawn; taking
            one may wait for it.
        """


@dataclass(frozen=True, eq=False)
class Role:
    """Somebody in a video who is made to speak.

    Attributes:
        track: the face over time.
        performance: draws its mouth.
    """

    track: FaceTrack
    performance: Performance


class Performer(Protocol):
    """A loaded model, ready for any number of videos."""

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> Performance:
        """Get ready to draw.

        Args:
            samples: (n,) mono sound at `SAMPLE_RATE`, which may lie on disk.
            track: the face over time.
            read: called once, for the frames that are kept as references.
        """


@runtime_checkable
class MotionPerformer(Performer, Protocol):
    """One that moves lips as a motion network says, which can learn how a person speaks."""

    def with_motion(self, motion: Motion) -> Performer:
        """The same with another motion network."""
