"""The engine flite: the system's program, five English voices, smoother than espeak-ng.

Knows its command line. Text and sound go through files in a folder of their own, never through a
shell or the argument list.
"""

import shutil
import subprocess
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import soundfile

from synclips.errors import ConfigError
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

INSTALL = "apt install flite (Debian, Ubuntu), brew install flite (macOS)"

_PATIENCE = 60.0  # seconds for one sentence
_KNOWN = {  # best first; "awb_time" tells the time and nothing else
    "slt": ("en-us", "female"),
    "rms": ("en-us", "male"),
    "awb": ("en-gb-scotland", "male"),
    "kal16": ("en-us", "male"),
    "kal": ("en-us", "male"),
}
_ANY = "a"  # said for nobody to hear, to know the rate of a voice
_PLAIN = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": ", ", "—": ", ", "…": "...", "ß": "ss"}
)


class Flite(Synthesizer):
    """flite as a `Synthesizer`.

    Args:
        program: its path; None if it is not installed.
    """

    name = "flite"
    licence = "BSD-like (CMU Flite)"

    def __init__(self, program: str | None) -> None:
        self._program = program

    @classmethod
    def of_system(cls) -> "Flite":
        """The one on the search path, if there is."""
        return cls(shutil.which("flite"))

    @property
    def installed(self) -> bool:
        """Whether the program was found."""
        return self._program is not None

    def voices(self) -> list[Voice]:
        """Those of `_KNOWN` the program has; see `Synthesizer.voices`.

        Raises:
            ConfigError: The program is there and does not work.
        """
        if self._program is None:
            return [Voice(self.name, "", "en", None, self.licence, False, INSTALL)]
        there = _run([self._program, "-lv"]).partition(":")[2].split()
        return [
            Voice(self.name, name, tag, gender, self.licence, True)
            for name, (tag, gender) in _KNOWN.items()
            if name in there
        ]

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; one process for each sentence."""
        if self._program is None:
            raise ConfigError(f"flite is not installed; install it: {INSTALL}.")
        stretch = ("--setf", f"duration_stretch={1 / speed:.4f}")
        for sentence in sentences:
            plain = _ascii(sentence)
            heard = synthesise(self._program, plain or _ANY, voice.name, *stretch)[0]
            yield heard if plain else Utterance(heard.samples[:0], heard.rate)


def synthesise(program: str, text: str, voice: str, *settings: str) -> tuple[Utterance, str]:
    """One sentence of one voice, and what the program printed meanwhile.

    Args:
        program: its path.
        text: ASCII.
        voice: of those it has.
        settings: more of its arguments.

    Raises:
        ConfigError: it does not work.
    """
    with tempfile.TemporaryDirectory(prefix="synclips-") as folder:
        file, sound = Path(folder) / "sentence.txt", Path(folder) / "sentence.wav"
        file.write_text(text, encoding="ascii")
        printed = _run([program, "-voice", voice, *settings, "-f", str(file), "-o", str(sound)])
        try:
            samples, rate = soundfile.read(sound, dtype="float32")
        except (OSError, soundfile.LibsndfileError) as error:
            raise ConfigError(f"flite wrote no sound; install it again: {INSTALL}.") from error
    return Utterance(samples, rate), printed


def _run(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_PATIENCE
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise ConfigError(f"flite does not work; install it again: {INSTALL}.") from error
    return done.stdout.decode("utf-8", "replace")


def _ascii(sentence: str) -> str:
    """The sentence in the only letters flite knows; empty if nothing is left to speak of it."""
    flat = unicodedata.normalize("NFKD", sentence.translate(_PLAIN))
    plain = flat.encode("ascii", "ignore").decode()
    return plain if any(letter.isalnum() for letter in plain) else ""
