"""Pictures that turn into others: slowly, at once, or only darker."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.faces.dissolves import Dissolves
from synclips.faces.landmarks import EYE_CORNERS

Array = NDArray[np.float32]


def shot(rng: np.random.Generator, count: int) -> Array:
    """(count, 32, 32, 3) scenes of one place in which something moves a little."""
    place = rng.uniform(20, 230, (8, 8, 3)).repeat(4, axis=0).repeat(4, axis=1)
    return (place + 0.5 * rng.normal(size=(count, 1, 1, 3))).astype(np.float32)


def spans(scenes: Array, looks: list[Any], places: Any = None, rate: int = 25) -> list[slice]:
    dissolves = Dissolves()
    for index, (scene, look) in enumerate(zip(scenes, looks, strict=True)):
        points = None if places is None else places[index]
        dissolves.add(Fraction(index, rate), scene, look, points)
    return dissolves.spans


@pytest.fixture
def faces(rng: np.random.Generator) -> tuple[Array, Array]:
    """Two, (24, 24, 3), of which neither is a brighter one of the other."""
    one, other = rng.uniform(60, 200, (2, 24, 24, 3)).astype(np.float32)
    return one, other


@pytest.mark.parametrize("length", [9, 20, 40])
def test_a_dissolve_is_found_where_it_is(
    rng: np.random.Generator, faces: tuple[Array, Array], head: Any, length: int
) -> None:
    before, after = shot(rng, 80), shot(rng, 80)
    share = np.clip((np.arange(80) - 25) / length, 0, 1).astype(np.float32)[:, None, None, None]
    mixed = (1 - share) * before + share * after
    looks = [(1 - each) * faces[0] + each * faces[1] for each in share[:, 0]]
    (found,) = spans(mixed, looks)
    assert abs(found.start - 26) <= 2
    assert abs(found.stop - (25 + length)) <= 2
    # Into a picture without a face, and from one.
    gone = [look if each < 0.5 else None for look, each in zip(looks, share, strict=True)]
    (found,) = spans(mixed, gone)
    assert abs(found.start - 26) <= 2
    # The camera goes elsewhere, but with the same face.
    assert spans(mixed, [faces[0]] * 80) == []
    # Another view of the same face.
    near = head.film(head.speech(80))
    assert spans(mixed, [faces[0]] * 80, near) == []
    near[25 + length // 2 :] *= 1.3
    (found,) = spans(mixed, [faces[0]] * 80, near)
    assert abs(found.start - 26) <= 2
    # At twice the rate the same frames are half as long.
    twice = np.repeat(mixed, 2, axis=0)
    (found,) = spans(twice, [look for look in looks for _ in range(2)], rate=50)
    assert abs(found.start - 52) <= 5
    assert abs(found.stop - 2 * (25 + length)) <= 5


def test_cuts_fades_and_moving_pictures_are_none(
    rng: np.random.Generator, faces: tuple[Array, Array]
) -> None:
    before, after = shot(rng, 60), shot(rng, 60)
    looks = [faces[0]] * 30 + [faces[1]] * 30
    assert spans(np.concatenate([before[:30], after[30:]]), looks) == []
    light = np.clip((np.arange(60) - 20) / 20, 0, 1).astype(np.float32)[:, None, None, None]
    assert spans(light * before, [each * faces[0] for each in light[:, 0]]) == []
    assert spans((1 - light) * before, [None if each > 0.5 else faces[0] for each in light]) == []
    wide = rng.uniform(20, 230, (32, 92, 3)).astype(np.float32)
    pan = np.stack([wide[:, index : index + 32] for index in range(60)])
    assert spans(pan, [faces[index // 30] for index in range(60)]) == []


def test_a_face_that_the_camera_passes_or_nears_is_none(
    rng: np.random.Generator, faces: tuple[Array, Array], head: Any
) -> None:
    before, after = shot(rng, 80), shot(rng, 80)
    share = np.clip((np.arange(80) - 25) / 20, 0, 1).astype(np.float32)[:, None, None]
    # What a pan over soft shapes looks like in a few pixels.
    scenes = (1 - share[..., None]) * before + share[..., None] * after
    near = head.film(head.speech(80))
    eye = float(np.linalg.norm(np.subtract(*near[0, EYE_CORNERS, :2])))
    passed = near + share * np.array([1.5 * eye, 0, 0], np.float32)
    nearer = near * (1 + 0.6 * share)
    # Light and lips change a little.
    same = [faces[0] + rng.normal(0, 3, faces[0].shape).astype(np.float32) for _ in range(80)]
    assert spans(scenes, same, passed) == []
    assert spans(scenes, same, nearer) == []
    # At the same places, but in between it is not quite the face of either end.
    ghost = 0.25 * np.sin(np.pi * share)
    mixed = [(1 - each) * faces[0] + each * faces[1] for each in ghost]
    (found,) = spans(scenes, mixed, passed)
    assert abs(found.start - 26) <= 3
    assert abs(found.stop - 45) <= 3
    # From one place to the other at once.
    apart = near + (share > 0.5) * np.array([1.5 * eye, 0, 0], np.float32)
    (found,) = spans(scenes, same, apart)
    assert abs(found.start - 26) <= 2
    assert abs(found.stop - 45) <= 2
    # One frame shows no face, so that it is not known to be the same.
    lost: list[Any] = [None if index == 35 else look for index, look in enumerate(same)]
    assert spans(scenes, lost, passed) != []


def test_two_dissolves_are_two(rng: np.random.Generator, faces: tuple[Array, Array]) -> None:
    shots = [shot(rng, 120) for _ in range(3)]
    shares = [
        np.clip((np.arange(120) - first) / 12, 0, 1).astype(np.float32)[:, None, None, None]
        for first in (20, 80)
    ]
    first = (1 - shares[0]) * shots[0] + shares[0] * shots[1]
    scenes = (1 - shares[1]) * first + shares[1] * shots[2]
    back = shares[0][:, 0] - shares[1][:, 0]
    found = spans(scenes, [(1 - each) * faces[0] + each * faces[1] for each in back])
    assert len(found) == 2
    assert found[0].stop < 40 < 75 < found[1].start
