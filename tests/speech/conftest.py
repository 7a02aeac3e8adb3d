from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from talking import Talker

from synclips.media.audio import write_sound
from synclips.speech.consent import Consent
from synclips.speech.espeak import Espeak
from synclips.speech.espeak_process import INSTALL, find_library
from synclips.speech.flite import Flite
from synclips.speech.profile import VoiceProfile, learn_voice
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

RATE = 16_000


class ToneEngine(Synthesizer):
    """Speaks every letter as 20 ms of a tone, between 30 ms of silence; notes what it was asked."""

    name = "tone"
    installed = True

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.open = 0

    def voices(self) -> list[Voice]:
        return [Voice("tone", "a", "en-us", None, "none", True)]

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        self.open += 1
        try:
            for sentence in sentences:
                self.heard.append(sentence)
                # Russian is what this engine cannot speak.
                count = round(len(sentence) * 0.02 * RATE / speed) if sentence.isascii() else 0
                tone = 0.5 * np.sin(2 * np.pi * 200 * np.arange(count) / RATE + 1)
                yield Utterance(np.pad(tone, RATE * 30 // 1000).astype(np.float32), RATE)
        finally:
            self.open -= 1


@pytest.fixture
def tones() -> ToneEngine:
    return ToneEngine()


@pytest.fixture
def espeak() -> Espeak:
    engine = Espeak(find_library())
    if not engine.installed:
        pytest.skip(f"espeak-ng is not installed: {INSTALL}")
    return engine


@pytest.fixture
def flite() -> Flite:
    engine = Flite.of_system()
    if not engine.installed:
        pytest.skip("the system has no flite")
    return engine


@pytest.fixture(scope="session")
def agreed() -> Consent:
    return Consent("2026-01-01T00:00:00+00:00", "A voice made of pulses.", "a test")


@pytest.fixture(scope="session")
def world() -> None:
    """Nothing; skips what needs pyworld where it is missing."""
    if find_spec("pyworld") is None:
        pytest.skip('pyworld is not installed: pip install -e ".[voice]"')


def _learnt(talker: Talker, seconds: float, folder: Path, agreed: Consent) -> VoiceProfile:
    path = folder / "talk.wav"
    write_sound(path, talker.say(seconds, 24_000, seed=3), 24_000)
    return learn_voice([path], agreed)


@pytest.fixture(scope="session")
def high_profile(
    world: None, high: Talker, agreed: Consent, tmp_path_factory: pytest.TempPathFactory
) -> VoiceProfile:
    """Of 14 s."""
    return _learnt(high, 14.0, tmp_path_factory.mktemp("high"), agreed)


@pytest.fixture(scope="session")
def tiny_profile(
    world: None, high: Talker, agreed: Consent, tmp_path_factory: pytest.TempPathFactory
) -> VoiceProfile:
    """Of less than a second."""
    return _learnt(high, 0.9, tmp_path_factory.mktemp("high"), agreed)


@pytest.fixture(scope="session")
def short_profile(
    world: None, high: Talker, agreed: Consent, tmp_path_factory: pytest.TempPathFactory
) -> VoiceProfile:
    """Of 3 s."""
    return _learnt(high, 3.0, tmp_path_factory.mktemp("short"), agreed)
