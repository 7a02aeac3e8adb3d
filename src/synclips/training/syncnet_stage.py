"""Stage: SyncNet. Which sound belongs to a mouth, among shifted and swapped ones."""

from collections.abc import Iterator

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from synclips.corpus.windows import WindowBatch, WindowDataset
from synclips.models.syncnet import WINDOW, SyncNet
from synclips.training.stage import Objective, Stage

MOST = 15
"""Frames by which sounds are shifted in the validation."""

_LEAST_SPEECH = 5  # frames of a window; where nobody speaks, shifts cannot be told apart


class SyncNetStage(Stage[WindowBatch]):
    """Contrastive training with the shifted windows of the same clip and those of other clips.

    InfoNCE (van den Oord et al. 2018) in both directions over all windows of a batch; shifted
    windows of the same clip are the hard negatives of Chung and Zisserman (2016).
    """

    name = "syncnet"
    figures = ("shift_1", "shift_2", "shift_5", "shift_10")

    def __init__(self, network: SyncNet, data: WindowDataset, validation: WindowDataset) -> None:
        self.network = network
        self.data = data
        self.validation = validation

    def networks(self) -> dict[str, nn.Module]:
        """The network."""
        return {"syncnet": self.network}

    def draw(self, rng: np.random.Generator, size: int) -> WindowBatch:
        """Windows long enough to hold shifted ones."""
        return self.data.batch(rng, size)

    def objectives(self, batch: WindowBatch, step: int) -> Iterator[Objective]:
        """One contrastive loss."""
        with self.hardware.autocast():
            mouth, sound = self.network(grey(batch.pictures), batch.mel)
        loss, hits = agreement_loss(
            mouth.float(), sound.float(), speaks(batch.spoken), self.network.log_temperature.exp()
        )
        yield "syncnet", loss, {"loss": loss.detach(), "found": hits}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """Share of shifted pairs of unseen people that are told from the true ones."""
        network = averaged["syncnet"]
        assert isinstance(network, SyncNet)
        found = accuracy(network, self.validation, self.hardware.device)
        return {f"shift_{shift}": found[shift - 1] for shift in (1, 2, 5, 10)}


def grey(lips: Tensor) -> Tensor:
    """(B, T, 3, S, S) RGB -> (B, 1, T, S, S), the mean of the colours."""
    return lips.mean(dim=2)[:, None]


def speaks(spoken: Tensor) -> Tensor:
    """Which windows contain speech, (B, T) bool per frame -> (B, T - 14) bool."""
    share = functional.avg_pool1d(spoken.float()[:, None], WINDOW, 1)[:, 0]
    return share * WINDOW > _LEAST_SPEECH - 0.5


def agreement_loss(
    mouth: Tensor, sound: Tensor, spoken: Tensor, sharpness: Tensor
) -> tuple[Tensor, Tensor]:
    """InfoNCE in both directions.

    Args:
        mouth: (B, K, D) embeddings of unit length.
        sound: (B, K, D).
        spoken: (B, K) bool; other windows are negatives only.
        sharpness: scalar that multiplies cosines.

    Returns:
        The loss, and the share of mouths whose own sound is the nearest of all.
    """
    mouth, sound = mouth.flatten(0, 1), sound.flatten(0, 1)
    chosen = spoken.flatten().nonzero()[:, 0]
    alike = sharpness * mouth @ sound.T
    there, back = alike[chosen], alike.T[chosen]
    loss = (functional.cross_entropy(there, chosen) + functional.cross_entropy(back, chosen)) / 2
    hits = (there.detach().argmax(dim=1) == chosen).float().mean()
    return loss, hits


@torch.no_grad()
def accuracy(network: SyncNet, data: WindowDataset, device: torch.device) -> list[float]:
    """How often the true sound is nearer to a mouth than one shifted by 1 to `MOST` frames.

    Over all windows of all clips that contain speech, shifts to either side.
    """
    right, all_pairs = np.zeros(MOST), np.zeros(MOST)
    for number in range(len(data)):
        clip = data.longest(number)
        mouth, sound = network(grey(clip.pictures).to(device), clip.mel.to(device))
        alike = (mouth[0] @ sound[0].T).float().cpu().numpy()
        spoken = speaks(clip.spoken)[0].numpy()
        true = np.diag(alike)
        for shift in range(1, MOST + 1):
            for wrong, kept in (
                (np.diag(alike, shift), slice(0, len(true) - shift)),
                (np.diag(alike, -shift), slice(shift, len(true))),
            ):
                told = (true[kept] > wrong)[spoken[kept]]
                right[shift - 1] += told.sum()
                all_pairs[shift - 1] += len(told)
    return [float(value) for value in right / np.maximum(all_pairs, 1)]
