"""The engine kokoro: one network of 82 million parameters with many voices.

Knows its two files and what the network takes; which signs it reads is `kokoro_symbols`.
espeak-ng, in its own process, pronounces. Japanese and Chinese voices are left out: what espeak
says of these languages is not what the network was taught.
"""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError, ModelError
from synclips.speech.catalogue import Offer
from synclips.speech.espeak_process import INSTALL as INSTALL_ESPEAK
from synclips.speech.espeak_process import EspeakProcess, Library
from synclips.speech.kokoro_symbols import MOST, TIE, in_pieces, numbers, spelled
from synclips.speech.language import speaks
from synclips.speech.likeness import Likeness, kokoro_embeddings, shares
from synclips.speech.onnx_model import INSTALL, OnnxModel, is_installed
from synclips.speech.pronunciation import pronounced
from synclips.speech.synthesizer import Utterance, Voice

RATE = 24_000
STYLE = 256

_LANGUAGES = {  # by the first letter of a voice's name; the first voice of each is the best graded
    "a": "en-us",
    "b": "en-gb",
    "e": "es",
    "f": "fr-fr",
    "h": "hi",
    "i": "it",
    "p": "pt-br",
}
_GENDERS = {"f": "female", "m": "male"}
_FIRST = ("af_heart", "bf_emma")
_TOKENS = ("tokens", "input_ids")  # older and newer exports


class Kokoro:
    """Kokoro as a `Synthesizer`. The network stays in memory once it was used.

    Args:
        folder: Of voices; need not exist.
        library: espeak-ng; None if it is not installed.
        offers: What could be downloaded.
    """

    name = "kokoro"
    licence = "Apache-2.0"

    def __init__(self, folder: Path, library: Library | None, offers: Iterable[Offer] = ()) -> None:
        self._place = folder / self.name
        self._library = library
        self._offers = list(offers)
        self._network: OnnxModel | None = None

    @property
    def installed(self) -> bool:
        """Whether networks can be run and both files are there."""
        return is_installed() and self._file() is not None and bool(self._names())

    def voices(self) -> list[Voice]:
        """Those whose language can be pronounced; see `Synthesizer.voices`."""
        if self.installed:
            names = sorted(self._names(), key=lambda name: (name[0], name not in _FIRST, name))
            return [self._voice(name) for name in names]
        how = f"; {self._offers[0].how}" if self._offers else ""
        note = f"{', '.join(_LANGUAGES.values())}{how}" if is_installed() else INSTALL
        return [Voice(self.name, "", "", None, self.licence, False, note)]

    def variant(self, name: str) -> Voice | None:
        """The voice "af_heart:70+bm_george:30", mixed of several; None if one is unknown.

        Shares are whole numbers, 1 where none is given. The language is that of the largest one.
        """
        mixed = _mixed(name)
        if mixed is None or not self.installed or not set(mixed) <= set(self._names()):
            return None
        voice = self._voice(max(mixed, key=lambda each: mixed[each]))
        gender = voice.gender if len({each[1] for each in mixed}) == 1 else None
        return Voice(self.name, name, voice.language, gender, voice.licence, True)

    def nearest(self, likeness: Likeness, language: str) -> Voice | None:
        """The mixture of the voices of a language that sounds most like a person.

        Of the person's gender alone where there are such: a mixture with others can be as near to
        the embedding, but speaks at another pitch, and conversion has to bend it farther.

        Args:
            likeness: Of the person.
            language: Tag.

        Returns:
            None if no voice of the language is known.
        """
        there = [name for name in self._names() if speaks(self._voice(name).language, language)]
        known = kokoro_embeddings()
        able = [self._voice(name) for name in there if name in known]
        if not able:
            return None
        among = [voice for voice in able if voice.gender == likeness.gender] or able
        mixed = shares(likeness.embedding, {voice.name: known[voice.name] for voice in among})
        if len(mixed) == 1:
            return self._voice(next(iter(mixed)))
        return self.variant("+".join(f"{each}:{round(100 * mixed[each])}" for each in mixed))

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; a sentence of which it knows no sound is empty.

        Raises:
            ModelError: A file is damaged, or they do not belong together.
        """
        if self._library is None:
            raise ConfigError(f"kokoro needs espeak-ng to pronounce; install it: {INSTALL_ESPEAK}.")
        network, style = self._open(), self._style(voice.name)
        with EspeakProcess(self._library, voice.language) as process:
            for sentence in sentences:
                heard = spelled(pronounced(process, sentence, TIE), voice.language)
                ids = numbers(heard) if any(letter.isalpha() for letter in heard) else []
                pieces = [_run(network, piece, style, speed) for piece in in_pieces(ids)]
                yield Utterance(np.concatenate([np.zeros(0, np.float32), *pieces]), RATE)

    def _open(self) -> OnnxModel:
        path = self._file()
        if path is None:
            raise ModelError(f"There is no network in {self._place}; {self._how()}.")
        if self._network is None or self._network.path != path:
            network = OnnxModel(path)
            names = [name for name in _TOKENS if name in network.inputs]
            network.require(names[0] if names else _TOKENS[0], "style", "speed")
            self._network = network
        return self._network

    def _file(self) -> Path | None:
        """The network; of several the largest, which is the exact one."""
        files = self._place.glob("*.onnx") if self._place.is_dir() else ()
        return max(files, key=lambda path: (path.stat().st_size, path.name), default=None)

    def _pack(self) -> Path | None:
        """The file of all voices."""
        there = self._place.glob("voices*") if self._place.is_dir() else ()
        return next((path for path in sorted(there) if path.suffix in (".bin", ".npz")), None)

    def _names(self) -> list[str]:
        """Voices that can be used; none of a pack that is damaged."""
        pack = self._pack()
        if pack is None or not zipfile.is_zipfile(pack):
            return []
        with zipfile.ZipFile(pack) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
        return [name for name in names if name[:1] in _LANGUAGES and name[2:3] == "_"]

    def _style(self, name: str) -> NDArray[np.float32]:
        """(510, 1, 256) of a voice or mixture, a row for every count of signs."""
        mixed = _mixed(name) or {}
        styles = [self._pure_style(each) for each in mixed]
        rows = min(len(style) for style in styles)
        mean = np.average([each[:rows] for each in styles], axis=0, weights=list(mixed.values()))
        return np.asarray(mean, np.float32)

    def _pure_style(self, name: str) -> NDArray[np.float32]:
        pack = self._pack()
        assert pack is not None
        try:
            with np.load(pack, allow_pickle=False) as arrays:
                style = np.asarray(arrays[name], np.float32)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise ModelError(f"The voice {name} in {pack} is damaged; {self._how()}.") from error
        if style.ndim < 2 or style.shape[-1] != STYLE or style.size != len(style) * STYLE:
            raise ModelError(f"The voice {name} in {pack} is none of Kokoro 1.0; {self._how()}.")
        return style.reshape(-1, 1, STYLE)

    def _how(self) -> str:
        how = self._offers[0].how.rpartition("; ")[2] if self._offers else "put it there"
        return f"get it again: {how}"

    def _voice(self, name: str) -> Voice:
        gender = _GENDERS.get(name[1])
        return Voice(self.name, name, _LANGUAGES[name[0]], gender, self.licence, True)


def _mixed(name: str) -> dict[str, int] | None:
    """Shares by the name of each voice; None where something else than that is written."""
    mixed: dict[str, int] = {}
    for part in name.split("+"):
        voice, colon, share = part.partition(":")
        if voice in mixed or (colon and not (share.isdecimal() and int(share))):
            return None
        mixed[voice] = int(share) if colon else 1
    return mixed


def _run(
    network: OnnxModel, ids: list[int], style: NDArray[np.float32], speed: float
) -> NDArray[np.float32]:
    assert len(ids) <= MOST
    tokens = next(name for name in _TOKENS if name in network.inputs)
    feeds: dict[str, NDArray[Any]] = {
        tokens: np.array([[0, *ids, 0]], np.int64),
        "style": style[min(len(ids), len(style)) - 1],
        "speed": _speed(network, speed),
    }
    return np.clip(network.run(feeds), -1, 1)


def _speed(network: OnnxModel, speed: float) -> NDArray[Any]:
    if "float" in network.inputs["speed"].kind:
        return np.array([speed], np.float32)
    if abs(speed - round(speed)) > 0.05:
        raise ConfigError(
            f"{network.path} knows only whole speeds, not {speed:.2f}; take --speed 1 or 2, or"
            " another export of Kokoro."
        )
    return np.array([max(round(speed), 1)], np.int32)
