"""What is listened to: the words of GRID, and no voice that is held out."""

from pathlib import Path

import numpy as np
import pytest

from synclips.corpus.clips import Clip
from synclips.corpus.heard import Heard
from synclips.corpus.manifest import Entry, Manifest
from synclips.corpus.phone_files import Speech
from synclips.training import spoken
from synclips.training.spoken import read_spoken, with_words


def entry(person: str, sentence: str = "bin blue", skipped: str = "") -> Entry:
    key = f"grid__{person}__a"
    return Entry(key, "grid", person, "a", "a.mp4", sentence=sentence, skipped=skipped)


def clip(person: str, corpus: str = "grid") -> Clip:
    return Clip(Path("a.mp4"), person, "a", corpus)


def test_clips_without_words_are_left_out() -> None:
    rows = (entry("s1"), entry("s2", sentence=""), entry("s3", skipped="no face"), entry("s4"))
    wanted = [clip("s1"), clip("s2"), clip("s3"), clip("ann", "talks")]
    assert with_words(Manifest({}, rows), wanted) == [rows[0]]


def test_voices_that_are_held_out_are_kept_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = Heard(np.zeros((1, 5, 1), np.float16), np.ones((1, 5), np.float16))
    voices = ["flite/slt", "flite/rms", "grid/s1", "grid/s2"]
    there = [Speech(voice, "", np.zeros(5, np.uint8), heard) for voice in voices]
    monkeypatch.setattr(spoken, "read_speech", lambda folder, at, entries: iter(there))
    known, kept = read_spoken(tmp_path, tmp_path, [entry("s1")], [entry("s2")], ["flite/rms"])
    assert [item.voice for item in known] == ["flite/slt", "grid/s1"]
    assert [item.voice for item in kept] == ["flite/rms", "grid/s2"]
