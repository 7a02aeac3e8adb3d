"""Lips: what a motion network learns from and is validated with, put together from a work folder.

Reads what the stages before have left. Knows what the network is given, not how it is trained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import torch

from synclips.corpus.clips import Clip
from synclips.corpus.dataset import MotionDataset, Utterance, utterance
from synclips.corpus.heard import few_rows, load_heard
from synclips.corpus.phone_dataset import PhoneDataset
from synclips.corpus.phone_files import Speech
from synclips.corpus.prepared import load_prepared
from synclips.corpus.viseme_dataset import VisemeDataset
from synclips.corpus.visemes import learn_visemes
from synclips.faces.shape import LipShape
from synclips.models.motion import Motion
from synclips.models.weights import load_network
from synclips.training.motion_stage import MotionStage
from synclips.training.synclips_config import MotionConfig


@dataclass(frozen=True, eq=False)
class Lips:
    """See the module.

    Attributes:
        config: sizes, and what counts.
        shape: the space of the lips.
        prepared: the prepared corpus.
        heard: what is heard of every sound.
        encoder: weights of the AudioEncoder that is begun with; those of a fresh one if missing.
        spoken: speech with known phones, its `name` the key of the clip if it is one of GRID.
    """

    config: MotionConfig
    shape: LipShape
    prepared: Path
    heard: Path
    encoder: Path
    spoken: Sequence[Speech]

    def clips(
        self, clips: Sequence[Clip], late: Mapping[str, Fraction] | None = None
    ) -> list[Utterance]:
        """Sound and lips of those clips that are prepared.

        Args:
            clips: which.
            late: seconds by which their sounds are late, by their keys; 0 where missing.

        Raises:
            InputError: what was prepared or heard of one is damaged or not there.
        """
        late = late or {}
        return [
            utterance(
                prepared,
                load_heard(self.heard, prepared.clip.key),
                self.shape,
                late.get(prepared.clip.key, Fraction(0)),
            )
            for prepared in load_prepared(clips, self.prepared)
        ]

    def stage(
        self, trained: Sequence[Utterance], unseen: Sequence[Utterance], seed: int
    ) -> MotionStage:
        """A network that is about to learn.

        Args:
            trained: clips that are learnt from, beside what is spoken.
            unseen: clips of people who are validated with.
            seed: of the first weights.

        Raises:
            InputError: none of them shows a face for long enough, or says a phone that is known.
            ModelError: the encoder is damaged.
        """
        config = self.config
        torch.manual_seed(seed)
        network = Motion(config.network)
        network.audio_encoder.measure(few_rows(item.heard for item in trained))
        if self.encoder.exists():
            load_network(network.audio_encoder, self.encoder)
        references = config.network.references
        data = MotionDataset(trained, config.window, references, quantity=config.quantity)
        said = self._said(data, trained) if config.visemes.share > 0 else None
        return MotionStage(network, data, unseen, self.shape, said, config.visemes)

    def _said(self, speakers: MotionDataset, filmed: Sequence[Utterance]) -> VisemeDataset:
        """What is spoken and the lips that the filmed clips lead to expect of its phones."""
        labels = {item.name: item.labels for item in self.spoken if item.name}
        visemes = learn_visemes((clip, labels[clip.key]) for clip in filmed if clip.key in labels)
        return VisemeDataset(
            PhoneDataset(self.spoken, self.config.window),
            speakers,
            visemes,
            self.shape.opening_effect,
            self.config.visemes.stretch,
        )
