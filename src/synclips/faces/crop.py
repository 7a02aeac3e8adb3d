"""The aligned view of the lower face, and its exact inverse.

A crop is level with the head, has a fixed size in inter-ocular distances and is centred a little
below the mouth. It is defined by a similarity transform alone, so a point can be carried to the
picture and back without loss; drawing never goes through crop pixels at native resolution, only
through these transforms.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.faces.landmarks import LIPS
from synclips.faces.pose import Pose
from synclips.media.box import Box
from synclips.specification import Specification

Array = NDArray[np.float32]


@dataclass(frozen=True)
class CropSpec(Specification):
    """Attributes: side in pixels, side in eye distances, shift of the centre below the mouth."""

    size: int = 96
    extent: float = 1.6
    below_mouth: float = 0.12

    def __post_init__(self) -> None:
        if self.size < 1 or not 0 < self.extent < np.inf or not np.isfinite(self.below_mouth):
            raise ConfigError("CropSpec: size and extent must be positive.")

    @property
    def pixels_per_eye_distance(self) -> float:
        """Resolution of the crop."""
        return self.size / self.extent


def crop_to_image(pose: Pose, template: Array, spec: CropSpec) -> NDArray[np.float64]:
    """Affine maps from crop pixels to image pixels, one per pose: (N, 2, 3).

    Integer coordinates are pixel centres on both sides.
    """
    centre = template[LIPS].mean(axis=0) + np.array([0, spec.below_mouth, 0], np.float32)
    middle = pose.apply(centre[None])[:, 0, :2].astype(np.float64)
    # The in-plane rotation nearest to the projected head axes stays steady under yaw and pitch.
    turn = np.arctan2(
        pose.rotation[:, 1, 0] - pose.rotation[:, 0, 1],
        pose.rotation[:, 0, 0] + pose.rotation[:, 1, 1],
    ).astype(np.float64)
    step = pose.scale.astype(np.float64) / spec.pixels_per_eye_distance
    cos, sin = np.cos(turn) * step, np.sin(turn) * step
    linear = np.stack([np.stack([cos, -sin], axis=-1), np.stack([sin, cos], axis=-1)], axis=-2)
    half = np.full(2, (spec.size - 1) / 2)
    return np.concatenate([linear, (middle - linear @ half)[..., None]], axis=-1)


@dataclass(frozen=True, eq=False)
class Placement:
    """Where the crop of a face lies in a picture.

    Attributes:
        to_image: (2, 3) crop pixels to pixels of the picture.
        spec: geometry of the crop.
    """

    to_image: NDArray[np.float64]
    spec: CropSpec

    @property
    def eye_distance(self) -> float:
        """Pixels of the picture."""
        return magnification(self.to_image) * self.spec.pixels_per_eye_distance

    @property
    def from_image(self) -> NDArray[np.float64]:
        """(2, 3) pixels of the picture to crop pixels."""
        return invert(self.to_image)

    def places(self, box: Box) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Where the pixels of a box of the picture lie in the crop: right and down, (h, w) each."""
        x, y = np.arange(box.left, box.right), np.arange(box.top, box.bottom)
        across, down = (np.add.outer(b * y, a * x + c) for a, b, c in self.from_image)
        return across, down


def between(inner: CropSpec, outer: CropSpec) -> NDArray[np.float64]:
    """Pixels of one crop to pixels of another one of the same head, seen from the front: (2, 3).

    Crops differ in size, extent and height only. Of a head that nods by an angle the height differs
    by its cosine.
    """
    scale = outer.pixels_per_eye_distance / inner.pixels_per_eye_distance
    down = (inner.below_mouth - outer.below_mouth) * outer.pixels_per_eye_distance
    corner = (outer.size - 1) / 2 - scale * (inner.size - 1) / 2
    return np.array([[scale, 0, corner], [0, scale, corner + down]])


def magnification(to_image: NDArray[np.float64]) -> float:
    """Pixels of a picture per pixel of its crop, of a map (2, 3) that does not shear."""
    return float(np.hypot(to_image[0, 0], to_image[1, 0]))


def invert(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse of affine maps, (..., 2, 3) -> (..., 2, 3)."""
    linear = np.linalg.inv(affine[..., :2])
    return np.concatenate([linear, -linear @ affine[..., 2:]], axis=-1)


def into_box(affine: NDArray[np.float64], box: Box) -> NDArray[np.float64]:
    """An affine map (2, 3) into a picture as one into the pixels of a box of it."""
    shifted = affine.copy()
    shifted[:, 2] -= (box.left, box.top)
    return shifted


def transform(points: Array, affine: NDArray[np.float64]) -> Array:
    """Carry points through affine maps: (..., P, >=2) and (..., 2, 3) -> (..., P, 2)."""
    moved = points[..., :2] @ affine[..., :2].swapaxes(-1, -2) + affine[..., None, :, 2]
    return moved.astype(np.float32)
