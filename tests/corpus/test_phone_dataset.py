import numpy as np
import pytest
import torch

from synclips.corpus.augment_mel import SoundAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.phone_dataset import NO_TARGET, PhoneDataset, whole
from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import IGNORED
from synclips.errors import InputError
from synclips.features.mel import MelSpec
from synclips.features.timing import motion_frames

SPEC = MelSpec(n_mels=16)


def tone(voice: str, seconds: float = 4.0) -> Speech:
    """Silence, a second of a low tone (class 3), silence, a second of a high one (class 9)."""
    time = np.arange(int(seconds * 16_000)) / 16_000
    hz = np.where(time < 2, 300, 3000)
    on = (time % 2 >= 1).astype(float)
    sound = np.rint(8000 * on * np.sin(2 * np.pi * hz * time)).astype(np.int16)
    instants = np.arange(motion_frames(len(sound))) / 50
    labels = np.where(instants % 2 >= 1, np.where(instants < 2, 3, 9), 0).astype(np.uint8)
    return Speech(voice, "", sound, labels)


def purity(dataset: PhoneDataset) -> float:
    """Share of instants whose label is what the loudest band says."""
    batch = dataset.batch(np.random.default_rng(0), 64)
    mel = batch.mel[:, ::2].numpy()
    loud = mel.max(axis=2) > np.median(mel, axis=(1, 2))[:, None] + 0.8
    heard = np.where(loud, np.where(mel.argmax(axis=2) < 8, 3, 9), 0)
    said = batch.phones.numpy()
    return float((heard == said)[said != NO_TARGET].mean())


def test_a_label_belongs_to_the_sound_of_its_instant() -> None:
    assert purity(PhoneDataset([tone("a")], SPEC, 40)) > 0.95


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_it_still_does_when_speed_and_waveform_are_changed(share: float) -> None:
    calm = SoundAugmentation(0, 0, 0, 0, 0, 0)
    wave = WaveAugmentation().only("gain", "channel")
    data = PhoneDataset([tone("a")], SPEC, 40, calm, wave, share)
    assert purity(data) > 0.93


def test_where_sound_is_cut_away_nobody_speaks() -> None:
    cut = SoundAugmentation(0, 0, 0, 0, 0, silence_probability=1.0)
    full = PhoneDataset([tone("a")], SPEC, 100, SoundAugmentation(0, 0, 0, 0, 0, 0))
    left = PhoneDataset([tone("a")], SPEC, 100, cut)
    rng = np.random.default_rng
    spoken = (full.batch(rng(0), 64).phones != 0).float().mean()
    kept = (left.batch(rng(0), 64).phones != 0).float().mean()
    assert 0.2 * spoken < kept < 0.8 * spoken


def test_batches_follow_from_the_generator() -> None:
    data = PhoneDataset(
        [tone("a"), tone("b")], SPEC, 40, SoundAugmentation(), WaveAugmentation(), 0.5
    )
    one, two = (data.batch(np.random.default_rng(4), 6) for _ in range(2))
    assert torch.equal(one.mel, two.mel) and torch.equal(one.phones, two.phones)
    assert one.mel.shape == (6, 80, 16) and one.mel.dtype == torch.float32
    assert one.phones.shape == (6, 40) and one.mel.isfinite().all()


def test_a_voice_with_little_speech_is_heard_often() -> None:
    much = [tone("much") for _ in range(16)]
    little = tone("little")
    little.labels[:] = 11
    data = PhoneDataset([*much, little], SPEC, 10)
    batch = data.batch(np.random.default_rng(0), 400)
    share = (batch.phones == 11).any(dim=1).float().mean()
    assert 0.13 < share < 0.27  # a fifth, not a seventeenth


def test_unknown_phones_are_no_targets() -> None:
    item = tone("a")
    item.labels[:50] = IGNORED
    assert (whole(item, SPEC).phones[0, :50] == NO_TARGET).all()
    batch = PhoneDataset([item], SPEC, 40).batch(np.random.default_rng(0), 32)
    assert set(batch.phones.unique().tolist()) == {NO_TARGET, 0, 3, 9}


def test_no_speech_is_refused() -> None:
    with pytest.raises(InputError, match="no speech to learn phones from"):
        PhoneDataset([], SPEC, 40)
