"""What is heard: the same wherever a sound is cut, and of vowels more than of who says them."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.errors import ModelError
from synclips.features.timing import motion_frames
from synclips.hearing import hearing
from synclips.hearing.hearing import Hearing, hear, require_weights, silence
from synclips.models.speech_encoder import FEATURES

Array = NDArray[np.float32]
VOWELS = {"a": (750, 1200), "i": (280, 2300), "u": (310, 850)}


def vowel(name: str, pitch: float, seconds: float = 0.6) -> Array:
    """Harmonics of a pitch under two formants, near -23 LUFS."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    harmonics = pitch * np.arange(1, int(3500 / pitch))
    gain = sum(np.exp(-(((harmonics - hz) / 120) ** 2)) for hz in VOWELS[name])
    wave = (np.sin(2 * np.pi * harmonics[:, None] * time) * gain[:, None]).sum(axis=0)
    return (0.08 * wave / wave.std()).astype(np.float32)


def words(seconds: float) -> Array:
    """Vowels and pauses."""
    parts: list[Array] = []
    for index in range(int(seconds / 0.5)):
        parts += [vowel("aiu"[index % 3], 110 + 10 * (index % 4), 0.35), np.zeros(2400, np.float32)]
    return np.concatenate(parts)


@pytest.mark.parametrize("count", [0, 1, 319, 320, 16_000])
def test_there_is_a_row_for_every_motion_instant(count: int) -> None:
    heard = hear(words(1.0)[:count])
    assert heard.shape == (motion_frames(count), FEATURES)
    assert heard.dtype == np.float32 and np.isfinite(heard).all()


def test_a_row_is_the_same_whichever_slice_it_comes_with() -> None:
    sound = words(20)  # over several windows
    whole = hear(sound)
    pieces = Hearing(sound)
    for start, stop in ((0, 10), (290, 310), (650, 950), (5, 400), (990, 2000)):
        np.testing.assert_array_equal(pieces[start:stop], whole[start:stop])
    assert pieces[40:30].shape == (0, FEATURES)


def test_vowels_differ_more_than_voices() -> None:
    middle = {
        (name, pitch): hear(vowel(name, pitch))[10:20].mean(axis=0)
        for name in VOWELS
        for pitch in (110, 150)
    }
    values = np.stack(list(middle.values()))
    scaled = {key: (row - values.mean(axis=0)) / values.std(axis=0) for key, row in middle.items()}
    for name in VOWELS:
        same = np.linalg.norm(scaled[name, 110] - scaled[name, 150])
        others = [
            np.linalg.norm(scaled[name, 110] - scaled[other, 150])
            for other in VOWELS
            if other != name
        ]
        assert same < 0.9 * min(others), name


def test_a_gain_is_as_good_as_a_louder_sound() -> None:
    sound = words(2)
    np.testing.assert_allclose(hear(0.1 * sound, 20.0), hear(sound), atol=0.02)


def test_silence_is_what_is_heard_of_zeros() -> None:
    rows = hear(np.zeros(32_000, np.float32))
    assert silence().shape == (FEATURES,)
    speech = hear(words(2))
    near = np.abs(rows[20:80] - silence()).mean()
    assert near < 0.5 * np.abs(speech[20:80] - silence()).mean()


def test_only_mono_sound_and_plain_slices_are_read() -> None:
    with pytest.raises(ValueError, match="flat array of mono samples"):
        Hearing(np.zeros((100, 2), np.float32))
    with pytest.raises(ValueError, match="without a step"):
        Hearing(np.zeros(1000, np.float32))[::2]


def test_without_its_weights_the_way_to_them_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_weights()
    monkeypatch.setattr(hearing, "WEIGHTS", tmp_path / "hearing.safetensors")
    with pytest.raises(
        ModelError, match=r"is not there; get it with synclips hearing \(12 MB, once\), or run make"
    ):
        require_weights()
