"""How many people a video shows, so that nobody is surprised which of them speaks.

Knows pictures only: where faces are is the tracker's business, who they are is nobody's.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from synclips.faces.tracker import FaceTracker, quiet_start, wait_until_started

_EVERY = 250  # frames; ten seconds
_LOOKS = 12  # at most, 20 ms each
_LONGEST_SIDE = 640
_CONFIDENCE = 0.6
_SMALLEST = 0.4  # of the height of the largest face; smaller ones are bystanders and pictures


class CrowdTracker:
    """A `FaceTracker` that also counts the faces of a few frames; another one tracks.

    By the full-range face detector of MediaPipe (BlazeFace, Bazarevsky et al. 2019, arXiv
    1907.05047).

    Args:
        tracker: finds the face; closed with this one.

    Attributes:
        most: faces seen in one frame so far; such as are much smaller than another do not count.
    """

    def __init__(self, tracker: FaceTracker) -> None:
        from mediapipe.python.solutions.face_detection import FaceDetection

        self._tracker = tracker
        with quiet_start():
            self._detector: Any = FaceDetection(_CONFIDENCE, model_selection=1)
            wait_until_started(self._detector)
        self._count = 0
        self.most = 0

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """See `FaceTracker.find`."""
        look, late = divmod(self._count, _EVERY)
        if not late and look < _LOOKS:
            self.most = max(self.most, self._faces(image))
        self._count += 1
        return self._tracker.find(image)

    def _faces(self, image: NDArray[np.uint8]) -> int:
        shrink = min(1.0, _LONGEST_SIDE / max(image.shape[:2]))
        small = cv2.resize(image, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        found = self._detector.process(small).detections or []
        heights = [one.location_data.relative_bounding_box.height for one in found]
        return sum(height > _SMALLEST * max(heights) for height in heights)

    def close(self) -> None:
        """Release the detector, and close the tracker inside."""
        self._detector.close()
        self._tracker.close()
