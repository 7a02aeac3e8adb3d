"""Lip shape as a few numbers: a person's closed mouth plus a small linear basis of mouth motion.

Shapes live in the canonical frame (see `pose`), in units of the inter-ocular distance. The basis
comes from principal components of many people's deviations from their own closed mouth, so the
numbers mean the same for everyone. Knows nothing of pictures, sound or time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import (
    EYE_CORNERS,
    GAP_LOWER,
    GAP_UPPER,
    INNER_LOWER,
    INNER_UPPER,
    JAW_SLOTS,
    LIPS,
    MOUTH,
    MOUTH_CORNERS,
    OUTER,
    RIGID_SLOTS,
    RING,
    mouth_opening,
    mouth_width,
)
from synclips.faces.pose import fit_pose

Array = NDArray[np.float32]

# Tracker noise keeps the measured gap of a pressed mouth a little above zero.
CLOSED_OPENING = 0.012
# Inter-ocular distances by which each coordinate of the lips may be off; .01 to .04 all leave
# slides out and keep what lips pull.
_LIP_NOISE = 0.02
# Inter-ocular distances. Of 42 people who were trained on, 39 rest with a narrower mouth; wider is
# a smile.
WIDEST_REST = 0.6
# By how much corners may be above the middle of the mouth at rest: in each of 78 clips they are
# lower. And above that, how far they are in a smile beyond doubt, of which nothing stays: such a
# mouth becomes as wide as most people's at rest, and as level as many.
HIGHEST_REST, _SMILE = 0.025, 0.03
USUAL_WIDTH, USUAL_LIFT = 0.555, 0.01
# The inner lips half-way between the corners.
_MIDDLE = np.array([slots[len(slots) // 2] for slots in (INNER_UPPER, INNER_LOWER)])


@dataclass(frozen=True, eq=False)
class LipShape:
    """The shape space of the mouth.

    Attributes:
        template: (P, 3) mean face, closed mouth, inter-ocular distance 1.
        basis: (K, M, 3) orthonormal directions of mouth motion, strongest first.
        deviation: (K,) standard deviation of each coefficient over natural speech.
    """

    template: Array
    basis: Array
    deviation: Array

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Array]) -> Self:
        """The shape that `arrays` were taken of; others are passed over.

        Raises:
            KeyError: one is missing.
        """
        return cls(arrays["template"], arrays["basis"], arrays["deviation"])

    def arrays(self) -> dict[str, Array]:
        """By name, each contiguous, as files of arrays want them."""
        named = {"template": self.template, "basis": self.basis, "deviation": self.deviation}
        return {name: np.ascontiguousarray(array) for name, array in named.items()}

    @property
    def size(self) -> int:
        """Number of coefficients K."""
        return len(self.deviation)

    def encode(self, motion: Array) -> Array:
        """Mouth displacements (..., M, 3) -> coefficients (..., K) in standard deviations."""
        projected = np.tensordot(motion, self.basis, axes=([-2, -1], [1, 2]))
        return (projected / self.deviation).astype(np.float32)

    def decode(self, coefficients: Array) -> Array:
        """Coefficients (..., K) in standard deviations -> mouth displacements (..., M, 3)."""
        scaled = coefficients * self.deviation
        return np.tensordot(scaled, self.basis, axes=([-1], [0])).astype(np.float32)

    def evened(self, coefficients: Array) -> Array:
        """Coefficients (..., K) of which weaker ones count less, by the root of their effect."""
        evened: Array = coefficients * np.sqrt(self.deviation / self.deviation.max())
        return evened

    def told_by_lips(self, coefficients: Array) -> Array:
        """What the lips alone say of coefficients, (..., K) -> (..., K).

        A tracker's chin and jaw tell of the head as well as of speech: on a turning head they slide
        along its outline. The basis has learnt that, too, so that coefficients of what was seen
        hold more of it than those of a new mouth. This is the mean of the coefficients given the
        lips, with the basis as prior and `_LIP_NOISE` (linear Gaussian model, Bishop 2006, 2.3.3).
        """
        lips = self._scaled[:, LIPS].reshape(self.size, -1)
        seen = lips @ lips.T
        told = np.linalg.solve(seen + _LIP_NOISE**2 * np.eye(self.size), seen)
        result: Array = (coefficients @ told.T).astype(np.float32)
        return result

    def broadened(self, coefficients: Array, factor: float) -> Array:
        """Mouths that are rounded and spread more, and open as they did, (..., K) -> (..., K).

        Args:
            coefficients: lip shapes.
            factor: what the difference of their width from that of the closed mouth becomes.
        """
        across = self._width_effect()
        effect = np.vstack([across, self._gap_effect()])
        step = self._ordinary(effect, np.eye(len(effect), dtype=np.float32)[0])
        wider = (factor - 1) * (coefficients @ across)[..., None] * step
        result: Array = (coefficients + wider).astype(np.float32)
        return result

    def neutral(self, canonical: Array) -> Array:
        """A person's face with the mouth at rest, (N, P, 3) -> (P, 3).

        The mean of the frames whose mouth is least open. Where no frame shows a closed mouth (a
        smiling portrait), the rest of the gap is closed along the basis, and a smile relaxed.
        """
        opening = mouth_opening(canonical)
        limit = max(float(np.quantile(opening, 0.2)), CLOSED_OPENING)
        return self.relax(self.close(canonical[opening <= limit].mean(axis=0)))

    def close(self, face: Array) -> Array:
        """The same face with its inner lips brought together, (P, 3) -> (P, 3).

        Moves along the basis first, because lips that close drag ring, chin and jaw with them, and
        corrects what remains on the lips themselves.
        """
        gap = face[INNER_LOWER] - face[INNER_UPPER]
        if mouth_opening(face) <= CLOSED_OPENING:
            return face
        closed = self._moved(face, self._gap_effect(), -gap[:, 1])
        rest = (closed[INNER_LOWER] - closed[INNER_UPPER]) / 2
        closed[INNER_UPPER] += rest
        closed[INNER_LOWER] -= rest
        return closed

    def relax(self, face: Array) -> Array:
        """The same face without its smile, (P, 3) -> (P, 3): as narrow and level as at rest.

        Who smiles in the only picture there is would say every o through that smile.
        """
        lift = corner_lift(face)
        smile = min(max(lift - HIGHEST_REST, 0) / _SMILE, 1)
        widest = WIDEST_REST + smile * (USUAL_WIDTH - WIDEST_REST)
        wider = max(float(mouth_width(face)) - widest, 0)
        raised = smile * (lift - USUAL_LIFT)
        if wider == raised == 0:
            return face
        gaps = self._gap_effect()
        effect = np.vstack([self._width_effect(), self._lift_effect(), gaps])
        wanted = np.concatenate([[-wider, -raised], np.zeros(len(gaps))])
        relaxed = self._moved(face, effect, wanted)
        # Few smile while they speak, so the basis knows no smile as broad as that of a portrait.
        left = corner_lift(relaxed) - (lift - raised)
        around = np.concatenate([LIPS, RING])
        middle, half = relaxed[OUTER, 0].mean(), float(mouth_width(relaxed)) / 2
        along = np.clip(np.abs(relaxed[around, 0] - middle) / half, 0, 1)
        relaxed[around, 1] += max(left, 0) * along**2
        return relaxed

    @property
    def opening_effect(self) -> Array:
        """(K,) what a standard deviation does to the mouth opening, eye distances."""
        lower, upper = (self.basis[:, slots, 1].mean(axis=1) for slots in (GAP_LOWER, GAP_UPPER))
        effect: Array = (lower - upper) * self.deviation
        return effect

    @property
    def _scaled(self) -> Array:
        """(K, M, 3) what one standard deviation does."""
        return self.basis * self.deviation[:, None, None]

    def _width_effect(self) -> Array:
        """(K,) what a standard deviation does to the width of the mouth."""
        left, right = MOUTH_CORNERS
        effect: Array = (self._scaled[:, right] - self._scaled[:, left])[:, 0]
        return effect

    def _lift_effect(self) -> Array:
        """(K,) what a standard deviation does to `corner_lift`."""
        scaled = self._scaled[..., 1]
        middle = scaled[:, _MIDDLE].mean(axis=1)
        effect: Array = middle - scaled[:, MOUTH_CORNERS].mean(axis=1)
        return effect

    def _gap_effect(self) -> Array:
        """(G, K) what a standard deviation does to the gaps between the inner lips."""
        scaled = self._scaled
        effect: Array = (scaled[:, INNER_LOWER] - scaled[:, INNER_UPPER])[..., 1].T
        return effect

    def _moved(self, face: Array, effect: Array, wanted: Array) -> Array:
        """A face after the smallest ordinary motion with a wanted effect, (P, 3) -> (P, 3).

        Args:
            face: it is not changed.
            effect: (C, K) of a standard deviation on some measures.
            wanted: (C,) by how much these shall change.
        """
        change = self._ordinary(effect, wanted)
        moved = face.copy()
        moved[MOUTH] += self.decode(np.clip(change, -4, 4).astype(np.float32))
        return moved

    def _ordinary(self, effect: Array, wanted: Array) -> Array:
        """Coefficients (K,) of the most ordinary motion with a wanted effect; as `_moved`."""
        # Ridge in units of standard deviations: of all motions that do it the smallest.
        ridge = 1e-4 * np.eye(self.size)
        change: Array = np.linalg.solve(effect.T @ effect + ridge, effect.T @ wanted)
        return change


def corner_lift(face: Array) -> float:
    """How far the corners are above the middle of the mouth, (P, 3), in the unit of `face`."""
    return float(face[_MIDDLE, 1].mean() - face[MOUTH_CORNERS, 1].mean())


def upright(face: Array) -> Array:
    """Turn a face (P, 3) upright: eyes level, forehead above chin, facing the camera, size 1."""
    across = (face[EYE_CORNERS[1]] - face[EYE_CORNERS[0]]) + (
        face[MOUTH_CORNERS[1]] - face[MOUTH_CORNERS[0]]
    )
    x = across / np.linalg.norm(across)
    down = face[JAW_SLOTS[8]] - face[RIGID_SLOTS[10]]
    y = down - x * float(down @ x)
    y /= np.linalg.norm(y)
    turned = (face - face[RIGID_SLOTS].mean(axis=0)) @ np.stack([x, y, np.cross(x, y)], axis=1)
    size = np.linalg.norm(turned[EYE_CORNERS[1]] - turned[EYE_CORNERS[0]])
    result: Array = (turned / size).astype(np.float32)
    return result


def mean_face(points: Array) -> Array:
    """Template from landmarks of many frames and people, (N, P, 3) pixels -> (P, 3), upright.

    Generalised Procrustes analysis (Gower 1975) on the rigid points.
    """
    template = upright(points[0])
    for _ in range(5):
        template = upright(fit_pose(points, template).invert(points).mean(axis=0))
    return template


def learn_shape(people: list[list[Array]], template: Array, size: int) -> LipShape:
    """Principal components of mouth motion, each person weighing the same.

    Args:
        people: per person, per clip, (N, P, 3) canonical landmarks.
        template: (P, 3) mean face used until the people's own mean is known.
        size: number of components K.
    """
    rough = LipShape(template, np.zeros((1, len(MOUTH), 3), np.float32), np.ones(1, np.float32))
    shape = rough
    for _ in range(2):
        scatter = np.zeros((len(MOUTH) * 3,) * 2)
        faces = []
        for clips in people:
            own = np.zeros_like(scatter)
            count = 0
            for clip in clips:
                neutral = shape.neutral(clip)
                faces.append(neutral)
                motion = (clip - neutral)[:, MOUTH].reshape(len(clip), -1).astype(np.float64)
                own += motion.T @ motion
                count += len(motion)
            scatter += own / max(count, 1)
        values, vectors = np.linalg.eigh(scatter / len(people))
        order = np.argsort(values)[::-1][:size]
        basis = vectors[:, order].T.reshape(size, len(MOUTH), 3)
        mean = np.mean(faces, axis=0)
        shape = LipShape(
            mean.astype(np.float32),
            basis.astype(np.float32),
            np.sqrt(values[order]).astype(np.float32),
        )
    return shape
