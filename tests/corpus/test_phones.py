import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from synclips.corpus import phones
from synclips.corpus.heard import Forms, Source, hear_sources
from synclips.corpus.manifest import Entry, read_manifest
from synclips.corpus.phone_files import read_speech, speech_sources
from synclips.corpus.phone_set import Segment
from synclips.corpus.phones import SpeechSpec, prepare_phones
from synclips.corpus.prepared import ClipSource
from synclips.errors import ConfigError, InputError

SPEC = SpeechSpec(flite=("slt", "rms"), flite_minutes=0.1, grid=False)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A synthesiser of three seconds of tone, phone 5 in the middle; says what it was asked."""
    asked: list[str] = []

    def speak(text: str, voice: str, stretch: float, pitch: float) -> phones.Spoken:
        asked.append(f"{voice} {stretch:.3f} {text}")
        sound = 0.1 * np.sin(np.arange(48_000) * stretch, dtype=np.float32)
        return sound, [Segment(0, 0, 1), Segment(5, 1, 2), Segment(0, 2, 3)]

    monkeypatch.setattr(phones, "speak_flite", speak)
    monkeypatch.setattr(phones, "check_flite", lambda voices: None)
    return asked


def hear(folder: Path, sources: Sequence[Source] = ()) -> Path:
    """Where what is heard of synthetic speech, and of other sources, is kept."""
    heard = folder / "heard"
    hear_sources(heard, [*speech_sources(folder, 2), *sources], Forms(), workers=0)
    return heard


def test_speech_is_made_once_and_told_in_a_manifest(calls: list[str], tmp_path: Path) -> None:
    shards = prepare_phones(tmp_path, SPEC)
    assert [(s.voice, s.utterances) for s in shards] == [("flite/rms", 2), ("flite/slt", 2)]
    assert [s.seconds for s in shards] == [6.04, 6.04]
    lines = (tmp_path / "manifest.jsonl").read_text().splitlines()
    assert [json.loads(line)["file"] for line in lines] == [s.file for s in shards]
    assert len(set(calls)) == 4, "two voices say other things"

    spoken = list(read_speech(tmp_path, hear(tmp_path)))
    assert [item.voice for item in spoken] == ["flite/rms"] * 2 + ["flite/slt"] * 2
    for item in spoken:
        assert len(item.labels) == len(item.heard) == 151
        assert np.flatnonzero(item.labels == 5).tolist() == list(range(50, 100))
        assert item.heard.rows.shape[0] == 2
    sounds = [sound for source in speech_sources(tmp_path, 2) for sound in source.read()]
    assert [len(sound) for sound in sounds] == [48_000] * 4
    assert all(0.03 < np.abs(sound).max() <= 1 for sound in sounds)
    one, other = (item.heard.rows[0] for item in spoken[:2])
    assert not np.array_equal(one, other), "utterances of one file got mixed up"
    made = len(calls)
    assert prepare_phones(tmp_path, SPEC) == shards
    assert len(calls) == made, "what is there was made again"


def test_an_interrupted_run_goes_on_and_ends_with_the_same_bytes(
    calls: list[str], tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    prepare_phones(whole, SPEC)

    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare_phones(broken, SPEC, progress=stop)
    assert len(list(broken.glob("*.npz"))) == 1
    with pytest.raises(InputError, match="run stage speech"):
        list(read_speech(broken, tmp_path))
    prepare_phones(broken, SPEC)
    assert {p.name: p.read_bytes() for p in broken.iterdir()} == {
        p.name: p.read_bytes() for p in whole.iterdir()
    }


def test_another_wish_and_a_damaged_file_are_one_sentence(calls: list[str], tmp_path: Path) -> None:
    prepare_phones(tmp_path, SPEC)
    with pytest.raises(ConfigError, match=r"holds speech of other settings \(seed differ"):
        prepare_phones(tmp_path, replace(SPEC, seed=1))
    (tmp_path / "flite-slt-000.npz").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match="flite-slt-000.npz is damaged"):
        list(read_speech(tmp_path, hear(tmp_path)))


def test_asking_for_nothing_is_refused() -> None:
    with pytest.raises(ConfigError, match="asks for no speech"):
        SpeechSpec(flite=(), grid=False).check()


@pytest.fixture
def aligner(monkeypatch: pytest.MonkeyPatch) -> Callable[[list[str]], None]:
    """An aligner that finds phone 7 from the first to the second second, or nothing."""
    lost: list[str] = []

    class Fake:
        def align(self, sound: np.ndarray, words: list[str]) -> list[Segment]:
            if lost and lost.pop(0):
                raise InputError("not found")
            return [Segment(7, 0.1, 0.5)]

    monkeypatch.setattr(phones, "Aligner", Fake)
    return lost.extend


def test_recorded_clips_are_aligned_once_and_new_ones_join(
    prepared: Path, aligner: Callable[[list[str]], None], tmp_path: Path
) -> None:
    spec = SpeechSpec(flite=())
    entries: list[Entry] = [e for e in read_manifest(prepared).entries if not e.skipped]
    assert len(entries) == 3
    aligner(["", "lost"])
    (first,) = prepare_phones(tmp_path, spec, prepared, entries[:2])
    assert (first.utterances, first.failed) == (1, 1)
    before = (tmp_path / first.file).read_bytes()
    shards = prepare_phones(tmp_path, spec, prepared, entries)
    assert [s.utterances for s in shards] == [1, 1]
    assert (tmp_path / first.file).read_bytes() == before

    heard = hear(tmp_path, [ClipSource(prepared, entry, 3) for entry in entries])
    spoken = list(read_speech(tmp_path, heard, entries))
    assert [item.name for item in spoken] == [entries[0].key, entries[2].key]
    assert {item.voice for item in spoken} == {"grid/s1"}
    for item in spoken:
        assert np.flatnonzero(item.labels == 7).tolist() == list(range(5, 25))
        assert len(item.labels) == len(item.heard)
        assert len(item.heard.rows) == 3
    assert [i.name for i in read_speech(tmp_path, heard, entries[2:])] == [entries[2].key]
