"""A video file and where its face is: what all measurements of a file share.

A file is tracked once and read again whenever its pixels are needed. Does not know what is
measured.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, crop_to_image
from synclips.faces.segment import analyse
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, track_faces
from synclips.faces.tracker import FaceTracker, MediaPipeTracker
from synclips.media.video import Frame, VideoReader

OpenTracker = Callable[[], FaceTracker]


@dataclass(frozen=True, eq=False)
class Tracked:
    """A video file and its face.

    Attributes:
        path: The file.
        track: Landmarks of all its frames.
    """

    path: Path
    track: FaceTrack

    def crops(self, shape: LipShape, spec: CropSpec) -> dict[int, NDArray[np.float64]]:
        """Maps from crop pixels to frame pixels, (2, 3), of every frame with a face."""
        return {
            part.frames.start + index: affine
            for part in analyse(self.track, shape)
            for index, affine in enumerate(crop_to_image(part.pose, shape.template, spec))
        }

    def frames_at(self, times: Iterable[Fraction]) -> Iterator[Frame]:
        """The frame nearest to each of some times, seconds, that do not decrease."""
        frames = VideoReader(self.path).frames()
        frame = next(frames)
        for time in times:
            index = nearest(self.track.times, time)
            while frame.index < index:
                frame = next(frames)
            yield frame


def track_file(video: Path, open_tracker: OpenTracker = MediaPipeTracker) -> Tracked:
    """Track a file, with a tracker of its own, so that files do not influence each other.

    Raises:
        InputError: If the file cannot be read.
    """
    with closing(open_tracker()) as tracker:
        return Tracked(video, track_faces(VideoReader(video).frames(), tracker))


def nearest(times: tuple[Fraction, ...], time: Fraction) -> int:
    """Index of the nearest of some increasing times; of two equally near ones, the earlier."""
    after = bisect_left(times, time)
    if after == 0:
        return 0
    if after == len(times) or time - times[after - 1] <= times[after] - time:
        return after - 1
    return after
