"""The first part of the road of `synclips-1`: what is heard, and which phones it is.

Stages: `speech` (what synthesisers say), `hear` (what is heard of it and of the clips), `phones`
(an audio encoder that knows phones). Knows sounds and words, no lips.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import torch

from synclips.corpus.clips import Clip, Split
from synclips.corpus.heard import few_rows, hear_sources
from synclips.corpus.manifest import Entry
from synclips.corpus.phone_dataset import PhoneDataset
from synclips.corpus.phone_files import MANIFEST as SPEECH
from synclips.corpus.phone_files import Speech, known_speech, read_speech, speech_sources
from synclips.corpus.phones import prepare_phones
from synclips.corpus.prepared import clip_sources
from synclips.models.motion import Motion
from synclips.training.filmed import Filmed
from synclips.training.phone_stage import PhoneStage, few_of_each
from synclips.training.road import Road
from synclips.training.synclips_config import SynclipsConfig

_SPEECH_FORMS = 2  # in which synthetic speech is heard: as it is, and changed


class HearingRoad(Road[SynclipsConfig]):
    """See the module."""

    @cached_property
    def filmed(self) -> Filmed:
        """The clips there are, as they were found when first asked for."""
        return Filmed(self.data, self.prepared, self.split, prepares=not self.is_prepared)

    @property
    def trained(self) -> list[Clip]:
        """Clips that are trained on."""
        return self.filmed.of("train")

    @property
    def validation(self) -> list[Clip]:
        """Clips that are validated with."""
        return self.filmed.of("validation")

    @property
    def split(self) -> Split:
        """As the config says."""
        return self.config.split.split

    @property
    def heard(self) -> Path:
        """What is heard of every sound."""
        return self.work / "heard"

    @property
    def listens(self) -> bool:
        """Whether speech with known phones is wanted, by `phones`, `offsets` or `motion`."""
        return self.config.phones.loop.steps > 0 or self.config.motion.visemes.share > 0

    @property
    def has_speech(self) -> bool:
        """Whether the stage `speech` has come to its end."""
        return (self.work / "speech" / SPEECH).exists()

    def speech(self) -> None:
        """Speech with known phones, if they are to be learnt."""
        if not self.listens:
            return
        shards = prepare_phones(
            self.work / "speech",
            self.config.phones.speech,
            self.prepared,
            self._spoken(self.trained, self.validation),
            lambda done, total: self.progress("speech", done, total),
        )
        minutes = sum(shard.seconds for shard in shards) / 60
        failed = sum(shard.failed for shard in shards)
        self.say(f"{minutes:.1f} minutes of speech with phones; {failed} clips not aligned")

    def _spoken(self, *clips: Sequence[Clip]) -> list[Entry]:
        """Those clips of GRID whose words are known; who they are for says the config alone."""
        keys = {clip.key for part in clips for clip in part if clip.corpus == "grid"}
        entries = (entry for entry in self.manifest().entries if entry.key in keys)
        return [entry for entry in entries if entry.sentence and not entry.skipped]

    def hear(self) -> None:
        """What is heard of all clips that are trained on or validated with, and of all speech."""
        forms = self.config.forms
        wanted = {clip.key for clip in (*self.trained, *self.validation)}
        if self.listens:
            wanted |= {entry.key for entry in self._spoken(self.trained, self.validation)}
        clips = clip_sources(self.prepared, self.manifest(), wanted, forms)
        spoken = speech_sources(self.work / "speech", _SPEECH_FORMS) if self.listens else []
        hear_sources(
            self.heard,
            [*clips, *spoken],
            forms,
            self.workers,
            lambda done, total: self.progress("hear", done, total),
        )

    def phones(self) -> None:
        """Sound to phones, if that is asked for."""
        config = self.config.phones
        if config.loop.steps == 0:
            return
        trained, tested = self._heard()
        torch.manual_seed(config.loop.seed)
        data = PhoneDataset(trained, config.window)
        network = Motion(self.config.motion.network).audio_encoder
        network.measure(few_rows(item.heard for item in trained))
        stage = PhoneStage(network, data, few_of_each(tested))
        self.learn(stage, {"utterances": len(trained), "which": known_speech(trained)})

    def _heard(self) -> tuple[list[Speech], list[Speech]]:
        """Speech with known phones: of voices that are trained on, and of those that are not."""
        unseen = self._spoken(self.validation)
        held_out = {*self.config.phones.held_out, *(f"grid/{entry.person}" for entry in unseen)}
        spoken = [*self._spoken(self.trained), *unseen]
        everything = list(read_speech(self.work / "speech", self.heard, spoken))
        trained = [item for item in everything if item.voice not in held_out]
        return trained, [item for item in everything if item.voice in held_out]
