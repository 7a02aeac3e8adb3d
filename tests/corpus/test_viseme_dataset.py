from dataclasses import fields

import numpy as np
import pytest

from synclips.corpus.dataset import MotionDataset, Utterance
from synclips.corpus.heard import Heard
from synclips.corpus.phone_dataset import PhoneDataset
from synclips.corpus.phone_files import Speech
from synclips.corpus.phone_set import IGNORED, PHONES
from synclips.corpus.viseme_dataset import VisemeBatch, VisemeDataset
from synclips.corpus.visemes import Visemes
from synclips.models.speech_encoder import FEATURES

WINDOW = 80  # long enough to hold each phone
AA, B = PHONES.index("aa"), PHONES.index("b")
LOOKS = np.zeros((len(PHONES), 2), np.float32)
LOOKS[AA], LOOKS[B] = (2, 0), (-2, 1)
OPENING = np.array([0.1, 0.0], np.float32)


def speech(phone: int = B) -> Speech:
    """Half a second of aa, of another phone and of silence, in turns."""
    labels = np.resize(np.repeat([AA, phone, 0], 25), 301).astype("u1")
    return Speech("a/b", "", labels, silent(301))


def silent(count: int) -> Heard:
    return Heard(np.zeros((1, count, FEATURES), np.float16), np.ones((1, count), np.float16))


def person(name: str, size: float, rng: np.random.Generator) -> Utterance:
    motion = rng.normal(size, size, (400, 2)).astype(np.float32)
    return Utterance(name, "grid", name, silent(400), motion, np.ones(400, bool))


def dataset(*sizes: float, said: Speech | None = None, stretch: float = 1.0) -> VisemeDataset:
    rng = np.random.default_rng(1)
    filmed = [person(str(size), size, rng) for size in sizes]
    speakers = MotionDataset(filmed, WINDOW, 5, augment=False)
    phones = PhoneDataset([said or speech()], WINDOW, augment=False)
    return VisemeDataset(phones, speakers, Visemes(LOOKS), OPENING, stretch)


def test_every_phone_has_its_lips_in_the_manner_of_the_speaker() -> None:
    batch = dataset(1.0, 4.0).batch(np.random.default_rng(0), 64)
    # Mean and deviation of the open mouth are the speaker's size, which varies by e^0.35.
    widest = batch.motion[..., 0].max(axis=1)
    small = (widest > 1.9) & (widest < 4.5) & batch.known
    large = (widest > 8.0) & (widest < 18.0) & batch.known
    assert small.sum() > 5 and large.sum() > 5 and (small | large | ~batch.known).all()
    shown = batch.shapes.mean(axis=(1, 2))
    assert shown[large].mean() > 2.5 * shown[small].mean()
    strangers = batch.motion[~batch.known]
    assert strangers[..., 0].max() == pytest.approx(2) and strangers[..., 0].min() >= -2


def test_the_lips_are_to_be_shut_where_the_phone_shuts_them() -> None:
    batch = dataset(1.0).batch(np.random.default_rng(0), 32)
    middle = batch.motion[..., 1] > 0.95 * np.quantile(batch.motion[..., 1], 0.99)
    assert middle.any() and batch.closed[middle & (batch.motion[..., 0] < 0)].all()
    assert not batch.closed[batch.motion[..., 0] > 2].any()
    # The least that this person opens the mouth: a deviation and 1.64 of them from the mean.
    assert batch.shut[~batch.known] == pytest.approx(0.1 * (1 - 1.64), abs=0.03)


def test_means_are_exaggerated() -> None:
    plain, more = (
        dataset(1.0, stretch=stretch).batch(np.random.default_rng(0), 32) for stretch in (1, 1.5)
    )
    strange = ~plain.known
    assert more.motion[strange] == pytest.approx(1.5 * plain.motion[strange])
    assert np.array_equal(more.shapes, plain.shapes)


def test_what_is_not_known_is_no_target() -> None:
    batch = dataset(1.0, said=speech(IGNORED)).batch(np.random.default_rng(0), 16)
    assert 0.4 < batch.valid.mean() < 0.8
    assert not batch.closed.any()


def test_batches_follow_from_the_generator() -> None:
    data = dataset(1.0, 2.0)
    one, two = (data.batch(np.random.default_rng(3), 6) for _ in range(2))
    assert all(np.array_equal(getattr(one, f.name), getattr(two, f.name)) for f in fields(one))
    assert isinstance(one, VisemeBatch)
    assert one.heard.shape == (6, WINDOW, FEATURES) and one.motion.shape == (6, WINDOW, 2)
    assert one.shapes.shape == (6, 5, 2) and one.closed.shape == one.valid.shape == (6, WINDOW)
    assert one.shut.shape == one.known.shape == (6,)
