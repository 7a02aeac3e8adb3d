from pathlib import Path
from typing import Any

import pytest
import torch

from synclips.corpus.manifest import read_manifest
from synclips.corpus.windows import WindowDataset, WindowSpec, vocabulary
from synclips.errors import ConfigError
from synclips.models.grid_gan import GridGan, GridGanSpec
from synclips.models.syncnet import SyncNet, SyncNetSpec
from synclips.training.grid_gan_stage import PARTS, GridGanLosses, GridGanParts, GridGanStage
from synclips.training.grid_gan_stage import StagePlan as Plan
from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.options import LoopOptions

LOOP = LoopOptions(
    steps=2, batch_size=2, learning_rate=1e-3, warmup=1, validate_every=2, precision="32"
)


@pytest.fixture
def stage(prepared_corpus: Path) -> Any:
    manifest = read_manifest(prepared_corpus)
    words = vocabulary(manifest.entries)
    spec = WindowSpec(frames=15, size=32, references=8)
    data, unseen = (
        WindowDataset(prepared_corpus, manifest, manifest.of(split), spec, words)
        for split in ("train", "validation")
    )

    size = unseen.longest(0).coefficients.shape[-1]

    def make(trains: tuple[str, ...], losses: GridGanLosses, expert: Any = None) -> GridGanStage:
        torch.manual_seed(0)
        parts = GridGanParts.build(GridGan(GridGanSpec()), len(words), size)
        drawn = 0 if losses.sync else 2
        return GridGanStage("stage", Plan(trains, losses, LOOP, drawn), parts, data, unseen, expert)

    return make


def weights(stage: GridGanStage) -> dict[str, torch.Tensor]:
    """A copy of everything, by the name of its network."""
    return {
        name: torch.cat([p.detach().flatten().clone() for p in network.parameters()])
        for name, network in stage.parts.by_name().items()
    }


@pytest.mark.parametrize(
    ("trains", "losses", "figures"),
    [
        (("audio_encoder", "word_head"), GridGanLosses(words=1.0), {"words"}),
        (("video_encoder", "lip_head"), GridGanLosses(lips=1.0), {"lips"}),
        (PARTS, GridGanLosses(picture=1.0), {"picture"}),
        (
            (*PARTS, "discriminator"),
            GridGanLosses(picture=1.0, adversarial=0.1, sync=0.1),
            {"picture", "adversarial", "sync", "judged"},
        ),
    ],
)
def test_a_stage_changes_what_it_trains_and_nothing_else(
    stage: Any, tmp_path: Path, trains: tuple[str, ...], losses: GridGanLosses, figures: set[str]
) -> None:
    torch.manual_seed(1)
    expert = SyncNet(SyncNetSpec(size=32, width=8, hidden=16, features=8))
    before_expert = expert.sound_in_time[0].weight.clone()
    one = stage(trains, losses, expert)
    before = weights(one)
    rows: list[Any] = []
    train(one, LOOP, tmp_path, lambda step, row: rows.append(row), machine=Machine("cpu"))
    after = weights(one)
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert changed == set(trains)
    assert torch.equal(before_expert, expert.sound_in_time[0].weight)
    assert figures <= rows[-1].keys()
    assert {path.name for path in tmp_path.glob("*.safetensors")} >= {
        f"{name}.safetensors" for name in trains
    }


def test_the_joint_stage_learns_to_draw(stage: Any, tmp_path: Path) -> None:
    one = stage(PARTS, GridGanLosses(picture=1.0))
    options = LoopOptions(
        steps=12, batch_size=4, learning_rate=1e-3, warmup=2, validate_every=12, ema=0.0
    )
    before = one.validate({})
    rows: list[Any] = []
    train(one, options, tmp_path, lambda step, row: rows.append(row), machine=Machine("cpu"))
    assert rows[-1]["val_psnr"] > before["psnr"] + 1
    assert list((tmp_path / "samples").glob("*.png"))
    assert list((tmp_path / "samples").glob("*.mp4"))


def test_an_unknown_network_is_refused(stage: Any) -> None:
    with pytest.raises(ConfigError, match="trains nose"):
        stage(("nose",), GridGanLosses(picture=1.0))


def test_a_sync_loss_needs_an_expert(stage: Any) -> None:
    with pytest.raises(ConfigError, match="name the SyncNet"):
        stage(PARTS, GridGanLosses(sync=1.0))
