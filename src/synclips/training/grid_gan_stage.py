"""Stages of `grid-gan`, as data: what trains, what is frozen, which losses, when it stops.

The published recipe trains the encoders separately first and then everything together. Alone, an
encoder has nothing to aim at, so each gets a head that is thrown away afterwards: the audio
encoder names the word that is being said (GRID comes with word times), the video encoder tells the
lip shape of the frames it looks at (the tracker measured it). Both ask for exactly what the joint
network needs of them: what is said, and how this mouth looks and moves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from synclips.corpus.windows import WindowBatch, WindowDataset
from synclips.errors import ConfigError
from synclips.features.timing import MEL_PER_GRID_FRAME
from synclips.models.grid_gan import WIDTH, Discriminator, GridGan
from synclips.models.sound_windows import windows_at
from synclips.models.syncnet import SyncNet
from synclips.specification import require_least
from synclips.training.expert import sync_loss
from synclips.training.losses import mistaken, picture_loss, told_apart
from synclips.training.options import LoopOptions
from synclips.training.samples import levels
from synclips.training.stage import Figures, Objective, Stage, on_device

PARTS = ("audio_encoder", "video_encoder", "cross_attention", "generator")

NETWORKS = (*PARTS, "word_head", "lip_head", "discriminator")
"""Every network a plan can name."""

HEADS = {"word_head": "words", "lip_head": "lips"}
"""Networks that are thrown away, and the loss each is for."""

_SHOWN = 8


@dataclass(frozen=True)
class GridGanLosses:
    """Weights of the losses; 0 leaves one out.

    Attributes:
        words: cross entropy of the word said in each frame; needs `word_head`.
        lips: squared error of the lip shape of the reference frames; needs `lip_head`.
        picture: colours and detail of the drawn mouth.
        adversarial: non-saturating loss (Goodfellow et al. 2014) against the discriminator.
        sync: 1 - cosine of the drawn mouth and the sound by the SyncNet expert.
    """

    words: float = 0.0
    lips: float = 0.0
    picture: float = 0.0
    adversarial: float = 0.0
    sync: float = 0.0

    def __post_init__(self) -> None:
        require_least(self, words=0, lips=0, picture=0, adversarial=0, sync=0)


@dataclass(frozen=True)
class StagePlan:
    """One stage.

    Attributes:
        trains: names of the networks that train; the others that the losses need are frozen.
        losses: what they are asked for.
        loop: how long, how hard, and when to stop.
        drawn: consecutive frames drawn per window, anywhere in it; 0 draws all, which the sync
            loss needs. Drawing is most of the cost, and fewer frames of more windows teach more.
    """

    trains: tuple[str, ...]
    losses: GridGanLosses
    loop: LoopOptions
    drawn: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            ConfigError: an unknown network shall train, or too few frames are drawn for sync.
        """
        require_least(self, drawn=0)
        if unknown := set(self.trains) - set(NETWORKS):
            raise ConfigError(
                f"trains {', '.join(sorted(unknown))}, which does not exist; known are"
                f" {', '.join(NETWORKS)}."
            )
        if not set(self.trains) - {"discriminator"}:
            raise ConfigError(
                f"trains no network that could learn; name some of {', '.join(NETWORKS[:-1])}."
            )
        if self.losses.sync and self.drawn:
            raise ConfigError("drawn must be 0, for the sync loss looks at all frames.")


class GridGanStage(Stage[WindowBatch]):
    """See the module.

    Args:
        name: of the stage.
        plan: what to do.
        parts: `GridGan`, `word_head`, `lip_head`, `discriminator` and what else takes part.
        data: windows to learn from.
        validation: of people who are not learnt from.
        expert: judges sync where that is a loss.

    Raises:
        ConfigError: the plan asks for sync without an expert.
    """

    name = "grid-gan"

    figures = ("words", "lips", "psnr", "psnr_copy")

    def __init__(
        self,
        name: str,
        plan: StagePlan,
        parts: "GridGanParts",
        data: WindowDataset,
        validation: WindowDataset,
        expert: SyncNet | None = None,
    ) -> None:
        self.name = name
        self.plan = plan
        self.parts = parts
        self.data = data
        self.validation = validation
        self.expert = expert
        if plan.losses.sync and expert is None:
            raise ConfigError(f"Stage {name} has a sync loss; name the SyncNet with `expert`.")

    def networks(self) -> dict[str, nn.Module]:
        """Those the plan names."""
        known = self.parts.by_name()
        return {name: known[name] for name in self.plan.trains}

    def frozen(self) -> dict[str, nn.Module]:
        """All others, and the expert."""
        known = self.parts.by_name()
        others = {name: known[name] for name in known if name not in self.plan.trains}
        return others | ({"expert": self.expert} if self.expert is not None else {})

    def draw(self, rng: np.random.Generator, size: int) -> WindowBatch:
        """Windows with reference frames of the same clip."""
        return self.data.batch(rng, size)

    def objectives(self, batch: WindowBatch, step: int) -> Iterator[Objective]:
        """The sum of the losses that have a weight; then that of the discriminator."""
        weights = self.plan.losses
        figures: dict[str, float | Tensor] = {}
        total = batch.pictures.new_zeros(())
        if weights.words:
            total = total + weights.words * self._words(batch, figures)
        if weights.lips:
            total = total + weights.lips * self._lips(batch, figures)
        drawn = truth = None
        if weights.picture or weights.adversarial or weights.sync:
            drawn, truth = self._drawn(batch)
            total = total + self._looks(batch.mel, drawn, truth, figures)
        learners = tuple(name for name in self.plan.trains if name != "discriminator")
        yield learners, total, figures
        if "discriminator" in self.plan.trains and drawn is not None and truth is not None:
            yield "discriminator", *self._judged(truth, drawn.detach())

    def _words(self, batch: WindowBatch, figures: dict[str, float | Tensor]) -> Tensor:
        with self.hardware.autocast():
            heard = self.parts.network.audio_encoder(batch.mfcc)[:, ::MEL_PER_GRID_FRAME]
            scores = self.parts.word_head(heard)
        loss = functional.cross_entropy(scores.float().flatten(0, 1), batch.words.flatten())
        figures["words"] = loss.detach()
        return loss

    def _lips(self, batch: WindowBatch, figures: dict[str, float | Tensor]) -> Tensor:
        with self.hardware.autocast():
            seen = self.parts.network.video_encoder(_coloured(batch.references))
            told = self.parts.lip_head(seen.mean(dim=1))
        loss = functional.mse_loss(told.float(), batch.reference_coefficients.flatten(1))
        figures["lips"] = loss.detach()
        return loss

    def _drawn(self, batch: WindowBatch) -> tuple[Tensor, Tensor]:
        """Drawn and real frames, both (B, Q, 3, S, S) in [-1, 1]."""
        frames = batch.pictures.shape[1]
        count = self.plan.drawn or frames
        first = int(torch.randint(frames - count + 1, ()))
        with self.hardware.autocast():
            drawn = self.parts.network(
                batch.mfcc,
                _coloured(batch.references),
                queries=count,
                offset=first * MEL_PER_GRID_FRAME,
            )
        return drawn.float(), 2 * batch.pictures[:, first : first + count] - 1

    def _looks(
        self, mel: Tensor, drawn: Tensor, truth: Tensor, figures: dict[str, float | Tensor]
    ) -> Tensor:
        weights = self.plan.losses
        total = drawn.new_zeros(())
        fake, real = drawn.flatten(0, 1), truth.flatten(0, 1)
        if weights.picture:
            loss = picture_loss(fake, real, torch.ones_like(real[:, :1]))
            figures["picture"] = loss.detach()
            total = total + weights.picture * loss
        if weights.adversarial:
            with self.hardware.autocast():
                score = self.parts.discriminator(fake)
            loss = mistaken(score)
            figures["adversarial"] = loss.detach()
            total = total + weights.adversarial * loss
        if weights.sync and self.expert is not None:
            loss = sync_loss(self.expert, (drawn + 1) / 2, mel, self.hardware)
            figures["sync"] = loss.detach()
            total = total + weights.sync * loss
        return total

    def _judged(self, truth: Tensor, drawn: Tensor) -> tuple[Tensor, Figures]:
        with self.hardware.autocast():
            real = self.parts.discriminator(truth.flatten(0, 1))
            fake = self.parts.discriminator(drawn.flatten(0, 1))
        loss = told_apart(real, fake)
        return loss, {"judged": loss.detach()}

    def validate(self, averaged: dict[str, nn.Module]) -> dict[str, float]:
        """What the losses that have a weight come to on unseen people.

        `words` is the share of frames whose word is named, `lips` the correlation of the lip
        shape, `psnr` that of the drawn mouth, beside `psnr_copy` of the first reference frame.
        """
        parts = self.parts.averaged(averaged)
        weights = self.plan.losses
        scores: dict[str, list[float]] = {}
        for number in range(len(self.validation)):
            batch = on_device(self.validation.windows(number, stride=15), self.hardware.device)
            if weights.words:
                heard = parts.network.audio_encoder(batch.mfcc)[:, ::MEL_PER_GRID_FRAME]
                named = parts.word_head(heard).argmax(dim=-1) == batch.words
                scores.setdefault("words", []).append(named[batch.words > 0].float().mean().item())
            if weights.lips:
                seen = parts.network.video_encoder(_coloured(batch.references)).mean(dim=1)
                told, truth = parts.lip_head(seen), batch.reference_coefficients.flatten(1)
                both = torch.stack([told.flatten(), truth.flatten()])
                scores.setdefault("lips", []).append(torch.corrcoef(both)[0, 1].item())
            if weights.picture:
                drawn = self._redrawn(parts, batch)
                for name, guess in (("psnr", drawn), ("psnr_copy", batch.references[:, :1])):
                    error = (guess - batch.pictures).square().mean(dim=(2, 3, 4))
                    scores.setdefault(name, []).append((-10 * error.log10()).mean().item())
        return {
            name: float(np.nanmean(values)) for name, values in scores.items() if len(values) > 0
        }

    def pictures(self, averaged: dict[str, nn.Module]) -> dict[str, NDArray[np.uint8]]:
        """Real above drawn frames of two unseen people."""
        if not self.plan.losses.picture:
            return {}
        parts = self.parts.averaged(averaged)
        rows = []
        for number in (0, len(self.validation) - 1):
            batch = on_device(self.validation.windows(number, stride=15), self.hardware.device)
            drawn = self._redrawn(parts, batch)
            for run in (batch.pictures[-1], drawn[-1]):
                rows.append(np.concatenate(list(levels(run[:_SHOWN])), axis=1))
        return {"mouths": np.kron(np.concatenate(rows), np.ones((3, 3, 1), np.uint8))}

    def clips(self, averaged: dict[str, nn.Module]) -> dict[str, NDArray[np.uint8]]:
        """One unseen clip, real beside drawn."""
        if not self.plan.losses.picture:
            return {}
        network = self.parts.averaged(averaged).network
        clip = on_device(self.validation.longest(0), self.hardware.device)
        references = self.validation.windows(0, stride=15).references[0].to(self.hardware.device)
        frames = torch.arange(clip.pictures.shape[1], device=self.hardware.device)
        instants = frames * MEL_PER_GRID_FRAME
        spec, silence = network.spec, clip.mfcc[0].amin(dim=0)
        windows = windows_at(clip.mfcc[0], instants, spec.window, spec.middle, silence)
        tokens = network.watch(2 * references - 1)
        drawn = network.speak(windows, tokens.expand(len(windows), -1, -1))
        both = torch.cat([clip.pictures[0], (drawn + 1) / 2], dim=3)
        return {"speech": np.kron(levels(both), np.ones((1, 4, 4, 1), np.uint8))}

    def _redrawn(self, parts: "GridGanParts", batch: WindowBatch) -> Tensor:
        frames = batch.pictures.shape[1]
        drawn: Tensor = parts.network(batch.mfcc, _coloured(batch.references), queries=frames)
        return (drawn + 1) / 2


@dataclass(frozen=True, eq=False)
class GridGanParts:
    """The networks of the family and the heads that only training needs."""

    network: GridGan
    word_head: nn.Linear
    lip_head: nn.Linear
    discriminator: Discriminator

    @classmethod
    def build(cls, network: GridGan, words: int, coefficients: int) -> "GridGanParts":
        """Fresh heads for `words` words and lip shapes of some `coefficients`."""
        lips = network.spec.references * coefficients
        return cls(network, nn.Linear(WIDTH, words), nn.Linear(WIDTH, lips), Discriminator())

    def by_name(self) -> dict[str, nn.Module]:
        """Every network a plan can name."""
        own = {name: getattr(self.network, name) for name in PARTS}
        return own | {
            "word_head": self.word_head,
            "lip_head": self.lip_head,
            "discriminator": self.discriminator,
        }

    def averaged(self, averaged: Mapping[str, nn.Module]) -> "GridGanParts":
        """The same parts, those that are averaged in their averaged form."""
        network = GridGan(self.network.spec)
        for name in PARTS:
            setattr(network, name, averaged.get(name, getattr(self.network, name)))

        word_head = averaged.get("word_head", self.word_head)
        lip_head = averaged.get("lip_head", self.lip_head)
        discriminator = averaged.get("discriminator", self.discriminator)
        assert isinstance(word_head, nn.Linear) and isinstance(lip_head, nn.Linear)
        assert isinstance(discriminator, Discriminator)
        twin = GridGanParts(network, word_head, lip_head, discriminator)
        for one in (network, twin.word_head, twin.lip_head):
            one.eval()
        return twin


def _coloured(references: Tensor) -> Tensor:
    """(B, R, 3, S, S) in [0, 1] -> (B, 3, R, S, S) in [-1, 1]."""
    return 2 * references.transpose(1, 2) - 1
