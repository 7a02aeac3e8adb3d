from dataclasses import replace

import numpy as np
import pytest

from synclips.speech.matching import EnvelopeMatch
from synclips.speech.world import RATE, Vocoded, analyse


@pytest.fixture(scope="module")
def words(world: None, low) -> Vocoded:
    """Speech of the low talker."""
    return analyse(low.say(3.0, RATE, seed=5))


def loud(speech: Vocoded) -> np.ndarray:
    return speech.level > np.percentile(speech.level, 40)


def shape(envelope: np.ndarray, vowels: np.ndarray) -> np.ndarray:
    """The mean of vowels, without their level."""
    rows = envelope[vowels].astype(np.float64)
    return (rows - rows.mean(axis=1, keepdims=True)).mean(axis=0)


def test_vowels_have_the_mean_envelope_of_the_person_and_keep_their_differences(
    tiny_profile, words
) -> None:
    found = EnvelopeMatch(tiny_profile).matched(words, loud(words))
    np.testing.assert_array_equal(found.pitch, words.pitch)
    np.testing.assert_array_equal(found.aperiodicity, words.aperiodicity)
    level = np.log(np.exp(tiny_profile.envelope.astype(np.float64)).mean(axis=1))
    theirs = (tiny_profile.pitch > 0) & (level > np.percentile(level, 60))
    wanted = shape(tiny_profile.envelope, theirs)
    vowels = words.voiced & (words.level > np.percentile(words.level[loud(words)], 60))
    before, after = (
        np.abs(shape(each.envelope, vowels) - wanted).mean() for each in (words, found)
    )
    assert after < 0.6 * before  # between vowels it turns gently to the mean of the rest
    # All vowels are changed by the same, so what tells one from another stays.
    changed = (found.envelope - words.envelope)[words.level > np.percentile(words.level, 90)]
    assert changed.std(axis=0).mean() < 0.3 * np.abs(changed.mean(axis=0)).mean()


def test_every_sentence_makes_it_surer(tiny_profile, low, words) -> None:
    match = EnvelopeMatch(tiny_profile)
    first = match.matched(words, loud(words)).envelope
    other = analyse(low.say(3.0, RATE, seed=6))
    match.matched(other, loud(other))
    again = match.matched(words, loud(words)).envelope
    assert 0 < np.abs(again - first).mean() < 0.5 * np.abs(first - words.envelope).mean()


@pytest.mark.parametrize("pitch", [0.0, 210.0])
def test_a_voice_of_one_kind_of_sound_will_do(pitch: float, tiny_profile, words) -> None:
    pitches = np.full_like(tiny_profile.pitch, pitch)
    found = EnvelopeMatch(replace(tiny_profile, pitch=pitches)).matched(words, loud(words))
    assert np.isfinite(found.envelope).all()
    assert np.abs(found.envelope - words.envelope).mean() > 0.1
