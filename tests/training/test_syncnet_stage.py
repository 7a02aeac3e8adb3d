from pathlib import Path

import pytest
import torch
from torch.nn import functional

from synclips.corpus.manifest import read_manifest
from synclips.corpus.windows import WindowDataset, WindowSpec
from synclips.models.syncnet import SyncNet, SyncNetSpec
from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.options import LoopOptions
from synclips.training.syncnet_stage import (
    MOST,
    SyncNetStage,
    accuracy,
    agreement_loss,
    grey,
    speaks,
)


@pytest.fixture
def stage(prepared_corpus: Path) -> SyncNetStage:
    manifest = read_manifest(prepared_corpus)
    spec = WindowSpec(frames=32, size=16, references=0)
    data, unseen = (
        WindowDataset(prepared_corpus, manifest, manifest.of(split), spec)
        for split in ("train", "validation")
    )
    torch.manual_seed(0)
    network = SyncNet(SyncNetSpec(size=16, width=8, hidden=32, features=16, dropout=0))
    return SyncNetStage(network, data, unseen)


def test_training_finds_out_which_sound_belongs_to_a_mouth(
    stage: SyncNetStage, tmp_path: Path
) -> None:
    before = accuracy(stage.network.eval(), stage.validation, torch.device("cpu"))
    options = LoopOptions(
        steps=60, batch_size=6, learning_rate=3e-3, warmup=5, validate_every=60, ema=0.9
    )
    rows = []
    train(
        stage, options, tmp_path / "a", lambda step, row: rows.append(row), machine=Machine("cpu")
    )
    after = rows[-1]["val_shift_5"]
    assert abs(before[4] - 0.5) < 0.3
    assert after > 0.85
    assert rows[-1]["loss"] < 3


def test_a_perfect_network_is_always_right(stage: SyncNetStage) -> None:
    # The stand-in returns what was really said at the time, which no shifted window equals.
    class Knowing(SyncNet):
        def forward(self, lips: torch.Tensor, mel: torch.Tensor) -> tuple[torch.Tensor, ...]:
            torch.manual_seed(0)
            said = functional.normalize(torch.randn(1, lips.shape[2] - 14, 64), dim=-1)
            return said, said

    found = accuracy(Knowing(SyncNetSpec(size=16)), stage.validation, torch.device("cpu"))
    assert found == [1.0] * MOST


def test_the_loss_is_small_where_partners_agree() -> None:
    torch.manual_seed(1)
    said = functional.normalize(torch.randn(3, 5, 32), dim=-1)
    spoken = torch.ones(3, 5, dtype=torch.bool)
    sharp = torch.tensor(20.0)
    right, hits = agreement_loss(said, said, spoken, sharp)
    wrong, misses = agreement_loss(said, said.roll(1, dims=1), spoken, sharp)
    assert right < 0.01
    assert hits == 1
    assert wrong > 5
    assert misses == 0


def test_silent_windows_are_negatives_only() -> None:
    torch.manual_seed(2)
    said = functional.normalize(torch.randn(1, 6, 32), dim=-1)
    broken = said.clone()
    broken[0, :3] = functional.normalize(torch.randn(3, 32), dim=-1)
    spoken = torch.tensor([[False] * 3 + [True] * 3])
    loss, hits = agreement_loss(broken, said, spoken, torch.tensor(20.0))
    assert hits == 1
    assert loss < 0.01
    assert agreement_loss(broken, said, ~spoken, torch.tensor(20.0))[1] < 1


def test_a_window_speaks_if_a_third_of_it_does() -> None:
    spoken = torch.zeros(1, 20, dtype=torch.bool)
    spoken[0, :5] = True
    assert speaks(spoken).tolist() == [[True, False, False, False, False, False]]


def test_grey_is_the_mean_of_the_colours() -> None:
    lips = torch.rand(2, 7, 3, 4, 4)
    assert grey(lips).shape == (2, 1, 7, 4, 4)
    torch.testing.assert_close(grey(lips)[1, 0, 3], lips[1, 3].mean(dim=0))
