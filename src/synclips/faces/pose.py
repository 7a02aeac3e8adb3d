"""Head pose: the similarity transform between a person's own face and each frame.

Landmarks in a frame are taken as a scaled rotation of a rigid head plus the motion of the lower
face (weak perspective). Fitting the rotation on skull-fixed points and undoing it gives lip shapes
that can be compared between frames, heads and people; doing it again poses a new lip shape with
any frame's own head. Knows nothing of lips or pictures.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import EYE_CORNERS, RIGID_SLOTS

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Pose:
    """N head poses: image point = scale * rotation @ canonical point + translation.

    Attributes:
        scale: (N,) pixels per inter-ocular distance.
        rotation: (N, 3, 3) from the canonical frame (x right, y down, z away) to the image.
        translation: (N, 3) pixels.
    """

    scale: Array
    rotation: Array
    translation: Array

    def __len__(self) -> int:
        return len(self.scale)

    def __getitem__(self, index: slice | NDArray[np.intp]) -> "Pose":
        return Pose(self.scale[index], self.rotation[index], self.translation[index])

    def apply(self, canonical: Array) -> Array:
        """Pose canonical points, (N, P, 3) or (P, 3) in eye distances -> (N, P, 3) pixels."""
        return self.turned(canonical) + self.translation[:, None]

    def turned(self, moves: Array) -> Array:
        """Displacements (N, P, 3) in eye distances as the head's pose shows them, pixels."""
        turned: Array = np.matmul(moves, self.rotation.transpose(0, 2, 1))
        return turned * self.scale[:, None, None]

    def invert(self, points: Array) -> Array:
        """Undo the pose, (N, P, 3) pixels -> (N, P, 3) eye distances."""
        centred = (points - self.translation[:, None]) / self.scale[:, None, None]
        canonical: Array = np.matmul(centred, self.rotation)
        return canonical

    @property
    def yaw(self) -> Array:
        """(N,) degrees the head is turned left or right of the camera."""
        angle = np.degrees(np.arctan2(self.rotation[:, 0, 2], self.rotation[:, 2, 2]))
        return angle.astype(np.float32)


def fit_pose(points: Array, template: Array) -> Pose:
    """Least-squares similarity transforms from a template's rigid points to each frame's.

    Args:
        points: (N, P, 3) landmarks in pixels.
        template: (P, 3) canonical face in eye distances.

    Source: Umeyama, Least-squares estimation of transformation parameters between two point
    patterns, IEEE PAMI 13(4), 1991.
    """
    source = template[RIGID_SLOTS].astype(np.float64)
    target = points[:, RIGID_SLOTS].astype(np.float64)
    source_mean = source.mean(axis=0)
    target_mean = target.mean(axis=1)
    source = source - source_mean
    centred = target - target_mean[:, None]
    covariance = np.einsum("npi,pj->nij", centred, source)
    u, singular, vt = np.linalg.svd(covariance)
    handed = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    flip = np.ones((len(points), 3))
    flip[:, 2] = handed
    rotation = np.einsum("nij,nj,njk->nik", u, flip, vt)
    scale = (singular * flip).sum(axis=1) / (source**2).sum()
    translation = target_mean - scale[:, None] * (rotation @ source_mean)
    return Pose(
        scale.astype(np.float32), rotation.astype(np.float32), translation.astype(np.float32)
    )


def own_template(points: Array, template: Array) -> Array:
    """The person's own rigid face: the mean of the un-posed frames, (N, P, 3) -> (P, 3).

    A head seen through a stranger's template keeps a residual that turns with the head; two rounds
    with the person's own face remove it. The result has an inter-ocular distance of 1.
    """
    own = template
    for _ in range(2):
        own = fit_pose(points, own).invert(points).mean(axis=0)
        own = own / np.linalg.norm(own[EYE_CORNERS[1]] - own[EYE_CORNERS[0]])
        # The generic template keeps the say over where front is.
        own = fit_pose(own[None], template).invert(own[None])[0]
        own = own / np.linalg.norm(own[EYE_CORNERS[1]] - own[EYE_CORNERS[0]])
    return own.astype(np.float32)


# How far smoothing may move a pose: eye distances, radians, share of the size. Tracker noise is
# below this; what is above it is the head moving, or footage that repeats frames.
_TRANSLATION_NOISE = 0.015
_ROTATION_NOISE = 0.02
_SCALE_NOISE = 0.01


def smooth_pose(pose: Pose, sigma: float) -> Pose:
    """Gaussian smoothing over time without lag, `sigma` in frames, of no more than tracker noise.

    A smoothed pose that left the head behind would draw the mouth beside its place, so a quick
    movement stays as it was seen. Rotations are re-orthogonalised.
    """
    if sigma <= 0 or len(pose) < 3:
        return pose
    flat = pose.rotation.reshape(-1, 9)
    rotation = _limited(flat, smooth(flat, sigma), np.float32(_ROTATION_NOISE * np.sqrt(2)))
    u, _, vt = np.linalg.svd(rotation.reshape(-1, 3, 3))
    scale = pose.scale[:, None]
    return Pose(
        _limited(scale, smooth(scale, sigma), _SCALE_NOISE * pose.scale)[:, 0],
        (u @ vt).astype(np.float32),
        _limited(
            pose.translation, smooth(pose.translation, sigma), _TRANSLATION_NOISE * pose.scale
        ),
    )


def _limited(seen: Array, smoothed: Array, limit: Array | np.float32) -> Array:
    """`smoothed`, but no further than `limit` from `seen`; (N, D), (N, D) and (N,) or scalar."""
    away = smoothed - seen
    distance = np.linalg.norm(away, axis=1)
    share = np.minimum(1, limit / np.maximum(distance, 1e-9))
    result: Array = (seen + share[:, None] * away).astype(np.float32)
    return result


def smooth(values: Array, sigma: float) -> Array:
    """Zero-phase Gaussian smoothing along time, (N, D) -> (N, D); the ends are not pulled in."""
    radius = min(max(1, round(3 * sigma)), len(values) - 1)
    if sigma <= 0 or radius < 1:
        return values
    taps = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    taps /= taps.sum()
    # Odd reflection continues a slope through the end, so a moving head is not held back there.
    head = 2 * values[:1] - values[radius:0:-1]
    tail = 2 * values[-1:] - values[-2 : -radius - 2 : -1]
    padded = np.concatenate([head, values, tail])
    result = np.zeros(values.shape, dtype=np.float64)
    for tap, weight in enumerate(taps):
        result += weight * padded[tap : tap + len(values)]
    return result.astype(np.float32)
