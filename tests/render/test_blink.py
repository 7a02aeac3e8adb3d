"""A picture that blinks: when, and what is drawn then."""

from fractions import Fraction

import cv2
import numpy as np
import pytest

from synclips.faces.eyes import Eye
from synclips.media.picture import RgbPicture
from synclips.media.video import Frame
from synclips.render.blink import CLOSURE, blinking
from synclips.render.schedule import Showing

SKIN, BROW, WHITE, IRIS = (200, 150, 120), (60, 40, 30), (240, 240, 240), (20, 60, 90)


def eye_at(centre: tuple[float, float], width: float, height: float, tilt: float = 0.0) -> Eye:
    """An eye of two arcs, a brow above it; tilted clockwise, degrees."""
    x = np.linspace(-0.5, 0.5, 9)
    arc = (1 - (2 * x) ** 2) * height / 2
    turn = np.deg2rad(tilt)
    axes = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])

    def placed(down: np.ndarray, along: np.ndarray = x) -> np.ndarray:
        return (np.stack([along * width, down], 1) @ axes + centre).astype(np.float32)

    return Eye(placed(-arc), placed(arc), placed(np.full(5, -0.6 * width), x[::2]))


def draw(eyes: list[Eye], size: tuple[int, int] = (200, 300)) -> np.ndarray:
    """Skin with eyes in it."""
    image = np.full((*size, 3), SKIN, np.uint8)
    for eye in eyes:
        outline = np.concatenate([eye.upper, eye.lower[::-1]])
        cv2.fillPoly(image, [np.rint(outline * 16).astype(np.int32)], WHITE, shift=4)
        centre = tuple(np.rint(outline.mean(axis=0)).astype(int).tolist())
        cv2.circle(image, centre, round(eye.width * eye.openness * 0.4), IRIS, -1)
        cv2.polylines(image, [np.rint(eye.brow).astype(np.int32)], False, BROW, 3)
    return image


def showings_of(image: np.ndarray, count: int) -> list[Showing]:
    frame = Frame(RgbPicture(image), Fraction(0), 0)
    return [Showing(frame, Fraction(number, 25)) for number in range(count)]


def blink(image: np.ndarray, eyes: list[Eye]) -> list[np.ndarray]:
    """The frames of the first blink."""
    shown = [showing.frame.picture.image for showing in blinking(showings_of(image, 80), eyes)]
    first = next(n for n, one in enumerate(shown) if (one != image).any())
    return shown[first : first + len(CLOSURE)]


def share(image: np.ndarray, colour: tuple[int, int, int]) -> float:
    """Of the pixels that are nearly of a colour."""
    return float((np.abs(image.astype(int) - colour).max(axis=-1) < 40).mean())


@pytest.mark.parametrize("tilt", [0.0, 20.0, -35.0])
def test_a_lid_covers_the_eye_and_nothing_else_moves(tilt: float) -> None:
    eyes = [eye_at((90, 100), 60, 20, tilt), eye_at((210, 110), 60, 20, tilt)]
    image = draw(eyes)
    frames = blink(image, eyes)
    closed = frames[int(np.argmax(CLOSURE))]
    assert share(image, IRIS) > 0.004 and share(image, WHITE) > 0.01
    assert share(closed, IRIS) == 0 and share(closed, WHITE) < 0.1 * share(image, WHITE)
    assert share(closed, SKIN) > share(image, SKIN) + 0.01
    # Brows, cheeks and what is between the eyes are the input's.
    changed = np.argwhere((closed != image).any(axis=-1))[:, ::-1]
    for eye in eyes:
        middle = (eye.upper[0] + eye.upper[-1]) / 2
        near = np.linalg.norm(changed - middle, axis=1) < 60
        assert near.any()
        changed = changed[~near]
    assert not len(changed)
    assert share(closed, BROW) == share(image, BROW)


def test_the_lid_comes_down_from_above() -> None:
    eye = eye_at((150, 100), 80, 30)
    image = draw([eye])
    half = next(f for f, closure in zip(blink(image, [eye]), CLOSURE, strict=True) if closure < 0.5)
    upper, lower = (slice(88, 93), slice(140, 160)), (slice(104, 110), slice(140, 160))
    assert share(image[upper], SKIN) < 0.2
    assert share(half[upper], SKIN) > 0.5
    np.testing.assert_array_equal(half[lower], image[lower])


def test_the_edge_of_the_picture_is_no_obstacle() -> None:
    eye = eye_at((30, 13), 58, 20)
    image = draw([eye], (40, 60))
    closed = blink(image, [eye])[int(np.argmax(CLOSURE))]
    assert share(closed, IRIS) == 0 < share(image, IRIS)


def test_it_blinks_17_times_a_minute_and_never_at_once() -> None:
    eyes = [eye_at((90, 100), 60, 20), eye_at((210, 100), 60, 20)]
    minutes = 20
    showings = showings_of(draw(eyes), minutes * 60 * 25)
    told = list(blinking(showings, eyes))
    assert [showing.time for showing in told] == [showing.time for showing in showings]
    moved = np.array([a.frame is not b.frame for a, b in zip(told, showings, strict=True)])
    starts = np.flatnonzero(np.diff(moved.astype(int), prepend=0) == 1)
    assert 16 < len(starts) / minutes < 18
    assert starts[0] >= 25
    assert moved.sum() == len(starts) * len(CLOSURE)
    # Two seconds apart at least, and no metronome.
    apart = np.diff(starts)
    assert apart.min() >= 50 and apart.std() > 15
    # Drawn once, shown at every blink.
    pictures = {id(showing.frame.picture) for showing, one in zip(told, moved, strict=True) if one}
    assert len(pictures) == len(set(CLOSURE))


@pytest.mark.parametrize(
    "eyes",
    [
        [],
        [eye_at((90, 100), 60, 20), eye_at((210, 100), 60, 5)],
        [eye_at((90, 100), 9, 4), eye_at((210, 100), 60, 20)],
        [eye_at((-60, 100), 60, 20), eye_at((90, 100), 60, 20)],
        [eye_at((90, 100), 60, 20), eye_at((290, 100), 60, 20)],
        [eye_at((90, -50), 60, 20), eye_at((210, -50), 60, 20)],
    ],
    ids=["none", "shut", "tiny", "outside", "half outside", "above"],
)
def test_eyes_that_are_shut_or_tiny_or_beyond_the_picture_stay_as_they_are(eyes: list[Eye]) -> None:
    showings = showings_of(draw(eyes), 200)
    for told, showing in zip(blinking(showings, eyes), showings, strict=True):
        assert told is showing
