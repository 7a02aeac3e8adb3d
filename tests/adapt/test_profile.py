"""Profiles on disk: what is written is what is read, and what does not fit is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from synclips.adapt.profile import load_profile, save_profile
from synclips.adapt.speaker import Adaptation, Held
from synclips.checkpoint import Checkpoint
from synclips.errors import ModelError, OutputError
from synclips.models.motion import Motion
from synclips.models.residual import Residual


@pytest.fixture
def learnt(trained: Checkpoint) -> Adaptation:
    spec = trained.motion.spec
    motion = Motion(spec)
    motion.residual = Residual(torch.randn(7, spec.width), torch.randn(7, spec.shape_size))
    return Adaptation(motion, True, "learnt", 61.5, (2, None), Held(0.5, 0.3), Held(0.6, 0.2))


@pytest.fixture
def folder(trained: Checkpoint, learnt: Adaptation, tmp_path: Path) -> Path:
    save_profile(tmp_path / "person", trained, learnt)
    return tmp_path / "person"


def test_a_profile_is_read_as_it_was_written(
    trained: Checkpoint, learnt: Adaptation, folder: Path
) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["motion.safetensors", "profile.json"]
    motion = load_profile(folder, trained)
    for name, value in learnt.motion.state_dict().items():
        assert torch.equal(motion.state_dict()[name], value)
    assert not motion.training
    assert motion is not trained.motion
    explanation = json.loads((folder / "profile.json").read_text())
    assert explanation["model"] == "tiny"
    assert explanation["seconds"] == 61.5
    assert explanation["offsets"] == [2, None]
    assert explanation["after"] == {"correlation": 0.6, "error": 0.2}


def test_a_profile_of_another_model_is_refused(trained: Checkpoint, folder: Path) -> None:
    other = replace(trained, name="other", motion=Motion(trained.motion.spec))
    with pytest.raises(ModelError, match="was learnt with another model .tiny. than other"):
        load_profile(folder, other)


def test_a_profile_of_an_older_version_is_refused(trained: Checkpoint, folder: Path) -> None:
    newer = replace(trained, motion=Motion(trained.motion.spec))
    with pytest.raises(ModelError, match="another version of tiny; make the profile again"):
        load_profile(folder, newer)


def test_a_missing_profile_says_how_to_make_one(trained: Checkpoint, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no profile; make one with `synclips adapt"):
        load_profile(tmp_path / "nobody", trained)


@pytest.mark.parametrize("kind", [FileNotFoundError, NotADirectoryError])
def test_a_file_is_no_profile(
    trained: Checkpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[OSError]
) -> None:
    def refuse(path: Path, encoding: str) -> str:
        raise kind  # the first on Windows

    monkeypatch.setattr(Path, "read_text", refuse)
    (tmp_path / "small.mp4").write_text("")
    with pytest.raises(ModelError, match=r"small\.mp4 is a file, not a profile; give the folder"):
        load_profile(tmp_path / "small.mp4", trained)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"format": 1}'])
def test_a_damaged_explanation_is_refused(trained: Checkpoint, folder: Path, text: str) -> None:
    (folder / "profile.json").write_text(text)
    with pytest.raises(ModelError, match=r"profile\.json is damaged"):
        load_profile(folder, trained)


def test_damaged_or_missing_weights_are_refused(trained: Checkpoint, folder: Path) -> None:
    weights = folder / "motion.safetensors"
    weights.write_bytes(weights.read_bytes()[:-40])
    with pytest.raises(ModelError, match="missing or damaged; make the profile again"):
        load_profile(folder, trained)
    weights.unlink()
    with pytest.raises(ModelError, match="missing or damaged; make the profile again"):
        load_profile(folder, trained)


def test_what_is_remembered_must_be_rows(trained: Checkpoint, folder: Path) -> None:
    weights = load_file(folder / "motion.safetensors")
    save_file(weights | {"residual.features": torch.tensor(1.0)}, folder / "motion.safetensors")
    with pytest.raises(ModelError, match=r"motion\.safetensors"):
        load_profile(folder, trained)


def test_another_format_is_refused(trained: Checkpoint, folder: Path) -> None:
    explanation = json.loads((folder / "profile.json").read_text()) | {"format": 99}
    (folder / "profile.json").write_text(json.dumps(explanation))
    with pytest.raises(ModelError, match="profile format 99, this version reads 2"):
        load_profile(folder, trained)


def test_a_folder_that_cannot_be_made_is_an_output_error(
    trained: Checkpoint, learnt: Adaptation, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        save_profile(tmp_path / "file" / "person", trained, learnt)
