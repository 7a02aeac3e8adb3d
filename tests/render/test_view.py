import cv2
import numpy as np
import pytest

from synclips.faces.crop import transform
from synclips.media.box import Box
from synclips.media.picture import RgbPicture
from synclips.render.view import Part, box_around, box_of, crop_of, part_of, shown_of, view


def affine(step: float = 1, x: float = 0, y: float = 0, degrees: float = 0) -> np.ndarray:
    """(2, 3) crop pixels to picture pixels."""
    a = np.radians(degrees)
    turn = step * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return np.column_stack([turn, [x, y]])


@pytest.fixture
def noise(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 255, (40, 60, 3), dtype=np.uint8)


def test_at_its_own_resolution_a_picture_is_itself(noise: np.ndarray) -> None:
    assert np.array_equal(view(noise, affine(), 40), noise[:, :40])
    assert np.array_equal(view(noise, affine(x=7, y=3), 32), noise[3:35, 7:39])


@pytest.mark.parametrize(
    ("step", "levels"),
    [(0.7, 1.0), (1.0, 1.0), (1.8, 1.0), (4.0, 1.0), (7.0, 1.2)],  # the last is rounded twice
)
def test_a_place_keeps_its_place_at_any_scale(step: float, levels: float) -> None:
    y, x = np.mgrid[:240, :240]
    ramp = np.stack([x, y, 0 * x], axis=-1).astype(np.uint8)
    to_image = affine(step, x=60, y=50, degrees=10)
    crop = view(ramp, to_image, 24)
    grid = np.stack(np.meshgrid(np.arange(24), np.arange(24)), axis=-1).reshape(1, -1, 2)
    wanted = transform(grid.astype(np.float32), to_image[None]).reshape(24, 24, 2)
    np.testing.assert_allclose(crop[..., :2], wanted, atol=levels)


def test_a_large_face_does_not_alias() -> None:
    board = np.indices((256, 256)).sum(axis=0) % 2 * 255
    image = np.repeat(board[..., None], 3, axis=-1).astype(np.uint8)
    for step in (4, 5.3, 8):
        crop = view(image, affine(step, x=10, y=10), 24).astype(float)
        assert crop.std() < 12, "the pattern is finer than a crop pixel: it must become grey"
        assert abs(crop.mean() - 127.5) < 6


def test_beyond_the_picture_its_edge_goes_on(noise: np.ndarray) -> None:
    crop = view(noise, affine(x=-5), 40)
    assert (crop[:, :5] == noise[:, :1]).all()


def test_a_box_holds_the_whole_crop() -> None:
    to_image = affine(2.5, x=100, y=80, degrees=25)
    box = box_around(to_image, 32, (480, 640))
    corners = np.array([[[0, 0], [31, 0], [0, 31], [31, 31]]], np.float32)
    places = transform(corners, to_image[None])[0]
    assert (places > [box.left, box.top]).all()
    assert (places < [box.right - 1, box.bottom - 1]).all()
    width, height = box.size
    assert width < np.ptp(places[:, 0]) + 5
    assert height < np.ptp(places[:, 1]) + 5


@pytest.mark.parametrize(
    ("x", "y", "wanted"),
    [
        (-10, 20, Box(0, 19, 23, 53)),
        (620, 20, Box(619, 19, 640, 53)),
        (20, -10, Box(19, 0, 53, 23)),
        (20, 470, Box(19, 469, 53, 480)),
    ],
)
def test_a_box_ends_with_the_picture(x: float, y: float, wanted: Box) -> None:
    assert box_around(affine(x=x, y=y), 32, (480, 640)) == wanted


@pytest.mark.parametrize("place", [(-500, 20), (900, 20), (20, -500), (20, 900)])
def test_a_crop_beside_the_picture_has_an_empty_box(place: tuple[float, float]) -> None:
    box = box_around(affine(x=place[0], y=place[1]), 32, (480, 640))
    assert 0 in box.size
    picture = np.zeros((480, 640))
    assert picture[box.rows, box.columns].size == 0


def test_a_box_cuts_rows_and_columns() -> None:
    picture = np.arange(48).reshape(6, 8)
    part = picture[Box(2, 1, 5, 3).rows, Box(2, 1, 5, 3).columns]
    assert part.tolist() == [[10, 11, 12], [18, 19, 20]]


@pytest.mark.parametrize("step", [0.8, 1.0, 2.3, 5.0, 8.0])
@pytest.mark.parametrize("at", [(200, 150), (-30, 20), (380, 290), (-900, -900), (900, 100)])
def test_a_crop_is_what_the_whole_picture_shows(
    rng: np.random.Generator, step: float, at: tuple[int, int]
) -> None:
    # Pixels of a large face are gathered in groups, other ones in the part than in the picture.
    grain = 1 if step < 6 else 20
    few = rng.integers(0, 255, (300 // grain, 400 // grain, 3), dtype=np.uint8)
    image = cv2.resize(few, (400, 300), interpolation=cv2.INTER_CUBIC)
    to_image = affine(step, *at, degrees=20)
    seen = crop_of(RgbPicture(image), to_image, 24).astype(int)
    # Places in the part are rounded to other fractions of a pixel.
    assert np.abs(seen - view(image, to_image, 24)).max() <= (4 if step < 6 else 12)


def test_a_part_is_a_box_and_what_is_around_it() -> None:
    image = np.arange(30 * 40 * 3, dtype=np.uint8).reshape(30, 40, 3)
    box = Box(10, 12, 20, 20)
    part = part_of(RgbPicture(image), box, 5)
    assert part.box == Box(5, 7, 25, 25)
    assert np.array_equal(part.cut(box), image[12:20, 10:20])
    assert part_of(RgbPicture(image), Box(38, 28, 40, 30), 5).box == Box(33, 23, 40, 30)
    assert part_of(RgbPicture(image), Box(40, 30, 40, 30), 0).image.shape == (1, 1, 3)


def test_a_box_holds_places_and_what_is_around_them() -> None:
    places = np.array([[10.5, 20.0], [14.0, 31.2]])
    whole = Box(0, 0, 100, 100)
    assert box_of(places, 0, whole) == Box(10, 20, 15, 33)
    assert box_of(places, 3, whole) == Box(7, 17, 18, 36)
    assert box_of(places, 3, Box(9, 0, 12, 30)) == Box(9, 17, 12, 30)
    assert 0 in box_of(places, 0, Box(50, 50, 60, 60)).size


def test_a_box_inside_another_is_counted_from_its_corner() -> None:
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    outer, inner = Box(10, 20, 14, 24), Box(11, 22, 13, 24)
    assert inner.inside(outer) == (slice(2, 4), slice(1, 3))
    assert np.array_equal(Part(image, outer).cut(inner), image[2:4, 1:3])


def test_what_lies_beyond_the_picture_is_not_shown() -> None:
    to_image = np.array([[2.0, 0, -10], [0, 2.0, 60]])  # of 20 pixels, 5 to the left, 10 below
    shown = shown_of(to_image, 20, box_around(to_image, 20, (80, 100)))
    assert shown is not None
    assert shown[:10, 5:].all()
    assert not shown[10:].any()
    assert not shown[:, :5].any()
    inside = to_image + np.array([[0, 0, 20], [0, 0, -30]])
    assert shown_of(inside, 20, box_around(inside, 20, (80, 100))) is None
