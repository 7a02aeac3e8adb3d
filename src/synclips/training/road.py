"""The whole road from clips to weights, one stage after the other.

    synclips train configs/synclips-1.toml --data GRID --data NATURAL --work checkpoints/a

Stages: `prepare` (landmarks and mel), `shape` (the basis of lip motion), `motion`, `crops`,
`generator`, `export`. Each leaves its result in the work folder, is skipped when that is there,
and continues when it was interrupted.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file

from synclips.checkpoint import Checkpoint, load_network, save_checkpoint
from synclips.corpus.clips import Clip, Split, find_clips
from synclips.corpus.dataset import MotionDataset, PictureDataset, utterance
from synclips.corpus.prepare import load_prepared, prepare_clips, prepare_crops
from synclips.errors import ConfigError
from synclips.faces.pose import fit_pose, own_template
from synclips.faces.shape import LipShape, learn_shape, mean_face
from synclips.models.discriminator import Discriminator
from synclips.models.generator import Generator
from synclips.models.motion import Motion
from synclips.training.config import TrainingConfig
from synclips.training.generator_stage import GeneratorStage
from synclips.training.loop import train
from synclips.training.motion_stage import MotionStage

STAGES = ("prepare", "shape", "motion", "crops", "generator", "export")

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]


class Road:
    """One training run: a config, the clips, and the folder everything is kept in."""

    def __init__(
        self,
        config: TrainingConfig,
        data: Sequence[Path],
        work: Path,
        workers: int,
        say: Say,
        progress: Progress | None = None,
    ) -> None:
        self.config = config
        self.work = work
        self.workers = workers
        self.say = say
        self.progress = progress or (lambda stage, done, total: None)
        self.clips = find_clips(list(data))
        split = config.split
        self.split = Split(
            frozenset(split.held_out),
            frozenset((s, letter) for s, letter in (x.split(":") for x in split.held_out_initials)),
        )
        self.trained = [clip for clip in self.clips if self.split.trains(clip)]
        self.validation = [
            clip for clip in self.clips if clip.corpus == "grid" and clip.person in split.validation
        ]
        if set(split.validation) - set(split.held_out):
            raise ConfigError("Validation speakers must be among the held-out speakers.")

    @property
    def prepared(self) -> Path:
        """Landmarks, mel and crops of every clip."""
        return self.work / "prepared"

    def run(self, stages: Sequence[str] = STAGES) -> None:
        """Run stages in order.

        Raises:
            ConfigError: a stage is unknown.
        """
        for stage in stages:
            if stage not in STAGES:
                raise ConfigError(f"Unknown stage {stage!r}; stages are {', '.join(STAGES)}.")
            self.say(f"stage {stage}")
            getattr(self, stage)()

    def prepare(self) -> None:
        """Landmarks and log-mel of every clip."""
        prepare_clips(
            self.clips,
            self.prepared,
            self.config.mel,
            self.workers,
            lambda done, total: self.progress("prepare", done, total),
        )

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
        """What the stage `shape` left."""
        values = load_file(self.work / "shape.safetensors")
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
        train(stage, config.loop, self.work / "motion", self._log)

    def crops(self) -> None:
        """Aligned mouths for the generator."""
        config = self.config.generator
        wanted = [c for c in (*self.trained, *self.validation) if c.corpus in config.corpora]
        prepare_crops(
            wanted,
            self.prepared,
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
            PictureDataset(trained, self.prepared, config.frame_stride),
            PictureDataset(self.validation, self.prepared, config.frame_stride),
            config.adversarial_from,
            config.weights,
        )
        train(stage, config.loop, self.work / "generator", self._log)

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
        motion = load_network(
            Motion(config.motion.network), self.work / "motion/motion.safetensors"
        )
        generator = load_network(
            Generator(config.generator.network), self.work / "generator/generator.safetensors"
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

    def _log(self, step: int, row: dict[str, float]) -> None:
        self.say(json.dumps({key: round(value, 4) for key, value in row.items()}))
