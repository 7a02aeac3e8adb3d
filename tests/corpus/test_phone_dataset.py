import numpy as np
import pytest
import torch

from synclips.corpus.heard import Heard
from synclips.corpus.phone_dataset import NO_TARGET, PhoneDataset, whole
from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import IGNORED
from synclips.errors import InputError
from synclips.models.speech_encoder import FEATURES

LABELS = np.repeat(np.array([0, 3, 0, 9], np.uint8), 50)


def spoken(voice: str) -> Speech:
    """Four seconds: silence, phone 3, silence, phone 9. What is heard is the phone, 100 higher in a
    second form, in which phone 9 was cut away."""
    plain = np.repeat(LABELS[:, None], FEATURES, axis=1).astype(np.float16)
    moved = np.ones((2, 200), np.float16)
    moved[1, 150:] = 0
    return Speech(voice, "", LABELS.copy(), Heard(np.stack([plain, plain + 100]), moved))


@pytest.mark.parametrize("augment", [False, True])
def test_a_label_belongs_to_what_is_heard_at_its_instant(augment: bool) -> None:
    batch = PhoneDataset([spoken("a")], 40, augment).batch(np.random.default_rng(0), 64)
    heard, said = batch.heard[..., 5].numpy(), batch.phones.numpy()
    inside = np.isin(heard, [0, 3, 9])
    assert inside.mean() > 0.3
    assert (said[inside] == heard[inside]).mean() > 0.97


def test_every_form_is_heard_and_nobody_speaks_where_sound_was_cut_away() -> None:
    batch = PhoneDataset([spoken("a")], 40).batch(np.random.default_rng(0), 64)
    changed = batch.heard[..., 0] >= 100
    assert 0.3 < changed.float().mean() < 0.7
    assert (batch.phones[changed] == 3).any() and not (batch.phones[changed] == 9).any()
    assert (batch.phones[~changed] == 9).any()


def test_batches_follow_from_the_generator() -> None:
    data = PhoneDataset([spoken("a"), spoken("b")], 40)
    one, two = (data.batch(np.random.default_rng(4), 6) for _ in range(2))
    assert torch.equal(one.heard, two.heard) and torch.equal(one.phones, two.phones)
    assert one.heard.shape == (6, 40, FEATURES) and one.heard.dtype == torch.float32
    assert one.phones.shape == (6, 40) and one.heard.isfinite().all()


def test_a_voice_with_little_speech_is_heard_often() -> None:
    much = [spoken("much") for _ in range(16)]
    little = spoken("little")
    little.labels[:] = 11
    batch = PhoneDataset([*much, little], 10).batch(np.random.default_rng(0), 400)
    share = (batch.phones == 11).any(dim=1).float().mean()
    assert 0.13 < share < 0.27  # a fifth, not a seventeenth


def test_unknown_phones_are_no_targets() -> None:
    item = spoken("a")
    item.labels[:50] = IGNORED
    assert (whole(item, 0).phones[0, :50] == NO_TARGET).all()
    batch = PhoneDataset([item], 40).batch(np.random.default_rng(0), 32)
    assert set(batch.phones.unique().tolist()) == {NO_TARGET, 0, 3, 9}


def test_an_utterance_can_be_had_whole_in_each_form() -> None:
    plain, changed = whole(spoken("a"), 0), whole(spoken("a"), -1)
    assert plain.phones[0].tolist() == LABELS.tolist()
    assert changed.phones[0, 150:].tolist() == [0] * 50
    assert torch.equal(changed.heard, plain.heard + 100)


def test_no_speech_is_refused() -> None:
    with pytest.raises(InputError, match="no speech to learn phones from"):
        PhoneDataset([], 40)
