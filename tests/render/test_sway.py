"""The head of a portrait moves a little, and the rest of the picture does not."""

from fractions import Fraction

import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.media.picture import RgbPicture
from synclips.render.sway import Sway

SIZE = (400, 500)
WIDE = 100  # of the face, pixels
NOSE, CHEEK = (250, 200), (215, 200)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    """(143, 3) a face of 100 x 120 pixels around (250, 200), round as half an egg."""
    turn = np.arange(143) * 2.4
    radius = np.sqrt(np.arange(143) / 142)
    x, y = radius * np.cos(turn), radius * np.sin(turn)
    z = -40 * np.sqrt(np.maximum(1 - radius**2, 0))
    return np.stack([250 + 50 * x, 200 + 60 * y, z], axis=1).astype(np.float32)


@pytest.fixture(scope="module")
def places() -> np.ndarray:
    """(H, W, 3) a picture that says of every pixel where it came from."""
    rows, columns = np.mgrid[: SIZE[0], : SIZE[1]]
    return np.stack([columns / 2, rows / 2, 0 * rows], axis=-1).astype(np.uint8)


def babble(seconds: float, pause: tuple[float, float] = (0, 0)) -> np.ndarray:
    """Five syllables per second and a silence."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    loud = np.clip(np.sin(2 * np.pi * 2.5 * time), 0, 1)
    loud[(time >= pause[0]) & (time < pause[1])] = 0
    return (0.3 * loud * np.sin(2 * np.pi * 200 * time)).astype(np.float32)


def angles(sway: Sway, seconds: float) -> np.ndarray:
    """(N, 3) degrees, 25 per second."""
    return np.array([sway.angles(Fraction(n, 25)) for n in range(int(seconds * 25))])


def shown(sway: Sway, places: np.ndarray, time: Fraction) -> np.ndarray:
    return sway.moved(RgbPicture(places), time).image


def test_it_begins_with_the_picture_itself(points: np.ndarray, places: np.ndarray) -> None:
    picture = RgbPicture(places)
    assert Sway(SIZE, points, babble(3)).moved(picture, Fraction(0)) is picture


def test_a_head_moves_by_a_degree_or_so(points: np.ndarray) -> None:
    told = angles(Sway(SIZE, points, babble(60)), 60)
    yaw, pitch, roll = told.std(axis=0)
    assert 1.1 < yaw < 1.5
    assert 0.8 < pitch < 1.2
    assert 0.6 < roll < 0.9
    assert np.abs(told).max() < 4.5
    assert np.abs(told.mean(axis=0)).max() < 0.3
    # Never a jump: a degree in a frame is a quick nod.
    assert np.abs(np.diff(told, axis=0)).max() < 1.0


def test_turning_moves_what_is_near_more_and_the_rest_not(
    points: np.ndarray, places: np.ndarray
) -> None:
    sway = Sway(SIZE, points, np.zeros(SAMPLE_RATE * 4, np.float32))
    time = max((Fraction(n, 25) for n in range(100)), key=lambda t: abs(sway.angles(t)[0]))
    image = shown(sway, places, time).astype(int)
    # What is seen at a place now was this far to the left of it.
    shift = 2 * (places.astype(int) - image)[..., :2]
    nose, cheek = (abs(shift[y, x, 0]) for x, y in (NOSE, CHEEK))
    assert nose >= cheek + 1
    assert 1 <= nose <= 0.06 * WIDE
    assert (np.sign(shift[195:205, 245:255, 0]) == np.sign(sway.angles(time)[0])).all()
    still = np.ones(SIZE, bool)
    still[2:370, 128:372] = False
    np.testing.assert_array_equal(image[still], places[still])


def test_the_head_goes_down_on_what_is_loud(points: np.ndarray) -> None:
    spoken = angles(Sway(SIZE, points, babble(8, pause=(3, 5))), 8)[:, 1]
    silent = angles(Sway(SIZE, points, np.zeros(8 * SAMPLE_RATE, np.float32)), 8)[:, 1]
    nod = spoken - silent
    assert np.ptp(nod) > 0.5
    assert nod[60:75].mean() > nod[80:95].mean() + 0.2  # before the pause, in it
    assert np.abs(nod).max() < 3


def test_one_word_in_a_long_silence_is_nodded_to(points: np.ndarray) -> None:
    nods = angles(Sway(SIZE, points, babble(30, pause=(0.5, 30))), 30)[:, 1]
    silent = angles(Sway(SIZE, points, np.zeros(30 * SAMPLE_RATE, np.float32)), 30)[:, 1]
    assert np.ptp(nods - silent) > 0.3


@pytest.mark.parametrize("samples", [0, 1, 700, 3 * SAMPLE_RATE])
def test_any_sound_will_do(points: np.ndarray, places: np.ndarray, samples: int) -> None:
    for sound in (np.zeros(samples, np.float32), babble(3)[:samples]):
        sway = Sway(SIZE, points, sound)
        assert np.isfinite(angles(sway, 4)).all()
        assert shown(sway, places, Fraction(2)).shape == (*SIZE, 3)


@pytest.mark.parametrize("offset", [(-230, -170), (230, 180), (0, -190)])
@pytest.mark.parametrize("size", [1, 8])
def test_the_border_of_the_picture_stays_where_it_is(
    points: np.ndarray, offset: tuple[int, int], size: int
) -> None:
    shape = (SIZE[0] * size, SIZE[1] * size)
    stripes = np.zeros((*shape, 3), np.uint8)  # which any shift along a border changes
    stripes[::2] += 100
    stripes[:, ::2] += 100
    sway = Sway(shape, size * (points + np.array([*offset, 0], np.float32)), babble(3))
    image = shown(sway, stripes, Fraction(2))
    assert (image != stripes).any()
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        np.testing.assert_array_equal(image[edge], stripes[edge])
