import numpy as np
import pytest

from synclips.features.loudness import speech_activity
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing import activity
from synclips.hearing.activity import Span, lip_activity, speech_probability, speech_spans
from synclips.media.spool import Spool
from synclips.models.speech_detector import CHUNK


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
    monkeypatch.setattr(activity, "_MARGIN", 0.07)
    assert speech_spans(sound) == [Span(5 * CHUNK - 1120, 49 * CHUNK + 1120)]


def music(seconds: float) -> np.ndarray:
    """A struck chord every half second, as loud as speech."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    beat = time % 0.5
    chord = [p * (1 + k) for p in (220.0, 277.2, 329.6) for k in range(4)]
    sound = sum(np.sin(2 * np.pi * pitch * time) for pitch in chord) * np.exp(-4 * beat)
    return (0.02 * np.asarray(sound)).astype(np.float32)


def test_lips_rest_in_music_and_move_in_speech(low) -> None:
    speech = low.say(4.0)
    sound = np.concatenate([music(4.0), speech, music(4.0)])  # a third of it speech
    active = lip_activity(sound)
    assert speech_activity(sound, SAMPLE_RATE)[20:180].mean() > 0.9  # by energy it is speech
    assert active[:170].max() == 0
    assert active[480:].max() == 0
    alone = speech_activity(speech, SAMPLE_RATE)
    assert active[200:400].mean() > 0.9 * alone[:200].mean()


def test_speech_over_music_moves_the_lips(low) -> None:
    speech = low.say(4.0)
    both = lip_activity(speech + 0.3 * music(4.0))
    assert both.mean() > 0.9 * lip_activity(speech).mean() > 0.5


def test_a_word_between_long_rests_is_not_lost(low, monkeypatch: pytest.MonkeyPatch) -> None:
    chances = np.zeros(300, np.float32)
    chances[100:106] = 0.5  # a fifth of a second
    chances[[20, 50, 160]] = 0.9  # a chunk alone is a mistake
    chances[200:] = 0.9
    monkeypatch.setattr(activity, "speech_probability", lambda samples: chances)
    active = lip_activity(music(300 * CHUNK / SAMPLE_RATE))
    word = slice(round(100 * CHUNK / 320), round(106 * CHUNK / 320))
    assert active[word].min() > 0.9
    assert active[:120].max() == 0 and active[210:280].max() == 0


def test_a_song_is_sung_to_its_end() -> None:
    # Of singing the detector sees as little as of the instruments.
    song = music(6.0)
    assert np.array_equal(lip_activity(song), speech_activity(song, SAMPLE_RATE))
    assert lip_activity(song).mean() > 0.9


@pytest.mark.parametrize("length", [0, 1, 400])
def test_next_to_nothing_leaves_the_lips_at_rest(length: int) -> None:
    assert not lip_activity(np.zeros(length, np.float32)).any()


def test_quiet_speech_that_the_gate_misses_moves_the_lips(low) -> None:
    speech = low.say(4.0)
    half = len(speech) // 2
    speech[half:] *= 0.08  # 22 dB softer
    rng = np.random.default_rng(0)
    sound = (speech + 0.0005 * rng.normal(size=len(speech))).astype(np.float32)
    later = slice(half // 320 + 10, len(speech) // 320 - 10)
    gate = speech_activity(sound, SAMPLE_RATE)[later].mean()
    lips = lip_activity(sound)[later].mean()
    assert lips > 0.75 > 0.5 > gate
