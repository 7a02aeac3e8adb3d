"""The road of `wav2lip`, a network of Wav2Lip's published shape: looks first, then sync.

    synclips train configs/wav2lip.toml --data data/prepared --work checkpoints/wav2lip

Stages: `prepare`, `drawing`, `sync`, `export`. The sync loss is off in the first stage that trains
and joins in the second, as published; the discriminator with it, where it has a weight. A stage
without steps does nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import torch

from synclips.checkpoint import Wav2LipCheckpoint, save_checkpoint
from synclips.corpus.augment_picture import PictureAugmentation
from synclips.corpus.augment_sound import WaveAugmentation
from synclips.corpus.windows import WindowDataset, WindowSpec
from synclips.errors import ConfigError
from synclips.models.wav2lip import SIZE, FaceDiscriminator, Wav2Lip, Wav2LipSpec
from synclips.models.weights import load_network
from synclips.training.config import RunConfig
from synclips.training.expert import known_weights, load_expert
from synclips.training.options import LoopOptions
from synclips.training.resume import digest
from synclips.training.road import Road, known_data
from synclips.training.wav2lip_stage import Expert, Wav2LipPlan, Wav2LipStage


@dataclass(frozen=True, kw_only=True)
class Wav2LipConfig(RunConfig):
    """Everything that decides what weights come out, except the clips.

    Attributes:
        drawing, sync: the stages.
        expert: folder of the SyncNet behind the sync loss; needed where that has a weight.
        network: sizes.
        sound, picture: augmentation.
    """

    drawing: Wav2LipPlan
    sync: Wav2LipPlan
    expert: str = ""
    network: Wav2LipSpec = field(default_factory=Wav2LipSpec)
    sound: WaveAugmentation = field(default_factory=WaveAugmentation)
    picture: PictureAugmentation = field(default_factory=PictureAugmentation)


class Wav2LipRoad(Road[Wav2LipConfig]):
    """See the module."""

    stages = ("prepare", "drawing", "sync", "export")
    kinds = {"drawing": Wav2LipStage, "sync": Wav2LipStage}

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of the two stages that train."""
        return {"drawing": self.config.drawing.loop, "sync": self.config.sync.loop}

    def settings(self, stage: str) -> Mapping[str, Any]:
        """See `Road.settings`."""
        config = self.config
        plan: Wav2LipPlan = getattr(config, stage)
        file = self.latest("network", before=stage)
        return {
            "begun": {"network": None if file is None else digest(file)},
            "frames": plan.frames,
            "losses": asdict(plan.losses),
            "network": asdict(config.network),
            "sound": asdict(config.sound),
            "picture": asdict(config.picture),
        }

    def check(self, stages: Sequence[str], trains: Sequence[str]) -> None:
        """See `Road.check`; the expert must be there before the first stage needs hours."""
        if trains:
            self.check_mel(self.config.network.n_mels)
        plans = {"drawing": self.config.drawing, "sync": self.config.sync}
        for stage in trains:
            if plans[stage].losses.sync:
                load_expert(self.config.expert, stage)

    def drawing(self) -> None:
        """What a face looks like."""
        self._learn("drawing", self.config.drawing)

    def sync(self) -> None:
        """The same, and how it moves."""
        self._learn("sync", self.config.sync)

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
        self.check_left()
        file = self.latest("network", before="export")
        if file is None:
            raise ConfigError("No stage has trained the network yet; run the stages first.")
        preparation = self.manifest().preparation
        checkpoint = Wav2LipCheckpoint(
            config.name,
            preparation.mel,
            replace(preparation.face, size=SIZE),
            self.corpus_shape(),
            load_network(Wav2Lip(config.network), file),
        )
        save_checkpoint(checkpoint, self.work / "model", training=asdict(config))
        self.say(f"model written to {self.work / 'model'}")

    def _learn(self, stage: str, plan: Wav2LipPlan) -> None:
        if plan.loop.steps == 0:
            return
        config = self.config
        manifest = self.manifest()
        spec = WindowSpec(plan.frames, SIZE, references=1, region="face")
        trained = manifest.of("train")
        data = WindowDataset(
            self.prepared,
            manifest,
            trained,
            spec,
            sound=config.sound,
            picture=config.picture,
        )
        unseen = WindowDataset(self.prepared, manifest, manifest.of("validation"), spec)
        torch.manual_seed(plan.loop.seed)
        network, discriminator = Wav2Lip(config.network), FaceDiscriminator()
        file = self.latest("network", before=stage)
        if file is not None:
            load_network(network, file)
        expert = None
        if plan.losses.sync:
            loaded = load_expert(config.expert, stage)
            expert = Expert(loaded.network, loaded.crop)
        face = replace(manifest.preparation.face, size=SIZE)
        mel = manifest.preparation.mel
        self.learn(
            Wav2LipStage(
                stage, plan, network, discriminator, data, unseen, face, mel, expert=expert
            ),
            {
                "data": known_data(trained),
                "expert": None if expert is None else known_weights(expert.network),
            },
        )
