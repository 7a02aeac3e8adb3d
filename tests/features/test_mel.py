import json
from dataclasses import replace

import numpy as np
import pytest

from synclips.errors import ConfigError
from synclips.features import mel
from synclips.features.mel import (
    MelSpec,
    equal_areas,
    hz_to_mel,
    log_mel,
    mel_to_hz,
    mel_triangles,
    silent_bands,
)
from synclips.features.timing import HOP, SAMPLE_RATE

PLAIN = MelSpec(mean=0.0, scale=1.0)


def tone(hz: float, seconds: float = 0.5, amplitude: float = 0.5) -> np.ndarray:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def band_edges() -> np.ndarray:
    return mel_to_hz(np.linspace(hz_to_mel(PLAIN.fmin), hz_to_mel(PLAIN.fmax), PLAIN.n_mels + 2))


def energy_by_definition(samples: np.ndarray, frame: int, band: int) -> float:
    """One mel energy, straight from the sums, sharing no code with the module."""
    centre, half = frame * 160, 200
    edges = band_edges()
    total = 0.0
    for k in range(257):
        hz = k * 31.25
        if edges[band] < hz <= edges[band + 1]:
            weight = (hz - edges[band]) / (edges[band + 1] - edges[band])
        elif edges[band + 1] < hz < edges[band + 2]:
            weight = (edges[band + 2] - hz) / (edges[band + 2] - edges[band + 1])
        else:
            continue
        n = np.arange(-half, half)
        x = np.array([samples[i] if 0 <= i < len(samples) else 0.0 for i in centre + n])
        x = x * np.cos(np.pi * n / (2 * half)) ** 2
        total += weight * abs(np.sum(x * np.exp(-2j * np.pi * hz / 16_000 * n))) ** 2
    return total


def test_agrees_with_the_definition(rng: np.random.Generator) -> None:
    samples = rng.normal(0, 0.1, 4000).astype(np.float32)
    values = log_mel(samples, PLAIN)
    for frame, band in [(0, 3), (1, 40), (12, 0), (12, 63), (24, 20), (25, 33)]:
        expected = np.log(energy_by_definition(samples, frame, band))
        assert values[frame, band] == pytest.approx(expected, abs=1e-5)


def test_shape_and_type() -> None:
    for n_samples in (0, 1, 159, 160, 5000):
        values = log_mel(np.zeros(n_samples, dtype=np.float32))
        assert values.shape == (n_samples // HOP + 1, 64)
        assert values.dtype == np.float32


@pytest.mark.parametrize("hz", [120.0, 440.0, 1000.0, 3000.0, 7000.0])
def test_a_tone_is_loudest_in_its_own_band(hz: float) -> None:
    loudest = int(log_mel(tone(hz))[25].argmax())
    edges = band_edges()
    assert edges[loudest] < hz < edges[loudest + 2]


def test_frame_is_centred_on_its_time() -> None:
    for frame in (3, 10, 17):
        click = np.zeros(20 * HOP, dtype=np.float32)
        click[frame * HOP] = 1.0
        total = log_mel(click).sum(axis=1)
        assert int(total.argmax()) == frame
        np.testing.assert_allclose(total[frame - 1], total[frame + 1], rtol=1e-5)


def test_ten_times_the_sound_is_twenty_decibels() -> None:
    quiet, loud = log_mel(tone(500, amplitude=0.05), PLAIN), log_mel(tone(500), PLAIN)
    band = int(loud[20].argmax())
    assert loud[20, band] - quiet[20, band] == pytest.approx(np.log(100), abs=1e-4)


def test_silence_is_the_floor_everywhere() -> None:
    values = log_mel(np.zeros(1600, dtype=np.float32))
    expected = (np.log(1e-5) - MelSpec().mean) / MelSpec().scale
    np.testing.assert_allclose(values, expected, rtol=1e-6)


def test_a_row_of_silence_is_what_silence_gives() -> None:
    spec = MelSpec(n_mels=20)
    assert np.array_equal(silent_bands(spec), log_mel(np.zeros(4000, np.float32), spec)[7])


def test_standardisation_is_affine(rng: np.random.Generator) -> None:
    samples = rng.normal(0, 0.1, 1600).astype(np.float32)
    moved = log_mel(samples, replace(PLAIN, mean=2.0, scale=3.0))
    np.testing.assert_allclose(moved * 3 + 2, log_mel(samples, PLAIN), atol=1e-5)


def test_blocks_leave_no_seam(rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = rng.normal(0, 0.1, 16_123).astype(np.float32)
    whole = log_mel(samples)
    monkeypatch.setattr(mel, "BLOCK_FRAMES", 7)
    np.testing.assert_allclose(log_mel(samples), whole, atol=1e-6)


def test_a_frame_sees_its_window_and_no_more(rng: np.random.Generator) -> None:
    samples = rng.normal(0, 0.1, 8000).astype(np.float32)
    changed = samples.copy()
    changed[4000] += 1.0  # frames 24 (centre 3840) and 26 (4160) see it, 23 and 27 do not
    same = (log_mel(samples) == log_mel(changed)).all(axis=1)
    assert np.flatnonzero(~same).tolist() == [24, 25, 26]


def test_every_band_holds_a_bin_and_neighbours_sum_to_one() -> None:
    triangles = mel_triangles(MelSpec())
    assert (triangles.sum(axis=0) > 0.5).all()
    edges = band_edges()
    bins = np.arange(257) * 31.25
    between = (bins >= edges[1]) & (bins <= edges[-2])
    np.testing.assert_allclose(triangles[between].sum(axis=1), 1.0, atol=1e-9)


def test_mel_scale_has_its_published_values() -> None:
    # Slaney 1998: 1 kHz is 15, each further 27 steps are a factor of 6.4.
    assert hz_to_mel(1000.0) == pytest.approx(15)
    assert hz_to_mel(200.0) == pytest.approx(3)
    assert hz_to_mel(6400.0) == pytest.approx(42)
    hz = np.array([0.0, 50.0, 999.0, 1001.0, 7600.0])
    np.testing.assert_allclose(mel_to_hz(hz_to_mel(hz)), hz, atol=1e-9)


def test_spec_survives_json() -> None:
    spec = MelSpec(n_mels=40, fmin=20.0)
    assert MelSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_spec_refuses_unknown_missing_and_odd_values() -> None:
    values = MelSpec().to_dict()
    with pytest.raises(ConfigError, match="n_mel5"):
        MelSpec.from_dict(values | {"n_mel5": 80})
    with pytest.raises(ConfigError, match="hop"):
        MelSpec.from_dict({key: value for key, value in values.items() if key != "hop"})
    with pytest.raises(ConfigError, match="number"):
        MelSpec.from_dict(values | {"hop": "160"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"fmax": 9000.0},
        {"fmin": 8000.0, "fmax": 7000.0},
        {"n_fft": 256},
        {"window": 401},
        {"hop": 0},
        {"floor": 0.0},
        {"scale": -1.0},
    ],
)
def test_impossible_specs_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match="MelSpec"):
        MelSpec.from_dict(MelSpec().to_dict() | wrong)


def test_stereo_is_refused() -> None:
    with pytest.raises(ValueError, match="mono"):
        log_mel(np.zeros((100, 2), dtype=np.float32))


def test_triangles_of_equal_area_fall_as_they_widen() -> None:
    spec = MelSpec(n_mels=20)
    heights = equal_areas(spec)
    areas = heights * mel_triangles(spec).sum(axis=0) * spec.rate / spec.n_fft
    np.testing.assert_allclose(areas[3:], 1.0, rtol=0.15)
    assert (np.diff(heights[8:]) < 0).all()
