import numpy as np
import pytest

from synclips.corpus.phone_set import (
    IGNORED,
    LIP_CLASSES,
    LIPS,
    PHONES,
    Segment,
    collapse,
    edit_distance,
    from_arpabet,
    from_ipa,
    labels,
)

CMU = (
    "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW"
    " V W Y Z ZH"
)
FLITE = "pau ax axr el em en"
ENGLISH = (
    "p b t d k ɡ m n ŋ f v s z ʃ ʒ θ ð h tʃ dʒ l ɹ j w iː ɪ eɪ ɛ æ ɑː ɔː oʊ ʊ uː ʌ ə ɜː aɪ aʊ ɔɪ"
)
OTHERS = {"y": "uw", "ø": "ow", "œ̃": "ao", "ɛ̃": "eh", "ʁ": "g", "ɲ": "n", "β": "b", "ç": "sh"}


def test_every_phone_has_one_place_on_the_lips() -> None:
    seen = [name for group in LIPS.values() for name in group]
    assert sorted(seen) == sorted(PHONES)
    assert len(PHONES) == 40
    names = list(LIPS)
    assert {PHONES[i] for i in np.flatnonzero(names.index("closed") == LIP_CLASSES)} == set("pbm")


def test_every_phone_of_the_dictionary_and_of_flite_is_known() -> None:
    assert [PHONES[from_arpabet(name)] for name in CMU.split()] == list(PHONES[1:])
    assert from_arpabet("AH0") == from_arpabet("ah")
    assert [PHONES[from_arpabet(n)] for n in FLITE.split()] == ["sil", "ah", "er", "l", "m", "n"]
    assert from_arpabet("SIL") == 0
    assert from_arpabet("noise") == IGNORED


def test_every_english_phone_in_ipa_is_the_one_of_the_dictionary() -> None:
    found = {PHONES[from_ipa(symbol)] for symbol in ENGLISH.split()}
    assert found == set(PHONES[1:])
    assert from_ipa("") == 0
    assert from_ipa("☃") == 0, "what is no letter is no phone"
    assert from_ipa("ƛ") == IGNORED


@pytest.mark.parametrize(("symbol", "name"), OTHERS.items())
def test_phones_of_other_languages_go_where_the_lips_go(symbol: str, name: str) -> None:
    assert PHONES[from_ipa(symbol)] == name


def test_an_instant_belongs_to_the_phone_it_falls_into() -> None:
    segments = [Segment(7, 0.02, 0.05), Segment(9, 0.05, 0.1)]
    assert labels(segments, 7).tolist() == [0, 7, 7, 9, 9, 0, 0]
    assert labels([Segment(3, 0.0, 9.0)], 2).tolist() == [3, 3]


def test_edit_distance_counts_changes() -> None:
    assert edit_distance([1, 2, 3], [1, 2, 3]) == 0
    assert edit_distance([1, 2, 3], [1, 3]) == 1
    assert edit_distance([1, 2], [2, 1]) == 2
    assert edit_distance([], [4, 5]) == edit_distance([4, 5], []) == 2
    assert edit_distance([1, 2, 3, 4], [9, 1, 2, 4]) == 2
    said = np.array([0, 0, 5, 5, 5, 6, 0, 6, IGNORED, 7])
    assert collapse(said) == [5, 6, 6, 7]
