"""Where one shot of a film dissolves into another, told from pictures of a few pixels.

While it does, every picture is a mixture of the first and the last of them, and the face is that of
nobody.
"""

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import EYE_CORNERS, RIGID_SLOTS
from synclips.faces.look import look_distance

Array = NDArray[np.float32]

_SIDE = 16  # pixels of a scene that are compared

# Frames that a dissolve, or a part of it, takes; and the mean levels between its ends at least.
_LENGTHS = (6, 8, 12, 16, 24, 32, 48)
_LEAST = 10.0
# Share of those by which the pictures between may differ from the mixtures, on average.
_MIXED = 0.16
_PURE = 0.04  # share of another shot that does not count
# Mean levels between the faces at its ends at least; faces of one person are nearer, as the camera
# moves (`look.ANOTHER` has the figures).
_ANOTHER = 14.0
# Or so many eye distances between their places, or so many times the size, as between two views of
# one person.
_ELSEWHERE, _LARGER = 0.3, 1.15
# A face that the camera passes is in no frame elsewhere than in the one before, and in each looks
# like that at one end, within so many levels: 7.4 at most in a filmed pan.
_ALIKE = 8.0
_RATE = 25  # frames per second that are looked at, at most
# Fades are no dissolves: a picture that shows nothing has a standard deviation of fewer levels than
# this, and one that is only darker than another is correlated with it.
_EMPTY, _SAME = 6.0, 0.9


@dataclass(frozen=True, eq=False)
class _Seen:
    """A frame.

    Attributes:
        index: in the clip.
        scene: (16, 16, 3).
        look: of the face, None without one.
        place: (3,) of the face, and its size, in pixels.
    """

    index: int
    scene: Array
    look: Array | None
    place: Array | None


class Dissolves:
    """Takes the frames of a clip one after the other.

    Attributes:
        spans: the dissolves so far, in order: frames that show something of two shots.
    """

    def __init__(self) -> None:
        self._seen: deque[_Seen] = deque(maxlen=_LENGTHS[-1] + 1)
        self._count = 0
        self._next = Fraction(0)
        self.spans: list[slice] = []

    def add(self, time: Fraction, scene: Array, look: Array | None, points: Array | None) -> None:
        """The next frame.

        Args:
            time: seconds.
            scene: of `scene_of`.
            look: of `look_of`, if it shows a face.
            points: (P, 3) its landmarks.
        """
        self._count += 1
        if time < self._next:
            return
        self._next = max(self._next + Fraction(1, _RATE), time)
        small = scene.reshape(_SIDE, len(scene) // _SIDE, _SIDE, -1, 3).mean(axis=(1, 3))
        place = None if points is None else _place_of(points)
        self._seen.append(_Seen(self._count - 1, small, look, place))
        for length in _LENGTHS:
            if length < len(self._seen) and (found := self._within(length)) is not None:
                self._join(found)

    def _within(self, length: int) -> slice | None:
        """The dissolve, or part of one, between the last frame and the one so many before."""
        before, after = self._seen[-1 - length], self._seen[-1]
        first, last = before.scene, after.scene
        away = float(np.abs(last - first).mean())
        if away < _LEAST or min(first.std(), last.std()) < _EMPTY:
            return None
        if not (_other_faces(before, after) or _is_elsewhere(before, after)):
            return None
        if np.corrcoef(first.ravel(), last.ravel())[0, 1] > _SAME:
            return None
        share = (np.arange(1, length, dtype=np.float32) / length)[:, None, None, None]
        some = [self._seen[at - length] for at in range(length - 1)]
        between = np.stack([one.scene for one in some])
        if np.abs(between - (first + share * (last - first))).mean() > _MIXED * away:
            return None
        if _is_passed([before, *some, after]):
            return None
        # Frames at its ends may show one shot alone.
        way = (last - first).ravel()
        gone = (between - first).reshape(length - 1, -1) @ way / (way @ way)
        inside = np.flatnonzero((gone > _PURE) & (gone < 1 - _PURE))
        if len(inside) == 0:
            return None
        # Frames that were not looked at lie between those that were.
        start = some[inside[0] - 1].index if inside[0] else before.index
        stop = some[inside[-1] + 1].index if inside[-1] + 1 < len(some) else after.index
        return slice(start + 1, stop)

    def _join(self, span: slice) -> None:
        while self.spans and self.spans[-1].stop >= span.start:
            other = self.spans.pop()
            span = slice(min(span.start, other.start), max(span.stop, other.stop))
        self.spans.append(span)


def _place_of(points: Array) -> Array:
    eyes = points[EYE_CORNERS, :2]
    middle = points[RIGID_SLOTS, :2].mean(axis=0)
    return np.array([*middle, np.linalg.norm(eyes[1] - eyes[0])], np.float32)


def _other_faces(before: _Seen, after: _Seen) -> bool:
    """Whether two frames show different faces, or one of them none."""
    if before.look is None or after.look is None:
        return before.look is not after.look
    return look_distance(before.look, after.look) > _ANOTHER


def _is_elsewhere(before: _Seen, after: _Seen) -> bool:
    """Whether the faces of two frames are at different places, or one is larger."""
    if before.place is None or after.place is None:
        return False
    sizes = sorted((float(before.place[2]), float(after.place[2])))
    moved = float(np.linalg.norm(after.place[:2] - before.place[:2]))
    return moved > _ELSEWHERE * sizes[1] or sizes[1] > _LARGER * max(sizes[0], 1e-6)


def _is_passed(frames: list[_Seen]) -> bool:
    """Whether frames that follow each other show one face, which the camera passes or nears.

    In so few pixels a pan is nearly a mixture of its ends, but the face goes through all places
    between and stays itself; where two are mixed it jumps, or is like neither.
    """
    before, after = frames[0], frames[-1]
    if _other_faces(before, after):
        return False
    if any(_is_elsewhere(one, other) for one, other in pairwise(frames)):
        return False
    return all(not (_unlike(one, before) and _unlike(one, after)) for one in frames[1:-1])


def _unlike(one: _Seen, end: _Seen) -> bool:
    """Whether a frame shows no face, or not quite that of another frame."""
    return one.look is None or end.look is None or look_distance(one.look, end.look) > _ALIKE
