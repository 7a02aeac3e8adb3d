from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from synclips.errors import NoFaceError
from synclips.faces.landmarks import LIPS
from synclips.faces.region import Region
from synclips.faces.search import in_places, track_people, track_video
from synclips.faces.track import assemble_track
from synclips.media.video import VideoReader

Filmed = Callable[[str, list[np.ndarray]], VideoReader]


def test_every_frame_is_looked_at_and_told(face_video: Path) -> None:
    told: list[tuple[int, int | None]] = []
    track = track_video(VideoReader(face_video), lambda done, total: told.append((done, total)))
    assert len(track) == track.face_count == 20
    assert len(track.people) == 1
    assert track.region is None
    assert told[-1] == (20, 20)
    track = track_video(
        VideoReader(face_video), lambda *all: told.append(all), seconds=Fraction(1, 2)
    )
    assert len(track) == 13
    assert told[-1] == (13, 13)


def test_of_two_faces_the_one_in_the_region_is_tracked(
    portrait: np.ndarray, tmp_path: Path
) -> None:
    half = portrait[:, 80:240]
    cv2.imwrite(str(tmp_path / "two.png"), np.concatenate([half, half], axis=1)[..., ::-1])
    reader = VideoReader(tmp_path / "two.png")
    assert len(track_video(reader, lambda *_: None).people) == 2
    track = track_video(reader, lambda *_: None, Region(0.5, 0, 1, 1))
    assert len(track.people) == 1
    assert track.region == Region(0.5, 0, 1, 1)
    assert track.points[0][LIPS, 0].min() > 160
    with pytest.raises(NoFaceError, match=r"two\.png within 0,0,1,0\.2;"):
        track_video(reader, lambda *_: None, Region(0, 0, 1, 0.2))


def test_everybody_who_stays_in_their_place_is_tracked(
    portrait: np.ndarray, filmed: Filmed
) -> None:
    half = portrait[:, 80:240]
    both = np.concatenate([half, half], axis=1)
    told: list[str] = []
    left, right = track_people(filmed("two.mp4", [both] * 12), lambda step, *_: told.append(step))
    assert len(left) == len(right) == left.face_count == right.face_count == 12
    assert left.points[0][LIPS, 0].max() < 160 < right.points[0][LIPS, 0].min()
    assert left.people == right.people
    assert (left.region, right.region) == left.people
    assert list(dict.fromkeys(told)) == ["track", "face 1 of 2", "face 2 of 2"]


def test_who_is_away_for_a_while_is_tracked_as_well(portrait: np.ndarray, filmed: Filmed) -> None:
    half = portrait[:, 80:240]
    both, left = (np.concatenate([half, other], axis=1) for other in (half, np.full_like(half, 90)))
    stays, goes = track_people(filmed("two.mp4", [both] * 8 + [left] * 6), lambda *_: None)
    assert (stays.face_count, goes.face_count) == (14, 8)


def test_in_a_film_whoever_is_seen_is_tracked(portrait: np.ndarray, filmed: Filmed) -> None:
    half = portrait[:, 80:240]
    wide, close = np.concatenate([half, half], axis=1), portrait
    (track,) = track_people(filmed("a.mp4", [wide] * 6 + [close] * 6), lambda *_: None)
    assert len(track.people) == 2
    assert track.region is None
    assert track.face_count == 12
    (track,) = track_people(filmed("b.mp4", [close] * 6), lambda *_: None)
    assert len(track.people) == 1


def test_a_close_up_of_somebody_between_the_two_is_of_neither(
    portrait: np.ndarray, filmed: Filmed
) -> None:
    """It is small enough to be found in one half of the picture, too."""
    half = portrait[:, 80:240]
    wide = np.concatenate([half, half], axis=1)
    between = np.full_like(wide, 90)
    between[:, 60:220] = half
    reader = filmed("a.mp4", [wide] * 6 + [between] * 3)
    assert not in_places(track_video(reader, lambda *_: None), reader.info)
    (track,) = track_people(reader, lambda *_: None)
    assert track.region is None
    assert in_places(track_video(filmed("b.mp4", [wide] * 6), lambda *_: None), reader.info)


@pytest.mark.parametrize(("share", "inside"), [(0.1, True), (0.3, False)])
def test_a_little_of_a_face_may_be_beyond_its_part(
    head: Any, portrait: np.ndarray, filmed: Filmed, share: float, inside: bool
) -> None:
    info = filmed("a.mp4", [portrait]).info
    points = head.film(head.speech(25))
    points[..., :2] *= 0.4 * info.width / np.ptp(points[..., 0])
    points[..., 1] -= points[..., 1].min()
    points[..., 0] -= points[..., 0].max() - share * np.ptp(points[..., 0]) - info.width / 2
    track = assemble_track([Fraction(index, 25) for index in range(25)], points)
    halves = (Region(0, 0, 0.5, 1), Region(0.5, 0, 1, 1))
    assert in_places(replace(track, people=halves), info) == inside


def test_a_face_on_its_head_is_told(portrait: np.ndarray, filmed: Filmed) -> None:
    video = filmed("up.mp4", [portrait[::-1, ::-1]] * 3)
    with pytest.raises(NoFaceError, match=r"The face in .*up\.mp4 stands on its head; turn"):
        track_video(video, lambda *_: None)
