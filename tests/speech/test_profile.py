import dataclasses
import json
from inspect import signature
from pathlib import Path

import numpy as np
import pytest

from synclips.errors import InputError, ModelError, OutputError
from synclips.features.loudness import loudness_gain
from synclips.media.audio import write_sound
from synclips.speech import profile as module
from synclips.speech.profile import learn_voice, load_profile, save_profile
from synclips.speech.speaker import embed, similarity


def test_knows_the_person(high_profile, high, low) -> None:
    mine, other = embed(high.say(4.0, seed=9)), embed(low.say(4.0, seed=9))
    assert similarity(high_profile.embedding, mine) > 0.85
    assert similarity(high_profile.embedding, mine) > similarity(high_profile.embedding, other)
    assert high_profile.pitch_range.median == pytest.approx(210, rel=0.05)
    spoken = high.say(14.0, 24_000, seed=3)
    assert high_profile.loudness == pytest.approx(-23 - loudness_gain(spoken, 24_000), abs=1.0)
    assert 10 < high_profile.recording.seconds < 14
    assert high_profile.recording.warnings == ()
    assert len(high_profile.pitch) == pytest.approx(200 * high_profile.recording.seconds, rel=0.01)
    assert not high_profile.follows[0]
    assert high_profile.follows.mean() > 0.9


def test_comes_back_from_disk_with_its_consent(high_profile, agreed, tmp_path: Path) -> None:
    folder = tmp_path / "people" / "voice"
    save_profile(high_profile, folder)
    again = load_profile(folder)
    assert again.consent == agreed
    assert again.recording == high_profile.recording
    np.testing.assert_array_equal(again.envelope, high_profile.envelope)
    assert sorted(path.name for path in folder.iterdir()) == ["voice.json", "voice.safetensors"]
    written = json.loads((folder / "voice.json").read_text())
    assert written["consent"]["sentence"] == agreed.sentence


def test_a_full_disk_leaves_the_voice_that_was_there(
    high_profile, agreed, tmp_path: Path, full_disk
) -> None:
    save_profile(high_profile, tmp_path)
    with full_disk(2), pytest.raises(OutputError, match=r"voice\.json .*the disk is full"):
        save_profile(dataclasses.replace(high_profile, loudness=-12.0), tmp_path)
    assert load_profile(tmp_path).loudness == pytest.approx(high_profile.loudness, abs=0.01)


@pytest.mark.parametrize("harm", ["consent", "weights", "json", "all"])
def test_a_damaged_profile_is_refused(high_profile, tmp_path: Path, harm: str) -> None:
    save_profile(high_profile, tmp_path)
    values = json.loads((tmp_path / "voice.json").read_text())
    if harm == "consent":
        del values["consent"]
        (tmp_path / "voice.json").write_text(json.dumps(values))
    elif harm == "weights":
        data = bytearray((tmp_path / "voice.safetensors").read_bytes())
        data[-1] ^= 1
        (tmp_path / "voice.safetensors").write_bytes(data)
    elif harm == "json":
        (tmp_path / "voice.json").write_text("{")
    else:
        (tmp_path / "voice.json").unlink()
    with pytest.raises(ModelError, match="is not a voice profile"):
        load_profile(tmp_path)


def test_music_is_no_voice(world: None, agreed, tmp_path: Path) -> None:
    time = np.arange(16_000 * 3) / 16_000
    chord = sum(0.1 * np.sin(2 * np.pi * pitch * time) for pitch in (220, 277, 330))
    write_sound(tmp_path / "music.wav", np.asarray(chord, np.float32), 16_000)
    with pytest.raises(InputError, match=r"music\.wav .*give a recording in which"):
        learn_voice([tmp_path / "music.wav"], agreed)


def test_of_a_long_recording_the_first_part_is_enough(
    world: None, low, agreed, tmp_path: Path
) -> None:
    write_sound(tmp_path / "long.wav", low.say(6.0), 16_000)
    found = learn_voice([tmp_path / "long.wav", tmp_path / "long.wav"], agreed, most=2.0)
    assert found.recording.seconds == pytest.approx(2.0, abs=0.01)
    assert signature(learn_voice).parameters["most"].default == module.MOST_SECONDS == 90


def test_a_wrong_name_is_told_before_anything_is_heard(
    world: None, high, agreed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = tmp_path / "talk.wav"
    write_sound(talk, high.say(2.0), 16_000)
    monkeypatch.setattr("synclips.speech.profile.speech_spans", lambda samples: pytest.fail())
    with pytest.raises(InputError, match=r"missing\.wav does not exist"):
        learn_voice([talk, tmp_path / "missing.wav"], agreed)
    monkeypatch.setattr("synclips.hearing.hearing.WEIGHTS", tmp_path / "gone.safetensors")
    with pytest.raises(ModelError, match="run make setup"):
        learn_voice([talk], agreed)


def test_tells_how_much_speech_is_learnt(world: None, high, agreed, tmp_path: Path) -> None:
    paths = [tmp_path / "a.wav", tmp_path / "b.wav"]
    for path in paths:
        write_sound(path, high.say(6.0), 16_000)
    told: list[tuple[int, int]] = []
    profile = learn_voice(paths, agreed, lambda done, total: told.append((done, total)))
    total = round(profile.recording.seconds)
    assert told[-1] == (total, total)
    assert 0 < told[0][0] < total
    assert told == sorted(told)


def test_cannot_be_written_over_a_file(high_profile, tmp_path: Path) -> None:
    (tmp_path / "voice").write_text("mine")
    with pytest.raises(OutputError):
        save_profile(dataclasses.replace(high_profile), tmp_path / "voice")
    assert (tmp_path / "voice").read_text() == "mine"
