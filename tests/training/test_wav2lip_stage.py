"""What a stage of `wav2lip` shows its network and its expert, and what learns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.corpus.manifest import read_manifest
from synclips.corpus.windows import GAP, WindowDataset, WindowSpec
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec
from synclips.models.wav2lip import FaceDiscriminator, Wav2Lip, Wav2LipSpec
from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.options import LoopOptions
from synclips.training.wav2lip_stage import (
    Expert,
    Wav2LipLosses,
    Wav2LipPlan,
    Wav2LipStage,
    lips_of,
)

LOOP = LoopOptions(
    steps=2, batch_size=2, learning_rate=1e-3, warmup=1, validate_every=2, precision="32"
)
FACE = CropSpec(96, 2.6, -0.45)


@pytest.fixture
def stage(prepared_corpus: Path) -> Any:
    manifest = read_manifest(prepared_corpus)

    def make(losses: Wav2LipLosses, frames: int = 4, expert: Any = None) -> Wav2LipStage:
        spec = WindowSpec(frames, 96, references=1, region="face")
        data, unseen = (
            WindowDataset(prepared_corpus, manifest, manifest.of(split), spec)
            for split in ("train", "validation")
        )
        torch.manual_seed(0)
        return Wav2LipStage(
            "stage",
            Wav2LipPlan(LOOP, losses, frames),
            Wav2Lip(Wav2LipSpec(width=0.125)),
            FaceDiscriminator(8),
            data,
            unseen,
            FACE,
            manifest.preparation.mel,
            expert and Expert(expert.network, expert.crop),
        )

    return make


def weights(stage: Wav2LipStage) -> dict[str, torch.Tensor]:
    """A copy of everything, by the name of its network."""
    networks = {"network": stage.network, "discriminator": stage.discriminator} | stage.frozen()
    return {
        name: torch.cat([p.detach().flatten().clone() for p in network.parameters()])
        for name, network in networks.items()
    }


@pytest.mark.parametrize(
    ("losses", "frames", "learns", "figures"),
    [
        (Wav2LipLosses(), 4, {"network"}, {"picture", "val_psnr", "val_psnr_copy"}),
        (
            Wav2LipLosses(0.9, 0.03, 0.07),
            18,
            {"network", "discriminator"},
            {"picture", "sync", "adversarial", "judged", "val_sync"},
        ),
    ],
)
def test_what_learns_and_what_does_not(
    stage: Any,
    tiny_syncnet: Any,
    tmp_path: Path,
    losses: Wav2LipLosses,
    frames: int,
    learns: set[str],
    figures: set[str],
) -> None:
    one = stage(losses, frames, tiny_syncnet)
    before = weights(one)
    rows: list[Any] = []
    train(one, LOOP, tmp_path, lambda step, row: rows.append(row), machine=Machine("cpu"))
    after = weights(one)
    assert {name for name in before if not torch.equal(before[name], after[name])} == learns
    assert figures <= rows[-1].keys()
    assert list((tmp_path / "samples").glob("*.png"))


def test_it_learns_to_paint(stage: Any, tmp_path: Path) -> None:
    one = stage(Wav2LipLosses())
    options = LoopOptions(
        steps=20, batch_size=8, learning_rate=5e-3, warmup=2, validate_every=20, ema=0.0
    )
    before = one.validate({"network": one.network.eval()})
    rows: list[Any] = []
    train(one, options, tmp_path, lambda step, row: rows.append(row), machine=Machine("cpu"))
    assert rows[-1]["val_psnr"] > before["psnr"] + 2


class _Clock(torch.nn.Module):
    """Paints what it hears: the level of the sound at the instant it draws."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[tuple[torch.Tensor, ...]] = []

    def forward(self, *shown: torch.Tensor) -> torch.Tensor:
        self.shown.append(shown)
        return shown[0][:, 8, 0, None, None, None].expand_as(shown[1])


def test_each_face_hears_its_own_time_and_sees_another(stage: Any) -> None:
    one = stage(Wav2LipLosses(), frames=9)
    batch = one.draw(np.random.default_rng(0), 3)
    clock = _Clock()
    painted = one._painted(clock, batch, torch.zeros(3) > 0)
    assert painted.shape == (3, 6, 3, 96, 96)
    # Frame 2 of the window is the first whose sound lies within it; mel frame 4 t is its instant.
    torch.testing.assert_close(painted[:, :, 0, 0, 0], batch.mel[:, 8 : 8 + 24 : 4, 0])
    ((_, faces, references),) = clock.shown
    assert torch.equal(faces.unflatten(0, (3, 6)), batch.pictures[:, 2:8])
    assert torch.equal(references.unflatten(0, (3, 6))[:, 4], batch.references[:, 0])
    assert GAP == 5


def test_where_nobody_speaks_there_may_be_silence(stage: Any) -> None:
    one = stage(Wav2LipLosses())
    batch = one.draw(np.random.default_rng(0), 2)
    batch.spoken[:] = False
    painted = one._painted(_Clock(), batch, torch.tensor([True, False]))[:, 0, 0, 0, 0]
    assert painted[0] == one.silence[0] < painted[1]
    assert painted[1] == batch.mel[1, 8, 0]


def test_the_expert_sees_lips_in_their_place() -> None:
    # Colours that say where they are: lips of one eye distance, half of one below the middle.
    axis = torch.linspace(0, 1, 96)
    faces = torch.stack([axis.expand(96, 96), axis[:, None].expand(96, 96), torch.ones(96, 96)])
    lips = lips_of(faces[None], FACE, CropSpec(32, 1.0, 0.05))
    assert lips.shape == (1, 3, 32, 32)
    across, down = lips[0, 0, 0] * 95, lips[0, 1, :, 0] * 95
    pixels = 96 / 2.6
    assert across.mean().item() == pytest.approx(47.5, abs=1e-3)
    assert down.mean().item() == pytest.approx(47.5 + 0.5 * pixels, abs=1e-3)
    assert (across[-1] - across[0]).item() == pytest.approx(pixels * 31 / 32, abs=1e-3)


def test_a_sync_loss_needs_an_expert_and_fifteen_faces(stage: Any, tiny_syncnet: Any) -> None:
    with pytest.raises(ConfigError, match="name the SyncNet"):
        stage(Wav2LipLosses(sync=1.0), 18)
    with pytest.raises(ConfigError, match="18 frames or more"):
        stage(Wav2LipLosses(sync=1.0), 17, tiny_syncnet)
    with pytest.raises(ConfigError, match="more than 3"):
        Wav2LipPlan(LOOP, frames=3)
