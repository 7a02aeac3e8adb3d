import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.media.spool import Spool
from synclips.models.speech_detector import CHUNK
from synclips.speech import activity
from synclips.speech.activity import Span, speech_probability, speech_spans


def test_finds_speech_between_silences(low) -> None:
    speech = low.say(3.0)
    quiet = np.zeros(2 * SAMPLE_RATE, np.float32)
    spans = speech_spans(np.concatenate([quiet, speech, quiet]))
    assert spans[0].start / SAMPLE_RATE == pytest.approx(2.0, abs=0.3)
    assert spans[-1].stop / SAMPLE_RATE == pytest.approx(5.0, abs=0.3)
    assert sum(span.stop - span.start for span in spans) > 2.0 * SAMPLE_RATE


def test_neither_noise_nor_a_chord_is_speech() -> None:
    time = np.arange(4 * SAMPLE_RATE) / SAMPLE_RATE
    noise = 0.1 * np.random.default_rng(0).normal(size=len(time))
    chord = sum(0.1 * np.sin(2 * np.pi * pitch * time) for pitch in (220, 277, 330))
    assert speech_spans(noise.astype(np.float32)) == []
    assert speech_spans(np.asarray(chord, np.float32)) == []


def test_blocks_change_nothing(low, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = low.say(2.0)[:-100]
    whole = speech_probability(sound)
    assert len(whole) == -(-len(sound) // CHUNK)
    monkeypatch.setattr(activity, "_BLOCK", 7)
    spool = Spool()
    spool.append(sound)
    np.testing.assert_allclose(speech_probability(spool), whole, atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 400])
def test_next_to_nothing_is_no_speech(length: int) -> None:
    assert speech_spans(np.full(length, 0.1, np.float32)) == []


def test_spans_that_margins_join_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = np.repeat([0, 1, 0, 1, 0], [5, 20, 4, 20, 5]).astype(np.float32)
    monkeypatch.setattr(activity, "speech_probability", lambda samples: chances)
    sound = np.zeros(len(chances) * CHUNK, np.float32)
    apart = speech_spans(sound)
    assert apart == [
        Span(5 * CHUNK - 480, 25 * CHUNK + 480),
        Span(29 * CHUNK - 480, 49 * CHUNK + 480),
    ]
    wide = activity.ActivityOptions(margin=0.07)
    assert speech_spans(sound, wide) == [Span(5 * CHUNK - 1120, 49 * CHUNK + 1120)]
