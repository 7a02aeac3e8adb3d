"""The engine piper: neural voices of one or more speakers, each a network of 30 to 120 MB.

Knows which voices lie in the folder of voices and what their networks take; espeak-ng, in its own
process, pronounces. Nothing of the program Piper is used, which is under the GPL.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError, ModelError
from synclips.speech.catalogue import Offer
from synclips.speech.espeak_process import INSTALL as INSTALL_ESPEAK
from synclips.speech.espeak_process import EspeakProcess, Library
from synclips.speech.levels import Levels
from synclips.speech.onnx_model import INSTALL, OnnxModel, is_installed
from synclips.speech.peaks import limited
from synclips.speech.piper_config import PiperConfig, read_piper_config
from synclips.speech.pronunciation import pronounced
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

_SUFFIX = ".onnx"


class Piper(Synthesizer):
    """Piper voices as a `Synthesizer`. The network last used stays in memory.

    Args:
        folder: Where the voices are; need not exist.
        library: espeak-ng; None if it is not installed.
        offers: Which voices could be downloaded.
    """

    name = "piper"

    def __init__(self, folder: Path, library: Library | None, offers: Iterable[Offer] = ()) -> None:
        self._folder = folder
        self._library = library
        self._offers = {offer.name: offer for offer in offers}
        self._levels = Levels()
        self._opened: tuple[str, OnnxModel, PiperConfig] | None = None

    @property
    def installed(self) -> bool:
        """Whether networks can be run and there is a voice."""
        return is_installed() and any(voice.installed for voice in self.voices())

    def voices(self) -> list[Voice]:
        """Those in the folder, then those that could be; see `Synthesizer.voices`."""
        if not is_installed():
            return [Voice(self.name, "", "", None, "of each voice", False, INSTALL)]
        rank = {name: place for place, name in enumerate(self._offers)}
        paths = sorted(self._networks(), key=lambda path: (rank.get(path.stem, len(rank)), path))
        there = [self._voice(path) for path in paths]
        names = {voice.name for voice in there}
        return there + [
            Voice(self.name, each.name, each.language, each.gender, each.licence, False, each.how)
            for each in self._offers.values()
            if each.name not in names
        ]

    def variant(self, name: str) -> Voice | None:
        """The voice "en_GB-vctk-medium+p243": one speaker of several; None if unknown."""
        base, plus, speaker = name.partition("+")
        if not plus or not self._file(base).is_file():
            return None
        voice = self._voice(self._file(base))
        if not voice.installed or speaker not in self._config(base).speakers:
            return None
        return Voice(self.name, name, voice.language, None, voice.licence, True)

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; a sentence of which the voice knows no sound is empty.

        Raises:
            ModelError: The voice is damaged, or its two files do not belong together.
        """
        base, _, speaker = voice.name.partition("+")
        network, config = self._open(base)
        number = config.speakers.get(speaker, config.default_speaker)
        with ExitStack() as stack:
            read = self._reader(config, stack)

            def said(text: str, pace: float = 1.0) -> NDArray[np.float32]:
                ids = config.numbers(read(text))
                return _run(network, config, ids, number, pace) if ids else _NOTHING

            for sentence in sentences:
                # One that reads letters may know no figures; it stays as loud as it is.
                gain = self._levels.gain((network.path, voice.name), said, config.rate)
                yield Utterance(limited(gain * said(sentence, speed), config.rate), config.rate)

    def _reader(self, config: PiperConfig, stack: ExitStack) -> Callable[[str], str]:
        if config.reads == "text":
            return lambda sentence: sentence
        if self._library is None:
            raise ConfigError(f"piper needs espeak-ng to pronounce; install it: {INSTALL_ESPEAK}.")
        process = stack.enter_context(EspeakProcess(self._library, config.espeak_voice))
        return lambda sentence: pronounced(process, sentence)

    def _open(self, name: str) -> tuple[OnnxModel, PiperConfig]:
        if self._opened is None or self._opened[0] != name:
            config = self._config(name)
            network = OnnxModel(self._file(name))
            network.require("input", "input_lengths", "scales", optional=("sid",))
            if config.speaker_count > 1 and "sid" not in network.inputs:
                raise ModelError(
                    f"{network.path} has one speaker and its config {config.speaker_count}; the"
                    " two files do not belong together."
                )
            self._opened = name, network, config
        return self._opened[1:]

    def _networks(self) -> list[Path]:
        place = self._folder / self.name
        return list(place.glob(f"*{_SUFFIX}")) if place.is_dir() else []

    def _file(self, name: str) -> Path:
        return self._folder / self.name / f"{name}{_SUFFIX}"

    def _config(self, name: str) -> PiperConfig:
        return read_piper_config(self._file(name).with_suffix(f"{_SUFFIX}.json"))

    def _voice(self, path: Path) -> Voice:
        offer = self._offers.get(path.stem)
        licence = offer.licence if offer else "see its MODEL_CARD"
        gender = offer.gender if offer else None
        try:
            config = self._config(path.stem)
        except ModelError as error:
            return Voice(self.name, path.stem, "", gender, licence, False, str(error).rstrip("."))
        note = f"{config.speaker_count} speakers" if config.speaker_count > 1 else ""
        return Voice(self.name, path.stem, config.language, gender, licence, True, note)


_NOTHING = np.zeros(0, np.float32)


def _run(
    network: OnnxModel, config: PiperConfig, ids: list[int], speaker: int, speed: float
) -> NDArray[np.float32]:
    scales = (config.noise, config.length / speed, config.noise_width)
    feeds: dict[str, NDArray[Any]] = {
        "input": np.array([ids], np.int64),
        "input_lengths": np.array([len(ids)], np.int64),
        "scales": np.array(scales, np.float32),
    }
    if "sid" in network.inputs:
        feeds["sid"] = np.array([speaker], np.int64)
    return network.run(feeds)
