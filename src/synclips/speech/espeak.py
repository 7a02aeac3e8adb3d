"""The engine espeak-ng: small, robotic, over a hundred languages, no model to download.

Knows its voices; the library itself is known to `espeak_process`.
"""

import json
import subprocess
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from synclips.errors import ConfigError
from synclips.speech.espeak_process import INSTALL, PATIENCE, EspeakProcess, Library, command
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice

_WORDS_PER_MINUTE = 175  # espeak's own speed
_SILENT = {"fo", "kaa", "xex"}  # listed by 1.52 without the dictionary they need
_DEFAULTS = ("en-us", "fr-fr", "es", "pt-br")
"""Where several voices share a language: the one to take, before its other regions."""

_TIMBRES = {"female": ("f3", "f2", "f4", "f5", "f1"), "male": ("m3", "m1", "m7", "m2", "m5", "m4")}
"""f3 is the highest of f1 to f5: 205 Hz in the median, where voices without a timbre have 100."""


class Espeak(Synthesizer):
    """espeak-ng as a `Synthesizer`.

    Args:
        library: where it is; None if it is not installed.
    """

    name = "espeak"
    licence = "GPL-3.0-or-later"

    def __init__(self, library: Library | None) -> None:
        self._library = library

    @property
    def installed(self) -> bool:
        """Whether a library was found."""
        return self._library is not None

    def voices(self) -> list[Voice]:
        """One voice per language or region; see `Synthesizer.voices`.

        Raises:
            ConfigError: The library is there and does not work.
        """
        if self._library is None:
            note = f"over 100 languages; {INSTALL}"
            return [Voice(self.name, "", "", None, self.licence, False, note)]
        found: dict[str, Voice] = {}
        for row in self._ask(self._library)["voices"]:
            tag = str(row["language"]).lower()
            if tag not in _SILENT:
                found.setdefault(tag, self._voice(tag, tag, "male", str(row["name"])))
        return sorted(found.values(), key=_rank)

    def variant(self, name: str) -> Voice | None:
        """The voice "en-us+f3": that of a language with another timbre; None if unknown."""
        base, plus, timbre = name.partition("+")
        if not plus or self._library is None:
            return None
        heard = self._ask(self._library)
        timbres = {Path(row["identifier"]).name for row in heard["variants"]}
        tags = {str(row["language"]).lower() for row in heard["voices"]}
        if base not in tags or timbre not in timbres:
            return None
        gender = {"f": "female", "m": "male"}.get(timbre[0]) if timbre[1:].isdigit() else None
        return self._voice(name, base, gender, "")

    def in_gender(self, voice: Voice, gender: str, taken: Collection[str] = ()) -> Voice | None:
        """A voice with a timbre; all that are listed are male."""
        names = [f"{voice.name}+{timbre}" for timbre in _TIMBRES[gender]]
        if gender == "male":
            names = [voice.name, *names]
        name = next((name for name in names if name not in taken), names[0])
        return voice if name == voice.name else self.variant(name)

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; one process for all sentences."""
        if self._library is None:
            raise ConfigError(f"espeak-ng is not installed; install it: {INSTALL}.")
        words = round(_WORDS_PER_MINUTE * speed)
        with EspeakProcess(self._library, voice.name) as process:
            for sentence in sentences:
                yield Utterance(process.say(sentence, words).samples, process.rate)

    def _voice(self, name: str, tag: str, gender: str | None, note: str) -> Voice:
        return Voice(self.name, name, tag, gender, self.licence, True, note)

    def _ask(self, library: Library) -> Any:
        try:
            done = subprocess.run(
                command(library), stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE
            )
            return json.loads(done.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise ConfigError(
                f"espeak-ng in {library.path} does not work; install it again: {INSTALL}."
            ) from error


def _rank(voice: Voice) -> tuple[str, bool, str]:
    base = voice.language.partition("-")[0]
    return base, voice.language not in _DEFAULTS, voice.language
