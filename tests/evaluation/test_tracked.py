from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.evaluation.tracked import Tracked, nearest, track_file
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker

Clip = Callable[..., Path]
OpenTracker = Callable[[], FaceTracker]


def test_nearest_time() -> None:
    times = (Fraction(0), Fraction(1, 10), Fraction(1, 2))
    assert [nearest(times, Fraction(k, 100)) for k in (-5, 4, 6, 29, 31, 90)] == [0, 0, 1, 1, 2, 2]
    assert nearest(times, Fraction(1, 20)) == 0  # of two equally near ones the earlier
    assert nearest(times, Fraction(3, 10)) == 1


class TestClip:
    @pytest.fixture
    def tracked(self, tmp_path: Path, write_clip: Clip, tracker: OpenTracker) -> Tracked:
        def opening(time: float) -> float:
            return -1 if 0.3 < time < 0.9 else 0.2 * time

        return track_file(write_clip(tmp_path / "clip.mp4", opening, 1.2, rate=50), tracker)

    def test_frames_at_times_of_another_rate(self, tracked: Tracked) -> None:
        instants = [Fraction(k, 25) for k in range(30)]
        assert [frame.index for frame in tracked.frames_at(instants)] == list(range(0, 60, 2))
        slow = [Fraction(0), Fraction(0), Fraction(1), Fraction(9)]
        assert [frame.index for frame in tracked.frames_at(slow)] == [0, 0, 50, 59]

    def test_only_frames_with_a_face_have_a_crop(self, tracked: Tracked, shape: LipShape) -> None:
        crops = tracked.crops(shape, CropSpec())
        assert sorted(crops) == [*range(16), *range(45, 60)]
        # The face stands still, and so do its crops.
        assert np.ptp(np.stack(list(crops.values())), axis=0).max() < 0.5
