"""Where one shot of a film dissolves into another, told from pictures of a few pixels.

While it does, every picture is a mixture of the first and the last of them, and the face is that of
nobody.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from synclips.faces.look import apart

Array = NDArray[np.float32]

# Frames that a dissolve, or a part of it, takes; and the mean levels between its ends at least.
_LENGTHS = (6, 8, 12, 16, 24, 32, 48)
_LEAST = 10.0
# Share of those by which the pictures between may differ from the mixtures, on average.
_MIXED = 0.12
_PURE = 0.04  # share of another shot that does not count
# Mean levels between the faces at its ends at least; faces of one person are nearer, as the camera
# moves (`look.ANOTHER` has the figures).
_ANOTHER = 14.0
# Fades are no dissolves: a picture that shows nothing has a standard deviation of fewer levels than
# this, and one that is only darker than another is correlated with it.
_EMPTY, _SAME = 6.0, 0.9


class Dissolves:
    """Takes the frames of a clip one after the other.

    Attributes:
        spans: the dissolves so far, in order: frames that show something of two shots.
    """

    def __init__(self) -> None:
        self._scenes: deque[Array] = deque(maxlen=_LENGTHS[-1] + 1)
        self._looks: deque[Array | None] = deque(maxlen=_LENGTHS[-1] + 1)
        self._count = 0
        self.spans: list[slice] = []

    def add(self, scene: Array, look: Array | None) -> None:
        """The next frame: its `scene_of`, and its face as `look_of` gives it, if it shows one."""
        self._scenes.append(scene)
        self._looks.append(look)
        self._count += 1
        for length in _LENGTHS:
            if length < len(self._scenes) and (found := self._within(length)) is not None:
                self._join(found)

    def _within(self, length: int) -> slice | None:
        """The dissolve, or part of one, between the last frame and the one so many before."""
        first, last = self._scenes[-1 - length], self._scenes[-1]
        away = float(np.abs(last - first).mean())
        if away < _LEAST or min(first.std(), last.std()) < _EMPTY:
            return None
        if np.corrcoef(first.ravel(), last.ravel())[0, 1] > _SAME:
            return None
        before, after = self._looks[-1 - length], self._looks[-1]
        if before is None and after is None:
            return None
        if before is not None and after is not None and apart(before, after) < _ANOTHER:
            return None
        share = (np.arange(1, length, dtype=np.float32) / length)[:, None, None, None]
        between = np.stack([self._scenes[at - length] for at in range(length - 1)])
        if np.abs(between - (first + share * (last - first))).mean() > _MIXED * away:
            return None
        # Frames at its ends may show one shot alone.
        way = (last - first).ravel()
        gone = (between - first).reshape(length - 1, -1) @ way / (way @ way)
        inside = np.flatnonzero((gone > _PURE) & (gone < 1 - _PURE)) + self._count - length
        return slice(int(inside[0]), int(inside[-1]) + 1)

    def _join(self, span: slice) -> None:
        while self.spans and self.spans[-1].stop >= span.start:
            other = self.spans.pop()
            span = slice(min(span.start, other.start), max(span.stop, other.stop))
        self.spans.append(span)
