"""Stages of `wav2lip`: painting the lower half of a face, first for its looks, then in sync.

The published losses: L1 on the whole face, the sync loss of an expert that joins later, and
against a discriminator (Prajwal et al. 2020). Each step draws those frames of its windows whose
sound lies within them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from synclips.corpus.windows import WindowBatch, WindowDataset
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec, between
from synclips.features.mel import MelSpec, silent_bands
from synclips.features.timing import MEL_PER_GRID_FRAME
from synclips.models.syncnet import WINDOW as JUDGED
from synclips.models.syncnet import SyncNet
from synclips.models.wav2lip import MIDDLE, WINDOW, FaceDiscriminator, Wav2Lip, lower
from synclips.specification import require_least
from synclips.training.expert import sync_loss
from synclips.training.losses import mistaken, told_apart
from synclips.training.options import LoopOptions
from synclips.training.samples import levels
from synclips.training.stage import Objective, Stage, on_device

BEFORE = MIDDLE // MEL_PER_GRID_FRAME
"""Frames of a window before the first that is drawn, whose sound they are needed for."""

UNDRAWN = WINDOW // MEL_PER_GRID_FRAME - 1
"""Frames of a window that are not drawn, at both ends together."""

# Share of windows that are heard as in use, with digital silence where nobody speaks.
_GATED = 0.5
# Clips, and frames from one window to the next, that validation looks at.
_CLIPS, _STRIDE = 12, 24
_SHOWN = 6


@dataclass(frozen=True)
class Wav2LipLosses:
    """Weights of the losses; 0 leaves one out.

    Attributes:
        picture: L1 on the whole face.
        sync: 1 - cosine of the painted mouth and the sound by the SyncNet expert.
        adversarial: against the discriminator of lower halves.
    """

    picture: float = 1.0
    sync: float = 0.0
    adversarial: float = 0.0

    def __post_init__(self) -> None:
        require_least(self, picture=0, sync=0, adversarial=0)


@dataclass(frozen=True)
class Wav2LipPlan:
    """One stage.

    Attributes:
        loop: how long and how hard; a batch is of windows.
        losses: what is asked for.
        frames: of a window, of which all but three are drawn; the sync loss needs 18.
    """

    loop: LoopOptions
    losses: Wav2LipLosses = Wav2LipLosses()
    frames: int = UNDRAWN + 1

    def __post_init__(self) -> None:
        if self.frames <= UNDRAWN:
            raise ConfigError(f"frames must be more than {UNDRAWN}, not {self.frames}.")
        if self.losses.sync and self.frames < UNDRAWN + JUDGED:
            raise ConfigError(
                f"a sync loss needs windows of {UNDRAWN + JUDGED} frames or more, not of"
                f" {self.frames}."
            )


@dataclass(frozen=True, eq=False)
class Expert:
    """Who judges sync, and the geometry of what it looks at.

    Attributes:
        network: the SyncNet.
        lips: its crops.
    """

    network: SyncNet
    lips: CropSpec


class Wav2LipStage(Stage[WindowBatch]):
    """See the module.

    Args:
        name: of the stage.
        plan: what to do.
        network: paints.
        discriminator: learns where its loss has a weight.
        data: windows of faces, each with a reference face.
        validation: of people who are not learnt from.
        face: geometry of the faces.
        mel: analysis of the sound.
        expert: needed where the sync loss has a weight.

    Raises:
        ConfigError: sync is asked for without an expert.
    """

    name = "wav2lip"

    figures = ("psnr", "psnr_copy", "sync")

    def __init__(
        self,
        name: str,
        plan: Wav2LipPlan,
        network: Wav2Lip,
        discriminator: FaceDiscriminator,
        data: WindowDataset,
        validation: WindowDataset,
        face: CropSpec,
        mel: MelSpec,
        expert: Expert | None = None,
    ) -> None:
        self.name = name
        self.plan = plan
        self.network = network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.discriminator = discriminator
        self.data = data
        self.validation = validation
        self.face = face
        self.silence = torch.from_numpy(silent_bands(mel))
        self.expert = expert
        if plan.losses.sync and expert is None:
            raise ConfigError(f"Stage {name} has a sync loss; name the SyncNet with `expert`.")

    def networks(self) -> dict[str, nn.Module]:
        """The network, and the discriminator if it judges."""
        judges = {"discriminator": self.discriminator} if self.plan.losses.adversarial else {}
        return {"network": self.network, **judges}

    def frozen(self) -> dict[str, nn.Module]:
        """The expert."""
        return {} if self.expert is None else {"expert": self.expert.network}

    def draw(self, rng: np.random.Generator, size: int) -> WindowBatch:
        """Windows with a reference frame of the same clip."""
        return self.data.batch(rng, size)

    def objectives(self, batch: WindowBatch, step: int) -> Iterator[Objective]:
        """The sum of the losses that have a weight; then that of the discriminator."""
        weights = self.plan.losses
        gated = torch.rand(len(batch.mel)) < _GATED
        painted, truth = self._painted(self.network, batch, gated), _drawable(batch.pictures)
        loss = functional.l1_loss(painted, truth)
        figures: dict[str, float | Tensor] = {"picture": loss.detach()}
        total = weights.picture * loss
        if weights.sync:
            loss = self._sync(painted, batch.mel)
            figures["sync"] = loss.detach()
            total = total + weights.sync * loss
        fake, real = (lower(faces.flatten(0, 1)) for faces in (painted, truth))
        if weights.adversarial:
            with self.hardware.autocast():
                score = self.discriminator(fake)
            loss = mistaken(score)
            figures["adversarial"] = loss.detach()
            total = total + weights.adversarial * loss
        yield "network", total, figures
        if weights.adversarial:
            with self.hardware.autocast():
                scores = self.discriminator(real), self.discriminator(fake.detach())
            loss = told_apart(*scores)
            yield "discriminator", loss, {"judged": loss.detach()}

    def _painted(self, network: nn.Module, batch: WindowBatch, gated: Tensor) -> Tensor:
        """Faces (B, Q, 3, 96, 96) of the frames that can be drawn, those `gated` (B,) as in use."""
        silent = ~batch.spoken.repeat_interleave(MEL_PER_GRID_FRAME, dim=1)
        hushed = (silent & gated.to(silent.device)[:, None])[..., None]
        heard = torch.where(hushed, self.silence.to(batch.mel.device), batch.mel)
        windows = heard.unfold(1, WINDOW, MEL_PER_GRID_FRAME).transpose(2, 3)
        faces = _drawable(batch.pictures)
        references = batch.references[:, :1].expand_as(faces)
        with self.hardware.autocast():
            painted = network(
                *(part.flatten(0, 1).contiguous() for part in (windows, faces, references))
            )
        return painted.float().unflatten(0, faces.shape[:2])  # type: ignore[no-any-return]

    def _sync(self, painted: Tensor, mel: Tensor) -> Tensor:
        """The expert's loss of faces (B, Q, 3, 96, 96) and the sound of their windows."""
        assert self.expert is not None
        mouths = lips_of(painted.flatten(0, 1), self.face, self.expert.lips)
        first = BEFORE * MEL_PER_GRID_FRAME
        heard = mel[:, first : first + painted.shape[1] * MEL_PER_GRID_FRAME]
        shown = mouths.unflatten(0, painted.shape[:2])
        return sync_loss(self.expert.network, shown, heard, self.hardware)

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """On unseen people: PSNR of the lower half, and of the reference's; sync where it counts.

        `psnr` beside `psnr_copy`, dB; `sync`, the loss of the expert.
        """
        scores: dict[str, list[float]] = {}
        numbers = np.linspace(0, len(self.validation) - 1, _CLIPS).astype(int)
        for number in sorted(set(numbers.tolist())):
            windows = self.validation.windows(number, _STRIDE)
            batch = on_device(windows, self.hardware.device)
            painted = self._painted(averaged["network"], batch, torch.zeros(len(batch.mel)) > 0)
            truth = _drawable(batch.pictures)
            for name, guess in (("psnr", painted), ("psnr_copy", batch.references[:, :1])):
                error = (lower(guess) - lower(truth)).square().mean(dim=(2, 3, 4))
                scores.setdefault(name, []).append((-10 * error.log10()).mean().item())
            if self.plan.losses.sync:
                scores.setdefault("sync", []).append(self._sync(painted, batch.mel).item())
        return {name: float(np.nanmean(values)) for name, values in scores.items()}

    def pictures(self, averaged: dict[str, nn.Module]) -> dict[str, NDArray[np.uint8]]:
        """The reference, real and painted faces of two unseen people, one above the other."""
        rows = []
        for number in (0, len(self.validation) - 1):
            windows = self.validation.windows(number, stride=10)
            batch = on_device(windows, self.hardware.device)
            painted = self._painted(averaged["network"], batch, torch.zeros(len(batch.mel)) > 0)
            for run in (batch.references, _drawable(batch.pictures), painted):
                rows.append(np.concatenate(list(levels(run[:_SHOWN, 0])), axis=1))
        width = min(row.shape[1] for row in rows)
        return {"faces": np.concatenate([row[:, :width] for row in rows])}


def lips_of(faces: Tensor, face: CropSpec, lips: CropSpec) -> Tensor:
    """The lips in crops of faces, as if cut from the frame by another geometry.

    Args:
        faces: (N, 3, S, S) crops of the geometry `face`.
        face: that geometry.
        lips: the wanted one; it must lie within.

    Returns:
        (N, 3, S', S'), differentiable.
    """
    affine = torch.from_numpy(between(lips, face)).float().to(faces.device)
    axis = torch.arange(lips.size, device=faces.device, dtype=torch.float32)
    x, y = (affine[row, row] * axis + affine[row, 2] for row in (0, 1))
    grid = torch.stack(torch.meshgrid(x, y, indexing="xy"), dim=-1) * (2 / (face.size - 1)) - 1
    return functional.grid_sample(
        faces, grid.expand(len(faces), -1, -1, -1), padding_mode="border", align_corners=True
    )


def _drawable(pictures: Tensor) -> Tensor:
    """The frames of windows (B, T, ...) whose sound lies within them, (B, T - 3, ...)."""
    return pictures[:, BEFORE : pictures.shape[1] - (UNDRAWN - BEFORE)]
