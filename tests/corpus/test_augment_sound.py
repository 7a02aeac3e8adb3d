"""Made-up syllables go in: the same spectrum throughout, so that only time tells them apart."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.corpus.augment_sound import (
    WaveAugmentation,
    add_noise,
    augment_wave,
    convolve,
    filter_channel,
    limit_band,
    room_response,
)
from synclips.errors import ConfigError
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]
HOW = WaveAugmentation()
LATEST = 0.002 * SAMPLE_RATE


def syllables(rng: np.random.Generator, seconds: float = 3.0) -> Array:
    """A voice that glides, in bursts that begin sharply and die away."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    pitch = rng.uniform(100, 220) * (1 + 0.15 * np.sin(2 * np.pi * rng.uniform(0.3, 0.8) * time))
    pulses = np.diff(np.floor(np.cumsum(pitch) / SAMPLE_RATE), prepend=0)
    voice = 12 * pulses + 0.5 * rng.normal(size=len(time))
    level, start = np.zeros(len(time)), 0.1
    while start < seconds - 0.3:
        since = time - start
        burst = rng.uniform(0.5, 1) * np.minimum(since / 0.01, 1) * np.exp(-since / 0.08)
        level = np.where(since >= 0, burst, level)
        start += rng.uniform(0.15, 0.4)
    return (0.1 * voice * level).astype(np.float32)


def onsets(sound: Array) -> NDArray[np.float64]:
    """Where the envelope, 10 ms smooth, rises."""
    window = np.hanning(321)
    return np.maximum(np.diff(np.convolve(np.abs(sound), window / window.sum(), "same")), 0)


def lateness(sound: Array, reference: Array) -> int:
    """Samples at which the cross-correlation of the rising envelopes is highest."""
    size = 2 * len(sound)
    ours, theirs = (np.fft.rfft(onsets(part), size) for part in (sound, reference))
    match = np.fft.irfft(ours * np.conj(theirs), size)
    return int(np.argmax(np.roll(match, size // 2))) - size // 2


def level_db(sound: Array, low: float, high: float) -> float:
    """Mean power of the spectrum between two frequencies, Hz."""
    power = np.abs(np.fft.rfft(sound)) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / SAMPLE_RATE)
    return float(10 * np.log10(power[(hz >= low) & (hz < high)].mean()))


def test_the_measure_sees_a_shift(rng: np.random.Generator) -> None:
    sound = syllables(rng)
    assert lateness(np.roll(sound, 40), sound) == 40
    assert lateness(np.roll(sound, -40), sound) == -40


# Strong noise is not late, but hides the sound from the measure.
@pytest.mark.parametrize("kind", [*HOW.kinds(), "all"])
def test_nothing_is_early_or_late(kind: str, rng: np.random.Generator) -> None:
    how = replace(HOW.only(*(HOW.kinds() if kind == "all" else [kind])), noise_nearest_db=20)
    late = []
    for _ in range(12):
        sound = syllables(rng)
        changed = augment_wave(sound, how, rng)
        assert changed.shape == sound.shape
        assert changed.dtype == np.float32
        assert np.abs(changed - sound).max() > 1e-3
        late.append(lateness(changed, sound))
    assert abs(np.median(late)) <= LATEST / 2
    assert np.abs(late).max() <= LATEST


def test_what_is_off_changes_nothing(rng: np.random.Generator) -> None:
    sound = syllables(rng, 1.0)
    kept = sound.copy()
    assert augment_wave(sound, HOW.only(), rng) is sound
    for kind in HOW.kinds():
        augment_wave(sound, HOW.only(kind), rng)
    np.testing.assert_array_equal(sound, kept, "the caller's sound was changed")


def test_the_generator_decides() -> None:
    sound = syllables(np.random.default_rng(0), 1.0)
    always = HOW.only(*HOW.kinds())
    one, same, other = (
        augment_wave(sound, always, np.random.default_rng(seed)) for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-3


def test_gain_is_one_factor(rng: np.random.Generator) -> None:
    sound = syllables(rng, 1.0)
    heard = np.abs(sound) > 1e-3
    factors = []
    for _ in range(200):
        factor = augment_wave(sound, HOW.only("gain"), rng)[heard] / sound[heard]
        assert np.ptp(factor) < 1e-4 * factor[0]
        factors.append(20 * np.log10(factor[0]))
    assert np.std(factors) == pytest.approx(HOW.gain_db, rel=0.15)


@pytest.mark.parametrize("tilt", [0.0, 1.0, 2.0])
@pytest.mark.parametrize("snr_db", [5.0, 30.0])
def test_noise_has_its_level_and_its_colour(
    snr_db: float, tilt: float, rng: np.random.Generator
) -> None:
    tone = (0.2 * np.sin(2 * np.pi * 440 * np.arange(3 * SAMPLE_RATE) / SAMPLE_RATE)).astype(
        np.float32
    )
    noise = add_noise(tone, snr_db, tilt, rng) - tone
    assert 10 * np.log10(np.mean(tone**2) / np.mean(noise**2)) == pytest.approx(snr_db, abs=0.2)
    per_octave = [
        level_db(noise, low, 2 * low) - level_db(noise, 2 * low, 4 * low)
        for low in (250, 500, 1000)
    ]
    np.testing.assert_allclose(per_octave, tilt * 10 * np.log10(2), atol=0.8)


def test_a_pause_gets_the_noise_of_speech(rng: np.random.Generator) -> None:
    noise = add_noise(np.zeros(SAMPLE_RATE, np.float32), 20, 1, rng)
    assert 10 * np.log10(np.mean(noise**2)) == pytest.approx(-33 - 20, abs=0.2)


def test_a_channel_colours_smoothly_and_without_delay() -> None:
    click = np.zeros(4096, np.float32)
    click[2048] = 1
    levels = np.array([6.0, -3.0, 2.0, 0.0, 1.0])
    answer = filter_channel(click, levels)
    assert np.argmax(np.abs(answer)) == 2048
    np.testing.assert_allclose(
        answer[2048 - 900 : 2048], answer[2049 : 2048 + 901][::-1], atol=1e-6
    )
    gain_db = 20 * np.log10(np.abs(np.fft.rfft(answer)))
    assert gain_db[np.argmin(np.abs(np.fft.rfftfreq(4096, 1 / SAMPLE_RATE) - 62.5))] == (
        pytest.approx(levels.sum(), abs=0.5)  # all cosines begin at their top
    )
    assert gain_db[-1] == pytest.approx((levels * (-1.0) ** np.arange(1, 6)).sum(), abs=0.5)


def test_channels_differ_by_what_is_asked_for(rng: np.random.Generator) -> None:
    click = np.zeros(4096, np.float32)
    click[2048] = 1
    how = HOW.only("channel")
    answers = [np.abs(np.fft.rfft(augment_wave(click, how, rng))[32:]) for _ in range(150)]
    deviation = np.std(20 * np.log10(answers), axis=0)
    assert np.mean(deviation) == pytest.approx(how.channel_db, rel=0.25)


def test_a_telephone_has_its_band(rng: np.random.Generator) -> None:
    noise = rng.normal(size=2 * SAMPLE_RATE).astype(np.float32)
    heard = limit_band(noise, 300, 3400)
    for low, high, loss in (
        (600, 2500, (-0.5, 0.5)),
        (40, 120, (-99, -25)),
        (6000, 8000, (-99, -20)),
    ):
        assert loss[0] < level_db(heard, low, high) - level_db(noise, low, high) < loss[1]


@pytest.mark.parametrize("seconds", [0.15, 0.5])
def test_a_room_decays_after_the_direct_path(seconds: float, rng: np.random.Generator) -> None:
    response = room_response(seconds, 6, rng)
    assert np.sum(response**2) == pytest.approx(1, rel=1e-4)
    assert np.argmax(np.abs(response)) == 0
    assert (response[1:32] == 0).all(), "a reflection from within 2 ms"
    direct = float(response[0] ** 2)
    assert 10 * np.log10(direct / (1 - direct)) == pytest.approx(6, abs=0.1)
    # Energy that is still to come (Schroeder 1965) falls by 60 dB in the time asked for.
    remaining = 10 * np.log10(np.cumsum(response[:0:-1].astype(np.float64) ** 2)[::-1])
    early, late = int(0.1 * seconds * SAMPLE_RATE), int(0.4 * seconds * SAMPLE_RATE)
    slope = (remaining[late] - remaining[early]) / (late - early) * SAMPLE_RATE
    assert slope * seconds == pytest.approx(-60, rel=0.2)


def test_a_room_is_a_convolution(rng: np.random.Generator) -> None:
    sound, response = rng.normal(size=700).astype(np.float32), room_response(0.1, 3, rng)
    expected = np.convolve(sound, response)[:700]
    np.testing.assert_allclose(convolve(sound, response), expected, atol=1e-5)


@pytest.mark.parametrize("length", [0, 1, 100, 399, 4000])
@pytest.mark.parametrize("make", [np.zeros, np.ones], ids=["silence", "constant"])
def test_any_sound_can_be_changed(length: int, make: Callable[..., Array]) -> None:
    sound = make(length, np.float32)
    for seed in range(3):
        changed = augment_wave(sound, HOW.only(*HOW.kinds()), np.random.default_rng(seed))
        assert changed.shape == sound.shape
        assert np.isfinite(changed).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"gain_db": -1},
        {"pitch_semitones": 20},
        {"formants_shift": 0.9},
        {"room_seconds": 0.01},
        {"noise_nearest_db": 50},
        {"telephone_probability": 2},
    ],
)
def test_impossible_strengths_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=f"WaveAugmentation: .*{next(iter(wrong))}"):
        WaveAugmentation(**wrong)


def test_stereo_is_refused(rng: np.random.Generator) -> None:
    with pytest.raises(ValueError, match="flat array"):
        augment_wave(np.zeros((2, 100), np.float32), HOW, rng)
