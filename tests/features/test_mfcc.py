import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.fft import dct

from synclips.errors import ConfigError
from synclips.features.mel import MelSpec, log_mel
from synclips.features.mfcc import SPEECH_MFCC, MfccSpec, cosine_basis, mfcc

PLAIN_MEL = MelSpec(mean=0.0, scale=1.0)


@pytest.fixture
def samples(rng: np.random.Generator) -> np.ndarray:
    return rng.normal(0, 0.1, 8000).astype(np.float32)


def test_agrees_with_an_independent_transform(samples: np.ndarray) -> None:
    expected = dct(log_mel(samples, PLAIN_MEL), type=2, norm="ortho", axis=1)[:, :13]
    values = mfcc(samples)
    assert values.shape == (51, 13)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values, expected, atol=2e-5)


def test_basis_is_orthonormal() -> None:
    basis = cosine_basis(64, 64)
    np.testing.assert_allclose(basis.T @ basis, np.eye(64), atol=1e-12)


def test_mel_standardisation_plays_no_part(samples: np.ndarray) -> None:
    other = MfccSpec(mel=MelSpec(mean=3.0, scale=2.0))
    assert mfcc(samples, other).tolist() == mfcc(samples).tolist()


def test_loudness_moves_the_zeroth_coefficient_only(samples: np.ndarray) -> None:
    difference = mfcc(samples * np.float32(2)) - mfcc(samples)
    np.testing.assert_allclose(difference[:, 0], np.log(4) * 8, atol=1e-4)  # sqrt(64 bands)
    np.testing.assert_allclose(difference[:, 1:], 0, atol=1e-4)


def test_lifter_is_htks(samples: np.ndarray) -> None:
    # HTK book, 5.6: c'_k = (1 + L/2 sin(pi k / L)) c_k, so for L = 22 the 11th grows twelvefold.
    lifted = mfcc(samples, MfccSpec(lifter=22)) / mfcc(samples)
    np.testing.assert_allclose(lifted[:, 0], 1, rtol=1e-4)
    np.testing.assert_allclose(np.median(lifted[:, 11]), 12, rtol=1e-4)
    np.testing.assert_allclose(np.median(lifted[:, 5]), 1 + 11 * np.sin(np.pi * 5 / 22), rtol=1e-4)


def test_standardisation_is_per_coefficient(samples: np.ndarray) -> None:
    spec = MfccSpec(n_coefficients=2, mean=(1.0, -2.0), scale=(10.0, 0.5))
    expected = (mfcc(samples)[:, :2] - [1.0, -2.0]) / [10.0, 0.5]
    np.testing.assert_allclose(mfcc(samples, spec), expected, atol=1e-5)


def test_spec_survives_json() -> None:
    for spec in (MfccSpec(mel=MelSpec(n_mels=26), lifter=22), SPEECH_MFCC):
        assert MfccSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_unknown_and_missing_keys_are_refused() -> None:
    values = MfccSpec().to_dict()
    with pytest.raises(ConfigError, match="numcep"):
        MfccSpec.from_dict(values | {"numcep": 13})
    del values["lifter"]
    with pytest.raises(ConfigError, match="lifter"):
        MfccSpec.from_dict(values)


def test_impossible_specs_are_refused() -> None:
    with pytest.raises(ConfigError, match="1 to 64"):
        MfccSpec(n_coefficients=65)
    with pytest.raises(ConfigError, match="lifter"):
        MfccSpec(lifter=-1)
    with pytest.raises(ConfigError, match="mean"):
        MfccSpec(mean=(1.0,))
    with pytest.raises(ConfigError, match="scale"):
        replace(SPEECH_MFCC, scale=(0.0,) * 13)
