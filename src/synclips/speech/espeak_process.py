"""espeak-ng at work in a process of its own, which is GPL-3 as its library is.

Knows where the library may be and how to talk to `espeak_worker`, which loads it. The library comes
with the wheel espeakng-loader, or is the system's.
"""

import contextlib
import ctypes.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from threading import Timer
from typing import IO, Any, Self

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError

INSTALL = 'pip install -e ".[espeak]"'

PATIENCE = 60.0  # seconds for one sentence, which takes milliseconds
_WORKER = Path(__file__).with_name("espeak_worker.py")
_LIBRARIES = {"win32": "espeak-ng.dll", "darwin": "libespeak-ng.dylib"}


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


@dataclass(frozen=True, eq=False)
class Said:
    """What was spoken.

    Attributes:
        samples: (n,) full scale 1, at the process's rate.
        phones: the sample each one begins with, and its IPA.
    """

    samples: NDArray[np.float32]
    phones: list[tuple[int, str]]


class EspeakProcess:
    """One voice, ready to speak; a context manager, which ends it.

    Args:
        library: what speaks.
        voice: name of a language, with `+` and a variant or without: `en-us`, `de+f2`.

    Raises:
        ConfigError: the library does not work or has no such voice, here or in `say`.
    """

    def __init__(self, library: Library, voice: str) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        try:
            self._process = subprocess.Popen(
                [*command(library), voice],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
            )
        except OSError as error:
            raise self._broken() from error
        try:
            with self._in_time():
                self.rate = int(self._answer()["rate"])
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def say(self, text: str, speed: int, pitch: int = 50) -> Said:
        """Speak a sentence, `speed` in words per minute, `pitch` from 0 to 99."""
        with self._asked({"text": text, "speed": speed, "pitch": pitch}) as answer:
            count = int(answer["samples"])
            assert self._process.stdout is not None
            data = self._process.stdout.read(2 * count)
        if len(data) < 2 * count:
            raise self._broken()
        samples = np.frombuffer(data, "<i2").astype(np.float32) / np.float32(32768)
        return Said(samples, [(int(start), str(ipa)) for start, ipa in answer["phones"]])

    def ipa(self, text: str, tie: str = "") -> str:
        """How a text is spoken, in the phonetic alphabet, without its punctuation.

        Args:
            text: one clause.
            tie: a sign to stand between the letters of one sound, such as t^ʃ.
        """
        with self._asked({"ipa": text, "tie": tie}) as answer:
            return str(answer["ipa"])

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.kill()
        self._process.stdout.close()
        with contextlib.suppress(OSError):  # it went away with a request unread
            self._process.stdin.close()
        self._process.wait()
        self._complaints.close()

    @contextlib.contextmanager
    def _asked(self, request: dict[str, object]) -> Iterator[dict[str, Any]]:
        """The answer to a request; what follows it must be read at once, too."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):  # a broken pipe, EINVAL on Windows; the answer says more
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        with self._in_time():
            yield self._answer()

    @contextlib.contextmanager
    def _in_time(self) -> Iterator[None]:
        """End the process if it takes too long."""
        watch = Timer(PATIENCE, self._process.kill)
        watch.daemon = True  # else control-C as it starts would end nothing before it runs out
        try:
            watch.start()
            yield
        finally:
            watch.cancel()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)  # it may be about to say why
            raise self._broken()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _broken(self) -> ConfigError:
        return ConfigError(f"espeak-ng stopped ({_last(self._complaints)}); {_AGAIN}")


_AGAIN = f"install it again: {INSTALL}."


def command(library: Library) -> list[str]:
    """What starts the worker; a voice follows, or nothing to list them."""
    return [sys.executable, "-I", str(_WORKER), library.path, library.data]


def _last(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").split("\n")
    why = next((line for line in reversed(lines) if line.strip()), "without a word").strip()
    return why[:200]
