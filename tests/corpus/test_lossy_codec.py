"""Sounds go through the real codecs."""

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus import lossy_codec
from synclips.corpus.lossy_codec import CODECS, LossyCodec, check_codecs, coded
from synclips.errors import ConfigError
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]

WAYS = [(codec, rate) for codec in CODECS for rate in codec.bit_rates or (0,)]
NAMES = [f"{codec.encoder} {rate}" for codec, rate in WAYS]


def buzz(rng: np.random.Generator, peak: float = 0.5) -> Array:
    """A second and a half of pulses of a gliding pitch, with a little breath."""
    time = np.arange(SAMPLE_RATE * 3 // 2) / SAMPLE_RATE
    pitch = 140 * (1 + 0.2 * np.sin(4 * time))
    pulses = np.diff(np.floor(np.cumsum(pitch) / SAMPLE_RATE), prepend=0)
    ringing = np.exp(-np.arange(80) / 20) * np.sin(np.arange(80) * 0.3)
    sound = np.convolve(pulses, ringing)[: len(time)] + 0.01 * rng.normal(size=len(time))
    return (sound * (peak / np.abs(sound).max())).astype(np.float32)


def lag(sound: Array, reference: Array) -> int:
    """Samples at which the cross-correlation of the waves is highest."""
    size = 2 * len(sound)
    match = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(reference, size)))
    return int(np.argmax(np.roll(match, size // 2))) - size // 2


@pytest.mark.parametrize(("codec", "bit_rate"), WAYS, ids=NAMES)
def test_waves_stay_where_they_are(
    codec: LossyCodec, bit_rate: int, rng: np.random.Generator
) -> None:
    sound = buzz(rng)
    heard = coded(sound, codec, bit_rate)
    assert heard.shape == sound.shape
    assert heard.dtype == np.float32
    assert abs(lag(heard, sound)) <= 2
    alike = float(np.corrcoef(heard, sound)[0, 1])
    assert 0.3 < alike < 0.9999, "something is lost, and the sound is left"


@pytest.mark.parametrize("codec", CODECS, ids=[codec.encoder for codec in CODECS])
def test_what_is_beyond_full_scale_is_not_clipped(
    codec: LossyCodec, rng: np.random.Generator
) -> None:
    bit_rate = max(codec.bit_rates, default=0)
    loud, quiet = buzz(rng, 4.0), buzz(np.random.default_rng(0), 1.0)
    heard, wanted = coded(loud, codec, bit_rate), coded(quiet, codec, bit_rate)
    assert np.abs(heard).max() > 1.5
    level = float(np.sqrt(np.mean(heard**2) / np.mean(wanted**2)))
    assert level == pytest.approx(4, rel=0.05)


SCALABLE = [codec for codec in CODECS if codec.bit_rates]


@pytest.mark.parametrize("codec", SCALABLE, ids=[codec.encoder for codec in SCALABLE])
def test_fewer_bits_keep_less(codec: LossyCodec, rng: np.random.Generator) -> None:
    sound = buzz(rng)
    few, many = (
        np.corrcoef(coded(sound, codec, rate), sound)[0, 1]
        for rate in (min(codec.bit_rates), max(codec.bit_rates))
    )
    assert few < many


@pytest.mark.parametrize("codec", CODECS, ids=[codec.encoder for codec in CODECS])
@pytest.mark.parametrize("count", [0, 1, 100])
def test_short_sounds_and_silence(codec: LossyCodec, count: int) -> None:
    bit_rate = min(codec.bit_rates, default=0)
    assert coded(np.ones(count, np.float32), codec, bit_rate).shape == (count,)
    assert np.abs(coded(np.zeros(3000, np.float32), codec, bit_rate)).max() < 1e-3


def test_a_codec_that_is_missing_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    check_codecs()
    missing = LossyCodec("libnone", "mp3float", 16_000, 0)
    monkeypatch.setattr(lossy_codec, "CODECS", (*CODECS, missing))
    with pytest.raises(ConfigError, match="PyAV has no libnone here.*codec_probability = 0"):
        check_codecs()
