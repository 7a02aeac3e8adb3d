import numpy as np
import pytest

from synclips.corpus.augment_mel import SoundAugmentation, augment_sound
from synclips.features.mel import MelSpec

SPEC = MelSpec()
NOTHING = SoundAugmentation(0, 0, 0, 0, 0, 0)


def speech(rng: np.random.Generator, batch: int = 6) -> tuple[np.ndarray, np.ndarray]:
    mel = 1 + rng.normal(size=(batch, 200, SPEC.n_mels)).astype(np.float32) * 0.3
    motion = 1 + rng.random((batch, 100, 4)).astype(np.float32)
    return mel, motion


def test_no_augmentation_changes_nothing(rng: np.random.Generator) -> None:
    mel, motion = speech(rng)
    same_mel, same_motion = augment_sound(mel, motion, SPEC, NOTHING, rng)
    np.testing.assert_allclose(same_mel, mel, atol=1e-5)
    np.testing.assert_array_equal(same_motion, motion)


def test_silence_rests_the_lips(rng: np.random.Generator) -> None:
    how = SoundAugmentation(0, 0, 0, 0, 0, silence_probability=1)
    mel, motion = speech(rng, 40)
    quiet_mel, quiet_motion = augment_sound(mel, motion, SPEC, how, rng)
    inner = 0
    for before, after, lips_before, lips in zip(mel, quiet_mel, motion, quiet_motion, strict=True):
        changed = np.flatnonzero(np.abs(after - before).max(axis=1) > 1e-3)
        first, stop = changed[0] // 2, changed[-1] // 2 + 1
        assert len(changed) == 2 * (stop - first), "silence is one stretch"
        assert after[changed].mean() < before.mean() - 0.3
        share = (lips / lips_before)[:, 0]
        assert (share[:first] == 1).all()
        assert (share[stop:] == 1).all()
        # A fifth of a second after the sound stops and before it begins again: closed.
        begin = first + 9 if first > 0 else 0
        end = stop - 9 if stop < len(share) else len(share)
        if begin < end:
            assert (share[begin:end] == 0).all()
            inner += end - begin
        if first > 0 and stop - first > 20:
            assert (np.diff(share[first : first + 9]) <= 1e-6).all(), "lips open into silence"
    assert inner > 500
    assert (motion >= 1).all(), "the caller's motion was changed"


@pytest.mark.parametrize(
    "how",
    [
        SoundAugmentation(6, 0, 0, 0, 0, 0),
        SoundAugmentation(0, 6, 0, 0, 0, 0),
        SoundAugmentation(0, 0, 0.3, 0, 0, 0),
        SoundAugmentation(0, 0, 0, 1, 0, 0),
        SoundAugmentation(0, 0, 0, 0, 1, 0),
    ],
    ids=["gain", "channel", "formants", "noise", "narrow"],
)
def test_other_sound_has_the_same_lips(how: SoundAugmentation, rng: np.random.Generator) -> None:
    mel, motion = speech(rng)
    other, same = augment_sound(mel, motion, SPEC, how, rng)
    assert other.dtype == np.float32
    assert (np.abs(other - mel).max(axis=(1, 2)) > 0.02).all()
    assert other.min() >= (np.log(SPEC.floor) - SPEC.mean) / SPEC.scale - 1e-5
    np.testing.assert_array_equal(same, motion)


def test_gain_is_one_level_per_sound(rng: np.random.Generator) -> None:
    mel, motion = speech(rng)
    louder, _ = augment_sound(mel, motion, SPEC, SoundAugmentation(6, 0, 0, 0, 0, 0), rng)
    difference = (louder - mel).reshape(len(mel), -1)
    assert difference.std(axis=1).max() < 1e-4
    assert difference.mean(axis=1).std() > 0.05


def test_formants_move_along_the_bands(rng: np.random.Generator) -> None:
    mel = np.full((20, 10, SPEC.n_mels), -1, np.float32)
    mel[:, :, 30] = 2
    shifted, _ = augment_sound(
        mel, np.zeros((20, 5, 4), np.float32), SPEC, SoundAugmentation(0, 0, 0.3, 0, 0, 0), rng
    )
    peaks = shifted[:, 0].argmax(axis=1)
    assert 23 <= peaks.min() < 28
    assert 32 < peaks.max() <= 43
