from collections.abc import Sequence
from fractions import Fraction

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.faces.repeats import Repeats, repeats

POINTS = np.array([[20, 15, 0], [75, 15, 0], [20, 70, 0], [75, 70, 0]], np.float32)


def clock(count: int, rate: int = 25) -> list[Fraction]:
    return [Fraction(index, rate) for index in range(count)]


def pictures_of(
    order: Sequence[float], rng: np.random.Generator, rate: int = 25, noise: float = 0.0
) -> NDArray[np.int32] | None:
    """What is told of a film of a face that is so many pixels to the right in each frame."""
    face = cv2.GaussianBlur(rng.uniform(0, 255, (90, 220, 3)), (0, 0), 3)
    face = (face - face.mean()) * 6 + 128
    watch = Repeats()
    for time, place in zip(clock(len(order), rate), order, strict=True):
        shown = face[:, 60 - round(place) : 160 - round(place)] + rng.normal(0, noise, (90, 100, 3))
        watch.add(time, shown.clip(0, 255).astype(np.uint8), POINTS)
    return watch.pictures()


def test_pictures_that_are_shown_twice_are_found(rng: np.random.Generator) -> None:
    found = pictures_of([0, 2, 4, 4, 6, 8, 10, 12, 12, 14], rng)
    assert found is not None
    assert found.tolist() == [1, 2, 3, 3, 4, 5, 6, 7, 7, 8]


def test_noise_of_the_coding_hides_none(rng: np.random.Generator) -> None:
    found = pictures_of([0, 2, 4, 4, 6, 8, 10, 12, 12, 14], rng, noise=1.5)
    assert found is not None
    assert found.tolist() == [1, 2, 3, 3, 4, 5, 6, 7, 7, 8]


def test_films_of_24_in_files_of_60(rng: np.random.Generator) -> None:
    order = [0, 0, 2, 2, 2, 4, 4, 6, 6, 6, 8, 8, 10]
    found = pictures_of(order, rng, rate=60)
    assert found is not None
    # What stands at either end may stand for longer than is seen.
    assert found.tolist()[1:11] == [2, 3, 3, 3, 4, 4, 5, 5, 5, 6]


def test_a_head_that_moves_all_the_time_repeats_nothing(rng: np.random.Generator) -> None:
    assert pictures_of(np.cumsum([2, 2, 3, 1, 2, 2, 1, 1, 2, 3]), rng) is None


def test_a_head_that_stands_for_longer_is_a_still_one(rng: np.random.Generator) -> None:
    assert pictures_of([0, 2, 4, 4, 4, 4, 4, 6, 8, 10], rng) is None
    assert pictures_of([4] * 10, rng) is None


@pytest.mark.parametrize("noise", [0.0, 0.6])
def test_a_head_that_hardly_moves_is_left_alone(rng: np.random.Generator, noise: float) -> None:
    changes = np.full(12, 0.3) + rng.uniform(0, noise, 12) / 3
    changes[5] = 0.01
    assert not repeats(changes, clock(12)).any()


def test_where_no_face_is_nothing_is_told(rng: np.random.Generator) -> None:
    image = rng.integers(0, 255, (90, 100, 3), dtype=np.uint8)
    watch = Repeats()
    for time, points in zip(clock(5), (None, POINTS, POINTS, None, None), strict=True):
        watch.add(time, image, points)
    assert watch.pictures() is None
    watch.add(Fraction(1), image[:80], POINTS)  # of another size
    watch.add(Fraction(2), image[:80], POINTS + 500)  # beside the picture
    assert watch.pictures() is None


@pytest.mark.parametrize("unknown", [4, 6])
def test_what_stands_beside_an_unknown_change_may_stand_for_longer(unknown: int) -> None:
    changes = np.full(12, 2.0)
    changes[5] = 0.01
    assert repeats(changes, clock(12)).tolist() == [index == 5 for index in range(12)]
    changes[unknown] = np.nan
    assert not repeats(changes, clock(12)).any()
