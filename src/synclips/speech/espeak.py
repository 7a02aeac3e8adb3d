"""The engine espeak-ng: small, robotic, over a hundred languages, no model to download.

Knows where its library may be and how to talk to `espeak_worker`, which loads it in a process of
its own because espeak-ng is GPL-3. The library comes with the wheel espeakng-loader, or is the
system's.
"""

import contextlib
import ctypes.util
import json
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import IO, Any

import numpy as np

from synclips.errors import ConfigError
from synclips.speech.synthesizer import Utterance, Voice

INSTALL = "pip install 'synclips[espeak]'"

_WORDS_PER_MINUTE = 175  # espeak's own speed
_PATIENCE = 60.0  # seconds for one sentence, which takes milliseconds
_WORKER = Path(__file__).with_name("espeak_worker.py")
_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}
_SILENT = {"fo", "kaa", "xex"}  # listed by 1.52 without the dictionary they need
_DEFAULTS = ("en-us", "fr-fr", "es", "pt-br")
"""Where several voices share a language: the one to take, before its other regions."""


@dataclass(frozen=True)
class Library:
    """Where espeak-ng is: its shared library, and its data folder or an empty text."""

    path: str
    data: str


def find_library() -> Library | None:
    """The library of the wheel espeakng-loader, else the system's, else None; loads nothing."""
    spec = find_spec("espeakng_loader")
    if spec is not None and spec.origin:
        folder = Path(spec.origin).parent
        library = folder / _LIBRARIES.get(sys.platform, "libespeak-ng.so")
        if library.is_file():
            return Library(str(library), str(folder / "espeak-ng-data"))
    system = ctypes.util.find_library("espeak-ng")
    return Library(system, "") if system else None


class Espeak:
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

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """See `Synthesizer.speak`; one process for all sentences."""
        if self._library is None:
            raise ConfigError(f"espeak-ng is not installed; install it: {INSTALL}.")
        words = round(_WORDS_PER_MINUTE * speed)
        with tempfile.TemporaryFile() as complaints:
            command = [*_command(self._library), voice.name]
            try:
                process = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
                )
            except OSError as error:
                raise _broken(complaints) from error
            assert process.stdin is not None and process.stdout is not None
            try:
                rate = _number(process.stdout)
                for sentence in sentences:
                    request = json.dumps({"text": sentence, "rate": words}) + "\n"
                    process.stdin.write(request.encode())
                    process.stdin.flush()
                    watch = Timer(_PATIENCE, process.kill)
                    watch.start()
                    try:
                        data = _exactly(process.stdout, 2 * _number(process.stdout))
                    finally:
                        watch.cancel()
                    whole = np.frombuffer(data, "<i2").astype(np.float32)
                    yield Utterance(whole / np.float32(32768), rate)
            except (EOFError, OSError) as error:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(1)  # it may be about to say why
                raise _broken(complaints) from error
            finally:
                process.kill()
                process.stdout.close()
                with contextlib.suppress(OSError):  # it went away with a request unread
                    process.stdin.close()
                process.wait()

    def _voice(self, name: str, tag: str, gender: str | None, note: str) -> Voice:
        return Voice(self.name, name, tag, gender, self.licence, True, note)

    def _ask(self, library: Library) -> Any:
        try:
            done = subprocess.run(
                _command(library), stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE
            )
            return json.loads(done.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise ConfigError(
                f"espeak-ng in {library.path} does not work; install it again: {INSTALL}."
            ) from error


def _command(library: Library) -> list[str]:
    return [sys.executable, "-I", str(_WORKER), library.path, library.data]


def _rank(voice: Voice) -> tuple[str, bool, str]:
    base = voice.language.partition("-")[0]
    return base, voice.language not in _DEFAULTS, voice.language


def _number(pipe: IO[bytes]) -> int:
    (value,) = struct.unpack("<i", _exactly(pipe, 4))
    return int(value)


def _exactly(pipe: IO[bytes], count: int) -> bytes:
    data = pipe.read(count)
    if len(data) < count:
        raise EOFError
    return data


def _broken(complaints: IO[bytes]) -> ConfigError:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").split("\n")
    why = next((line for line in reversed(lines) if line.strip()), "without a word").strip()
    return ConfigError(f"espeak-ng stopped ({why[:200]}); install it again: {INSTALL}.")
