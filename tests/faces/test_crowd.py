from contextlib import closing

import cv2
import numpy as np
import pytest

from synclips.faces.crowd import CrowdTracker, FaceDetector, separate
from synclips.faces.region import Region


class Finder:
    """Counts what it is shown."""

    def __init__(self) -> None:
        self.seen = 0
        self.open = True

    def find(self, image: np.ndarray) -> np.ndarray | None:
        self.seen += 1
        return np.full((3, 3), self.seen, np.float32)

    def close(self) -> None:
        self.open = False


def test_faces_are_counted_while_another_one_tracks(portrait: np.ndarray) -> None:
    half = portrait[:, 80:240]
    finder = Finder()
    with closing(CrowdTracker(finder, 25.0)) as crowd:
        points = crowd.find(half)
        assert points is not None
        assert points.max() == 1
        assert len(crowd.people) == 1
    assert not finder.open
    with closing(CrowdTracker(Finder(), 25.0)) as crowd:
        crowd.find(np.concatenate([half, half[:, ::-1]], axis=1))
        assert crowd.people[0].right == crowd.people[1].left == pytest.approx(0.5, abs=0.05)


def test_a_picture_on_the_wall_is_nobody(portrait: np.ndarray) -> None:
    large = cv2.resize(portrait, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    large[:240, :320] = portrait
    alone = np.full_like(large, 90)
    alone[:240, :320] = portrait
    with closing(FaceDetector()) as detector:
        assert len(detector.boxes(alone)) == 1, "it is large enough to be found"
    with closing(CrowdTracker(Finder(), 25.0)) as crowd:
        crowd.find(large)
        assert len(crowd.people) == 1


def test_only_some_frames_are_looked_at(portrait: np.ndarray) -> None:
    wall = np.full_like(portrait, 90)
    finder = Finder()
    with closing(CrowdTracker(finder, 25.0)) as crowd:
        for number in range(260):
            crowd.find(portrait if number in (110, 249) else wall)
        assert crowd.people == ()
        assert finder.seen == 260
    for seen in (100, 250):
        with closing(CrowdTracker(Finder(), 25.0)) as crowd:
            for number in range(251):
                crowd.find(portrait if number == seen else wall)
            assert len(crowd.people) == 1


def test_everybody_has_a_part_of_the_picture() -> None:
    row = np.array([(0.1, 0.3, 0.2, 0.5), (0.4, 0.35, 0.5, 0.5), (0.7, 0.2, 0.9, 0.5)])
    assert separate(row) == (Region(0, 0, 0.3, 1), Region(0.3, 0, 0.6, 1), Region(0.6, 0, 1, 1))
    stack = np.array([(0.4, 0.6, 0.6, 0.9), (0.3, 0.1, 0.5, 0.4)])
    assert separate(stack) == (Region(0, 0.5, 1, 1), Region(0, 0, 1, 0.5))
    assert separate(row[:1]) == (Region(0, 0, 1, 1),)


def test_a_face_in_front_of_another_keeps_its_part() -> None:
    front, behind = separate(np.array([(0.3, 0.3, 0.7, 0.9), (0.6, 0.25, 0.85, 0.6)]))
    assert (front.right, behind.left) == (0.65, 0.65)


def test_when_is_looked_is_a_matter_of_seconds(portrait: np.ndarray) -> None:
    wall = np.full_like(portrait, 90)
    for seen, found in ((100, 0), (120, 1)):  # two seconds are 120 frames
        with closing(CrowdTracker(Finder(), 60.0)) as crowd:
            for number in range(121):
                crowd.find(portrait if number == seen else wall)
            assert len(crowd.people) == found


def test_a_sliver_of_a_picture_shows_nobody(portrait: np.ndarray) -> None:
    with closing(CrowdTracker(Finder(), 25.0)) as crowd:
        crowd.find(np.full((1, 1400, 3), 90, np.uint8))
        assert crowd.people == ()
