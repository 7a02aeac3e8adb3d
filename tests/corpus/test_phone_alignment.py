import importlib.util
import shutil
import sys

import numpy as np
import pytest

from synclips.corpus.flite import speak
from synclips.corpus.phone_alignment import Aligner
from synclips.corpus.phone_set import PHONES, labels
from synclips.errors import ConfigError, InputError
from synclips.features.timing import motion_frames


def test_without_the_package_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pocketsphinx", None)
    with pytest.raises(ConfigError, match=r"pocketsphinx is not installed.*\.\[phones\]"):
        Aligner()


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    if importlib.util.find_spec("pocketsphinx") is None:
        pytest.skip("pocketsphinx is not installed")
    return Aligner()


def test_phones_are_found_where_a_synthesiser_said_them(aligner: Aligner) -> None:
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    sound, said = speak("place blue at f two now", "slt")
    found = aligner.align(sound, ["place", "blue", "at", "f", "two", "now"])
    count = motion_frames(len(sound))
    truth, heard = labels(said, count), labels(found, count)
    assert np.mean(truth == heard) > 0.7
    spoken = " ".join(PHONES[s.phone] for s in found if s.phone)
    assert spoken == "p l ey s b l uw ae t eh f t uw n aw"


def test_words_that_are_not_in_the_dictionary_are_one_sentence(aligner: Aligner) -> None:
    with pytest.raises(InputError, match="cannot be found in its sound"):
        aligner.align(np.zeros(16_000, np.float32), ["qwrtzpf"])
