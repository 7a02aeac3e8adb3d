"""The road of `grid-gan`: both encoders alone, then everything together, then against a judge.

    synclips train configs/grid-gan.toml --data data/prepared --work checkpoints/grid-gan

Stages: `prepare`, `audio`, `video`, `joint`, `adversarial`, `export`. A stage begins with what the
stages before it left for each network; one that was left out leaves its networks fresh, so
`--stage prepare --stage joint` in a new folder trains from scratch.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import torch

from synclips.checkpoint import GridGanCheckpoint, load_syncnet, save_checkpoint
from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.windows import WindowDataset, WindowSpec, vocabulary
from synclips.errors import ConfigError
from synclips.models.grid_gan import PICTURE, GridGan, GridGanSpec
from synclips.models.weights import load_network
from synclips.training.config import RunConfig
from synclips.training.expert import known_weights
from synclips.training.grid_gan_stage import (
    PARTS,
    GridGanParts,
    GridGanStage,
    StagePlan,
)
from synclips.training.options import LoopOptions
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


class GridGanRoad(Road[GridGanConfig]):
    """See the module."""

    stages = ("prepare", "audio", "video", "joint", "adversarial", "export")

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of all but the first and the last stage."""
        return {name: getattr(self.config, name).loop for name in self.stages[1:-1]}

    def audio(self) -> None:
        """The audio encoder alone."""
        self._learn("audio", self.config.audio)

    def video(self) -> None:
        """The video encoder alone."""
        self._learn("video", self.config.video)

    def joint(self) -> None:
        """All four parts."""
        self._learn("joint", self.config.joint)

    def adversarial(self) -> None:
        """All four parts against the discriminator and the SyncNet expert."""
        self._learn("adversarial", self.config.adversarial)

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
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

    def _learn(self, stage: str, plan: StagePlan) -> None:
        config = self.config
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
        for name, network in parts.by_name().items():
            file = self.latest(name, before=stage)
            if file is not None:
                load_network(network, file)
        expert = load_syncnet(Path(config.expert)).network if plan.losses.sync else None
        self.learn(
            GridGanStage(stage, plan, parts, data, unseen, expert),
            {
                "data": known_data(trained),
                "expert": None if expert is None else known_weights(expert),
                "frames": config.frames,
                "network": asdict(config.network),
                "sound": asdict(config.sound),
                "picture": asdict(config.picture),
                "trains": list(plan.trains),
                "losses": asdict(plan.losses),
                "drawn": plan.drawn,
            },
        )

    def _parts(self, words: int, coefficients: int) -> GridGanParts:
        return GridGanParts.build(GridGan(self.config.network), words, coefficients)
