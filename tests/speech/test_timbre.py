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


def applied(timbre: Timbre, words: tuple[Vocoded, np.ndarray]) -> np.ndarray:
    speech, raw = words
    spoken = speech.level > np.percentile(speech.level, 40)
    return timbre.apply(speech, raw, Statistics.of(raw[spoken]), spoken)[0]


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
    speech, _ = words
    loud = speech.voiced & (speech.level > np.percentile(speech.level, 80))
    own = high_profile.envelope.astype(np.float64)

    def apart(envelope: np.ndarray) -> float:
        """How far the vowels are from the nearest frame of the person."""
        rows = envelope[loud][::5] - envelope[loud][::5].mean(axis=1, keepdims=True)
        known = own - own.mean(axis=1, keepdims=True)
        return float(np.mean([np.square(known - row).mean(axis=1).min() for row in rows]))

    assert apart(applied(Timbre(high_profile), words)) < apart(applied(Timbre(short), words))
    assert apart(applied(Timbre(short), words)) < 0.7 * apart(speech.envelope)
