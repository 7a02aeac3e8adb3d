import numpy as np
import pytest

from synclips.corpus.pictures import cut_out, encode, fineness, pack, shrink, unpack
from synclips.errors import ConfigError


def affine(step: float, x: float, y: float) -> np.ndarray:
    """From crop to image pixels."""
    return np.array([[step, 0, x], [0, step, y]])


@pytest.fixture
def places() -> np.ndarray:
    """(200, 250, 3): red tells the column, green the row."""
    y, x = np.mgrid[:200, :250]
    return np.stack([x, y, np.full_like(x, 90)], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("fine", [1, 2, 3])
@pytest.mark.parametrize("step", [1.0, 1.7, 3.0])
def test_a_crop_shows_the_place_it_is_mapped_to(places: np.ndarray, step: float, fine: int) -> None:
    crop = cut_out(places, affine(step, 20, 30), 50, fine).astype(float)
    assert crop.shape == (50, 50, 3)
    row, column = np.mgrid[:50, :50]
    inside = slice(2, -2)
    np.testing.assert_allclose(crop[inside, inside, 0], (20 + step * column)[2:-2, 2:-2], atol=1.01)
    np.testing.assert_allclose(crop[inside, inside, 1], (30 + step * row)[2:-2, 2:-2], atol=1.01)


def test_detail_finer_than_a_crop_becomes_grey_and_no_pattern() -> None:
    stripes = np.zeros((300, 300, 3), np.uint8)
    stripes[:, ::2] = 255
    to_image = affine(3.3, 10, 10)
    fine = fineness(to_image[None])
    assert fine == 4
    assert cut_out(stripes, to_image, 64, fine).std() < 25
    assert cut_out(stripes, to_image, 64, 1).std() > 80, "the stripes were none to begin with"


def test_fineness_is_one_where_a_crop_is_larger_than_what_it_shows() -> None:
    turned = np.array([[0, -0.8, 3], [0.8, 0, 4.0]])
    assert fineness(turned[None]) == 1
    # One frame of many does not make the others softer.
    assert fineness(np.stack([affine(1, 0, 0)] * 5 + [affine(9, 0, 0)])) == 1


def pictures(rng: np.random.Generator) -> list[np.ndarray]:
    coarse = rng.integers(30, 220, (3, 4, 4, 3)).astype(np.uint8)
    return [np.repeat(np.repeat(picture, 8, 0), 8, 1) for picture in coarse]


def test_pictures_in_a_row_come_back_and_gaps_are_black(rng: np.random.Generator) -> None:
    one, two, three = pictures(rng)
    data, ends = pack([encode(one), b"", encode(two), encode(three)])
    assert data.dtype == np.uint8 and len(data) == ends[-1]
    result, stored = unpack(data, ends)
    assert (result.shape, stored) == ((4, 32, 32, 3), 32)
    assert not result[1].any()
    for seen, wanted in zip(result[[0, 2, 3]], (one, two, three), strict=True):
        # The middle of each tile; JPEG blurs colour across its edges.
        assert np.abs(seen[4::8, 4::8].astype(int) - wanted[4::8, 4::8]).max() < 12


def test_smaller_pictures_are_averages(rng: np.random.Generator) -> None:
    one = pictures(rng)[0]
    data, ends = pack([encode(one)])
    small, stored = unpack(data, ends, 16)
    assert (small.shape, stored) == ((1, 16, 16, 3), 32)
    whole, _ = unpack(data, ends)
    np.testing.assert_array_equal(small[0], shrink(whole[0], 16))
    with pytest.raises(ConfigError, match="64 pixels are wanted and 32 were prepared"):
        unpack(data, ends, 64)


def test_a_row_without_pictures_is_black_at_the_size_asked_for() -> None:
    data, ends = pack([b"", b""])
    result, stored = unpack(data, ends, 16)
    assert (result.shape, stored) == ((2, 16, 16, 3), 0)


def test_a_damaged_picture_is_told(rng: np.random.Generator) -> None:
    data, ends = pack([encode(pictures(rng)[0]), b"no picture"])
    with pytest.raises(ValueError, match="picture 1 is damaged"):
        unpack(data, ends)
