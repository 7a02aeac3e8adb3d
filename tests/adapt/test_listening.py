"""Who only listens: lips that rest while somebody speaks, and nobody else."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from synclips.adapt.listening import dialogue, require_own_sound, speaking_shares
from synclips.errors import InputError
from synclips.faces import segment as segment_module
from synclips.faces.track import FaceTrack, assemble_track
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import lip_activity
from synclips.media.audio import write_sound
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter

RATE = 25
RAMP = 3  # frames of 25 per second in which a new mouth appears


def hum(seconds: float) -> np.ndarray:
    """A buzz that swells three times a second."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 10))
    return (0.1 * (1.05 + np.sin(6 * np.pi * time)) * buzz).astype(np.float32)


def sounds(*parts: tuple[bool, float]) -> np.ndarray:
    """Speech or silence, one after another, each of so many seconds."""
    return np.concatenate([hum(seconds) * speech for speech, seconds in parts])


def spoken(head: Any, seconds: float, rate: int = RATE) -> np.ndarray:
    """(n, 4) lips that speak, as fast at any frame rate."""
    slow = head.speech(int(seconds * RATE) + 1)
    at = np.arange(int(seconds * rate)) * (RATE / rate)
    return np.stack([np.interp(at, np.arange(len(slow)), row) for row in slow.T], axis=-1)


def resting(seconds: float, rate: int = RATE) -> np.ndarray:
    """(n, 4) lips that stay closed."""
    return np.zeros((int(seconds * rate), 4), np.float32)


def track_of(head: Any, lips: np.ndarray, rate: int = RATE, noise: float = 0.1) -> FaceTrack:
    """A head that nods and turns while its lips do what is told; landmarks tremble by a tenth."""
    time = np.arange(len(lips)) / rate
    turns = zip(9 * np.sin(2 * time), 6 * np.sin(3 * time), strict=True)
    rotations = np.array([head.rotation(yaw, pitch) for yaw, pitch in turns])
    points = head.film(lips, rotations)
    points += np.random.default_rng(1).normal(0, noise, points.shape).astype(np.float32)
    return assemble_track([Fraction(index, rate) for index in range(len(lips))], points)


def told(samples: np.ndarray, track: FaceTrack, head: Any) -> np.ndarray:
    """Shares of a track while a sound is heard."""
    return speaking_shares(lip_activity(samples), track, head.shape)


@pytest.mark.parametrize("rate", [24, 25, 60])
def test_lips_that_rest_while_somebody_speaks_listen(head: Any, rate: int) -> None:
    still = told(hum(3), track_of(head, resting(3, rate), rate), head)
    assert still.shape == (3 * rate,)
    assert not still.any()
    moving = told(hum(3), track_of(head, spoken(head, 3, rate), rate), head)
    assert (moving == 1).all()


def test_nobody_listens_where_nothing_is_heard(head: Any) -> None:
    track = track_of(head, resting(4))
    assert (told(np.zeros(4 * SAMPLE_RATE, np.float32), track, head) == 1).all()
    # The end of a word, or a video whose sound is late.
    assert (told(sounds((True, 0.5), (False, 3.5)), track, head) == 1).all()
    # A sound that ends before the picture does.
    assert (told(hum(0.5), track, head) == 1).all()
    # Whoever listens goes on to in the pauses of the one who speaks.
    heard = sounds((True, 1.5), (False, 1), (True, 1.5))
    assert not told(heard, track, head).any()


def test_who_listens_and_then_speaks_does_all_they_say(head: Any) -> None:
    lips = np.concatenate([resting(3), spoken(head, 3), resting(3)])
    shares = told(hum(9), track_of(head, lips), head)
    assert (shares[77:146] == 1).all()  # what is said, but for two lips that begin to part
    assert (shares[: 75 - RAMP] == 0).all()
    assert (shares[158:] == 0).all()
    steps = np.abs(np.diff(shares))
    assert 0 < steps.max() < 0.4, "a mouth appeared at once"


def test_at_a_cut_it_begins_at_once(head: Any) -> None:
    speaks, listens = spoken(head, 2), resting(2)
    points = [track_of(head, lips).points[:] for lips in (speaks, listens, speaks)]
    points[1] += np.array([300, 40, 0], np.float32)
    times = [Fraction(index, RATE) for index in range(150)]
    shares = told(hum(6), assemble_track(times, np.concatenate(points)), head)
    np.testing.assert_array_equal(shares, np.repeat(np.float32([1, 0, 1]), 50))


def test_of_what_is_seen_shortly_nothing_can_be_told(head: Any) -> None:
    assert (told(hum(3), track_of(head, resting(0.9)), head) == 1).all()
    track = track_of(head, resting(3))
    points = track.points[:].copy()
    points[20:55] = np.nan
    shares = told(hum(3), assemble_track(track.times, points), head)
    assert (shares == 1).all(), "there is no face, or not for long enough"


def test_a_mouth_held_open_and_a_smile_do_not_speak(head: Any) -> None:
    lips = resting(4)
    lips[:, 0] = 1.0
    lips[:, 3] = np.linspace(0, 1, len(lips))
    assert not told(hum(4), track_of(head, lips), head).any()


def test_who_mumbles_does_not_listen(head: Any) -> None:
    """Lips that open and close as slowly as none at rest do, but do."""
    lips = resting(4)
    lips[:, 0] = 0.4 * (1 - np.cos(2 * np.pi * 0.6 * np.arange(len(lips)) / RATE))
    assert (told(hum(4), track_of(head, lips), head) == 1).all()


def test_a_long_shot_is_one_shot(head: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lips = np.concatenate([spoken(head, 3), resting(3), spoken(head, 3)])
    whole = told(hum(9), track_of(head, lips), head)
    assert 60 < np.count_nonzero(whole < 1) < 80
    for longest in (60, 75, 100, 120):  # borders within what is listened, and at its ends
        monkeypatch.setattr(segment_module, "LONGEST_STRETCH", longest)
        parts = told(hum(9), track_of(head, lips), head)
        assert np.abs(np.diff(parts)).max() < 0.4, "a mouth appeared at once"
        assert np.count_nonzero((whole > 0) != (parts > 0)) <= 4


def test_what_cannot_be_dubbed_is_refused(tmp_path: Any, portrait: np.ndarray) -> None:
    sound, mute, full = tmp_path / "a.wav", tmp_path / "mute.mp4", tmp_path / "full.mp4"
    write_sound(sound, hum(0.5), SAMPLE_RATE)
    for path, heard in ((mute, None), (full, sound)):
        rate = Fraction(RATE)
        with VideoWriter(
            path, width=320, height=240, frame_rate=rate, time_base=1 / rate, sound=heard
        ) as writer:
            writer.write(portrait, Fraction(0))
    with pytest.raises(InputError, match=r"mute\.mp4 has no sound of its own.*leave --dub out"):
        require_own_sound(VideoReader(mute).info)
    require_own_sound(VideoReader(full).info)
    np.testing.assert_array_equal(dialogue(hum(0.5), full), lip_activity(hum(0.5)))
    with pytest.raises(InputError, match=r"No speech is heard in .*full\.mp4, so there is nothing"):
        dialogue(np.zeros(8000, np.float32), full)
