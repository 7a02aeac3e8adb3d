from contextlib import closing
from itertools import repeat

import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.faces.landmarks import KEPT, LIPS
from synclips.faces.region import PartTracker, Region, parse_region
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.box import Box


def test_words_and_numbers_name_a_part() -> None:
    assert parse_region("left") == Region(0, 0, 0.5, 1)
    assert parse_region("right") == Region(0.5, 0, 1, 1)
    assert parse_region(" 0.25, 0,.75,1 ") == Region(0.25, 0, 0.75, 1)
    assert parse_region(str(Region(0.25, 0, 0.75, 1))) == Region(0.25, 0, 0.75, 1)


@pytest.mark.parametrize(
    "text", ["", "middle", "0.5", "0,0,1", "0,0,1,1,1", "a,b,c,d", "0.5,0,0.5,1", "0,0,2,1"]
)
def test_anything_else_is_refused_with_the_way_out(text: str) -> None:
    with pytest.raises(ConfigError, match=r"0\.5,0,1,1"):
        parse_region(text)


def test_what_is_no_number_is_no_part() -> None:
    with pytest.raises(ConfigError):
        parse_region("nan,0,1,1")


def test_the_parts_of_odd_pictures_hold_every_pixel_between_them() -> None:
    assert parse_region("left").box(9, 7) == Box(0, 0, 4, 9)
    assert parse_region("right").box(9, 7) == Box(3, 0, 7, 9)
    assert Region(0.99, 0.99, 1, 1).box(2, 2) == Box(1, 1, 2, 2)


class Recorder:
    """Sees a face wherever it looks, its nose in the middle."""

    def __init__(self) -> None:
        self.shapes: list[tuple[int, ...]] = []
        self.open = True

    def find(self, image: np.ndarray) -> np.ndarray | None:
        self.shapes.append(image.shape)
        if not image.any():
            return None
        height, width = image.shape[:2]
        return np.tile(np.float32([width / 2, height / 2, 3]), (len(KEPT), 1))

    def close(self) -> None:
        self.open = False


def test_a_tracker_sees_the_part_and_answers_in_the_picture() -> None:
    inner = Recorder()
    with closing(PartTracker(inner, repeat(Region(0.5, 0.25, 1, 0.75)))) as tracker:
        picture = np.zeros((80, 60, 3), np.uint8)
        assert tracker.find(picture) is None
        picture[40, 45] = 255
        points = tracker.find(picture)
    assert inner.shapes == [(40, 30, 3)] * 2
    assert points is not None
    np.testing.assert_allclose(points[0], (45, 40, 3))
    assert not inner.open


@pytest.mark.parametrize(("where", "centre"), [("left", 80), ("right", 240)])
def test_of_two_people_the_one_asked_for_is_found(
    portrait: np.ndarray, where: str, centre: int
) -> None:
    half = portrait[:, 80:240]
    both = np.concatenate([half, half], axis=1)
    with closing(PartTracker(MediaPipeTracker(), [parse_region(where)])) as tracker:
        points = tracker.find(both)
    assert points is not None
    assert abs(float(points[LIPS, 0].mean()) - centre) < 12


def test_each_frame_is_looked_at_where_somebody_is() -> None:
    shown: list[tuple[int, ...]] = []

    class Corner:
        """Finds a face at the upper left of whatever it is shown."""

        def find(self, image: np.ndarray) -> np.ndarray | None:
            shown.append(image.shape[:2])
            return np.zeros((1, 3), np.float32)

        def close(self) -> None:
            shown.append(())

    tracker = PartTracker(Corner(), [Region(0.5, 0, 1, 1), None, Region(0, 0, 1, 1)])
    image = np.zeros((40, 60, 3), np.uint8)
    found = [tracker.find(image) for _ in range(4)]
    assert found[1] is None and found[3] is None
    assert found[0] is not None and found[0][0].tolist() == [30, 0, 0]
    assert found[2] is not None and found[2][0].tolist() == [0, 0, 0]
    tracker.close()
    assert shown == [(40, 30), (40, 60), ()]
