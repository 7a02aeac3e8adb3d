from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from synclips.errors import NoFaceError
from synclips.faces.landmarks import LIPS
from synclips.faces.region import Region
from synclips.faces.search import track_video
from synclips.media.video import VideoReader


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
