"""eSpeak NG, a synthesiser of a hundred languages, as a source of phones with times.

Knows what its phones are here; how it speaks is known to `speech.espeak_process`. Does not choose
what is said.
"""

from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.phone_set import Segment, from_ipa
from synclips.errors import ConfigError, InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import resampled
from synclips.speech.espeak_process import INSTALL, EspeakProcess, find_library


class Espeak:
    """One voice; a context manager, which ends its process.

    Args:
        voice: name of a language, with `+` and a variant or without: `en-us`, `de+f2`.

    Raises:
        ConfigError: eSpeak NG is not installed, does not work or has no such voice.
    """

    def __init__(self, voice: str) -> None:
        library = find_library()
        if library is None:
            raise ConfigError(
                "eSpeak NG is not installed, which phones.speech.espeak asks for;"
                f" {INSTALL}, or set phones.speech.espeak = []."
            )
        self._process = EspeakProcess(library, voice)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.close()

    def speak(
        self, text: str, speed: int = 175, pitch: int = 50
    ) -> tuple[NDArray[np.float32], list[Segment]]:
        """Speech and its phones.

        Args:
            text: any.
            speed: words per minute.
            pitch: 0 to 99.

        Returns:
            (n,) at 16 kHz, and the phones from the first to the last.
        """
        said, rate = self._process.say(text, speed, pitch), self._process.rate
        segments = read_events(said.phones, len(said.samples), rate)
        samples = said.samples
        if rate != SAMPLE_RATE:
            samples = resampled(samples, rate, SAMPLE_RATE)
        return samples, segments


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
