"""eSpeak NG, a synthesiser of a hundred languages, as a source of phones with times.

Its library runs in a process of its own, see `espeak_process`: what it does to memory cannot harm a
training run, and its licence (GPL 3) stays with it. Knows the process and what it answers; does not
choose what is said.
"""

import contextlib
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import soxr
from numpy.typing import NDArray

from synclips.corpus.phone_set import Segment, from_ipa
from synclips.errors import ConfigError, InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.speech.espeak import INSTALL, find_library

_PROCESS = Path(__file__).with_name("espeak_process.py")
_TELL = f"{INSTALL}, or set phones.speech.espeak = []."


class Espeak:
    """The library in its process; a context manager, which ends it.

    Raises:
        ConfigError: the library is not there.
    """

    def __init__(self) -> None:
        library = find_library()
        if library is None:
            raise ConfigError(
                f"eSpeak NG is not installed, which phones.speech.espeak asks for; {_TELL}"
            )
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(_PROCESS), library.path, library.data],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        ready = self._answer()
        if "error" in ready:
            self.close()
            raise ConfigError(
                f"eSpeak NG cannot be used ({ready['error']}), which phones.speech.espeak asks"
                f" for; {_TELL}"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def speak(
        self, text: str, voice: str, speed: int = 175, pitch: int = 50
    ) -> tuple[NDArray[np.float32], list[Segment]]:
        """Speech and its phones.

        Args:
            text: any.
            voice: name of a language, with `+` and a variant or without: `en-us`, `de+f2`.
            speed: words per minute.
            pitch: 0 to 99.

        Returns:
            (n,) at 16 kHz, and the phones from the first to the last.

        Raises:
            ConfigError: there is no such voice.
            InputError: the process has ended.
        """
        request = {"voice": voice, "text": text, "speed": int(speed), "pitch": int(pitch)}
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):  # the answer says more
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise ConfigError(
                f"phones.speech.espeak: {voice!r} cannot speak, {answer['error']}; `espeak-ng"
                " --voices` lists those there are."
            )
        count, rate = int(answer["samples"]), int(answer["rate"])
        raw = self._process.stdout.read(2 * count)
        samples = np.frombuffer(raw, np.int16).astype(np.float32) / np.float32(32_768)
        segments = read_events(answer["phones"], count, rate)
        if rate != SAMPLE_RATE:
            samples = np.asarray(soxr.resample(samples, rate, SAMPLE_RATE), np.float32)
        return samples, segments

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise InputError(f"The process of eSpeak NG has ended without an answer; {_TELL}")
        answer: dict[str, Any] = json.loads(line)
        return answer


def read_events(phones: list[tuple[int, str]], count: int, rate: int) -> list[Segment]:
    """Phones from the samples they begin with; the last one lasts until the end.

    Raises:
        InputError: they go back in time.
    """
    ends = [*phones, (count, "")]
    segments = []
    for (start, symbol), (stop, _) in pairwise(ends):
        if stop < start:
            raise InputError(f"eSpeak NG goes back in time at {symbol!r}; use version 1.51.")
        if stop > start:
            segments.append(Segment(from_ipa(symbol), start / rate, stop / rate))
    return segments
