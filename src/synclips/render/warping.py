"""Performances of `synclips-1`: lip motion from the sound, drawn with the video's own pixels."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.checkpoint import Checkpoint
from synclips.faces.track import FaceTrack
from synclips.features.loudness import loudness_gain
from synclips.features.timing import SAMPLE_RATE, interpolate
from synclips.hearing.activity import lip_activity
from synclips.hearing.hearing import Hearing, require_weights
from synclips.media.spool import Rows
from synclips.models.motion import Motion
from synclips.render.crossfade import Crossfade
from synclips.render.painter import Painter
from synclips.render.performance import Painted, Read
from synclips.render.scene import Scene
from synclips.render.schedule import Showing

Array = NDArray[np.float32]

# A tracker finds a mouth that was moved by its points less narrow or wide than these say, by .7 on
# ordinary clips and .9 on GRID: rounded lips also come forward. So more is asked of the points.
_BROADER = 1.25


class WarpingPerformer:
    """A `synclips-1` model on a device."""

    def __init__(self, checkpoint: Checkpoint, device: torch.device) -> None:
        require_weights()  # before a video has been tracked for minutes
        self.checkpoint = checkpoint
        self._device = device
        self._motion = checkpoint.motion.to(device)
        self._painter = Painter(checkpoint.generator, checkpoint.crop, device)

    def with_motion(self, motion: Motion) -> "WarpingPerformer":
        """See `MotionPerformer`."""
        return WarpingPerformer(replace(self.checkpoint, motion=motion), self._device)

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> "WarpingPerformance":
        """See `Performer`."""
        scene = Scene(track, read, self.checkpoint.shape, self.checkpoint.crop)
        motion = self.move(samples, scene.manner(self._motion.spec.references))
        drawn = self.checkpoint.shape.broadened(motion, _BROADER)
        return WarpingPerformance(scene, drawn, self._painter)

    def move(self, samples: Rows, manner: Array | None) -> Array:
        """Lip motion of the sound, (M, K) at `MOTION_RATE`, at rest where nobody speaks.

        Args:
            samples: (n,) mono sound at `SAMPLE_RATE`.
            manner: lip shapes that show how the person speaks, see `Scene.manner`.
        """
        heard = Hearing(samples, loudness_gain(samples, SAMPLE_RATE))
        shapes = None if manner is None else torch.from_numpy(manner).to(self._device)
        motion = self._motion.speak(heard, shapes).cpu().numpy()
        active = lip_activity(samples)[: len(motion), None]
        return (motion * active).astype(np.float32)


class WarpingPerformance:
    """Lip motion over time, posed on the frames of one clip and drawn from its pixels.

    Args:
        scene: the clip.
        motion: (M, K) lip shapes at `MOTION_RATE`.
        painter: draws the mouths.
    """

    def __init__(self, scene: Scene, motion: Array, painter: Painter) -> None:
        self._scene = scene
        self._motion = motion
        self._painter = painter
        # Of the showing before: another mouth at once would make teeth and shine flicker.
        self._last: Crossfade | None = None

    def draw(self, showings: Sequence[Showing]) -> Iterator[Painted | None]:
        """See `Performance`."""
        lips = interpolate(self._motion, np.array([float(showing.moment) for showing in showings]))
        jobs = [self._scene.job(showing, lip) for showing, lip in zip(showings, lips, strict=True)]
        drawn = self._painter.paint([job for job in jobs if job is not None], self._last)
        self._last = drawn.last
        pictures = iter(drawn)
        return (None if job is None else next(pictures) for job in jobs)
