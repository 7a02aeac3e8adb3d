from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from synclips.errors import InputError
from synclips.media.video import VideoReader
from synclips.render.passage import Passage, require_within
from synclips.render.schedule import Showing, schedule

PASSAGE = Passage(Fraction(2), Fraction(3))


def test_all_of_a_new_mouth_shows_in_a_passage_and_nothing_elsewhere() -> None:
    for time in (Fraction(2), Fraction(5, 2), Fraction(3)):
        assert PASSAGE.share(time) == 1
    for time in (Fraction(0), Fraction(187, 100), Fraction(313, 100), Fraction(10)):
        assert PASSAGE.share(time) == 0
    rises = [PASSAGE.share(Fraction(188 + step, 100)) for step in range(13)]
    assert rises == sorted(rises) and (rises[0], rises[6], rises[12]) == (0, 0.5, 1)
    assert rises == [PASSAGE.share(Fraction(312 - step, 100)) for step in range(13)]


def test_it_is_of_the_result_and_not_of_its_frames() -> None:
    """A video of 2 s that goes on backward: its last frames are shown once as filmed, once anew."""

    class Reader:
        def frames(self) -> Any:
            return iter(frames)

        def frames_backward(self, times: Any) -> Any:
            return reversed(frames)

    times = [Fraction(number, 10) for number in range(21)]
    frames: Any = [Showing(None, time) for time in times]  # type: ignore[arg-type]
    for index, frame in enumerate(frames):
        object.__setattr__(frame, "index", index)
    reader: Any = Reader()
    plan = schedule(reader, times, Fraction(4), Fraction(10))
    shares = {showing.time: showing.share for showing in PASSAGE.within(plan)}
    assert len(shares) == 40
    assert {time for time, share in shares.items() if share == 1} == {
        Fraction(number, 10) for number in range(20, 31)
    }
    assert shares[Fraction(19, 10)] == shares[Fraction(31, 10)] == pytest.approx(0.07, abs=0.01)


def test_a_mouth_that_comes_stands_while_its_picture_does() -> None:
    first, again = Fraction(190, 100), Fraction(194, 100)
    plan = [
        Showing(None, first),  # type: ignore[arg-type]
        Showing(None, again, since=first),  # type: ignore[arg-type]
        Showing(None, again),  # type: ignore[arg-type]
    ]
    shown, stands, moves = (showing.share for showing in PASSAGE.within(plan))
    assert 0 < shown == stands < moves < 1


def test_what_begins_where_no_video_is_is_refused(
    face_video: Path, portrait: np.ndarray, tmp_path: Path
) -> None:
    import cv2

    reader = VideoReader(face_video)  # of 0.8 s
    require_within(reader, Fraction(79, 100))
    with pytest.raises(InputError, match=r"face\.mp4 ends at 0\.8 s, before --at 0\.9; give"):
        require_within(reader, Fraction(9, 10))
    with pytest.raises(InputError, match=r"ends at 0\.8 s"):
        require_within(reader, Fraction(4, 5))
    cv2.imwrite(str(tmp_path / "me.png"), portrait)
    with pytest.raises(InputError, match=r"me\.png is a picture, in which .* leave --at out"):
        require_within(VideoReader(tmp_path / "me.png"), Fraction(0))
