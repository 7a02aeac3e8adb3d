"""Road: a training run from clips to weights, one stage after the other.

A subclass names its stages and has a method for each. A stage leaves its result in the work folder,
is skipped when that is there, and continues when it was interrupted. What all roads share is here:
the clips, preparing them, and handing a stage to the loop. Knows no network.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from synclips.checkpoint import load_checkpoint
from synclips.corpus.clips import Split, digest
from synclips.corpus.manifest import NAME as MANIFEST
from synclips.corpus.manifest import Entry, Manifest, PrepareSpec, read_manifest
from synclips.corpus.prepare import prepare_corpus
from synclips.corpus.prepared import load_shape
from synclips.errors import ConfigError, InputError
from synclips.faces.shape import LipShape
from synclips.options import DEFAULT_MODEL
from synclips.training import resume
from synclips.training.best import Best, check_watch
from synclips.training.config import RunConfig
from synclips.training.loop import train
from synclips.training.machine import Machine
from synclips.training.options import LoopOptions
from synclips.training.resume import weights_file
from synclips.training.stage import Stage

Config = TypeVar("Config", bound=RunConfig)

Say = Callable[[str], None]
Progress = Callable[[str, int, int], None]


class Road(Generic[Config]):
    """One training run.

    Args:
        config: everything that decides what weights come out, except the clips.
        data: folders of raw clips, or one prepared corpus.
        work: the folder everything is kept in.
        workers: processes that prepare clips.
        say: is told what happens, a line at a time.
        progress: called with the name of a stage, steps or clips done, and in all.
        machine: what the networks train on.

    Raises:
        ConfigError: raw folders are mixed with a prepared one.
    """

    stages: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[Mapping[str, type[Stage[Any]]]] = {}
    """Of those stages that train networks."""

    def __init__(
        self,
        config: Config,
        data: Sequence[Path],
        work: Path,
        workers: int,
        say: Say,
        progress: Progress | None = None,
        machine: Machine | None = None,
    ) -> None:
        self.config = config
        self.data = list(data)
        self.work = work
        self.workers = workers
        self.say = say
        self.progress = progress or (lambda stage, done, total: None)
        self.machine = machine or Machine()
        if self.is_prepared and len(self.data) > 1:
            raise ConfigError(
                "A prepared corpus stands alone: give it as the only --data, or raw folders only."
            )

    @property
    def is_prepared(self) -> bool:
        """Whether the data is a prepared corpus, which is used where it lies."""
        return any((folder / MANIFEST).exists() for folder in self.data)

    @property
    def knows_clips(self) -> bool:
        """Whether it is known whose clips there are before the stage `prepare`."""
        return self.is_prepared

    @property
    def prepared(self) -> Path:
        """The prepared corpus."""
        return self.data[0] if self.is_prepared else self.work / "prepared"

    @property
    def split(self) -> Split:
        """What is held out."""
        return Split()

    def loops(self) -> Mapping[str, LoopOptions]:
        """How long and how hard the stages that train networks do so, by their names."""
        return {}

    def run(self, stages: Sequence[str] = ()) -> None:
        """Run some stages in order; all by default.

        Raises:
            ConfigError: a stage is unknown, what it needs is not there, or the machine has not
                what is asked of it.
            InputError: nobody is there to be trained on, or to validate with.
        """
        stages = stages or self.stages
        loops = self.loops()
        for stage in stages:
            if stage not in self.stages:
                raise ConfigError(f"Unknown stage {stage!r}; stages are {', '.join(self.stages)}.")
            if stage in loops:
                self.machine.check(loops[stage])
                check_watch(stage, loops[stage], self.kinds[stage].figures)
        trains = [stage for stage in stages if stage in loops and loops[stage].steps > 0]
        # All that can be told before hours are spent on what comes first.
        self.check(stages, trains)
        unseen = bool(trains)
        fabric = self.machine.fabric()
        for stage in stages:
            if unseen and (self.knows_clips or stage != "prepare"):
                self.check_clips(trains)
                unseen = False
            if fabric.is_global_zero:
                self.say(f"stage {stage}")
            if fabric.is_global_zero or stage in loops:
                getattr(self, stage)()
            fabric.barrier()

    def check(self, stages: Sequence[str], trains: Sequence[str]) -> None:
        """Refuse what the config, other models or missing programs do not allow.

        Args:
            stages: that are run.
            trains: those of them that train networks.

        Raises:
            ConfigError: one cannot be run.
            InputError: a video that one needs is gone.
            ModelError: what sounds are heard with is not there.
        """

    def check_clips(self, stages: Sequence[str]) -> None:
        """Refuse to train some stages on the clips there are; called as soon as they are known.

        Raises:
            InputError: nobody is there to be trained on, or to validate with.
            ConfigError: the clips lack what a stage learns from.
        """
        manifest = self.manifest()
        if not manifest.of("train"):
            raise InputError(
                f"{self.prepared} has no clip to train on, its people are held out"
                f" ({', '.join(sorted(self.split.held_out))}) or its clips skipped; add some of"
                " other people."
            )
        if not manifest.of("validation"):
            raise InputError(
                f"{self.prepared} has no clip to validate with, which are those of the GRID"
                f" speakers {' and '.join(sorted(self.split.validation))}; add some of them."
            )

    def check_mel(self, bands: int) -> None:
        """Refuse a network that hears other mel bands than a prepared corpus has.

        Raises:
            ConfigError: it does.
        """
        how = self.manifest().preparation if self.is_prepared else PrepareSpec()
        if bands != how.mel.n_mels:
            raise ConfigError(
                f"network.n_mels is {bands}, but the clips have {how.mel.n_mels} mel bands; give"
                " that number."
            )

    def prepare(self) -> None:
        """Landmarks, sound and pictures of every clip."""
        if self.is_prepared:
            return
        summary = prepare_corpus(
            self.data,
            self.prepared,
            PrepareSpec(),
            load_checkpoint(DEFAULT_MODEL).shape,
            self.workers,
            lambda done, total: self.progress("prepare", done, total),
            split=self.split,
        )
        self.say(str(summary))

    def manifest(self) -> Manifest:
        """What the stage `prepare` left."""
        return read_manifest(self.prepared)

    def corpus_shape(self) -> LipShape:
        """The lip shape the crops are aligned by."""
        return load_shape(self.prepared)

    def latest(self, network: str, before: str) -> Path | None:
        """The newest weights of a network that the stages before one have left, if any."""
        for stage in reversed(self.stages[: self.stages.index(before)]):
            file = weights_file(self.work / stage, network)
            if file.exists():
                return file
        return None

    def left(self, stage: str, network: str) -> Path:
        """The weights of a network that a stage has left.

        Raises:
            ConfigError: it has not been run.
        """
        file = weights_file(self.work / stage, network)
        if not file.exists():
            raise ConfigError(f"{file} is not there; run stage {stage} first.")
        return file

    def places(self, stage: str) -> Sequence[str]:
        """Where below the work folder a stage trains: in a folder of its name, or in some there."""
        return (stage,)

    def settings(self, stage: str) -> Mapping[str, Any]:
        """What decides the weights of a stage besides its loop and the data: nested plain values.

        Of weights that other stages left, their digests.
        """
        return {}

    def check_left(self) -> None:
        """Refuse to ship what was trained otherwise than the config says; tell what is unfinished.

        Raises:
            ConfigError: a stage was trained with other settings.
            ModelError: the checkpoint of a stage is damaged.
        """
        for stage in self.loops():
            for place in self.places(stage):
                self._check_place(place)

    def _check_place(self, place: str) -> None:
        stage = place.partition("/")[0]
        left, options = resume.look(self.work / place), self.loops()[stage]
        if left is None:
            return
        wanted = resume.flat({**self.settings(stage), "loop": asdict(options)})
        left.check_settings(wanted, resume.MAY_CHANGE, whole=False)
        if left.step != options.steps and not Best(**left.state["best"]).over(options):
            how = "it is not finished" if left.step < options.steps else "more than asked for"
            self.say(f"{place}: step {left.step} of {options.steps}, {how}")

    def learn(self, stage: Stage[Any], data: Mapping[str, Any], place: str | None = None) -> None:
        """Train a stage.

        Args:
            stage: what to train.
            data: what it learns from, plain values.
            place: one of `places`; its first part says which loop and settings. The stage's name
                by default.
        """
        where = place or stage.name
        name = where.partition("/")[0]
        train(
            stage,
            self.loops()[name],
            self.work / where,
            lambda step, row: self.say(_line(row)),
            progress=lambda done, total: self.progress(where, done, total),
            machine=self.machine,
            settings={**self.settings(name), **data},
            wandb=self.config.wandb,
        )


def known_data(entries: Sequence[Entry]) -> dict[str, Any]:
    """How many clips are learnt from and which, with their lags, as settings of a stage.

    Their number alone would let one person's clips be exchanged for another's.
    """
    return {"clips": len(entries), "which": digest(entry.clip for entry in entries)}


def _line(row: Mapping[str, Any]) -> str:
    return json.dumps({k: _short(v) if isinstance(v, float) else v for k, v in row.items()})


def _short(value: float) -> float:
    """Four digits of what is small, such as a learning rate, or after the point."""
    return float(f"{value:.4g}") if abs(value) < 1 else round(value, 4)
