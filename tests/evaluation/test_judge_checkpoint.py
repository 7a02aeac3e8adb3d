from pathlib import Path

import pytest
import torch

from synclips import checkpoint as checkpoint_module
from synclips.checkpoint import SyncNetCheckpoint, save_checkpoint
from synclips.errors import ModelError
from synclips.evaluation.judge import NoJudge, SyncNetJudge
from synclips.evaluation.judge_checkpoint import load_judge
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.features.mel import MelSpec
from synclips.models.syncnet import SyncNet, SyncNetSpec


@pytest.fixture
def folder(tmp_path: Path, shape: LipShape) -> Path:
    network = SyncNet(SyncNetSpec(size=16, width=8, hidden=16, features=8))
    crop = CropSpec(16, 1.0, 0.05)
    checkpoint = SyncNetCheckpoint("tiny", MelSpec(fmax=7000), crop, shape, network)
    save_checkpoint(checkpoint, tmp_path / "judge", {})
    return tmp_path / "judge"


def test_a_judge_with_all_it_needs(folder: Path) -> None:
    judge = load_judge(folder)
    assert isinstance(judge, SyncNetJudge)
    assert (judge.name, judge.size, judge.mel) == ("tiny", 16, MelSpec(fmax=7000))
    # Cropped as in a prepared corpus and then reduced.
    assert judge.lips == CropSpec(64, 1.0, 0.05)
    assert isinstance(judge.network, SyncNet)
    assert not judge.network.training
    with torch.inference_mode():
        assert judge.network.mouth(torch.rand(1, 1, 17, 16, 16)).shape == (1, 3, 8)
        assert judge.network.sound(torch.rand(1, 69, 64)).shape == (1, 3, 8)


def test_without_weights_there_is_no_judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoint_module, "_SHIPPED", tmp_path)
    judge = load_judge()
    assert isinstance(judge, NoJudge)
    assert "no weights in syncnet-judge" in judge.name


def test_a_folder_that_was_named_must_hold_a_judge(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="jugde holds no judge; name the folder of a SyncNet"):
        load_judge(tmp_path / "jugde")


def test_a_damaged_judge_is_named(folder: Path) -> None:
    (folder / "network.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="judge"):
        load_judge(folder)


def test_another_model_is_no_judge(tiny_model: Path) -> None:
    with pytest.raises(ModelError, match="no SyncNet"):
        load_judge(tiny_model)
