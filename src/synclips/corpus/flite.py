"""Flite, a synthesiser that says when it speaks which phone (Black and Lenzo 2001).

Runs the program `flite` (2.2 or later, Debian package `flite`) for one sentence at a time. Its
voices slt, rms and awb give right times (the last within 5 ms of the end of the sound); kal16 does
not. Knows the program; does not choose what is said.
"""

import shutil

import numpy as np
from numpy.typing import NDArray

from synclips.corpus.phone_set import Segment, from_arpabet
from synclips.errors import ConfigError, InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import resampled
from synclips.speech.flite import synthesise

PROGRAM = "flite"
VOICES = ("slt", "rms", "awb")


def check_flite(voices: tuple[str, ...]) -> None:
    """Refuse voices that cannot speak here.

    Raises:
        ConfigError: the program is missing, or a voice's times are not to be trusted.
    """
    if wrong := set(voices) - set(VOICES):
        raise ConfigError(
            f"phones.speech.flite: {', '.join(sorted(wrong))} cannot be used, its phone times are"
            f" not known to be right; choose from {', '.join(VOICES)}."
        )
    if voices and shutil.which(PROGRAM) is None:
        raise ConfigError(
            "The program flite is not installed, which phones.speech.flite asks for; install it"
            " (Debian: apt install flite), or set phones.speech.flite = []."
        )


def speak(
    text: str, voice: str, stretch: float = 1.0, pitch: float = 0.0
) -> tuple[NDArray[np.float32], list[Segment]]:
    """Speech and its phones.

    Args:
        text: letters, spaces and commas.
        voice: one of `VOICES`.
        stretch: length of every phone against the voice's own.
        pitch: mean fundamental frequency in Hz; 0 is the voice's own.

    Returns:
        (n,) at 16 kHz, and the phones from the first to the last.

    Raises:
        ConfigError: the program does not work.
        InputError: it prints no phone times.
    """
    settings = ["-psdur", "--setf", f"duration_stretch={stretch:.3f}"]
    if pitch:
        settings += ["--setf", f"int_f0_target_mean={pitch:.1f}"]
    said, printed = synthesise(PROGRAM, text, voice, *settings)
    samples = said.samples
    if said.rate != SAMPLE_RATE:
        samples = resampled(samples, said.rate, SAMPLE_RATE)
    return samples, read_times(printed)


def read_times(printed: str) -> list[Segment]:
    """What `-psdur` prints: `pau:0.184 dh:0.246 ...`, each phone with the second it ends.

    Raises:
        InputError: it is something else, or goes back in time.
    """
    segments: list[Segment] = []
    before = 0.0
    for item in printed.split():
        name, _, end = item.rpartition(":")
        try:
            stop = float(end)
        except ValueError:
            stop = -1.0
        if not name or not stop >= before:
            raise InputError(f"flite printed {item!r}, which is no phone time; use flite 2.2.")
        segments.append(Segment(from_arpabet(name), before, stop))
        before = stop
    if not segments:
        raise InputError("flite printed no phone times; use flite 2.2.")
    return segments
