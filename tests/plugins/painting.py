"""A painted person in front of the camera: skin with texture, lips, and red between them."""

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.faces.crop import CropSpec, crop_to_image
from synclips.faces.landmarks import INNER, MOUTH, OUTER
from synclips.faces.segment import Segment, analyse
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, assemble_track
from synclips.media.picture import RgbPicture
from synclips.media.video import Frame
from synclips.render.schedule import Showing

RED = (230, 0, 0)
LIPS = (120, 100, 110)


def _paint_face(
    points: NDArray[np.float32], size: tuple[int, int] = (480, 640)
) -> NDArray[np.uint8]:
    """Landmarks (P, >=2) in pixels -> a picture (H, W, 3) whose only red is inside the mouth."""
    noise = np.random.default_rng(5).normal(0, 25, (size[0] // 4, size[1] // 4))
    skin = cv2.resize(noise, (size[1], size[0]), interpolation=cv2.INTER_CUBIC)
    image = np.clip(np.array([120, 140, 150]) + skin[..., None], 0, 255).astype(np.uint8)
    outer, inner = (np.round(points[part, :2] * 16).astype(np.int32) for part in (OUTER, INNER))
    cv2.fillPoly(image, [outer], LIPS, cv2.LINE_AA, 4)
    cv2.fillPoly(image, [inner], RED, cv2.LINE_AA, 4)
    # The lips have an edge, so closed ones show no red.
    cv2.polylines(image, [inner], True, LIPS, 3, cv2.LINE_AA, 4)
    return image


def _redness(image: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Where a picture (..., 3) is red."""
    colour = image.astype(int)
    return np.asarray(colour[..., 0] > colour[..., 1:].max(axis=-1) + 60)


@dataclass(frozen=True)
class Scene:
    """A clip of one painted person, tracked without error.

    Attributes:
        shape: the person's lip shape space.
        spec: geometry of the crop.
        segment: all frames as one run.
        to_image: (n, 2, 3) crop pixels to picture pixels.
        frames: the pictures.
    """

    shape: LipShape
    spec: CropSpec
    segment: Segment
    to_image: NDArray[np.float64]
    frames: tuple[Frame, ...]

    def target(self, index: int, opening: float) -> NDArray[np.float32]:
        """Landmarks (P, 3) of a frame with another opening, in standard deviations."""
        lips = np.array([[opening]], np.float32)
        return self.segment.target(np.array([index]), lips, self.shape)[0]

    def track(self, without: Sequence[int] = ()) -> FaceTrack:
        """The face over time; some frames may show none."""
        points = self.segment.points.copy()
        points[list(without)] = np.nan
        return assemble_track([frame.time for frame in self.frames], points)

    def read(self, only: Container[int]) -> Iterator[Frame]:
        """What `VideoReader.frames` does: the frames with the given indices."""
        return (frame for frame in self.frames if frame.index in only)

    @property
    def showings(self) -> list[Showing]:
        """Every frame at its own time."""
        return [Showing(frame, frame.time) for frame in self.frames]


def _make_scene(
    shape: LipShape, points: NDArray[np.float32], size: tuple[int, int] = (480, 640)
) -> Scene:
    """A scene from landmarks (n, P, 3) in pixels."""
    times = [Fraction(index, 25) for index in range(len(points))]
    (segment,) = analyse(assemble_track(times, points), shape)
    spec = CropSpec()
    frames = tuple(
        Frame(RgbPicture(_paint_face(segment.points[index], size)), time, index)
        for index, time in enumerate(times)
    )
    return Scene(shape, spec, segment, crop_to_image(segment.pose, shape.template, spec), frames)


@pytest.fixture(scope="session")
def talker(head: Any) -> Any:
    """A person who only opens the mouth, and whose lips stay together in the corners."""
    shape = head.shape
    x = np.abs(shape.template[MOUTH, 0] - shape.template[INNER, 0].mean())
    opens = shape.basis[0].copy()
    for part, corner in ((OUTER, 0.3), (INNER, 0.25)):
        opens[part] *= np.clip(1 - (x[part] / (corner * x[OUTER].max() / 0.3)) ** 2, 0, 1)[:, None]
    basis = (opens / np.linalg.norm(opens))[None]
    return replace(head, shape=LipShape(shape.template, basis, shape.deviation[:1]))


@pytest.fixture(scope="session")
def make_scene() -> Callable[..., Scene]:
    """Paint a scene from landmarks."""
    return _make_scene


@pytest.fixture(scope="session")
def redness() -> Callable[[NDArray[np.uint8]], NDArray[np.bool_]]:
    """Find the inside of the mouth."""
    return _redness


@pytest.fixture(scope="session")
def scene(talker: Any) -> Scene:
    """18 frames, the mouth opening once, the head turning by 10 degrees meanwhile."""
    count = 18
    turns = np.stack([talker.rotation(yaw=angle) for angle in np.linspace(-5, 5, count)])
    return _make_scene(talker.shape, talker.film(talker.speech(count)[:, :1], turns))
