"""Finding one face in one frame: the tracker protocol and its MediaPipe implementation.

A tracker is fed the frames of one clip in order and answers with landmarks in pixels or None. It
keeps the state it needs between frames and nothing else; gaps belong to `track`, smoothing and pose
to `segment`.
"""

import warnings
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from synclips.faces.landmarks import EYE_CORNERS, KEPT, RIGID_SLOTS
from synclips.faces.look import is_new_scene, scene_of
from synclips.faces.small import FACE_MESH_SIDE, small
from synclips.faces.solutions import restart, start
from synclips.media.box import Box

# Shares of the picture's longer side. A face in a window must outgrow what the detector misses
# before the whole picture is looked at again, or it would be lost on the way.
_SMALL_FACE = 0.12
_LARGE_FACE = 0.3

# Eye distances a head may move between frames before the frame is looked at again, and how often.
_STEADY = 0.08
_LOOKS = 3

# Frames from one search to the next, half a second of 25 per second: it looks at many parts, which
# is enough for shots without a face. And pixels of a part below which no face is found in it.
_SEARCH_EVERY = 12
_LEAST_PART = 96


class FaceTracker(Protocol):
    """Anything that finds the kept landmarks of the main face, frame after frame."""

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """(H, W, 3) RGB -> (P, 3) landmarks in pixels (z in the same unit), or None."""
        ...

    def close(self) -> None:
        """Release what the tracker holds."""
        ...


class MediaPipeTracker:
    """MediaPipe FaceMesh (Kartynnik et al. 2019, arXiv 1907.06724), offline, refined lips.

    The bundled short-range detector misses faces smaller than about a fifth of the picture, so
    when the whole picture shows none, overlapping enlarged parts of it are searched, and the face
    is followed inside a window around its last place.
    """

    def __init__(self) -> None:
        # MediaPipe 0.10.14 calls protobuf by an old name for every frame.
        warnings.filterwarnings("ignore", r"SymbolDatabase\.GetPrototype", UserWarning)
        self._mesh = start_mesh(follows=True)
        self._searcher: Any = None  # most videos need none
        self._mesh_window: Box | None = None
        self._window: Box | None = None
        self._last: NDArray[np.float32] | None = None
        self._scene: NDArray[np.float32] | None = None
        self._searched_at = -_SEARCH_EVERY
        self._count = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the graphs."""
        self._mesh.close()
        if self._searcher is not None:
            self._searcher.close()

    def find(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """Landmarks of the main face, see `FaceTracker.find`."""
        self._count += 1
        if self._is_cut(image):
            self._forget()
        points = self._process(image, self._window)
        if points is None and self._last is not None:
            # In the frame in which it loses the face the graph does not look again by itself.
            restart(self._mesh)
            points = self._process(image, self._window)
        if points is None and self._window is not None:
            self._window = None
            points = self._process(image, None)
        searched = False
        if points is None and self._count - self._searched_at >= _SEARCH_EVERY:
            self._searched_at = self._count
            points = self._search(image)
            searched = True
        if points is not None:
            self._follow(points, image, searched or self._window is not None)
            points = self._settle(points, image)
        self._last = points
        return points

    def _is_cut(self, image: NDArray[np.uint8]) -> bool:
        """Whether a frame shows something else than the one before."""
        before, self._scene = self._scene, scene_of(image)
        return before is not None and is_new_scene(self._scene, before)

    def _forget(self) -> None:
        """Look for a face anew, where the graph would take what is there for the last one."""
        self._searched_at = -_SEARCH_EVERY
        if self._last is not None:
            restart(self._mesh)
            self._mesh_window = self._window = self._last = None

    def _settle(self, points: NDArray[np.float32], image: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Look at a frame again until the answer holds still.

        The graph looks where the face was in the frame before; after a quick move that is beside
        the face, and the landmarks are too. Looking again starts from the better place.
        """
        before = self._last
        for _ in range(_LOOKS):
            if before is not None and _moved(before, points) < _STEADY:
                break
            again = self._process(image, self._window)
            if again is None:
                break
            before, points = points, again
        return points

    def _follow(self, points: NDArray[np.float32], image: NDArray[np.uint8], close: bool) -> None:
        """Choose the window of the next frame; `close` if the face was found in a part."""
        height, width = image.shape[:2]
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        size = float((high - low).max())
        longest = max(height, width)
        limit = _LARGE_FACE if close else _SMALL_FACE
        if size > limit * longest and longest <= 2 * FACE_MESH_SIDE:
            self._window = None
            return
        last = self._window
        inside = last is not None and bool(
            (np.maximum(low - 0.5 * size, 0) >= (last.left, last.top)).all()
            and (np.minimum(high + 0.5 * size, (width, height)) <= (last.right, last.bottom)).all()
        )
        # Moving the window every frame would break the graph's own tracking: only when needed.
        if not inside:
            centre = (low + high) / 2
            x0, y0 = np.maximum(centre - 1.5 * size, 0).astype(int)
            x1, y1 = np.minimum(centre + 1.5 * size, (width, height)).astype(int)
            self._window = Box(int(x0), int(y0), int(x1), int(y1))

    def _search(self, image: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        # A graph that remembers nothing answers as one that is made to forget before each part, to
        # the bit; and to forget takes three times as long as to look.
        if self._searcher is None:
            self._searcher = start_mesh(follows=False)
        height, width = image.shape[:2]
        best: NDArray[np.float32] | None = None
        best_size = 0.0
        for divisor in (2, 3):
            side = -(-max(height, width) // divisor)  # one pixel less would take more parts
            if side < _LEAST_PART:
                break
            for y in _starts(height, side):
                for x in _starts(width, side):
                    window = Box(x, y, min(x + side, width), min(y + side, height))
                    points = _look(self._searcher, image, window)
                    if points is not None:
                        size = float(np.ptp(points[:, 0]))
                        if size > best_size:
                            best, best_size = points, size
            if best is not None:
                break
        return best

    def _process(self, image: NDArray[np.uint8], window: Box | None) -> NDArray[np.float32] | None:
        if window != self._mesh_window:
            # The graph remembers the face in fractions of the last picture: now wrong.
            restart(self._mesh)
            self._mesh_window = window
        return _look(self._mesh, image, window)


def start_mesh(follows: bool) -> Any:
    """A graph; one that follows looks for a face near where it was in the picture before."""
    return start(
        "face_mesh",
        "FaceMesh",
        static_image_mode=not follows,
        max_num_faces=1,
        refine_landmarks=True,
    )


def _look(mesh: Any, image: NDArray[np.uint8], window: Box | None) -> NDArray[np.float32] | None:
    """Landmarks (P, 3) that a graph finds in a window of a picture, or in all of it."""
    box = window or Box(0, 0, image.shape[1], image.shape[0])
    part = image[box.index]
    height, width = part.shape[:2]
    part = small(part, FACE_MESH_SIDE, quick=True)
    result = mesh.process(np.ascontiguousarray(part))
    if not result.multi_face_landmarks:
        return None
    mesh_points = result.multi_face_landmarks[0].landmark
    points = np.array(
        [(mesh_points[i].x, mesh_points[i].y, mesh_points[i].z) for i in KEPT], np.float32
    )
    points *= np.array([width, height, width], np.float32)
    points[:, :2] += np.array([box.left, box.top], np.float32)
    return points


def _moved(before: NDArray[np.float32], after: NDArray[np.float32]) -> float:
    """Mean distance the skull-fixed points moved in the picture, in eye distances."""
    step = np.linalg.norm((after - before)[RIGID_SLOTS, :2], axis=1).mean()
    return float(step / np.linalg.norm(np.subtract(*after[EYE_CORNERS])))


def _starts(length: int, side: int) -> list[int]:
    """Starts of half-overlapping parts that cover `length`."""
    if length <= side:
        return [0]
    count = 2 * -(-length // side) - 1
    return [round(i * (length - side) / (count - 1)) for i in range(count)]
