"""How many people a video shows and where, so that nobody is surprised which of them speaks.

Knows pictures only: where faces are is the tracker's business, who they are is nobody's.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.faces.region import Region
from synclips.faces.small import small
from synclips.faces.solutions import start
from synclips.faces.tracker import FaceTracker

_EVERY = 10.0  # seconds
_SOON = 2.0  # seconds, in the first ten, in which somebody may still come
_LOOKS = 12  # at most, 20 ms each
# How often it is tried whether faces stand on their heads, and by how much surer of that the
# detector must be: faces of 28 clips are found by .22 to .95 less well when turned.
_TURNS, _SURER = 3, 0.08
_LONGEST_SIDE = 640  # pixels that the detector is shown
_CONFIDENCE = 0.6  # from which on it has found a face, 0 to 1
_SMALLEST = 0.4  # of the height of the largest face; smaller ones are bystanders and pictures


class FaceDetector:
    """The full-range one of MediaPipe (BlazeFace, Bazarevsky et al. 2019, arXiv 1907.05047)."""

    def __init__(self) -> None:
        self._detector = start(
            "face_detection",
            "FaceDetection",
            min_detection_confidence=_CONFIDENCE,
            model_selection=1,
        )

    def boxes(self, image: NDArray[np.uint8]) -> NDArray[np.float64]:
        """(N, 4) left, top, right and bottom of faces, shares of the picture, from left to right.

        Faces that are much smaller than another do not count.
        """
        found = self._found(small(image, _LONGEST_SIDE))
        boxes = np.array([_corners(one.location_data.relative_bounding_box) for one in found])
        if len(boxes) == 0:
            return np.zeros((0, 4))
        heights = boxes[:, 3] - boxes[:, 1]
        large = boxes[heights > _SMALLEST * heights.max()]
        return np.asarray(large[large[:, 0].argsort()], np.float64)

    def surest(self, image: NDArray[np.uint8]) -> float:
        """How sure it is of the face it is surest of, 0 for none."""
        return max((one.score[0] for one in self._found(image)), default=0.0)

    def close(self) -> None:
        """Release the graph."""
        self._detector.close()

    def _found(self, image: NDArray[np.uint8]) -> Any:
        return self._detector.process(image).detections or []


class CrowdTracker:
    """A `FaceTracker` that also counts the faces of a few frames; another one tracks.

    Args:
        tracker: finds the face; closed with this one.
        rate: frames per second.

    Attributes:
        people: a part of the picture for each face of the frame that showed most of them so far,
            without anybody else in it; faces that are much smaller than another do not count.
        is_upside_down: whether faces are found better in the pictures turned by half.
    """

    def __init__(self, tracker: FaceTracker, rate: float) -> None:
        self._tracker = tracker
        self._detector = FaceDetector()
        self._every = max(1, round(_EVERY * rate))
        self._soon = max(1, round(_SOON * rate))
        self._count = 0
        self.people: tuple[Region, ...] = ()
        self._certainty: list[tuple[float, float]] = []

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """See `FaceTracker.find`."""
        look, late = divmod(self._count, self._every)
        if (look == 0 and late % self._soon == 0) or (late == 0 and look < _LOOKS):
            self._turn(image)
            people = separate(self._detector.boxes(image))
            if len(people) > len(self.people):
                self.people = people
        self._count += 1
        return self._tracker.find(image)

    @property
    def is_upside_down(self) -> bool:
        """See the class."""
        if not self._certainty:
            return False
        surer = np.diff(self._certainty, axis=1)[:, 0]
        often = np.count_nonzero(surer > 0) >= min(2, len(surer))
        return bool(often and surer.mean() > _SURER)

    def _turn(self, image: NDArray[np.uint8]) -> None:
        """How sure the detector is of the face as it is, and with the picture turned by half."""
        if len(self._certainty) < _TURNS:
            picture = small(image, _LONGEST_SIDE)
            turned = np.ascontiguousarray(picture[::-1, ::-1])
            surest = self._detector.surest
            self._certainty.append((surest(picture), surest(turned)))

    def close(self) -> None:
        """Release the detector, and close the tracker inside."""
        self._detector.close()
        self._tracker.close()


def separate(boxes: NDArray[np.floating]) -> tuple[Region, ...]:
    """Parts of the picture that hold one face each, cut half-way between neighbours.

    Args:
        boxes: (N, 4) left, top, right and bottom of faces, in shares of the picture.
    """
    parts = []
    for face in boxes:
        low, high = np.zeros(2), np.ones(2)
        for other in boxes:
            if np.array_equal(other, face):
                continue
            # Room to the right and below, then to the left and above; the most of it parts them.
            room = np.concatenate([other[:2] - face[2:], face[:2] - other[2:]])
            side = int(room.argmax())
            axis = side % 2
            if side < 2:
                high[axis] = min(high[axis], (face[2 + axis] + other[axis]) / 2)
            else:
                low[axis] = max(low[axis], (face[axis] + other[2 + axis]) / 2)
        parts.append(_rounded(low, high))
    return tuple(part for part in parts if part is not None)


def _rounded(low: NDArray[np.floating], high: NDArray[np.floating]) -> Region | None:
    """In hundredths, as a person would write it; None if nothing is left."""
    left, top, right, bottom = (round(float(x), 2) for x in np.clip([*low, *high], 0, 1))
    return Region(left, top, right, bottom) if left < right and top < bottom else None


def _corners(box: Any) -> tuple[float, float, float, float]:
    return box.xmin, box.ymin, box.xmin + box.width, box.ymin + box.height
