"""The road of `synclips-1`.

    synclips train configs/synclips-1.toml --data GRID --data NATURAL --work checkpoints/a

Stages: `prepare` (landmarks, sound and pictures), `shape` (the basis of lip motion), `speech` (what
synthesisers say), `hear` (what is heard of it and of the clips), `phones` (an audio encoder that
knows phones), `offsets` (by how much sound is late), `motion`, `crops`, `generator`, `export`.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from synclips.checkpoint import Checkpoint, save_checkpoint
from synclips.corpus.clips import Clip, digest
from synclips.corpus.dataset import PictureDataset, Utterance
from synclips.corpus.lossy_codec import check_codecs
from synclips.corpus.mouths import check_videos, prepare_crops
from synclips.corpus.prepared import SHAPE, is_prepared
from synclips.errors import ConfigError
from synclips.faces.shape import LipShape
from synclips.hearing.hearing import require_weights
from synclips.models.discriminator import Discriminator
from synclips.models.generator import Generator
from synclips.models.motion import Motion
from synclips.models.weights import hash_weights, load_network
from synclips.training.filmed import seen
from synclips.training.generator_stage import GeneratorStage, first_generator
from synclips.training.hearing_road import HearingRoad
from synclips.training.lips import Lips
from synclips.training.motion_stage import MotionStage
from synclips.training.offsets import NAME as OFFSETS
from synclips.training.offsets import PLACES as OFFSET_PLACES
from synclips.training.offsets import find_offsets, is_found, read_offsets, summary, write_offsets
from synclips.training.options import LoopOptions
from synclips.training.phone_stage import ENCODER, PhoneStage
from synclips.training.resume import digest as digest_of
from synclips.training.resume import flat, weights_file
from synclips.training.shape_stage import learnt_shape, save_shape, shape_of_people


class SynclipsRoad(HearingRoad):
    """See the module."""

    stages = (
        "prepare",
        "shape",
        "speech",
        "hear",
        "phones",
        "offsets",
        "motion",
        "crops",
        "generator",
        "export",
    )
    kinds = {
        "phones": PhoneStage,
        "offsets": MotionStage,
        "motion": MotionStage,
        "generator": GeneratorStage,
    }

    @property
    def mouths(self) -> Path:
        """Crops for the generator."""
        return self.work / "crops"

    @property
    def finds_offsets(self) -> bool:
        """Whether it is to be found by how much sounds are late."""
        return self.config.offsets.loop.steps > 0

    @property
    def offsets_folder(self) -> Path:
        """By how much sounds are late, and the networks that told."""
        return self.work / "offsets"

    def loops(self) -> Mapping[str, LoopOptions]:
        """Of `phones`, `offsets`, `motion` and `generator`."""
        config = self.config
        return {
            "phones": config.phones.loop,
            "offsets": config.offsets.loop,
            "motion": config.motion.loop,
            "generator": config.generator.loop,
        }

    def settings(self, stage: str) -> Mapping[str, Any]:
        """See `Road.settings`."""
        everything = asdict(self.config)
        own = {key: value for key, value in everything[stage].items() if key != "loop"}
        told = {"split": everything["split"], "shape": everything["shape"], **own}
        if stage == "generator":
            begun = self._first_generator() if told["start"] else None
            return told | ({} if begun is None else {"start": hash_weights(begun).hexdigest()})
        told["forms"] = everything["forms"]
        if stage == "phones":
            return told | {"network": everything["motion"]["network"]}
        if stage == "offsets":
            lips = {key: value for key, value in everything["motion"].items() if key != "loop"}
            told |= {"motion": lips}
        files = {ENCODER: weights_file(self.work / "phones", ENCODER)}
        if stage == "motion":
            told["offsets"] = ""
            if self.finds_offsets:
                files["offsets"] = self.offsets_folder / OFFSETS
        return told | {name: digest_of(file) for name, file in files.items() if file.exists()}

    def places(self, stage: str) -> Sequence[str]:
        """See `Road.places`."""
        if stage == "offsets":
            return OFFSET_PLACES if self.finds_offsets else ()
        return super().places(stage)

    @property
    def knows_clips(self) -> bool:
        """Yes: who speaks is told by the folders of clips."""
        return True

    def check(self, stages: Sequence[str], trains: Sequence[str]) -> None:
        """See `Road.check`; also for what speaks, hears or is begun with, and videos to be cut."""
        if "speech" in stages and self.listens and not self.has_speech:
            self.config.phones.speech.check()
        if "hear" in stages or {"phones", "offsets", "motion"} & set(trains):
            require_weights()
        if "hear" in stages and self.config.forms.wave.codec_probability > 0:
            check_codecs()
        if "generator" in trains:
            self._first_generator()
        if "crops" in stages:
            check_videos(self._drawn(), self.mouths)

    def check_clips(self, stages: Sequence[str]) -> None:
        """See `Road.check_clips`; who is held out says the config, however clips were prepared."""
        if {"offsets", "motion", "generator"} & set(stages):
            self.filmed.check()

    def shape(self) -> None:
        """Mean face and basis of lip motion over the people who are trained on."""
        if (self.work / SHAPE).exists():
            self.load_shape()
            return
        settings = self.config.shape
        shape = shape_of_people(
            self.trained, self.prepared, settings.clips_per_person, settings.size
        )
        save_shape(shape, self.work, self._shape_wish())

    def load_shape(self) -> LipShape:
        """What the stage `shape` left.

        Raises:
            ConfigError: it has not been run, or with other settings or clips.
        """
        file = self.work / SHAPE
        if not file.exists():
            raise ConfigError(f"{file} is not there; run stage shape first.")
        return learnt_shape(self.work, self._shape_wish(), self.config.shape.size)

    def _shape_wish(self) -> dict[str, Any]:
        """What decides the shape."""
        settings = asdict(self.config)
        there = (clip for clip in self.trained if is_prepared(self.prepared, clip))
        return {"split": settings["split"], **settings["shape"], "which": seen(there)}

    def offsets(self) -> None:
        """By how much the sound of ordinary clips is late, if that is asked for."""
        if not self.finds_offsets:
            return
        of = self._offsets_of()
        if is_found(self.offsets_folder, of):
            return
        lips, loop = self._lips(), self.config.offsets.loop
        unseen = lips.clips(self.validation)

        def taught(place: str, clips: Sequence[Utterance]) -> Motion:
            self.learn(lips.stage(clips, unseen, loop.seed), self._known(clips), place)
            network = Motion(self.config.motion.network)
            return load_network(network, weights_file(self.work / place, "motion")).eval()

        # By every process, since all of them train.
        found = find_offsets(lips.clips(self.trained), taught, lips.shape.opening_effect)
        if self.machine.fabric().is_global_zero:
            write_offsets(found, of, self.offsets_folder)
            self.say(summary(found))

    def motion(self) -> None:
        """Sound to lip motion."""
        lips, loop = self._lips(), self.config.motion.loop
        late = read_offsets(self.offsets_folder, self._offsets_of()) if self.finds_offsets else {}
        trained = lips.clips(self.trained, late)
        stage = lips.stage(trained, lips.clips(self.validation), loop.seed)
        self.learn(stage, self._known(trained))

    def _offsets_of(self) -> str:
        """A short name of all that decides the offsets."""
        there = (clip for clip in self.trained if is_prepared(self.prepared, clip))
        loop = asdict(self.config.offsets.loop)
        settings = {**self.settings("offsets"), "loop": loop, "which": digest(there)}
        return hashlib.sha256(json.dumps(flat(settings), sort_keys=True).encode()).hexdigest()[:16]

    def _lips(self) -> Lips:
        """What lip motion is learnt from."""
        config = self.config.motion
        encoder = weights_file(self.work / "phones", ENCODER)
        spoken = self._heard()[0] if config.visemes.share > 0 else []
        return Lips(config, self.load_shape(), self.prepared, self.heard, encoder, spoken)

    def _known(self, clips: Sequence[Utterance]) -> dict[str, Any]:
        """Which clips are learnt from: other lags, or other clips, are another run."""
        keys = {clip.key for clip in clips}
        which = digest(clip for clip in self.trained if clip.key in keys)
        return {"clips": len(clips), "which": which}

    def crops(self) -> None:
        """Aligned mouths for the generator."""
        config = self.config.generator
        prepare_crops(
            self._drawn(),
            self.prepared,
            self.mouths,
            self.load_shape(),
            config.crop,
            config.frame_stride,
            lambda done, total: self.progress("crops", done, total),
        )

    def _drawn(self) -> list[Clip]:
        """Clips whose mouths are drawn."""
        corpora = self.config.generator.corpora
        return [c for c in (*self.trained, *self.validation) if c.corpus in corpora]

    def generator(self) -> None:
        """Reference frames to the new mouth."""
        config = self.config.generator
        trained = [c for c in self.trained if c.corpus in config.corpora]
        torch.manual_seed(config.loop.seed)
        stage = GeneratorStage(
            self._first_generator(),
            Discriminator(),
            PictureDataset(trained, self.mouths, config.frame_stride),
            PictureDataset(self.validation, self.mouths, config.frame_stride),
            config.adversarial_from,
            config.weights,
        )
        cropped = (c for c in trained if (self.mouths / f"{c.key}.crops.npz").exists())
        self.learn(stage, {"frames": len(stage.data), "which": seen(cropped)})

    def _first_generator(self) -> Generator:
        config = self.config.generator
        return first_generator(config.network, config.crop, config.start)

    def export(self) -> None:
        """The folder that `synclips sync --model` takes."""
        config = self.config
        self.check_left()
        learnt, drawn = self.left("motion", "motion"), self.left("generator", "generator")
        motion = load_network(Motion(config.motion.network), learnt)
        generator = load_network(Generator(config.generator.network), drawn)
        checkpoint = Checkpoint(
            config.name,
            config.generator.crop,
            self.load_shape(),
            motion,
            generator,
        )
        save_checkpoint(checkpoint, self.work / "model", training=asdict(config))
        self.say(f"model written to {self.work / 'model'}")
