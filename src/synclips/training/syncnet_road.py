"""The road of SyncNet, the judge of sync, or the expert behind a sync loss.

    synclips train configs/syncnet-judge.toml --data data/prepared --work checkpoints/judge

Stages: `prepare`, `syncnet`, `export`. Judge and expert differ in seed and in the speakers they
learn from, so that a model trained with the expert cannot have learnt to please the judge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import torch

from synclips.checkpoint import SyncNetCheckpoint, save_checkpoint
from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.windows import WindowDataset, WindowSpec
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec
from synclips.models.syncnet import WINDOW, SyncNet, SyncNetSpec
from synclips.models.weights import load_network
from synclips.specification import require_least
from synclips.training.config import RunConfig
from synclips.training.options import LoopOptions
from synclips.training.road import Road, known_data
from synclips.training.syncnet_stage import SyncNetStage


@dataclass(frozen=True, kw_only=True)
class SyncNetConfig(RunConfig):
    """Everything that decides what weights come out, except the clips.

    Attributes:
        speakers: whom it learns from; everybody in the training split if empty.
        frames: consecutive frames per sample, which hold `frames - 14` windows.
        network: sizes.
        sound, picture: augmentation.
        loop: how long and how hard.
    """

    speakers: tuple[str, ...] = ()
    frames: int = 40
    network: SyncNetSpec = field(default_factory=SyncNetSpec)
    sound: WaveAugmentation = field(default_factory=WaveAugmentation)
    picture: PictureAugmentation = field(default_factory=PictureAugmentation)
    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=2000, batch_size=16, learning_rate=1e-3)
    )

    def __post_init__(self) -> None:
        require_least(self, frames=WINDOW)


class SyncNetRoad(Road[SyncNetConfig]):
    """See the module."""

    stages = ("prepare", "syncnet", "export")
    kinds = {"syncnet": SyncNetStage}

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of the network."""
        return {"syncnet": self.config.loop}

    def settings(self, stage: str) -> Mapping[str, Any]:
        """See `Road.settings`."""
        return {key: value for key, value in asdict(self.config).items() if key != "loop"}

    def check(self, stages: Sequence[str], trains: Sequence[str]) -> None:
        """See `Road.check`."""
        if trains:
            self.check_mel(self.config.network.n_mels)

    def check_clips(self, stages: Sequence[str]) -> None:
        """See `Road.check_clips`; whoever is named must be there."""
        super().check_clips(stages)
        there = {entry.person for entry in self.manifest().of("train")}
        if missing := set(self.config.speakers) - there:
            raise ConfigError(
                f"{self.prepared} has no training clips of {', '.join(sorted(missing))}; name"
                " other speakers, or prepare them."
            )

    def syncnet(self) -> None:
        """The network."""
        config = self.config
        manifest = self.manifest()
        wanted = set(config.speakers)
        trained = [e for e in manifest.of("train") if not wanted or e.person in wanted]
        spec = WindowSpec(config.frames, config.network.size, references=0)
        unseen = WindowDataset(self.prepared, manifest, manifest.of("validation"), spec)
        data = WindowDataset(
            self.prepared, manifest, trained, spec, sound=config.sound, picture=config.picture
        )
        torch.manual_seed(config.loop.seed)
        stage = SyncNetStage(SyncNet(config.network), data, unseen)
        self.learn(stage, {"data": known_data(trained)})

    def export(self) -> None:
        """The folder that `expert` and the evaluation take."""
        config = self.config
        self.check_left()
        file = self.left("syncnet", "syncnet")
        manifest = self.manifest()
        lips = manifest.preparation.lips
        checkpoint = SyncNetCheckpoint(
            config.name,
            manifest.preparation.mel,
            CropSpec(config.network.size, lips.extent, lips.below_mouth),
            self.corpus_shape(),
            load_network(SyncNet(config.network), file),
        )
        save_checkpoint(checkpoint, self.work / "model", training=asdict(config))
        self.say(f"network written to {self.work / 'model'}")
