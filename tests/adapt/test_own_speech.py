"""Pieces of a video's own speech: which sound belongs to which lips, and how much is taken."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.adapt.own_speech import LONGEST, MARGIN, PARTS, OwnSpeech, hold_out, own_speech
from synclips.faces.track import FaceTrack, assemble_track
from synclips.features.loudness import loudness_gain
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.hearing import hear, silence

RATE = 25


def film(head: Any, seconds: float, start: float = 0.0) -> FaceTrack:
    """A talking head; the opening is the first coefficient."""
    count = int(seconds * RATE)
    times = [Fraction(index, RATE) + Fraction(start) for index in range(count)]
    return assemble_track(times, head.film(head.speech(count)))


def hum(seconds: float) -> np.ndarray:
    """A buzz whose level changes twice a second, louder and louder."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 10))
    return (0.1 * (1.05 + np.sin(4 * np.pi * time)) * buzz).astype(np.float32)


def test_lips_and_sound_of_the_same_moment_stand_side_by_side(head: Any) -> None:
    (piece,) = own_speech(hum(4), film(head, 4), head.shape)
    assert len(piece) == 199  # to the last frame, at 3.96 s
    assert piece.valid.all()
    truth = head.speech(100)[:, 0]
    assert np.corrcoef(piece.motion[::2, 0], truth)[0, 1] > 0.98
    heard = hear(hum(4), loudness_gain(hum(4)))
    np.testing.assert_array_equal(piece.heard, heard[: len(piece)])
    assert piece.sound.shape == (199 + 2 * MARGIN, heard.shape[1])
    np.testing.assert_array_equal(piece.sound[:MARGIN], np.tile(silence(), (MARGIN, 1)))


def test_an_offset_moves_the_sound_and_not_the_lips(head: Any) -> None:
    (piece,) = own_speech(hum(4), film(head, 4), head.shape)
    late = OwnSpeech(piece.sound, piece.activity, piece.motion, piece.valid, offset=7)
    np.testing.assert_array_equal(late.heard[:-7], piece.heard[7:])
    np.testing.assert_array_equal(late.active[:-7], piece.active[7:])
    part = late.part(50, 120)
    np.testing.assert_array_equal(part.heard, late.heard[50:120])
    np.testing.assert_array_equal(part.motion, late.motion[50:120])
    np.testing.assert_array_equal(part.active, late.active[50:120])


def test_lips_that_listen_do_not_count(head: Any) -> None:
    track = film(head, 4)
    shares = np.ones(100, np.float32)
    shares[:40], shares[40] = 0, 0.5
    (piece,) = own_speech(hum(4), replace(track, shares=shares), head.shape)
    assert not piece.valid[:80].any()
    assert piece.valid[80:].all()
    (whole,) = own_speech(hum(4), track, head.shape)
    np.testing.assert_array_equal(piece.sound, whole.sound)


def test_a_long_video_costs_no_more_than_a_minute(head: Any) -> None:
    pieces = own_speech(hum(75), film(head, 75), head.shape)
    assert len(pieces) == PARTS
    assert sum(len(piece) for piece in pieces) == LONGEST
    # Spread over the video: the last piece ends with it.
    truth = head.speech(75 * RATE)[:, 0]
    assert np.corrcoef(pieces[-1].motion[::2, 0], truth[-251:-1])[0, 1] > 0.95


def test_frames_without_a_face_do_not_count(head: Any) -> None:
    points = head.film(head.speech(100))
    points[40:60] = np.nan
    track = assemble_track([Fraction(index, RATE) for index in range(100)], points)
    (piece,) = own_speech(hum(4), track, head.shape)
    assert not piece.valid[80:118].any()
    assert piece.valid[:78].all()
    assert piece.valid[122:].all()
    points[:] = np.nan
    nobody = assemble_track([Fraction(index, RATE) for index in range(100)], points)
    assert own_speech(hum(4), nobody, head.shape) == []


@pytest.mark.parametrize("seconds", [6.0, 20.0])
def test_the_end_is_held_out(make_speaker: Any, seconds: float) -> None:
    pieces = make_speaker(1.0, 0.3).speak(0, seconds=seconds)
    first, last = hold_out(pieces, 0.25, 2.0)
    held = sum(piece.seconds for piece in last)
    assert held == pytest.approx(max(0.25 * seconds, 2.0), abs=0.03)
    assert sum(piece.seconds for piece in first) + held == pytest.approx(seconds)
    np.testing.assert_array_equal(last[-1].motion[-1], pieces[0].motion[-1])


def test_the_end_may_reach_over_several_pieces(make_speaker: Any) -> None:
    pieces = [make_speaker(1.0, 0.3).speak(seed, seconds=1.0)[0] for seed in range(8)]
    first, last = hold_out(pieces, 0.25, 2.5)
    assert [len(piece) for piece in last] == [25, 50, 50]
    assert [len(piece) for piece in first] == [50] * 5 + [25]
