"""The part of the picture in which the face is looked for, where a video shows several people."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.faces.tracker import FaceTracker
from synclips.media.box import Box


@dataclass(frozen=True)
class Region:
    """A rectangle in shares of the picture's width and height, from its upper left corner.

    Attributes:
        left: 0 to 1, as the others.
        top: of the rectangle.
        right: more than `left`.
        bottom: more than `top`.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        """Refuse what is no part of a picture.

        Raises:
            ConfigError: it is empty, or reaches out of the picture.
        """
        across = 0 <= self.left < self.right <= 1
        if not (across and 0 <= self.top < self.bottom <= 1):
            raise ConfigError(
                f"{self} is no part of the picture; left,top,right,bottom are shares of its width"
                " and height, such as 0.5,0,1,1 for the right half."
            )

    def __str__(self) -> str:
        """As `parse_region` reads it."""
        return f"{self.left:g},{self.top:g},{self.right:g},{self.bottom:g}"

    def box(self, height: int, width: int) -> Box:
        """Its pixels in a picture; never empty."""
        left, right = _span(self.left, self.right, width)
        top, bottom = _span(self.top, self.bottom, height)
        return Box(left, top, right, bottom)


def _span(low: float, high: float, length: int) -> tuple[int, int]:
    start = min(int(low * length), length - 1)
    return start, max(start + 1, round(high * length))


def parse_region(text: str) -> Region:
    """What a user wrote: `left`, `right` (half of the picture), or `LEFT,TOP,RIGHT,BOTTOM`.

    Raises:
        ConfigError: it is none of these.
    """
    halves = {"left": Region(0, 0, 0.5, 1), "right": Region(0.5, 0, 1, 1)}
    if text in halves:
        return halves[text]
    try:
        left, top, right, bottom = (float(part) for part in text.split(","))
    except ValueError:
        raise ConfigError(
            f"{text!r} is no region; give left, right, or left,top,right,bottom as shares of the"
            " picture's width and height, such as 0.5,0,1,1."
        ) from None
    return Region(left, top, right, bottom)


class PartTracker:
    """A `FaceTracker` that shows another one a part of each picture and nothing else.

    Args:
        tracker: finds the face in the part; closed with this one.
        parts: of each picture in order; None of those that are not looked at, as of all behind the
            last.
    """

    def __init__(self, tracker: FaceTracker, parts: Iterable[Region | None]) -> None:
        self._tracker = tracker
        self._parts = iter(parts)

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """See `FaceTracker.find`; in pixels of the whole picture."""
        region = next(self._parts, None)
        if region is None:
            return None
        box = region.box(*image.shape[:2])
        points = self._tracker.find(np.ascontiguousarray(image[box.index]))
        if points is None:
            return None
        points = points.copy()
        points[:, :2] += np.array([box.left, box.top], np.float32)
        return points

    def close(self) -> None:
        """Close the tracker inside."""
        self._tracker.close()
