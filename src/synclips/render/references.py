"""Which frames of the clip a new mouth is drawn from.

Frames that differ as much as possible in lips and head pose are worth keeping; for every new mouth
those with the nearest lips and pose are taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import INNER, INNER_UPPER, LIPS, OUTER, mouth_opening
from synclips.faces.segment import Segment
from synclips.faces.shape import LipShape
from synclips.media.box import Box
from synclips.render.lip_map import fill
from synclips.render.monochrome import Tones
from synclips.render.occlusion import UsualFace

Array = NDArray[np.float32]

# Degrees of yaw that count as much as a crop pixel of lip distance, and, where frames are chosen to
# be kept, as much as a standard deviation of the strongest coefficient of the lips.
_YAW_UNIT, _YAW_APART = 3.0, 8.0
# How much a squared crop pixel counts by which a mouth is too closed to be stretched open.
_HIDDEN = 4.0
# Crop pixels by which it may be.
_STRETCH = 0.5
# Share of its opening by which a kept mouth may be less open than the widest where that is too
# closed, too: teeth are held then (`held_teeth`), and for the last bit of opening a torn mouth or a
# turned head would be taken.
_TORN = 0.15
# The inside of an open mouth is a smear with less detail than this share of what a quarter of them
# have; what one without any costs; the opening in crop pixels from which on it is looked at.
_SMEAR, _BLURRED, _SHOWS = 0.6, 8.0, 3.6
_DIM = 40  # of 255, added to the light, so that the noise of a dark mouth is no detail
# What a frame costs in which a tenth of the lips, more than is usual, is dark: landmarks have them
# closed there, and the mouth is open. Dark is what has less than this share of the light on lips;
# their sides, of their width, are in the shade of the corners.
_MISSED, _TENTH, _UNLIT, _SIDES = 5.0, 0.1, 0.55, 0.15
# Logarithms of light that count as much as a crop pixel: made brighter, noise and steps of dark
# pictures are seen; made darker, a picture loses nothing.
_DARKER_UNIT, _BRIGHTER_UNIT = 0.15, 1.5
_DARK = 0.02  # of 1, added, so that black is not infinitely far
_EVEN = 1.25  # ratio of lights up to which they say nothing
# What the distance of the frame in use is multiplied by, and what is taken from it then: where
# several fit, a mouth of a single frame twitches.
_LOYALTY, _PATIENCE = 0.5, 0.5


def lip_distance(points: Array, target: Array) -> Array:
    """Mean squared distance of the lips in crop pixels, (..., P, 2) and (..., P, 2) -> (...)."""
    gap = points[..., LIPS, :] - target[..., LIPS, :]
    distance: Array = np.square(gap).sum(axis=-1).mean(axis=-1)
    return distance


@dataclass(frozen=True, eq=False)
class AlignedFace:
    """The face of a frame as the generator sees it.

    Attributes:
        points: (P, 2) landmarks in crop pixels.
        crop: (S, S, 3) the crop, RGB.
    """

    points: Array
    crop: NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Reference(AlignedFace):
    """One kept frame.

    Attributes:
        image: the part of the frame around the face, RGB.
        box: where that part lies in the frame.
        to_image: (2, 3) crop pixels to frame pixels.
        yaw: degrees.
        light: of `light_of`.
    """

    image: NDArray[np.uint8]
    box: Box
    to_image: NDArray[np.float64]
    yaw: float
    light: float


class ReferenceBank:
    """The kept frames of one segment.

    Args:
        references: at least one.
        usual: how the face usually looks there; None where too little of it is seen to say so.
    """

    def __init__(self, references: Sequence[Reference], usual: UsualFace | None = None) -> None:
        self.references = tuple(references)
        self.usual = usual
        self._points = np.stack([reference.points for reference in references])
        self._opening = mouth_opening(self._points)
        self._yaw = np.array([reference.yaw for reference in references], np.float32)
        self._light = np.array([reference.light for reference in references], np.float32)
        self._blur = _blur(references, self._opening)
        dark = np.array([_dark_share(reference) for reference in references], np.float32)
        self._missed = np.clip((dark - np.median(dark)) / _TENTH, 0, 2)

    @property
    def is_evenly_lit(self) -> bool:
        """Whether all frames are about as bright, so that nobody need ask how bright one is."""
        return bool(self._light.max() + _DARK <= _EVEN * (self._light.min() + _DARK))

    @property
    def lip_line(self) -> float:
        """How far down in the crop the upper lip usually ends, crop pixels."""
        return float(np.median(self._points[:, INNER_UPPER[len(INNER_UPPER) // 2], 1]))

    @cached_property
    def tones(self) -> Tones | None:
        """What colours follow from where all frames are black and white or tinted; else None."""
        return Tones.of([reference.crop for reference in self.references])

    @property
    def widest(self) -> float:
        """Opening of the most open mouth, crop pixels."""
        return float(self._opening.max())

    def nearest(
        self,
        target: Array,
        yaw: float,
        light: float | None,
        count: int,
        previous: Reference | None = None,
    ) -> list[Reference]:
        """The `count` frames nearest in lips, turn of the head and light, nearest first.

        A mouth that is less open than the new one is far, because what it does not show would be
        stretched; lips that close over a more open one hide what is too much. So is a darker frame,
        as while a picture fades in, and one in which the inside of an open mouth is blurred, by
        motion or by the coding, and would be a white smear for much longer. With fewer kept frames
        than asked for, the nearest one is repeated.

        Args:
            target: landmarks (P, 2) in crop pixels with the lips to be drawn.
            yaw: of the head, degrees.
            light: of the frame, see `light_of`; None where it does not matter.
            count: how many.
            previous: the nearest frame of the picture before, which stays the nearest until
                another one is clearly nearer; teeth and shine would flicker otherwise.
        """
        opening = float(mouth_opening(target))
        beyond = min(max(opening - self.widest, 0), _TORN * self.widest)
        needed = min(opening, self.widest) - beyond
        hidden = np.maximum(needed - self._opening - _STRETCH, 0)
        distance = (
            lip_distance(self._points, target)
            + np.square((self._yaw - yaw) / _YAW_UNIT)
            + _HIDDEN * np.square(hidden)
            + _BLURRED * min(opening / _SHOWS, 1) * self._blur
            + _MISSED * self._missed
        )
        if light is not None:
            brighter = np.log((self._light + _DARK) / (light + _DARK))
            distance += np.square(np.minimum(brighter, 0) / _DARKER_UNIT)
            distance += np.square(np.maximum(brighter, 0) / _BRIGHTER_UNIT)
        if previous is not None:
            same = [reference is previous for reference in self.references]
            distance = np.where(same, distance * _LOYALTY - _PATIENCE, distance)
        order = np.argsort(distance, kind="stable")[:count].tolist()
        order += order[:1] * (count - len(order))
        return [self.references[index] for index in order]


def _blur(references: Sequence[Reference], opening: Array) -> Array:
    """How much of a smear the inside of each open mouth is, beside the sharper ones, 0 to 1."""
    detail = np.full(len(references), np.nan, np.float32)
    for index in np.flatnonzero(opening > _SHOWS).tolist():
        detail[index] = _detail(references[index])
    if not np.nansum(detail):
        return np.zeros(len(references), np.float32)
    sharp = float(np.nanpercentile(detail, 75))
    blur: Array = np.nan_to_num(np.maximum(1 - detail / max(_SMEAR * sharp, 1e-6), 0))
    return blur


def _dark_share(reference: Reference) -> float:
    """How much of the lips, as landmarks have them, is as dark as only an open mouth is, 0 to 1."""
    size = len(reference.crop)
    outline, edge = (fill(reference.points[slots], size) for slots in (OUTER, INNER))
    left, right = reference.points[INNER[0], 0], reference.points[INNER[10], 0]
    along = (np.arange(size, dtype=np.float32) - left) / max(float(right - left), 1e-3)
    clear = np.ones((3, 3))  # of the skin around, and of the rim of an open mouth
    lips = (cv2.erode(outline, clear) > 0.5) & (cv2.dilate(edge, clear) < 0.5)
    lips &= (along > _SIDES) & (along < 1 - _SIDES)
    if not lips.any():
        return 0.0
    light = cv2.cvtColor(reference.crop, cv2.COLOR_RGB2GRAY)[lips]
    return float((light < _UNLIT * np.median(light)).mean())


def _detail(reference: Reference) -> float:
    """What is finer than a crop pixel between the lips, as a share of the light there.

    Teeth have edges, and a dark mouth has little light; what has neither is a smear.
    """
    grey = cv2.cvtColor(reference.crop, cv2.COLOR_RGB2GRAY).astype(np.float32)
    fine = np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 1.0))
    inside = cv2.erode(fill(reference.points[INNER], len(grey)), np.ones((3, 3), np.uint8))
    return float((fine * inside).sum() / max((grey * inside).sum() + _DIM * inside.sum(), 1.0))


def choose_frames(
    segment: Segment, shape: LipShape, count: int, among: NDArray[np.intp] | None = None
) -> NDArray[np.intp]:
    """Frames of a segment (indices within it) that are spread over lips and head pose.

    The one whose mouth is nearest to rest is one of them.

    Args:
        segment: of a track.
        shape: the space of its lips.
        count: how many frames at most.
        among: those to choose from, at least one; all by default.
    """
    if among is None:
        among = np.arange(len(segment))
    lips = shape.evened(segment.coefficients[among])
    features = np.column_stack([lips, segment.pose.yaw[among] / _YAW_APART])
    rest = int(np.square(lips).sum(axis=1).argmin())
    chosen: NDArray[np.intp] = among[sorted(spread(features, [rest], count))]
    return chosen


def lend(
    own: Sequence[tuple[Array, float]], others: Sequence[tuple[Array, float]], count: int
) -> list[int]:
    """Which of other frames add most to what some frames show of lips and head pose.

    Args:
        own: landmarks (P, 2) in crop pixels and yaw in degrees of the frames there are.
        others: the same of those to choose from.
        count: how many at most.

    Returns:
        Indices of others.
    """
    points = np.stack([points[LIPS].ravel() for points, _ in (*own, *others)])
    yaw = np.array([yaw for _, yaw in (*own, *others)], np.float32)
    features = np.column_stack([points / np.sqrt(len(LIPS)), yaw / _YAW_UNIT])
    chosen = spread(features, range(len(own)), len(own) + count)
    return [index - len(own) for index in chosen[len(own) :]]


def spread(features: Array, first: Sequence[int], count: int) -> list[int]:
    """Rows that are as far from each other as possible: farthest-point sampling (Gonzalez 1985).

    Args:
        features: (N, D).
        first: rows that are chosen already, one at least.
        count: how many shall be chosen with those.

    Returns:
        Rows in the order in which they were chosen; fewer where the others repeat them.
    """
    chosen = list(first)
    distance = np.full(len(features), np.inf)
    for index in chosen:
        distance = np.minimum(distance, np.square(features - features[index]).sum(axis=1))
    while len(chosen) < count and distance.max() > 0:
        chosen.append(int(distance.argmax()))
        distance = np.minimum(distance, np.square(features - features[chosen[-1]]).sum(axis=1))
    return chosen
