from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synclips.media.audio import write_sound
from synclips.speech.content import Statistics, raw_content
from synclips.speech.profile import learn_voice
from synclips.speech.timbre import Timbre
from synclips.speech.world import RATE, Vocoded, analyse


@pytest.fixture(scope="module")
def words(world: None, low) -> tuple[Vocoded, np.ndarray]:
    """Speech of the low talker and its content."""
    sound = low.say(3.0, RATE, seed=5)
    speech = analyse(sound)
    return speech, raw_content(low.say(3.0, seed=5), speech)


def applied(
    timbre: Timbre,
    words: tuple[Vocoded, np.ndarray],
    nearness: float = 0.0,
    strength: np.ndarray | float = 1.0,
) -> np.ndarray:
    """The envelope that comes out."""
    speech, raw = words
    spoken = speech.level > np.percentile(speech.level, 40)
    blend = timbre.blend(speech, raw, Statistics.of(raw[spoken]), spoken, nearness)
    return blend.at(np.broadcast_to(strength, (len(speech), 1)))[0]


def apart(envelope: np.ndarray, words: tuple[Vocoded, np.ndarray], own: np.ndarray) -> float:
    """How far the vowels are from the nearest frame of the person."""
    speech, _ = words
    loud = speech.voiced & (speech.level > np.percentile(speech.level, 80))
    rows = envelope[loud][::5] - envelope[loud][::5].mean(axis=1, keepdims=True)
    known = own.astype(np.float64) - own.mean(axis=1, keepdims=True, dtype=np.float64)
    return float(np.mean([np.square(known - row).mean(axis=1).min() for row in rows]))


@pytest.mark.parametrize("tract", [0.92, 1.08])
def test_finds_the_vocal_tract_of_the_person(
    tract: float, low, words, agreed, tmp_path: Path
) -> None:
    talk = tmp_path / "talk.wav"
    write_sound(talk, replace(low, pitch=130.0, tract=tract).say(8.0, RATE, seed=3), RATE)
    timbre = Timbre(learn_voice([talk], agreed))
    applied(timbre, words)
    assert timbre._tract.factor == pytest.approx(tract, abs=0.03)


def test_less_is_taken_over_as_it_is_of_a_short_recording(high_profile, words) -> None:
    short = replace(high_profile, recording=replace(high_profile.recording, seconds=1.0))
    own = high_profile.envelope
    long, brief = (applied(Timbre(each), words) for each in (high_profile, short))
    assert apart(long, words, own) < apart(brief, words, own)
    assert apart(brief, words, own) < 0.7 * apart(words[0].envelope, words, own)


def test_a_voice_that_is_near_keeps_more_of_its_own(high_profile, words) -> None:
    own, speech = high_profile.envelope, words[0]
    far, near = (applied(Timbre(high_profile), words, nearness) for nearness in (0.0, 1.0))
    assert apart(far, words, own) < apart(near, words, own)
    assert apart(near, words, own) < 0.8 * apart(speech.envelope, words, own)


def test_where_strength_is_taken_away_only_what_lasts_is_left(high_profile, words) -> None:
    own, speech = high_profile.envelope, words[0]
    strength = (np.arange(len(speech)) < len(speech) // 2)[:, None].astype(np.float64)
    timbre = Timbre(high_profile)
    whole, none = (applied(Timbre(high_profile), words, strength=each) for each in (1.0, 0.0))
    half = applied(timbre, words, strength=strength)
    np.testing.assert_array_equal(half[strength[:, 0] == 1], whole[strength[:, 0] == 1])
    np.testing.assert_array_equal(half[strength[:, 0] == 0], none[strength[:, 0] == 0])
    assert apart(whole, words, own) < apart(none, words, own) < apart(speech.envelope, words, own)
    # What is left is the same in every vowel.
    moved = none - timbre._tract.moved(speech.envelope)
    loud = np.flatnonzero(speech.voiced & (speech.level > np.percentile(speech.level, 90)))
    changed = whole - timbre._tract.moved(speech.envelope)
    assert moved[loud].std(axis=0).mean() < 0.2 * changed[loud].std(axis=0).mean()
