import cv2
import numpy as np
import pytest

from synclips.media.box import Box
from synclips.render.sampling import look_up, moved, sampled
from synclips.render.view import Part

Array = np.ndarray


@pytest.fixture
def image(rng: np.random.Generator) -> Array:
    few = rng.integers(0, 255, (20, 30, 3), dtype=np.uint8)
    return cv2.resize(few, (120, 80), interpolation=cv2.INTER_CUBIC)


def grid(box: Box) -> tuple[Array, Array]:
    x, y = np.meshgrid(np.arange(box.left, box.right), np.arange(box.top, box.bottom))
    return x.astype(np.float32), y.astype(np.float32)


def test_whole_places_give_the_very_pixels(image: Array) -> None:
    x, y = grid(Box(7, 5, 90, 70))
    assert np.array_equal(sampled(image, x, y), image[5:70, 7:90])


def test_places_between_pixels_are_as_sharp_as_cubic_ones(image: Array) -> None:
    x, y = grid(Box(20, 20, 90, 60))
    x, y = x + 0.37 + np.sin(y / 9), y + 0.61 - np.cos(x / 7)
    sharp = cv2.remap(image, x, y, cv2.INTER_CUBIC).astype(float)
    soft = cv2.remap(image, x, y, cv2.INTER_LINEAR).astype(float)
    ours = np.square(sampled(image, x.copy(), y.copy()) - sharp).mean()
    assert ours < 0.1 * np.square(soft - sharp).mean()


def test_beyond_its_edge_a_picture_goes_on(image: Array) -> None:
    x, y = np.full((1, 4), -50.0, np.float32), np.array([[-9, 10, 40, 300]], np.float32)
    edge = image[[0, 10, 40, 79], 0].astype(int)
    assert np.abs(sampled(image, x, y)[0] - edge).max() <= 2


def test_a_place_of_the_frame_is_looked_up_in_another_picture(image: Array) -> None:
    box, part = Box(10, 20, 40, 50), Box(30, 10, 110, 75)
    to_source = np.array([[2.0, 0, 15], [0, 1.0, -3]])
    moves = np.zeros((30, 30, 2), np.float32)
    moves[..., 1] = 4
    source = Part(image[part.rows, part.columns], part)
    seen = look_up(source, to_source, moves, box)
    x, y = grid(box)
    wanted = image[y.astype(int) - 3 + 4, 2 * x.astype(int) + 15]
    assert np.array_equal(seen, wanted)


def test_a_field_is_looked_up_further_on(rng: np.random.Generator) -> None:
    field = rng.random((12, 12)).astype(np.float32)
    moves = np.zeros((12, 12, 2), np.float32)
    moves[..., 0] = 2
    assert np.array_equal(moved(field, moves)[:, :10], field[:, 2:])
    assert np.array_equal(moved(field, moves)[:, 10:], np.repeat(field[:, 11:], 2, axis=1))
    moves[..., 0], moves[..., 1] = 0, 0.5
    middle = (field[:-1] + field[1:]) / 2
    np.testing.assert_allclose(moved(field, moves)[:-1], middle, atol=1e-2)
