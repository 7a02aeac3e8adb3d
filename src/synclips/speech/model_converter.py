"""A voice converter that is a network in a folder: any method that was exported to this interface.

    FOLDER/converter.json      what it is called and at which rates it works
    FOLDER/converter.onnx      speech, and whose voice, to speech
    FOLDER/speaker.onnx        only if it needs its own numbers for a voice: speech to numbers

Knows this interface, which docs/speech.md describes; knows no method.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError, ModelError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import resampled
from synclips.speech.consent import Consent
from synclips.speech.language import DEFAULT
from synclips.speech.likeness import Likeness
from synclips.speech.onnx_model import OnnxModel
from synclips.speech.peaks import limited
from synclips.speech.speaker import mean_embedding, part_embeddings

Sound = NDArray[np.float32]

FORMAT = 1
SPEECH, REFERENCE, SPEAKER, SOURCE = "speech", "reference", "speaker", "source"
OWN, RESEMBLYZER = "speaker.onnx", "resemblyzer"

_SHORTEST = 0.05  # seconds; less is no speech
_RATES = range(8000, 48_001)


@dataclass(frozen=True, eq=False)
class Target:
    """Whose voice it becomes.

    Attributes:
        name: For messages and the mark.
        speech: (n,) at `SAMPLE_RATE`, without pauses; None where only the likeness is known.
        likeness: What it is like.
        consent: Who agreed to the imitation.
    """

    name: str
    speech: Sound | None
    likeness: Likeness
    consent: Consent


class ModelConverter:
    """A `Converter` by the network in a folder.

    Args:
        folder: Of the network.
        target: The voice.

    Raises:
        ConfigError: onnxruntime is not installed, or the network needs recordings of the voice.
        ModelError: The folder, or what is in it, is missing or has another interface.
    """

    def __init__(self, folder: Path, target: Target) -> None:
        self._settings = read_settings(folder)
        self._network = OnnxModel(folder / "converter.onnx")
        there = set(self._network.inputs)
        voice = there & {REFERENCE, SPEAKER}
        if SPEECH not in there or len(voice) != 1 or there - {SPEECH, REFERENCE, SPEAKER, SOURCE}:
            raise ModelError(
                f"{self._network.path} takes the inputs {', '.join(sorted(there))}; a converter"
                f" takes {SPEECH} and either {REFERENCE} or {SPEAKER}, and {SOURCE} if it must."
            )
        self._embedder = None
        if there & {SPEAKER, SOURCE} and self._settings.embedding == OWN:
            self._embedder = OnnxModel(folder / OWN)
            self._embedder.require(SPEECH)
        self._target = target
        self._voice = {voice.pop(): self._of_target(folder, SPEAKER in there)}
        self._source: Sound | None = None

    @property
    def name(self) -> str:
        """Of method and voice, and when the person's consent was given."""
        return (
            f"{self._settings.name} to the voice {self._target.name} (consent recorded"
            f" {self._target.consent.date})"
        )

    @property
    def likeness(self) -> Likeness:
        """What the person is like."""
        return self._target.likeness

    def convert(self, samples: Sound, rate: int, language: str = DEFAULT) -> Sound:
        """The same words in the voice, see `Converter.convert`."""
        if len(samples) < _SHORTEST * rate or not np.any(samples):
            return samples.copy()
        heard = resampled(samples, rate, self._settings.input_rate)
        feeds = {SPEECH: heard[None], **self._voice}
        if SOURCE in self._network.inputs:
            if self._source is None:  # one engine's voice throughout: its first sentence will do
                self._source = self._embedding(resampled(samples, rate, SAMPLE_RATE))
            feeds[SOURCE] = self._source
        voice = self._network.run(feeds)
        if not len(voice):
            raise ModelError(f"{self._network.path} gave no sound for a sentence; export it anew.")
        return limited(resampled(voice, self._settings.output_rate, rate), rate)

    def _of_target(self, folder: Path, as_numbers: bool) -> Sound:
        """What the network is told of the voice, (1, n) sound or numbers."""
        if as_numbers and self._embedder is None:
            return self._target.likeness.embedding[None]
        if self._target.speech is None:
            raise ConfigError(
                f"{folder} needs to hear the person, and a voice profile holds no sound; give a"
                " video or sound file with --voice."
            )
        most = round(self._settings.reference_seconds * SAMPLE_RATE)
        speech = self._target.speech[:most]
        if as_numbers:
            return self._embedding(speech)
        return resampled(speech, SAMPLE_RATE, self._settings.input_rate)[None]

    def _embedding(self, speech: Sound) -> Sound:
        """Numbers for the voice of speech at `SAMPLE_RATE`, (1, D)."""
        if self._embedder is None:
            return mean_embedding(part_embeddings(speech))[None]
        heard = resampled(speech, SAMPLE_RATE, self._settings.input_rate)
        return self._embedder.run({SPEECH: heard[None]})[None]


@dataclass(frozen=True)
class Settings:
    """What converter.json says.

    Attributes:
        name: Of the method, for the mark.
        input_rate: Of what the network hears.
        output_rate: Of what it gives.
        embedding: Where the numbers of a voice come from, `OWN` or `RESEMBLYZER`.
        reference_seconds: Of the person's speech it is given at most.
    """

    name: str
    input_rate: int
    output_rate: int
    embedding: str
    reference_seconds: float


def read_settings(folder: Path) -> Settings:
    """Read converter.json.

    Raises:
        ModelError: There is none, or it describes no converter.
    """
    file = folder / "converter.json"
    try:
        values = json.loads(file.read_text(encoding="utf-8"))
        if values["format"] != FORMAT:
            raise ValueError(f"format {values['format']}, this version reads {FORMAT}")
        settings = Settings(
            name=str(values["name"]),
            input_rate=int(values.get("input_rate", SAMPLE_RATE)),
            output_rate=int(values["output_rate"]),
            embedding=str(values.get("embedding", OWN)),
            reference_seconds=float(values.get("reference_seconds", 30)),
        )
        if settings.input_rate not in _RATES or settings.output_rate not in _RATES:
            raise ValueError(f"rates go from {_RATES[0]} to {_RATES[-1]}")
        if settings.embedding not in (OWN, RESEMBLYZER) or settings.reference_seconds < 1:
            raise ValueError(f"embedding is {OWN} or {RESEMBLYZER}, reference_seconds at least 1")
        return settings
    except FileNotFoundError as error:
        raise ModelError(
            f"{folder} is no converter: there is no {file.name} in it; name another folder."
        ) from error
    except KeyError as error:
        raise ModelError(f"{file} does not describe a converter; {error} is missing.") from error
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} does not describe a converter ({error}).") from error
