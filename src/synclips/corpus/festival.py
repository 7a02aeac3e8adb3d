"""Festival, a synthesiser whose voices are cut from recordings (Black, Taylor and Caley 1997).

Runs the program `festival` (2.5, Debian packages `festival` and `festvox-*`) for one sentence at a
time. Diphone voices are pieces of a real speaker in a real room, which formant synthesis is not.
Knows the program; does not choose what is said.
"""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from synclips.corpus.phone_set import Segment, from_arpabet, from_ipa
from synclips.errors import ConfigError, InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import resampled

PROGRAM = "festival"
ENGLISH = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
"""Voices whose phones are those of ARPABET."""

_WORDS = re.compile(r"[A-Za-z][A-Za-z', ]*")
_NAME = re.compile(r"[A-Za-z0-9_]+")
_SECONDS = 60  # a sentence takes about one

# What the phone sets of the Catalan, Czech, Finnish and Italian voices mean where a name is not
# IPA already. Czech `c` is ts and `ch` a velar fricative; Finnish `@` is a front a and `7` its o.
_IPA = {
    **{"E": "ɛ", "O": "ɔ", "ax": "ə", "@": "æ", "7": "ø", "y": "y", "S": "ʃ", "Z": "ʒ", "J": "ɲ"},
    **{"tS": "tʃ", "dZ": "dʒ", "T": "θ", "D": "ð", "N": "ŋ", "ng": "ŋ", "nf": "ɱ", "n*": "ŋ"},
    **{"L": "ʎ", "rr": "r", "c": "ts", "ch": "x", "c~": "tʃ", "dz~": "dʒ", "s~": "ʃ", "z~": "ʒ"},
    **{"d~": "ɟ", "t~": "c", "n~": "ɲ", "r~": "ʒ", "r~*": "ʃ"},
    **dict.fromkeys(("#", "##", "_", "pau", "&"), ""),
}


def check_festival(voices: tuple[str, ...]) -> None:
    """Refuse voices that cannot speak here.

    Raises:
        ConfigError: the program or a voice is missing.
    """
    if not voices:
        return
    if shutil.which(PROGRAM) is None:
        raise ConfigError(
            "The program festival is not installed, which phones.speech.festival asks for; install"
            " it (Debian: apt install festival), or set phones.speech.festival = []."
        )
    for voice in voices:
        try:
            speak("a", voice)
        except InputError as error:
            raise ConfigError(
                f"festival has no voice {voice} that speaks here; install it (Debian: apt install"
                " festvox-*), or take it out of phones.speech.festival."
            ) from error


def speak(text: str, voice: str, stretch: float = 1.0) -> tuple[NDArray[np.float32], list[Segment]]:
    """Speech and its phones.

    Args:
        text: ASCII letters, spaces and commas.
        voice: what follows `voice_` in Festival.
        stretch: length of every phone against the voice's own.

    Returns:
        (n,) at 16 kHz, and the phones from the first to the last.

    Raises:
        ConfigError: the program does not start.
        InputError: the voice is not installed, or the text or voice holds other characters.
    """
    # Both become part of a script.
    if not (_WORDS.fullmatch(text) and _NAME.fullmatch(voice)):
        raise InputError(f"Festival is given letters, spaces and commas only, not {text!r}.")
    with tempfile.TemporaryDirectory(prefix="synclips-") as folder:
        sound, segments = Path(folder) / "said.wav", Path(folder) / "said.segs"
        script = (
            f"(voice_{voice})"
            f"(Parameter.set 'Duration_Stretch {stretch:.3f})"
            f'(set! said (utt.synth (Utterance Text "{text}")))'
            f'(utt.save.wave said "{sound.name}" \'riff)'
            f'(utt.save.segs said "{segments.name}")'
        )
        try:
            done = subprocess.run(
                [PROGRAM, "-b", f"(begin {script})"],
                cwd=folder,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ConfigError(f"festival does not work here ({error}).") from error
        if done.returncode or not segments.exists():
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
            raise InputError(f"festival could not speak with the voice {voice}: {' '.join(last)}")
        samples, rate = soundfile.read(sound, dtype="float32")
        times = segments.read_text(encoding="latin-1")
    if rate != SAMPLE_RATE:
        samples = resampled(samples, rate, SAMPLE_RATE)
    return samples, read_segments(times, english=voice in ENGLISH)


def read_segments(text: str, english: bool) -> list[Segment]:
    """What `utt.save.segs` writes: after a line `#`, `end number phone` for every phone.

    Raises:
        InputError: it is something else, or goes back in time.
    """
    segments: list[Segment] = []
    before = 0.0
    for line in text.partition("#\n")[2].splitlines():
        fields = line.split()
        try:
            stop, name = float(fields[0]), fields[2]
        except (ValueError, IndexError):
            raise InputError(f"festival wrote {line!r}, which is no phone time.") from None
        if stop < before:
            raise InputError("festival wrote phone times that go back.")
        segments.append(Segment(from_arpabet(name) if english else _class(name), before, stop))
        before = stop
    if not segments:
        raise InputError("festival wrote no phone times.")
    return segments


def _class(name: str) -> int:
    """The class of a phone of another language, long or stressed ones as the plain ones."""
    plain = name if name in _IPA else name.rstrip(":0123456789")
    return from_ipa(_IPA.get(plain, plain))
