"""What stands before a face: hands, microphones, cups, told from how the face usually looks.

Frames of one stretch are laid out alike. Their median is the face, and how far they usually are
from it is how much each pixel changes by itself: much between the lips, little on a cheek. What is
several times as far, and reaches in over the outline of the face, stands before it. No network,
and nothing that stays where it is most of the time is ever found: that is how the face looks.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import OUTER
from synclips.render.layout import Layout
from synclips.render.mask import OUTLINE

Array = NDArray[np.float32]
Mask = NDArray[np.bool_]

FEWEST_SAMPLES = 25
"""Frames of which fewer do not say what is usual."""

# Degrees of yaw within which a face looks alike, and frames that must show it so.
_FAMILIAR, _FEWEST_TURNED = 5.0, 3
# How many times as far from the median as usual something is that stands before the face; the
# same where something of the kind was found in other frames; and whatever continues from there.
_SEED, _LIKELY_SEED, _GROWN = 4.0, 3.0, 2.0
# Share of what is found in the face that must be as far from the median as one of the first two.
_CLEAR = 0.1
# A hand has the colour of the face, and only its edges and shadows are unusual. So the mean over
# this many crop pixels counts as well, from so many times its own spread and so much on.
_BROAD, _AROUND_SEED, _UNUSUAL_AROUND = 11, 8.0, 1.2
_LEAST_AROUND = 0.3  # spread of that mean that counts as usual everywhere
# From there on a pixel of the colour of what is beside it belongs to that: crop pixels that are
# beside, how far it is from usual at least, and by what part it is nearer to that colour. Between
# the lips nearly everything is usual; there it only has to be of that colour, in its deviations.
_BESIDE, _UNUSUAL, _NEARER, _ALIKE = 25, 1.0, 0.7, 1.0
_STEPS = 2  # that this is done
# Levels of colour that count as usual everywhere.
_LEAST_SPREAD = 8.0
# How often what is usual is learnt again without frames in which something is before the lips, and
# which share of all frames must be left for that.
_ROUNDS, _LEAST_CLEAR = 3, 0.4
# Of the distances of all frames from the median; hands are before a face less often than not.
_USUAL = 0.6
# Standard deviations of a normal distribution in a median distance from its middle.
_MAD = 1.4826
# Crop pixels: how far outside of the face is looked, how far into it an occluder reaches at
# least, and how wide the rim is over which it must come.
_AROUND, _INTO, _RIM = 10, 2, 2
# Crop pixels of a bay in what was found that belongs to it.
_BAY = 11
# Of the face below the nose; what is smaller is noise.
_LEAST_AREA = 0.01
# How much of a pixel of the layout must be of the picture, and of the face below the nose, of whose
# landmarks most are guessed otherwise.
_KNOWN, _LEAST_SHOWN = 0.9, 0.7
# Levels between two frames that are one and the same, but for what coding makes of it.
_REPEATED = 0.75
# Share of frames that must be others for a face to be one that moves.
_MOVING = 0.4
# Light may change between frames so much.
_GAIN_LIMIT = 2.0
# A pixel this far from the median says nothing about the light.
_UNLIT = 3.0
_DARK = 5.0  # levels added, so that black has no gain of its own


def distinct(crops: Sequence[NDArray[np.uint8]]) -> list[int]:
    """Which frames of a face (S, S, 3), in order, are not the one before once more.

    A picture that stands still for a while does not say how much a face changes; but one that
    nearly always does, does not change, and all of it counts.
    """
    kept: list[int] = []
    for index, crop in enumerate(crops):
        if not kept or cv2.absdiff(crop, crops[kept[-1]]).mean() > _REPEATED:
            kept.append(index)
    return kept if len(kept) >= _MOVING * len(crops) else list(range(len(crops)))


class UsualFace:
    """How the lower face of a person looks in most frames.

    Args:
        crops: (N, S, S, 3) frames spread over time.
        points: (N, P, 2) their landmarks in crop pixels.
        yaw: (N,) degrees the head is turned in them.
    """

    def __init__(self, crops: NDArray[np.uint8], points: Array, yaw: Array) -> None:
        self._yaw = yaw
        size = crops.shape[1]
        middle = points.mean(axis=0)
        self._layout = Layout(middle, size)
        self._skin = _hull(middle, size)
        self._skin[1::2] = self._skin[:, 1::2] = False  # a quarter says as much
        face = _hull(middle[OUTLINE], size)
        self._zone = _grown(face, _AROUND)
        self._core = ~_grown(~face, _INTO)
        # Over the nose nothing comes that is not seen elsewhere.
        below = np.arange(size)[:, None] > middle[OUTER, 1].min()
        self._rim = _grown(~face, _RIM) & below
        self._least = _LEAST_AREA * float(face.sum())
        self._lips = _hull(middle[OUTER], size)
        laid = np.stack([self._lay(*one) for one in zip(crops, points, strict=True)])
        self._learn(laid)
        self._seed = _SEED
        for _ in range(_ROUNDS):
            clear = np.array([self._is_clear(one) for one in laid])
            if clear.all() or clear.mean() < _LEAST_CLEAR:
                break
            # A hand is no part of how a face usually looks, and where one was more will be. What
            # is elsewhere may be a shadow of the jaw, which is usual in some frames.
            self._learn(laid[clear])
            self._seed = _LIKELY_SEED

    def _is_clear(self, laid: Array) -> bool:
        """Whether nothing is found before the lips of a face (S, S, 3)."""
        found = self._find(laid)
        return found is None or not (found & self._lips).any()

    def _learn(self, laid: Array) -> None:
        """What is usual in some frames (N, S, S, 3)."""
        usual = np.median(laid, axis=0)
        lit = np.stack([one / _gain(one[self._skin], usual[self._skin]) for one in laid])
        usual = np.median(lit, axis=0)
        away = np.abs(lit - usual)
        spread = np.maximum(
            _MAD * np.median(away, axis=0), np.quantile(away, _USUAL, axis=0)
        ).astype(np.float32)
        # Landmarks place an edge to a pixel or two.
        spread = np.asarray(cv2.dilate(spread, np.ones((5, 5))), np.float32)
        self._usual = usual.astype(np.float32)
        self._spread = np.maximum(spread, _LEAST_SPREAD)
        around = np.stack([_around(self._far(one, self._skin)) for one in laid])
        self._around = np.median(around, axis=0)
        apart = _MAD * np.median(np.abs(around - self._around), axis=0)
        self._around_spread = np.maximum(apart, _LEAST_AROUND).astype(np.float32)

    def knows(self, yaw: float) -> bool:
        """Whether it was seen how the face looks when the head is turned so many degrees.

        The far jaw and cheek of a head that is turned further than ever are not usual either.
        """
        near = np.abs(self._yaw - yaw) <= _FAMILIAR
        return int(near.sum()) >= _FEWEST_TURNED

    def hidden(
        self, crop: NDArray[np.uint8], points: Array, shown: Mask | None = None
    ) -> Array | None:
        """Where something stands before the face in a frame.

        Args:
            crop: (S, S, 3) the frame.
            points: (P, 2) its landmarks in crop pixels.
            shown: (S, S) which pixels of the crop the picture shows; all by default. The others
                repeat its border and say nothing.

        Returns:
            (S, S) in the pixels of the crop, 1 where it does and 0 elsewhere; None if nowhere.
        """
        known = None
        if shown is not None:
            known = self._layout.lay(shown.astype(np.float32), points) > _KNOWN
            if known[self._core].mean() < _LEAST_SHOWN:
                return None
        found = self._find(self._lay(crop, points), known)
        if found is None:
            return None
        # Between lips, where the layout folds, the way back leaves gaps.
        there = self._layout.back(_grown(found, 1).astype(np.float32), points)
        hidden = _filled(there > 0.5)
        return hidden.astype(np.float32) if hidden.any() else None

    def _find(self, laid: Array, known: Mask | None = None) -> Mask | None:
        """Where something stands before a face (S, S, 3) in the layout; None if nowhere."""
        far = self._far(laid, self._skin)
        # In all of the zone: cheaper than what `_occluders` asks for, and never less.
        if np.count_nonzero(self._unusual(far)) < self._least:
            return None
        lit = self._skin & (far < _UNLIT)
        if lit.any():
            # What stands before the face must not say how it is lit.
            far = self._far(laid, lit)
        return self._occluders(laid, far if known is None else np.where(known, far, 0))

    def _lay(self, crop: NDArray[np.uint8], points: Array) -> Array:
        return np.asarray(cv2.blur(self._layout.lay(crop, points), (3, 3)), np.float32)

    def _far(self, laid: Array, lit: Mask) -> Array:
        """(S, S) how many times as far from the median as usual, by the light of some pixels."""
        away = cv2.absdiff(laid / _gain(laid[lit], self._usual[lit]), self._usual)
        red, green, blue = cv2.split(cv2.divide(away, self._spread))
        return np.maximum(np.maximum(red, green), blue)

    def _unusual(self, far: Array) -> Mask:
        """Pixels (S, S) that are far from usual themselves, or among many that are a little."""
        around = _around(far)
        many = (around > _UNUSUAL_AROUND) & (
            around - self._around > _AROUND_SEED * self._around_spread
        )
        return np.asarray(self._zone & ((far > self._seed) | many), np.bool_)

    def _occluders(self, laid: Array, far: Array) -> Mask | None:
        """What stands before a face that is so far from usual (S, S); None if nothing does."""
        seed = _opened(self._unusual(far), 5)
        found = _opened(self._zone & (far > _GROWN), 3) | seed
        found = _parts(found, seed & self._core, self._least)
        for _ in range(_STEPS):
            if not found.any():
                return None
            found = _parts(found | self._like(found, laid, far), found, 1)
        found = _parts(found, self._rim, 1)
        inside = far[found & self._core]
        # A face as it is seldom seen is a little unusual all over, but hardly anywhere so much.
        clearly = inside.size > 0 and np.count_nonzero(inside > self._seed) >= _CLEAR * inside.size
        return found if clearly else None

    def _like(self, found: Mask, laid: Array, far: Array) -> Mask:
        """Pixels (S, S) nearer in colour to what was found beside them than to the face."""
        here = found.astype(np.float32)
        weight = cv2.blur(here, (_BESIDE, _BESIDE))[..., None] + 1e-6
        colour = cv2.blur(laid * here[..., None], (_BESIDE, _BESIDE)) / weight
        square = cv2.blur(np.square(laid) * here[..., None], (_BESIDE, _BESIDE)) / weight
        spread = np.sqrt(np.maximum(square - np.square(colour), 0)) + _LEAST_SPREAD
        away = (cv2.absdiff(laid, colour.astype(np.float32)) / spread).max(axis=-1)
        beside = self._zone & (weight[..., 0] > 1 / _BESIDE**2)
        nearer = (far > _UNUSUAL) & (away < _NEARER * far)
        return np.asarray(beside & (nearer | self._lips & (away < _ALIKE)), np.bool_)


def covers(hidden: Array, points: Array) -> bool:
    """Whether something stands before the lips of a frame, so that no mouth can be taken from it.

    Args:
        hidden: (S, S) of `UsualFace.hidden`.
        points: (P, 2) landmarks of the frame in crop pixels.
    """
    lips = _grown(_hull(points[OUTER], len(hidden)), 3)
    return bool((hidden[lips] > 0.5).any())


def _around(far: Array) -> Array:
    return np.asarray(cv2.blur(far, (_BROAD, _BROAD)), np.float32)


def _gain(pixels: Array, usual: Array) -> Array:
    """(3,) by how much brighter pixels (N, 3) are than usual ones, per channel."""
    gain = np.median((pixels + _DARK) / (usual + _DARK), axis=0)
    return np.asarray(np.clip(gain, 1 / _GAIN_LIMIT, _GAIN_LIMIT), np.float32)


def _hull(points: Array, size: int) -> Mask:
    """(S, S) the smallest convex region that holds some points (N, 2)."""
    region = np.zeros((size, size), np.uint8)
    hull = np.round(cv2.convexHull(np.ascontiguousarray(points))).astype(np.int32)
    cv2.fillConvexPoly(region, hull, 1)
    return region > 0


def _parts(region: Mask, where: Mask, least: float) -> Mask:
    """The connected parts of a region that have at least so many pixels where they shall."""
    count, label = cv2.connectedComponents(region.astype(np.uint8), connectivity=4)
    wanted = np.bincount(label[region & where], minlength=count) >= least
    return np.asarray(wanted[label] & region)


def _disc(width: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width)), np.uint8)


def _grown(region: Mask, reach: int) -> Mask:
    return np.asarray(cv2.dilate(region.astype(np.uint8), _disc(2 * reach + 1)) > 0)


def _filled(region: Mask) -> Mask:
    """Without its holes and narrow bays."""
    closed = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_CLOSE, _disc(_BAY))
    outlines, _ = cv2.findContours(closed, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(closed, outlines, -1, 1, cv2.FILLED) > 0)


def _opened(region: Mask, width: int) -> Mask:
    """Without whatever is narrower."""
    opened = cv2.morphologyEx(region.astype(np.uint8), cv2.MORPH_OPEN, _disc(width))
    return np.asarray(opened > 0)
