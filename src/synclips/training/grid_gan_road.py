"""The road of `grid-gan`: both encoders alone, then everything together, then against a judge.

    synclips train configs/grid-gan.toml --data data/prepared --work checkpoints/grid-gan

Stages: `prepare`, `audio`, `video`, `joint`, `adversarial`, `export`. A stage begins with what the
stages before it left for each network; one that was left out leaves its networks fresh, so
`--stage prepare --stage joint` in a new folder trains from scratch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn

from synclips.checkpoint import GridGanCheckpoint, save_checkpoint
from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.manifest import Entry
from synclips.corpus.windows import WindowDataset, WindowSpec, vocabulary
from synclips.errors import ConfigError, ModelError
from synclips.models.grid_gan import PICTURE, GridGan, GridGanSpec
from synclips.models.syncnet import WINDOW
from synclips.models.weights import load_network
from synclips.specification import require_least
from synclips.training.config import RunConfig
from synclips.training.expert import known_weights, load_expert
from synclips.training.grid_gan_stage import (
    HEADS,
    NETWORKS,
    PARTS,
    GridGanParts,
    GridGanStage,
    StagePlan,
)
from synclips.training.options import LoopOptions
from synclips.training.resume import digest
from synclips.training.road import Road, known_data

# Share of windows that are heard as in use, with nothing between the words.
_GATED = 0.5


@dataclass(frozen=True, kw_only=True)
class GridGanConfig(RunConfig):
    """Everything that decides what weights come out, except the clips.

    Attributes:
        audio, video, joint, adversarial: the stages.
        expert: folder of the SyncNet behind the sync loss; needed where that has a weight.
        frames: consecutive frames per sample.
        network: sizes the printed form leaves open.
        sound, picture: augmentation.
    """

    audio: StagePlan
    video: StagePlan
    joint: StagePlan
    adversarial: StagePlan
    expert: str = ""
    frames: int = 15
    network: GridGanSpec = field(default_factory=GridGanSpec)
    sound: WaveAugmentation = field(default_factory=WaveAugmentation)
    picture: PictureAugmentation = field(default_factory=PictureAugmentation)

    def __post_init__(self) -> None:
        """Refuse windows too short for what is drawn of them, or for the expert.

        Raises:
            ConfigError: they are.
        """
        plans = {name: getattr(self, name) for name in ("audio", "video", "joint", "adversarial")}
        judged = any(plan.losses.sync for plan in plans.values())
        require_least(self, frames=WINDOW if judged else 1)
        for name, plan in plans.items():
            if plan.drawn > self.frames:
                raise ConfigError(
                    f"{name}: drawn must be at most the {self.frames} frames of a window, not"
                    f" {plan.drawn}."
                )


class GridGanRoad(Road[GridGanConfig]):
    """See the module."""

    stages = ("prepare", "audio", "video", "joint", "adversarial", "export")
    kinds = dict.fromkeys(stages[1:-1], GridGanStage)

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of all but the first and the last stage."""
        return {name: self._plan(name).loop for name in self.stages[1:-1]}

    def settings(self, stage: str) -> Mapping[str, Any]:
        """See `Road.settings`."""
        config, plan = self.config, self._plan(stage)
        begun = self._begun(stage)
        return {
            "begun": {name: None if file is None else digest(file) for name, file in begun.items()},
            "frames": config.frames,
            "network": asdict(config.network),
            "sound": asdict(config.sound),
            "picture": asdict(config.picture),
            "trains": list(plan.trains),
            "losses": asdict(plan.losses),
            "drawn": plan.drawn,
        }

    def check(self, stages: Sequence[str], trains: Sequence[str]) -> None:
        """See `Road.check`; the expert must be there before the first stage needs hours."""
        for stage in trains:
            if self._plan(stage).losses.sync:
                load_expert(self.config.expert, stage)

    def check_clips(self, stages: Sequence[str]) -> None:
        """See `Road.check_clips`; whoever names words must have some."""
        super().check_clips(stages)
        naming = [stage for stage in stages if self._plan(stage).losses.words]
        if not naming:
            return
        manifest = self.manifest()
        known = set(vocabulary(manifest.of("train"))) - {""}
        told = set(vocabulary(manifest.of("validation")))
        if not known & told:
            who = "train on" if not known else "validate with"
            raise ConfigError(
                f"Stage {naming[0]} learns words, but the clips to {who} in {self.prepared} have"
                f" none{' that are trained on' if known else ''}; put their alignments beside them"
                " (sN/align/NAME.align) and prepare again, or give losses.words no weight."
            )

    def _plan(self, stage: str) -> StagePlan:
        plan: StagePlan = getattr(self.config, stage)
        return plan

    def audio(self) -> None:
        """The audio encoder alone."""
        self._learn("audio")

    def video(self) -> None:
        """The video encoder alone."""
        self._learn("video")

    def joint(self) -> None:
        """All four parts."""
        self._learn("joint")

    def adversarial(self) -> None:
        """All four parts against the discriminator and the SyncNet expert."""
        self._learn("adversarial")

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
        self.check_left()
        parts = self._parts(words=1, coefficients=1)
        known = parts.by_name()
        for name in PARTS:
            file = self.latest(name, before="export")
            if file is None:
                raise ConfigError(f"No stage has trained the {name} yet; run the stages first.")
            load_network(known[name], file)
        manifest = self.manifest()
        checkpoint = GridGanCheckpoint(
            config.name,
            manifest.preparation.mfcc,
            replace(manifest.preparation.lips, size=PICTURE),
            self.corpus_shape(),
            parts.network,
        )
        save_checkpoint(checkpoint, self.work / "model", training=asdict(config))
        self.say(f"model written to {self.work / 'model'}")

    def _learn(self, stage: str) -> None:
        config, plan = self.config, self._plan(stage)
        manifest = self.manifest()
        trained = manifest.of("train")
        words = vocabulary(trained)
        spec = WindowSpec(config.frames, PICTURE, config.network.references)
        data = WindowDataset(
            self.prepared, manifest, trained, spec, words, config.sound, config.picture, _GATED
        )
        unseen = WindowDataset(self.prepared, manifest, manifest.of("validation"), spec, words)
        torch.manual_seed(plan.loop.seed)
        parts = self._parts(len(words), self.corpus_shape().size)
        known = parts.by_name()
        for name, file in self._begun(stage).items():
            if file is not None:
                self._load(name, known[name], file)
        expert = load_expert(config.expert, stage).network if plan.losses.sync else None
        self.learn(
            GridGanStage(stage, plan, parts, data, unseen, expert),
            {
                "data": known_data(trained),
                "words": _said(trained) if plan.losses.words else None,
                "expert": None if expert is None else known_weights(expert),
            },
        )

    def _begun(self, stage: str) -> dict[str, Path | None]:
        """The weights that the networks of a stage begin with; fresh ones have none."""
        asked = asdict(self._plan(stage).losses)
        return {
            # A head that is not asked may be of other words than there are by now.
            name: self.latest(name, stage) if name not in HEADS or asked[HEADS[name]] else None
            for name in NETWORKS
        }

    def _load(self, name: str, network: nn.Module, file: Path) -> None:
        try:
            load_network(network, file)
        except ModelError as error:
            if name != "word_head":
                raise
            raise ConfigError(
                f"{file} names other words than the clips have by now; remove {file.parent} to"
                " learn them anew."
            ) from error

    def _parts(self, words: int, coefficients: int) -> GridGanParts:
        return GridGanParts.build(GridGan(self.config.network), words, coefficients)


def _said(entries: Sequence[Entry]) -> list[int]:
    """How many words there are, and how many are said; alignments may come later than clips."""
    return [len(vocabulary(entries)) - 1, sum(len(entry.words) for entry in entries)]
