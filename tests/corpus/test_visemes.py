import numpy as np
import pytest

from synclips.corpus.dataset import Utterance
from synclips.corpus.heard import Heard
from synclips.corpus.phone_set import IGNORED, PHONES
from synclips.corpus.visemes import Visemes, learn_visemes, shares
from synclips.errors import InputError

AA, AE, B, SH, R = (PHONES.index(name) for name in ("aa", "ae", "b", "sh", "r"))
LABELS = np.tile(np.repeat([0, AA, B, AA, R], 12), 6).astype(np.uint8)
LOOKS = np.zeros((len(PHONES), 2), np.float32)
LOOKS[AA], LOOKS[B], LOOKS[R] = (1, 0), (-1, 0.5), (0, -1)


def clip(person: str, size: float, rest: float, labels: np.ndarray = LABELS) -> Utterance:
    """Lips that follow the phones, of a person who moves them so much around such a mean."""
    motion = (rest + size * shares(labels) @ LOOKS).astype(np.float32)
    silent = Heard(np.zeros((1, len(labels), 4), np.float16), np.ones((1, len(labels)), np.float16))
    return Utterance(person, "grid", "x", silent, motion, np.ones(len(labels), bool))


def test_phones_share_the_mouth_with_their_neighbours() -> None:
    part = shares(np.repeat([0, AA, B], 10).astype(np.uint8))
    assert part.sum(axis=1)[:26] == pytest.approx(1)
    assert part[14, AA] == pytest.approx(1)
    assert part[19, AA] == pytest.approx(10 / 16)  # B begins one instant later
    assert part[20, B] == pytest.approx(10 / 16)


def test_what_is_learnt_of_large_and_small_mouths_is_the_same() -> None:
    people = [clip("a", 2.0, 1.0), clip("b", 0.5, -3.0)]
    learnt = learn_visemes([(item, LABELS) for item in people])
    lips, known = learnt.expected(LABELS)
    assert known.all()
    for item in people:
        mean, deviation = item.motion.mean(axis=0), item.motion.std(axis=0)
        assert np.corrcoef((mean + deviation * lips)[:, 0], item.motion[:, 0])[0, 1] > 0.99
        assert np.abs(mean + deviation * lips - item.motion).mean() < 0.1 * deviation.max()


def test_a_phone_that_was_never_seen_looks_as_its_lip_group() -> None:
    learnt = learn_visemes([(clip("a", 1.0, 0.0), LABELS)])
    seen = learnt.values[[AA, B, R, 0]]
    for unseen, like in ((AE, AA), (SH, R)):
        distance = np.linalg.norm(seen - learnt.values[unseen], axis=1)
        assert distance.argmin() == [AA, B, R].index(like)


def test_near_an_unknown_phone_nothing_is_expected() -> None:
    labels = LABELS.copy()
    labels[30] = IGNORED
    _, known = Visemes(LOOKS).expected(labels)
    assert np.flatnonzero(~known).tolist() == list(range(27, 34))


def test_labels_may_end_before_the_clip_or_after_it() -> None:
    item = clip("a", 1.0, 0.0)
    short, long = LABELS[:-2], np.pad(LABELS, (0, 2))
    whole, one, two = (learn_visemes([(item, x)]).values for x in (LABELS, short, long))
    assert np.abs(one - whole).max() < 0.05 and np.abs(two - whole).max() < 0.05


def test_without_clips_the_way_out_is_said() -> None:
    with pytest.raises(InputError, match=r"motion\.visemes\.share"):
        learn_visemes([])
