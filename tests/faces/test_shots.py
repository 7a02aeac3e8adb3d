from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.faces.landmarks import LIPS
from synclips.faces.region import Region
from synclips.faces.search import track_people, track_video
from synclips.faces.shots import WHOLE, Shot, find_shots, parts_of
from synclips.faces.track import assemble_track
from synclips.media.video import VideoReader

Filmed = Callable[[str, list[np.ndarray]], VideoReader]

LEFT, RIGHT = Region(0, 0, 0.5, 1), Region(0.5, 0, 1, 1)


@pytest.fixture
def film(portrait: np.ndarray, filmed: Filmed) -> VideoReader:
    """Two people, a close-up of one, the two again."""
    half = portrait[:, 80:240]
    both = np.concatenate([half, half], axis=1)
    return filmed("film.mp4", [both] * 16 + [portrait] * 16 + [both] * 14)


def test_in_a_film_everybody_in_a_picture_is_tracked(film: VideoReader) -> None:
    told: list[str] = []
    first, second = track_people(film, lambda step, *_: told.append(step))
    assert (first.face_count, second.face_count) == (46, 30)
    assert first.people == second.people and len(first.people) == 2
    assert first.region is None and second.region is None
    for frame in (0, 15, 32, 45):
        assert first.points[frame : frame + 1][0, LIPS, 0].max() < 160
        assert second.points[frame : frame + 1][0, LIPS, 0].min() > 160
    assert [(run.start, run.stop) for run in second.runs] == [(0, 16), (32, 46)]
    assert list(dict.fromkeys(told)) == ["track", "face 1 of 2", "face 2 of 2"]


def test_who_is_seen_in_each_shot(film: VideoReader) -> None:
    shots = find_shots(film, track_video(film, lambda *_: None))
    assert [(shot.frames.start, shot.frames.stop) for shot in shots] == [
        (0, 16),
        (16, 32),
        (32, 46),
    ]
    assert [len(shot.people) for shot in shots] == [2, 1, 2]
    assert shots[1].people == (WHOLE,)
    left, right = shots[0].people
    assert left.right == right.left == pytest.approx(0.5, abs=0.05)


def test_a_glimpse_is_of_whoever_is_found(portrait: np.ndarray, filmed: Filmed) -> None:
    half = portrait[:, 80:240]
    both = np.concatenate([half, half], axis=1)
    reader = filmed("short.mp4", [both] * 8 + [portrait] * 16)
    shots = find_shots(reader, track_video(reader, lambda *_: None))
    assert [shot.people for shot in shots] == [(WHOLE,), (WHOLE,)]
    assert len(track_people(reader, lambda *_: None)) == 1


@pytest.mark.parametrize(
    ("counts", "people"), [([2, 2, 2, 1, 0], 2), ([2, 2, 3, 1, 0], 1), ([3, 2, 2, 0, 1], 1)]
)
def test_as_many_as_most_looks_show_are_seen(
    head: Any,
    portrait: np.ndarray,
    filmed: Filmed,
    monkeypatch: pytest.MonkeyPatch,
    counts: list[int],
    people: int,
) -> None:
    class Detector:
        """Finds now so many faces and now so many, side by side."""

        def __init__(self) -> None:
            self.left = list(counts)

        def boxes(self, image: np.ndarray) -> np.ndarray:
            starts = 0.3 * np.arange(self.left.pop(0))[:, None]
            return np.hstack([starts, 0 * starts + 0.2, starts + 0.2, 0 * starts + 0.8])

        def close(self) -> None: ...

    monkeypatch.setattr("synclips.faces.shots.FaceDetector", Detector)
    points = head.film(head.speech(11))
    track = assemble_track([Fraction(index) for index in range(11)], points)
    assert len(track.runs) == 1
    (shot,) = find_shots(filmed("a.mp4", [portrait] * 11), track)
    assert len(shot.people) == people


def test_places_of_a_film() -> None:
    shots = [Shot(slice(0, 2), (LEFT, RIGHT)), Shot(slice(3, 5), (WHOLE,))]
    assert parts_of(shots, 0, 6) == [LEFT, LEFT, WHOLE, WHOLE, WHOLE, WHOLE]
    assert parts_of(shots, 1, 6) == [RIGHT, RIGHT, None, None, None, None]
