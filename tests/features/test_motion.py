"""Lip motion of a track at the instants of sound: right places, right times, nothing made up."""

from fractions import Fraction
from typing import Any

import numpy as np

from synclips.faces.segment import analyse
from synclips.faces.track import assemble_track
from synclips.features.motion import lip_motion


def test_frames_are_resampled_at_their_own_times(head: Any) -> None:
    # 30 per second, and the first frame is half a second late.
    times = [Fraction(1, 2) + Fraction(index, 30) for index in range(60)]
    track = assemble_track(times, head.film(head.speech(60)))
    motion, valid = lip_motion(analyse(track, head.shape), track.times, range(140), 4)
    assert motion.shape == (140, 4)
    np.testing.assert_array_equal(np.flatnonzero(valid), np.arange(25, 124))
    assert (motion[~valid] == 0).all()
    truth = np.interp(
        np.arange(25, 124) / 50, [float(time) for time in times], head.speech(60)[:, 0]
    )
    assert np.corrcoef(motion[valid, 0], truth)[0, 1] > 0.99
    part, _ = lip_motion(analyse(track, head.shape), track.times, range(60, 80), 4)
    np.testing.assert_array_equal(part, motion[60:80])


def test_a_glimpse_of_a_face_is_left_out(head: Any) -> None:
    points = head.film(head.speech(60))
    points[9:30] = np.nan
    track = assemble_track([Fraction(index, 25) for index in range(60)], points)
    _, valid = lip_motion(analyse(track, head.shape), track.times, range(119), 4)
    assert not valid[:60].any()
    assert valid[60:].all()
