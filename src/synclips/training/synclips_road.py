"""The road of `synclips-1`.

    synclips train configs/synclips-1.toml --data GRID --data NATURAL --work checkpoints/a

Stages: `prepare` (landmarks, sound and pictures), `shape` (the basis of lip motion), `motion`,
`crops`, `generator`, `export`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from synclips.checkpoint import Checkpoint, load_network, save_checkpoint
from synclips.corpus.clips import Clip, Split, find_clips
from synclips.corpus.dataset import MotionDataset, PictureDataset, utterance
from synclips.corpus.manifest import PrepareSpec
from synclips.corpus.mouths import prepare_crops
from synclips.corpus.prepared import load_prepared
from synclips.errors import ConfigError
from synclips.faces.pose import fit_pose, own_template
from synclips.faces.shape import LipShape, learn_shape, mean_face
from synclips.models.discriminator import Discriminator
from synclips.models.generator import Generator
from synclips.models.motion import Motion
from synclips.training.generator_stage import GeneratorStage
from synclips.training.machine import Machine
from synclips.training.motion_stage import MotionStage
from synclips.training.options import LoopOptions
from synclips.training.resume import weights_file
from synclips.training.road import Progress, Road, Say
from synclips.training.stage import Stage
from synclips.training.synclips_config import SynclipsConfig


class SynclipsRoad(Road[SynclipsConfig]):
    """See the module."""

    stages = ("prepare", "shape", "motion", "crops", "generator", "export")

    def __init__(
        self,
        config: SynclipsConfig,
        data: Sequence[Path],
        work: Path,
        workers: int,
        say: Say,
        progress: Progress | None = None,
        machine: Machine | None = None,
    ) -> None:
        super().__init__(config, data, work, workers, say, progress, machine)
        self.clips = self._find_clips()
        split = config.split
        self.trained = [clip for clip in self.clips if self.split.trains(clip)]
        self.validation = [
            clip for clip in self.clips if clip.corpus == "grid" and clip.person in split.validation
        ]
        if set(split.validation) - set(split.held_out):
            raise ConfigError("Validation speakers must be among the held-out speakers.")

    @property
    def preparation(self) -> PrepareSpec:
        """With the mel of the config."""
        return PrepareSpec(mel=self.config.mel)

    @property
    def split(self) -> Split:
        """As the config says."""
        split = self.config.split
        return Split(
            frozenset(split.held_out),
            frozenset((s, letter) for s, letter in (x.split(":") for x in split.held_out_initials)),
            frozenset(split.validation),
        )

    @property
    def mouths(self) -> Path:
        """Crops for the generator."""
        return self.work / "crops"

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of `motion` and `generator`."""
        return {"motion": self.config.motion.loop, "generator": self.config.generator.loop}

    def _find_clips(self) -> list[Clip]:
        if not self.is_prepared:
            return find_clips(self.data)
        manifest = self.manifest()
        if manifest.spec["mel"] != self.config.mel.to_dict():
            raise ConfigError(
                f"{self.prepared} was prepared with another [mel] than the config has; give the"
                " raw folders as --data, or change the config."
            )
        return [entry.clip for entry in manifest.entries if not entry.skipped]

    def shape(self) -> None:
        """Mean face and basis of lip motion over the people who are trained on."""
        target = self.work / "shape.safetensors"
        if target.exists():
            return
        limit = self.config.shape.clips_per_person
        by_person: dict[str, list[Clip]] = {}
        for clip in self.trained:
            of_person = by_person.setdefault(f"{clip.corpus}/{clip.person}", [])
            if len(of_person) < limit:
                of_person.append(clip)
        people = []
        for clips in by_person.values():
            seen = [
                prepared.track.points[part]
                for prepared in load_prepared(clips, self.prepared)
                for part in prepared.track.segments
                if part.stop - part.start >= 25
            ]
            if seen:
                people.append(seen)
        if not people:
            raise ConfigError("No clip of a trained speaker shows a face; check --data.")
        template = mean_face(np.concatenate([part[::10] for seen in people for part in seen]))
        canonical = [
            [fit_pose(part, own_template(part, template)).invert(part) for part in seen]
            for seen in people
        ]
        shape = learn_shape(canonical, template, self.config.shape.size)
        self.work.mkdir(parents=True, exist_ok=True)
        beside = target.with_suffix(".part")
        save_file(
            {
                "template": shape.template,
                "basis": np.ascontiguousarray(shape.basis),
                "deviation": shape.deviation,
            },
            beside,
        )
        beside.replace(target)

    def load_shape(self) -> LipShape:
        """What the stage `shape` left.

        Raises:
            ConfigError: it has not been run.
        """
        file = self.work / "shape.safetensors"
        if not file.exists():
            raise ConfigError(f"{file} is not there; run stage shape first.")
        values = load_file(file)
        return LipShape(values["template"], values["basis"], values["deviation"])

    def motion(self) -> None:
        """Sound to lip motion."""
        config = self.config.motion
        shape = self.load_shape()
        trained = [utterance(p, shape) for p in load_prepared(self.trained, self.prepared)]
        unseen = [utterance(p, shape) for p in load_prepared(self.validation, self.prepared)]
        torch.manual_seed(config.loop.seed)
        network = Motion(config.network)
        data = MotionDataset(
            trained,
            self.config.mel,
            config.window,
            config.network.references,
            config.augmentation,
        )
        stage = MotionStage(network, data, unseen, shape)
        self._learn(stage, {"mel": self.config.mel.to_dict(), "clips": len(trained)})

    def crops(self) -> None:
        """Aligned mouths for the generator."""
        config = self.config.generator
        wanted = [c for c in (*self.trained, *self.validation) if c.corpus in config.corpora]
        prepare_crops(
            wanted,
            self.prepared,
            self.mouths,
            self.load_shape(),
            config.crop,
            config.frame_stride,
            lambda done, total: self.progress("crops", done, total),
        )

    def generator(self) -> None:
        """Reference frames to the new mouth."""
        config = self.config.generator
        trained = [c for c in self.trained if c.corpus in config.corpora]
        torch.manual_seed(config.loop.seed)
        stage = GeneratorStage(
            Generator(config.network),
            Discriminator(),
            PictureDataset(trained, self.mouths, config.frame_stride),
            PictureDataset(self.validation, self.mouths, config.frame_stride),
            config.adversarial_from,
            config.weights,
        )
        self._learn(stage, {"frames": len(stage.data)})

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
        motion = load_network(
            Motion(config.motion.network), weights_file(self.work / "motion", "motion")
        )
        generator = load_network(
            Generator(config.generator.network), weights_file(self.work / "generator", "generator")
        )
        checkpoint = Checkpoint(
            config.name,
            config.mel,
            config.generator.crop,
            self.load_shape(),
            motion,
            generator,
        )
        save_checkpoint(checkpoint, self.work / "model", training=asdict(config))
        self.say(f"model written to {self.work / 'model'}")

    def _learn(self, stage: Stage[Any], more: Mapping[str, Any]) -> None:
        settings = asdict(self.config)
        own = {key: value for key, value in settings[stage.name].items() if key != "loop"}
        self.learn(stage, {"split": settings["split"], "shape": settings["shape"], **own, **more})
