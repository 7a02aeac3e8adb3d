import numpy as np
import pytest

from synclips.features.timing import SAMPLE_RATE
from synclips.speech.speaker import embed, mean_embedding, part_embeddings, similarity


def test_one_voice_is_nearer_to_itself_than_to_another(low, high) -> None:
    first, again, other = (
        mean_embedding(part_embeddings(sound))
        for sound in (low.say(4.0, seed=1), low.say(4.0, seed=2), high.say(4.0, seed=1))
    )
    assert similarity(first, again) > 0.85
    assert similarity(first, other) < 0.8
    assert similarity(first, first) == pytest.approx(1.0, abs=1e-5)


def test_level_does_not_count(low) -> None:
    sound = low.say(2.0)
    loud, soft = part_embeddings(sound), part_embeddings(sound * np.float32(0.05))
    np.testing.assert_allclose(loud, soft, atol=1e-4)


def test_silence_around_speech_does_not_count(low) -> None:
    sound = low.say(3.0)
    padded = np.pad(sound, 3 * SAMPLE_RATE)
    bare, inside = embed(sound), embed(padded)
    assert bare is not None
    assert inside is not None
    assert similarity(bare, inside) > 0.95


def test_silence_has_no_voice() -> None:
    assert embed(np.zeros(SAMPLE_RATE, np.float32)) is None


@pytest.mark.parametrize(("seconds", "parts"), [(0.1, 1), (1.6, 1), (8.0, 9)])
def test_parts_cover_the_speech(low, seconds: float, parts: int) -> None:
    assert part_embeddings(low.say(8.0)[: round(seconds * SAMPLE_RATE)]).shape == (parts, 256)
