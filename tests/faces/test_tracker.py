from collections.abc import Iterator
from contextlib import contextmanager

import cv2
import numpy as np
import pytest

from synclips.faces.landmarks import EYE_CORNERS, KEPT, LIPS, MOUTH_CORNERS
from synclips.faces.quiet import quiet_start
from synclips.faces.tracker import MediaPipeTracker


@pytest.fixture(scope="module")
def astronaut() -> np.ndarray:
    """(512, 512, 3), a public-domain portrait by NASA; the mouth is near (223, 144)."""
    data = pytest.importorskip("skimage.data", reason="scikit-image, which brings a portrait")
    return np.asarray(data.astronaut(), np.uint8)


@pytest.fixture
def tracker() -> Iterator[MediaPipeTracker]:
    with MediaPipeTracker() as tracker:
        yield tracker


def paste(picture: np.ndarray, side: int, left: int, top: int) -> np.ndarray:
    """The picture, small, in a grey one of 1280 x 720."""
    canvas = np.full((720, 1280, 3), 90, np.uint8)
    small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
    shown = small[: 720 - top, : 1280 - left]
    canvas[top : top + len(shown), left : left + shown.shape[1]] = shown
    return canvas


def mouth(points: np.ndarray | None) -> np.ndarray:
    assert points is not None
    return points[LIPS, :2].mean(axis=0)  # type: ignore[no-any-return]


def test_a_portrait_has_eyes_above_its_mouth(
    astronaut: np.ndarray, tracker: MediaPipeTracker
) -> None:
    points = tracker.find(astronaut)
    assert points is not None
    assert points.shape == (len(KEPT), 3)
    assert points.dtype == np.float32
    corners, eyes = points[MOUTH_CORNERS], points[EYE_CORNERS]
    assert corners[:, 1].min() > eyes[:, 1].max() + 30
    assert corners[0, 0] < corners[1, 0]
    assert eyes[0, 0] < corners.mean(axis=0)[0] < eyes[1, 0]
    np.testing.assert_allclose(mouth(points), (223, 144), atol=5)


def test_a_small_face_is_found_and_kept(astronaut: np.ndarray, tracker: MediaPipeTracker) -> None:
    side = 320  # the face is a tenth of the picture wide
    picture = paste(astronaut, side, 700, 300)
    wanted = np.array([223, 144]) * side / 512 + [700, 300]
    for _ in range(4):
        np.testing.assert_allclose(mouth(tracker.find(picture)), wanted, atol=5)


def test_a_small_face_is_followed_wherever_it_goes(
    astronaut: np.ndarray, tracker: MediaPipeTracker
) -> None:
    side = 360
    for left in range(100, 500, 25):  # a third of the face's width per frame
        wanted = np.array([223, 144]) * side / 512 + [left, 300]
        found = tracker.find(paste(astronaut, side, left, 300))
        np.testing.assert_allclose(mouth(found), wanted, atol=6)


def test_a_face_that_comes_nearer_is_not_lost(
    astronaut: np.ndarray, tracker: MediaPipeTracker
) -> None:
    for side in np.geomspace(330, 900, 16).astype(int):
        wanted = np.array([223, 144]) * side / 512 + [300, 20]
        found = tracker.find(paste(astronaut, int(side), 300, 20))
        np.testing.assert_allclose(mouth(found), wanted, atol=8)


def test_after_a_cut_the_first_frame_is_right(
    astronaut: np.ndarray, tracker: MediaPipeTracker
) -> None:
    """A graph that went on would find a face 100 pixels and more away from it."""

    def shot(picture: np.ndarray, scale: float, x: float, y: float, turn: float = 0) -> np.ndarray:
        """With the mouth at x, y."""
        place = cv2.getRotationMatrix2D((223, 144), turn, scale)
        place[:, 2] += (x - 223, y - 144)
        shown = cv2.warpAffine(picture, place, (720, 720), borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(shown, np.uint8)

    paler = (astronaut // 2 + 100).astype(np.uint8)
    for before, after in [
        ((1.8, 503, 455), (2.1, 303, 338, -8)),
        ((1.85, 408, 255), (1.65, 192, 350, 8)),
        ((1.5, 284, 441), (2.4, 376, 523, 14)),
    ]:
        for _ in range(2):
            np.testing.assert_allclose(
                mouth(tracker.find(shot(astronaut, *before))), before[1:], atol=8
            )
        np.testing.assert_allclose(mouth(tracker.find(shot(paler, *after))), after[1:3], atol=8)


def test_a_small_face_is_found_right_after_a_cut(
    astronaut: np.ndarray, tracker: MediaPipeTracker
) -> None:
    assert tracker.find(astronaut) is not None
    assert tracker.find(np.full((512, 512, 3), 250, np.uint8)) is None
    assert tracker.find(np.full((512, 512, 3), 10, np.uint8)) is None
    picture = paste(astronaut, 320, 700, 300)
    wanted = np.array([223, 144]) * 320 / 512 + [700, 300]
    np.testing.assert_allclose(mouth(tracker.find(picture)), wanted, atol=5)


def test_noise_has_no_face(rng: np.random.Generator, tracker: MediaPipeTracker) -> None:
    for _ in range(2):
        noise = rng.integers(0, 255, size=(240, 320, 3), dtype=np.uint8)
        assert tracker.find(noise) is None


def test_to_search_keeps_no_graph_starting(
    tracker: MediaPipeTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one starts, what programs that others begin write to standard error is lost."""
    started: list[bool] = []

    @contextmanager
    def counted() -> Iterator[None]:
        started.append(True)
        with quiet_start():
            yield

    monkeypatch.setattr("synclips.faces.solutions.quiet_start", counted)
    noise = np.random.default_rng(1).integers(0, 255, (40, 180, 320, 3), np.uint8)
    assert [tracker.find(picture) for picture in noise] == [None] * 40
    assert len(started) <= 1
