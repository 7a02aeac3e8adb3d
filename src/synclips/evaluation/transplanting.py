"""Performances that set whole mouths of the clip into its frames: no flow, no network that draws.

What costs next to nothing and is therefore measured beside models: the one mouth of the clip that
is nearest to what the sound asks for, or one and the same mouth all the time. It is aligned by the
poses of both heads, brought to the light of the frame and blended in under the mask. Used by the
evaluation alone.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, Placement, invert, transform
from synclips.faces.segment import LONGEST_STRETCH
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.features.timing import interpolate
from synclips.media.picture import EditedPicture, Picture
from synclips.media.spool import Rows
from synclips.models.motion import Motion
from synclips.render.blending import blend
from synclips.render.inset import match_rim
from synclips.render.mask import edit_mask, trimmed
from synclips.render.painter import Job
from synclips.render.performance import Painted, Read
from synclips.render.references import Reference, lip_distance
from synclips.render.scene import Scene
from synclips.render.schedule import Showing
from synclips.render.view import box_around
from synclips.render.warping import WarpingPerformer

Array = NDArray[np.float32]


class RetrievingPerformer:
    """The mouths of a clip whose lips are nearest to those that a `synclips-1` model asks for."""

    def __init__(self, model: WarpingPerformer) -> None:
        self._model = model

    def with_motion(self, motion: Motion) -> "RetrievingPerformer":
        """See `MotionPerformer`."""
        return RetrievingPerformer(self._model.with_motion(motion))

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> "TransplantingPerformance":
        """See `Performer`; all frames with a face are kept, as far as disk space allows."""
        checkpoint = self._model.checkpoint
        scene = Scene(track, read, checkpoint.shape, checkpoint.crop, LONGEST_STRETCH)
        manner = scene.manner(checkpoint.motion.spec.references)
        motion = self._model.move(samples, manner)
        return TransplantingPerformance(scene, motion, checkpoint.crop)


class CopyingPerformer:
    """One mouth of each stretch of a clip, the one nearest rest, whatever is heard.

    Args:
        shape: the space of the lips.
        spec: geometry of what is copied.
    """

    def __init__(self, shape: LipShape, spec: CropSpec | None = None) -> None:
        self._shape = shape
        self._spec = spec or CropSpec()

    def perform(self, samples: Rows, track: FaceTrack, read: Read) -> "TransplantingPerformance":
        """See `Performer`."""
        scene = Scene(track, read, self._shape, self._spec, 1)
        rest = np.zeros((1, self._shape.size), np.float32)
        return TransplantingPerformance(scene, rest, self._spec)


class TransplantingPerformance:
    """For each showing the kept frame with the nearest lips, its mouth set into the frame shown.

    Args:
        scene: the clip and its kept frames.
        motion: (M, K) lip shapes at `MOTION_RATE`.
        spec: geometry of the crops.
    """

    def __init__(self, scene: Scene, motion: Array, spec: CropSpec) -> None:
        self._scene = scene
        self._motion = motion
        self._spec = spec

    def draw(self, showings: Sequence[Showing]) -> list[Painted | None]:
        """See `Performance`."""
        lips = interpolate(self._motion, np.array([float(showing.time) for showing in showings]))
        jobs = [self._scene.job(showing, lip) for showing, lip in zip(showings, lips, strict=True)]
        return [None if job is None else self._transplant(job) for job in jobs]

    def _transplant(self, job: Job) -> Painted:
        target = transform(job.target, job.placement.from_image)
        # Lips alone count: a mouth that fits a turn of the head better would fit the sound worse.
        kept = job.bank.references
        reference = min(kept, key=lambda one: float(lip_distance(one.points, target)))
        return transplant(job.picture, job.points, job.placement.to_image, reference, self._spec)


def transplant(
    frame: Picture,
    points: Array,
    to_image: NDArray[np.float64],
    reference: Reference,
    spec: CropSpec,
) -> Painted:
    """Set the mouth of another frame into a frame, at the frame's own resolution.

    Args:
        frame: the frame; it is not changed.
        points: (P, >=2) landmarks as they are, frame pixels.
        to_image: (2, 3) crop pixels to frame pixels.
        reference: whose mouth.
        spec: geometry of the crops.
    """
    box = box_around(to_image, spec.size, frame.size)
    carried = transform(reference.points, to_image)
    mask, box = trimmed(edit_mask(points, carried, Placement(to_image, spec), box), box)
    if not mask.any():
        return Painted(frame, box, mask)
    # Pixels of the box to the crop, which is the same place of both heads, and on to the reference.
    from_image = invert(to_image)
    from_image[:, 2] += from_image[:, :2] @ (box.left, box.top)
    there = reference.to_image[:, :2]
    shift = there @ from_image[:, 2] + reference.to_image[:, 2]
    shift -= (reference.box.left, reference.box.top)
    picture = cv2.warpAffine(
        reference.image,
        np.column_stack([there @ from_image[:, :2], shift]),
        box.size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)
    before = frame.part(box)
    patch = blend(before, mask, match_rim(picture, before, mask))
    return Painted(EditedPicture(frame, box, patch), box, mask)
