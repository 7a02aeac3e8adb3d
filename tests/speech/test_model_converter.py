"""Converters that make speech as loud as what they are told of a voice says."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.errors import ConfigError, InputError, ModelError
from synclips.media.audio import write_sound
from synclips.speech.consent import Consent
from synclips.speech.conversion import converter_for
from synclips.speech.likeness import Likeness
from synclips.speech.model_converter import ModelConverter, Target, read_settings
from synclips.speech.profile import save_profile

RATE = 16_000
WORDS = (0.3 * np.sin(np.arange(RATE) / 20)).astype(np.float32)


@pytest.fixture
def target(agreed: Consent) -> Target:
    embedding = np.zeros(256, np.float32)
    embedding[0] = 1
    return Target("ann", np.full(3 * RATE, 0.5, np.float32), Likeness(embedding, None), agreed)


def gain(converter: ModelConverter, rate: int = RATE) -> float:
    """By how much it makes speech louder."""
    heard = converter.convert(WORDS, rate)
    assert len(heard) == len(WORDS)
    return float(np.sqrt(np.mean(heard**2) / np.mean(WORDS**2)))


def test_hears_the_person(networks: Any, target: Target, tmp_path: Path) -> None:
    converter = ModelConverter(networks.converter(tmp_path), target)
    np.testing.assert_allclose(converter.convert(WORDS, RATE), WORDS / 2, atol=1e-6)
    assert converter.name == ("tiny to the voice ann (consent recorded 2026-01-01T00:00:00+00:00)")


def test_rates_of_the_network_and_of_the_engine(
    networks: Any, target: Target, tmp_path: Path
) -> None:
    converter = ModelConverter(networks.converter(tmp_path, times=2), target)
    assert gain(converter) == pytest.approx(0.5, rel=0.02)
    assert gain(converter, 22_050) == pytest.approx(0.5, rel=0.02)


def test_as_much_of_the_person_as_it_wants(networks: Any, target: Target, tmp_path: Path) -> None:
    speech = np.concatenate([np.full(2 * RATE, 0.9), np.zeros(8 * RATE)]).astype(np.float32)
    long = Target("ann", speech, target.likeness, target.consent)
    for seconds, expected in [(2, 0.9), (4, 0.45), (30, 0.18)]:
        folder = networks.converter(tmp_path, reference_seconds=seconds)
        assert gain(ModelConverter(folder, long)) == pytest.approx(expected, rel=0.01)


def test_numbers_of_the_voice(networks: Any, target: Target, tmp_path: Path) -> None:
    folder = networks.converter(tmp_path, "speaker", embedding="resemblyzer")
    assert gain(ModelConverter(folder, target)) == pytest.approx(1 / 256)
    folder = networks.converter(tmp_path, "speaker")
    with pytest.raises(ModelError, match=r"speaker\.onnx does not exist"):
        ModelConverter(folder, target)
    networks.embedder(folder)
    assert gain(ModelConverter(folder, target)) == pytest.approx(0.25)


def test_numbers_of_the_voice_it_hears(networks: Any, target: Target, tmp_path: Path) -> None:
    folder = networks.converter(tmp_path, "speaker", source=True)
    networks.embedder(folder)
    assert gain(ModelConverter(folder, target)) == pytest.approx(0.25 - 0.045, rel=0.01)


def test_silence_and_scraps_stay(networks: Any, target: Target, tmp_path: Path) -> None:
    converter = ModelConverter(networks.converter(tmp_path), target)
    for samples in (np.zeros(RATE, np.float32), WORDS[:100], WORDS[:0]):
        np.testing.assert_array_equal(converter.convert(samples, RATE), samples)


def test_what_is_no_converter(networks: Any, target: Target, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="is no converter: there is no converter.json in it"):
        ModelConverter(tmp_path / "none", target)
    folder = networks.converter(tmp_path)
    file, network = folder / "converter.json", folder / "converter.onnx"
    for text, reason in [
        ("{}", "'format' is missing"),
        ('{"format": 1, "name": "x"}', "'output_rate' is missing"),
        ('{"format": 2}', "format 2, this version reads 1"),
        ('{"format": 1, "name": "x", "output_rate": 0}', "rates go from 8000 to 48000"),
        ('{"format": 1, "name": "x", "output_rate": 16000, "embedding": "y"}', "embedding is"),
        ("[]", "does not describe a converter"),
        ("no", "does not describe a converter"),
    ]:
        file.write_text(text)
        with pytest.raises(ModelError, match=reason):
            read_settings(folder)
    networks.converter(folder)
    network.write_bytes(network.read_bytes()[:100])
    with pytest.raises(ModelError, match="is no network that can be run, or only part of one"):
        ModelConverter(folder, target)
    networks.embedder(folder).replace(network)
    with pytest.raises(ModelError, match="takes the inputs speech; a converter takes speech and"):
        ModelConverter(folder, target)
    network.unlink()
    with pytest.raises(ModelError, match=r"converter\.onnx does not exist"):
        ModelConverter(folder, target)


def record(path: Path, samples: NDArray[np.float32]) -> Path:
    write_sound(path, samples, RATE)
    return path


def test_needs_consent_as_the_original_voice_does(
    networks: Any, low: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYNCLIPS_CONSENT", raising=False)
    folder = networks.converter(tmp_path / "model")
    video = record(tmp_path / "ann.wav", low.say(18.0))
    for voice in ("neutral", "original", str(video)):
        with pytest.raises(ConfigError, match="add --i-have-consent"):
            converter_for(voice, video, False, folder)
    told: list[str] = []
    converter = converter_for("neutral", video, True, folder, told.append)
    assert converter is not None
    assert "tiny to the voice ann (consent recorded 20" in converter.name
    assert told == []
    with pytest.raises(ConfigError, match="The original voice comes from a video"):
        converter_for("original", None, True, folder)
    with pytest.raises(ModelError, match="there is no converter.json in it"):
        converter_for("original", tmp_path / "missing.mp4", True, tmp_path)


def test_poor_recordings_are_told(networks: Any, low: Any, high: Any, tmp_path: Path) -> None:
    folder = networks.converter(tmp_path / "model")
    told: list[str] = []
    both = np.concatenate([low.say(8.0), high.say(8.0)])
    converter_for("original", record(tmp_path / "two.wav", both), True, folder, told.append)
    assert len(told) == 1
    assert told[0].startswith("Two people seem to speak")
    quiet = record(tmp_path / "quiet.wav", np.zeros(5 * RATE, np.float32))
    with pytest.raises(InputError, match=r"There is no speech to learn a voice from in .*quiet"):
        converter_for("original", quiet, True, folder)


def test_a_profile_will_do_for_numbers_that_it_holds(
    networks: Any, high_profile: Any, tmp_path: Path
) -> None:
    save_profile(high_profile, tmp_path / "ann")
    folder = networks.converter(tmp_path / "model", "speaker", embedding="resemblyzer")
    converter = converter_for(str(tmp_path / "ann"), None, False, folder)
    assert converter is not None
    assert converter.name.startswith("tiny to the voice ann (consent recorded 2026-01-01")
    assert converter.likeness is not None and converter.likeness.gender == "female"
    networks.converter(folder)
    with pytest.raises(ConfigError, match="needs to hear the person, and a voice profile holds no"):
        converter_for(str(tmp_path / "ann"), None, False, folder)
