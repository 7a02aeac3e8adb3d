"""The engine kokoro: one network of 82 million parameters with many voices.

Knows its two files and what the network takes; which signs it reads is `kokoro_symbols`.
espeak-ng, in its own process, pronounces. Japanese and Chinese voices lend only colour: what espeak
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
from synclips.speech.kokoro_mixture import COLOUR, STYLE, Mixture, in_percent
from synclips.speech.kokoro_symbols import MOST, TIE, in_pieces, numbers, spelled
from synclips.speech.language import DEFAULT, speaks
from synclips.speech.levels import Levels
from synclips.speech.likeness import Likeness, colours, kokoro_embeddings, shares
from synclips.speech.onnx_model import INSTALL, NoNumbersError, OnnxModel, is_installed
from synclips.speech.peaks import limited
from synclips.speech.pronunciation import pronounced
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

RATE = 24_000
# Share of a language's own voices in the colour of what is said in it, divided by their number.
# Most colours are English; words of other languages are lost in them, the more the fewer voices
# knew the language.
_OWN = 0.5
USUAL_SIGNS = 40  # of a sentence; styles differ little by it, and colours are compared in this one

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


class Kokoro(Synthesizer):
    """Kokoro as a `Synthesizer`. The network stays in memory once it was used.

    Args:
        folder: Of voices; need not exist.
        library: espeak-ng; None if it is not installed.
        offers: What could be downloaded.
    """

    name = "kokoro"
    mixes = True
    licence = "Apache-2.0"

    def __init__(self, folder: Path, library: Library | None, offers: Iterable[Offer] = ()) -> None:
        self._place = folder / self.name
        self._library = library
        self._offers = list(offers)
        self._network: OnnxModel | None = None
        self._levels = Levels()

    @property
    def installed(self) -> bool:
        """Whether networks can be run and both files are there."""
        return is_installed() and self._file() is not None and bool(self._names())

    def voices(self) -> list[Voice]:
        """Those whose language can be pronounced; see `Synthesizer.voices`.

        Before they are downloaded a row for each language.
        """
        if self.installed:
            names = sorted(self._names(), key=lambda name: (name[0], name not in _FIRST, name))
            return [self._voice(name) for name in names]
        if not is_installed():
            return [Voice(self.name, "", "", None, self.licence, False, INSTALL)]
        return [
            Voice(self.name, "", tag, None, self.licence, False, self._note)
            for tag in _LANGUAGES.values()
        ]

    def colours(self) -> list[str]:
        """All voices in the pack, also those that can only lend their colour; none if damaged."""
        pack = self._pack()
        if pack is None or not zipfile.is_zipfile(pack):
            return []
        with zipfile.ZipFile(pack) as archive:
            names = [name.removesuffix(".npy") for name in archive.namelist()]
        return [name for name in names if name[2:3] == "_"]

    def colour_styles(self, names: Iterable[str], signs: int) -> dict[str, NDArray[np.float32]]:
        """(128,) of each of some `colours`, for a sentence of so many signs.

        Raises:
            ModelError: The pack is damaged.
        """
        return {name: self._style(name)[signs - 1, 0, :COLOUR] for name in names}

    def variant(self, name: str) -> Voice | None:
        """A mixture by its name, see `Mixture.named`; None if one of its voices is unknown.

        The language is that of the largest share of the melody; only of the colour may be voices
        whose language cannot be pronounced. Before they are downloaded those of Kokoro 1.0 are
        known, without being installed.
        """
        mixed = Mixture.named(name)
        there = self.installed
        if mixed is None or not (there or (is_installed() and self._offers)):
            return None
        known = self.colours() if there else kokoro_embeddings(None)
        accents = {each[0] for each in mixed.melody}
        if not (mixed.voices <= set(known) and accents <= set(_LANGUAGES)):
            return None
        voice = self._voice(mixed.leading)
        gender = voice.gender if len({each[1] for each in mixed.voices}) == 1 else None
        note = "" if there else self._note
        return Voice(self.name, name, voice.language, gender, voice.licence, there, note)

    def nearest(self, likeness: Likeness, language: str) -> Voice | None:
        """The mixture that sounds most like a person.

        The melody is of voices of the language, rather of the person's gender: of others it can be
        as near to the embedding, but is at another pitch, and conversion has to bend it farther.
        The colour is of all voices; for a part of those of the language, if it is not English.

        Args:
            likeness: Of the person.
            language: Tag.

        Returns:
            None if no voice of the language is known.
        """
        able = [self._voice(name) for name in self._names()]
        able = [voice for voice in able if speaks(voice.language, language)]
        among = [voice for voice in able if voice.gender == likeness.gender] or able
        known = kokoro_embeddings(among[0].gender) if among else {}
        known = {name: known[name] for name in self.colours() if name in known}
        those = {voice.name: known[voice.name] for voice in among if voice.name in known}
        if not those:
            return None
        from synclips.speech.kokoro_colours import nearer  # PyTorch, for this alone

        melody = shares(likeness.embedding, those)
        few = colours(likeness.embedding, known, melody)
        styles = self.colour_styles(known, USUAL_SIGNS)
        start = {name: few.get(name, 0.0) for name in known}
        colour = nearer(start, likeness.embedding, styles, among[0].gender)
        if not speaks(among[0].language, DEFAULT):
            own = _OWN / len(able)
            both = {**colour, **melody}
            colour = {
                name: (1 - own) * colour.get(name, 0.0) + own * melody.get(name, 0.0)
                for name in both
            }
        return self.variant(Mixture(in_percent(melody), in_percent(colour)).name)

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; a sentence of which it knows no sound is empty.

        Raises:
            ModelError: A file is damaged, or they do not belong together.
            ConfigError: No sound comes out of a mixture away from voices.
        """
        if self._library is None:
            raise ConfigError(f"kokoro needs espeak-ng to pronounce; install it: {INSTALL_ESPEAK}.")
        mixed = Mixture.named(voice.name)
        if mixed is None:
            raise ConfigError(f"{voice.name} is no voice of kokoro; `synclips voices` lists them.")
        network, style = self._open(), mixed.style(self._style)
        with EspeakProcess(self._library, voice.language) as process:

            def said(text: str, pace: float = 1.0) -> NDArray[np.float32]:
                heard = spelled(pronounced(process, text, TIE), voice.language)
                ids = numbers(heard) if any(letter.isalpha() for letter in heard) else []
                pieces = [_run(network, piece, style, pace) for piece in in_pieces(ids)]
                return np.concatenate([np.zeros(0, np.float32), *pieces])

            for sentence in sentences:
                try:
                    gain = self._levels.gain((network.path, voice.name), said, RATE)
                    samples = said(sentence, speed)
                except NoNumbersError as error:
                    if not mixed.is_away:
                        raise
                    raise ConfigError(
                        f"{voice.name} lies too far away from kokoro's voices to be spoken; take"
                        " smaller shares."
                    ) from error
                yield Utterance(limited(gain * samples, RATE), RATE)

    @property
    def _note(self) -> str:
        """How to get it."""
        return self._offers[0].how if self._offers else ""

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
        """Voices whose language can be pronounced."""
        return [name for name in self.colours() if name[0] in _LANGUAGES]

    def _style(self, name: str) -> NDArray[np.float32]:
        """(510, 1, 256) of a voice, a row for every count of signs."""
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
    return network.run(feeds)


def _speed(network: OnnxModel, speed: float) -> NDArray[Any]:
    if "float" in network.inputs["speed"].kind:
        return np.array([speed], np.float32)
    if abs(speed - round(speed)) > 0.05:
        raise ConfigError(
            f"{network.path} knows only whole speeds, not {speed:.2f}; take --speed 1 or 2, or"
            " another export of Kokoro."
        )
    return np.array([max(round(speed), 1)], np.int32)
