import numpy as np
import pytest

from synclips.render.monochrome import Tones

GREY, SEPIA = (1.0, 1.0, 1.0), (1.07, 0.9, 0.7)


@pytest.fixture
def face(rng: np.random.Generator) -> np.ndarray:
    """(S, S) a face in shades from .1 to .8 of white."""
    across = np.linspace(0.1, 0.8, 96, dtype=np.float32)
    return across + rng.normal(0, 0.02, (96, 96)).astype(np.float32)


def as_film(shades: np.ndarray, tint: tuple[float, ...] = GREY) -> np.ndarray:
    """(S, S, 3) pixels of some shades."""
    return (255 * shades[..., None] * np.float32(tint)).clip(0, 255).round().astype(np.uint8)


MOUTH = np.array([[[200, 60, 70], [240, 235, 220], [30, 8, 6]]], np.float32)


def test_a_mouth_in_black_and_white_has_no_colour(face: np.ndarray) -> None:
    tones = Tones.of([as_film(face)])
    assert tones is not None
    assert tones.share == 1
    after = tones.applied(MOUTH)
    assert np.ptp(after, axis=-1).max() < 0.5
    np.testing.assert_allclose(after.mean(axis=-1), MOUTH.mean(axis=-1), atol=0.5)


def test_a_mouth_in_sepia_is_brown_however_light(face: np.ndarray) -> None:
    tones = Tones.of([as_film(face, SEPIA)])
    assert tones is not None
    for red, green, blue in tones.applied(MOUTH)[0]:
        assert red / green == pytest.approx(SEPIA[0] / SEPIA[1], rel=0.03)
        assert green / blue == pytest.approx(SEPIA[1] / SEPIA[2], rel=0.03)


def test_what_a_tint_makes_of_light_and_dark_may_differ(face: np.ndarray) -> None:
    # Blue shadows, yellow light, as of a duotone.
    shades = face.clip(0, 1)[..., None]
    duotone = 255 * (shades * [1.0, 0.95, 0.7] + (1 - shades) * [0.05, 0.08, 0.2])
    tones = Tones.of([duotone.round().astype(np.uint8)])
    assert tones is not None
    white, black = tones.applied(np.array([[[250, 250, 250], [25, 25, 25]]], np.float32))[0]
    assert white[0] > white[2] + 20
    assert black[2] > black[0] + 10


def test_a_picture_in_colour_has_no_tones(face: np.ndarray) -> None:
    coloured = as_film(face, (1.1, 0.9, 0.8))
    coloured[40:50, 30:60] = (150, 70, 75)  # lips
    assert Tones.of([coloured]) is None
    # One shot in colour is enough.
    assert Tones.of([as_film(face), coloured]) is None


def test_noise_of_the_coding_is_no_colour(face: np.ndarray, rng: np.random.Generator) -> None:
    film = as_film(face).astype(int)
    shares = []
    for noise in (0.3, 1.0, 3.0):
        noisy = film + rng.normal(0, noise, film.shape)
        tones = Tones.of([noisy.round().clip(0, 255).astype(np.uint8)])
        shares.append(0 if tones is None else tones.share)
    assert shares[0] == 1
    assert 0 < shares[1] < 1, "it passes over gradually"
    assert shares[2] == 0


def test_at_night_colours_are_colours(face: np.ndarray) -> None:
    """As pale as in the palest of films, and dark."""
    pale = as_film(face, (1.02, 0.99, 0.99)).astype(np.float32)
    pale[40:70, 20:70, 0] += 12  # cheeks
    assert Tones.of([pale.round().astype(np.uint8)]) is None
    assert Tones.of([(0.4 * pale).round().astype(np.uint8)]) is None
    for tint in (GREY, SEPIA):
        dark = Tones.of([(0.4 * as_film(face, tint)).round().astype(np.uint8)])
        assert dark is not None and dark.share > 0.7


def test_all_black(face: np.ndarray) -> None:
    tones = Tones.of([np.zeros((96, 96, 3), np.uint8)])
    assert tones is not None
    assert np.isfinite(tones.applied(MOUTH)).all()
