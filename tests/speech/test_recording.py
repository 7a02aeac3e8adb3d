import re
from pathlib import Path

import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import Span
from synclips.speech.recording import assess, consistency, no_speech, speech_to_noise
from synclips.speech.speaker import part_embeddings


def test_a_good_recording_has_no_warning(low) -> None:
    found = assess(14.0, 30.0, part_embeddings(low.say(12.0)))
    assert found.warnings == ()
    assert found.consistency > 0.82


def test_says_when_two_people_speak(low, high) -> None:
    both = part_embeddings(np.concatenate([low.say(6.0), high.say(6.0)]))
    found = assess(12.0, None, both)
    assert len(found.warnings) == 1
    assert "Two people" in found.warnings[0]


@pytest.mark.parametrize(("alike", "several"), [(0.77, False), (0.75, True)])
def test_parts_as_unlike_as_those_of_one_person_can_be_are_one_person(
    alike: float, several: bool
) -> None:
    parts = np.zeros((6, 256), np.float32)
    parts[:3, 0] = 1
    parts[3:, :2] = alike, np.sqrt(1 - alike**2)
    found = assess(12.0, None, parts)
    assert found.consistency == pytest.approx(alike, abs=1e-5)
    assert bool(found.warnings) == several


def test_says_when_speech_is_short_or_noisy(low) -> None:
    found = assess(4.25, 8.4, part_embeddings(low.say(4.0)))
    assert [warning.split(";")[0] for warning in found.warnings] == [
        "There are 4.2 s of speech",
        "Speech is only 8 dB above what is heard around it",
    ]
    found = assess(0.73, None, part_embeddings(low.say(4.0)))
    assert found.warnings == (
        "There is only 0.7 s of speech, too little to take sounds of the person from: pitch,"
        " loudness and the average sound are matched; with 10 s or more the voice becomes much more"
        " like the person's.",
    )


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (0.0, r"There is no speech to learn a voice from in a.wav \(music does not count\); give"),
        (0.34, r"There is too little speech .* in a.wav \(0.3 s, and 0.5 s is the least; music d"),
    ],
)
def test_no_speech_and_too_little_are_told_apart(seconds: float, sentence: str) -> None:
    assert re.match(sentence, str(no_speech([Path("a.wav")], seconds)))
    assert "(0.6 s, and 1 s is the least; " in str(no_speech([Path("a.wav")], 0.64, 1.0))


def test_one_odd_part_is_no_second_person() -> None:
    parts = np.eye(4, dtype=np.float32)[[0, 0, 0, 0, 1]]
    assert consistency(parts) == 1.0
    assert consistency(parts[[0, 0, 4, 4]]) == 0.0
    assert consistency(parts[[0, 4]]) == 1.0


def test_noise_is_what_is_between_speech() -> None:
    draw = np.random.default_rng(0)
    sound = draw.normal(size=4 * SAMPLE_RATE).astype(np.float32) * 0.001
    sound[SAMPLE_RATE : 3 * SAMPLE_RATE] *= 100
    speech = Span(SAMPLE_RATE, 3 * SAMPLE_RATE)
    ratio = speech_to_noise(sound, [speech])
    assert ratio is not None
    assert abs(ratio - 40) < 1.0
    assert speech_to_noise(sound, [Span(0, len(sound))]) is None
    assert speech_to_noise(sound, []) is None
