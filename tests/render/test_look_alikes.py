import numpy as np

from synclips.render.look_alikes import LookAlikes


def crop(level: int) -> np.ndarray:
    """A grey crop with a bright spot."""
    picture = np.full((96, 96, 3), level, np.uint8)
    picture[:12, 40:52] = 255
    return picture


def test_the_same_face_is_found_again_most_alike_first() -> None:
    alike = LookAlikes(5)
    alike.add(0, crop(100))
    alike.add(1, crop(180))  # somebody else
    alike.add(2, crop(105))
    alike.add(3, crop(101))
    assert alike.of(0) == [3, 2]
    assert alike.of(1) == []
    assert alike.of(4) == [], "nothing is known of it"


def test_in_the_dark_nobody_is_alike() -> None:
    alike = LookAlikes(2)
    for segment, level in ((0, 2), (1, 8)):
        alike.add(segment, np.full((96, 96, 3), level, np.uint8))
    assert alike.of(0) == []


def test_one_moment_that_is_alike_is_enough() -> None:
    alike = LookAlikes(2)
    for level in (60, 80, 100):
        alike.add(0, crop(level))
    for level in (100, 120, 140):
        alike.add(1, crop(level))
    assert alike.of(0) == [1]
    assert alike.of(1) == [0]
