"""Bars at the borders of a picture, and mouths that leave it."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.errors import NoFaceError
from synclips.faces.framing import FramingTracker, framed, in_area, needs_area, parted
from synclips.faces.landmarks import EYE_CORNERS, OUTER
from synclips.faces.search import track_video
from synclips.faces.track import FaceTrack, assemble_track
from synclips.media.box import Box
from synclips.media.video import VideoReader

Filmed = Callable[[str, list[np.ndarray]], VideoReader]
HEIGHT, WIDTH = 480, 640
COUNT = 60


class Somebody:
    """A tracker that sees a face in every frame."""

    def find(self, image: np.ndarray) -> np.ndarray:
        return np.zeros((3, 3), np.float32)

    def close(self) -> None: ...


def area_of(pictures: list[np.ndarray]) -> Box | None:
    with closing(FramingTracker(Somebody())) as tracker:
        for picture in pictures:
            for _ in range(10):
                tracker.find(picture)
        return tracker.area()


@pytest.fixture
def noise(rng: np.random.Generator) -> list[np.ndarray]:
    return list(rng.integers(0, 255, (6, 90, 160, 3), dtype=np.uint8))


@pytest.mark.parametrize("colour", [(3, 2, 4), (230, 230, 230), (0, 160, 20)])
def test_bars_are_found_through_what_coding_and_editors_do(
    noise: list[np.ndarray], rng: np.random.Generator, colour: tuple[int, int, int]
) -> None:
    assert area_of(noise) is None
    for picture in noise:
        picture[:11] = picture[80:] = picture[:, 150:] = colour
        picture[:11] += rng.integers(0, 6, (11, 160, 3), dtype=np.uint8)  # grain
        picture[9] = picture[9] + 20  # an edge that coding has blurred
    assert area_of(noise) == Box(0, 12, 150, 80)
    for picture in noise[:2]:
        picture[84:87, 20:140] = 255 - np.array(colour)  # a subtitle now and then
    noise[4][2:6, 150:155] = 100  # a logo
    assert area_of(noise) == Box(0, 12, 150, 80)
    faded = [(picture * (0.2 * index)).astype(np.uint8) for index, picture in enumerate(noise)]
    assert area_of(faded) == Box(0, 12, 150, 80)


def test_what_moves_is_no_bar(noise: list[np.ndarray]) -> None:
    """Such as black clothes, which fill the picture from below now more and now less."""
    for index, picture in enumerate(noise):
        picture[80 - 5 * index :] = 4
    assert area_of(noise) is None


def test_a_dark_picture_is_not_all_bar(noise: list[np.ndarray]) -> None:
    black = np.zeros_like(noise[0])
    assert area_of([black, black]) is None
    strip = black.copy()
    strip[40:50] = noise[0][40:50]
    assert area_of([strip, strip]) is None


def track_of(head: Any, down: np.ndarray) -> FaceTrack:
    """A head that is filmed so many pixels farther down."""
    points = head.film(head.speech(COUNT))
    lowest = points[:, OUTER, 1].max()
    points[..., 1] += (HEIGHT - 20 - lowest + down)[:, None]
    return assemble_track([Fraction(index, 25) for index in range(COUNT)], points)


@pytest.fixture
def info(filmed: Filmed) -> Any:
    return filmed("a.mp4", [np.zeros((HEIGHT, WIDTH, 3), np.uint8)]).info


def test_nothing_is_drawn_on_a_mouth_that_leaves_the_picture(head: Any, info: Any) -> None:
    down = np.zeros(COUNT)
    assert framed(track_of(head, down), info).framed is None
    down[20:40] = 60
    track = framed(track_of(head, down), info)
    assert track.runs == (slice(0, COUNT),), "it is one face all the time"
    shares = np.array([track.share(index) for index in range(COUNT)])
    assert (shares[20:40] == 0).all()
    assert (shares[[0, 10, 50, 59]] == 1).all()
    assert (np.diff(shares[10:20]) <= 0).all() and 0 < shares[19] < shares[17] < 1
    assert (np.diff(shares[40:50]) >= 0).all() and 0 < shares[40] < shares[42] < 1
    assert track.speaking is not None
    assert track.speaking.tolist() == [True] * 20 + [False] * 20 + [True] * 20
    assert not any(track.listens(index) for index in range(COUNT))
    down[:5] = 60
    shares = np.array([framed(track_of(head, down), info).share(index) for index in range(COUNT)])
    assert (shares[:5] == 0).all() and 0 < shares[5] < 1
    down[15:] = 60
    track = framed(track_of(head, down), info)
    assert track.runs == (slice(0, COUNT),)
    down[10:] = 60  # what is left is too short
    assert framed(track_of(head, down), info).runs == ()


def test_landmarks_may_be_a_little_beyond_the_border(head: Any, info: Any) -> None:
    """Without a chin they are too low."""
    corners = track_of(head, np.zeros(COUNT)).points[:][:, EYE_CORNERS, :2]
    distance = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=-1).mean()
    for beyond, is_whole in ((0.03, True), (0.06, False)):
        track = framed(track_of(head, np.full(COUNT, 20 + beyond * distance)), info)
        assert (track.framed is None) == is_whole


def test_an_area_has_borders_as_a_picture_has(head: Any, info: Any) -> None:
    track = track_of(head, np.zeros(COUNT))
    lower = replace(track, area=Box(0, 0, WIDTH, HEIGHT - 70))
    assert framed(lower, info).runs == ()
    assert needs_area(lower)
    far = replace(track, area=Box(-4000, 8, WIDTH + 4000, HEIGHT + 4000))
    assert not needs_area(far) and not needs_area(track)
    area = Box(20, 8, WIDTH, HEIGHT)
    moved = in_area(replace(track, area=area), area)
    np.testing.assert_allclose(moved.points[:], track.points[:] - np.float32([20, 8, 0]))


def test_a_segment_ends_where_the_picture_dissolves(head: Any) -> None:
    track = track_of(head, np.zeros(COUNT))
    assert parted(track) is track
    apart = parted(replace(track, dissolves=(slice(25, 35),)))
    assert apart.runs == (slice(0, 25), slice(35, COUNT))
    assert 0 < apart.share(24) < apart.share(22) < apart.share(10) == 1
    assert 0 < apart.share(35) < apart.share(37) < apart.share(50) == 1
    late = parted(replace(track, dissolves=(slice(55, COUNT),)))
    assert late.runs == (slice(0, 55),)


def test_a_mouth_that_is_never_whole_is_told(portrait: np.ndarray, filmed: Filmed) -> None:
    cut = filmed("cut.mp4", [portrait[:144]] * 12)
    with pytest.raises(NoFaceError, match=r"borders of the picture cut the mouth in .*cut\.mp4;"):
        track_video(cut, lambda *_: None)


def test_bars_of_a_film_are_known(portrait: np.ndarray, filmed: Filmed) -> None:
    picture = portrait.copy()
    picture[:30] = picture[-40:] = 0
    track = track_video(filmed("bars.mp4", [picture] * 12), lambda *_: None)
    assert track.area == Box(0, 30, 320, 200)
