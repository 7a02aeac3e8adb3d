"""Speech whose phones are known: made by synthesisers, or recorded and aligned, file by file.

    OUT/spec.json           what was asked for; another wish needs another folder

Files are written beside their place and renamed, so that a run that was killed goes on with the
next. What is said follows from the wish, and how from the versions of the synthesisers. Knows what
shall be made; how it is made is known to `flite`, `festival`, `espeak` and `phone_alignment`, and
how it is kept to `phone_files`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.corpus import festival
from synclips.corpus.claim import claim
from synclips.corpus.espeak import Espeak
from synclips.corpus.flite import check_flite
from synclips.corpus.flite import speak as speak_flite
from synclips.corpus.manifest import Entry
from synclips.corpus.phone_alignment import Aligner
from synclips.corpus.phone_files import (
    Labels,
    Shard,
    list_speech,
    load_arrays,
    pack_speech,
    to_integers,
)
from synclips.corpus.phone_set import Segment, labels
from synclips.corpus.prepared import load_clip
from synclips.corpus.sentences import babble, sentence
from synclips.errors import ConfigError, InputError
from synclips.features.loudness import normalise_loudness
from synclips.features.timing import SAMPLE_RATE, motion_frames
from synclips.media.partial import write_whole
from synclips.progress import Count, uncounted
from synclips.specification import require_least

SPEC = "spec.json"

_SHARD_SECONDS = 60.0
_SHARD_CLIPS = 100

Array = NDArray[np.float32]
Spoken = tuple[Array, list[Segment]]


@dataclass(frozen=True)
class SpeechSpec:
    """Which speech is wanted.

    Attributes:
        flite: voices of Flite.
        flite_minutes: of each of them.
        festival: voices of Festival, as `kal_diphone`.
        festival_minutes: of each of them.
        espeak: voices of eSpeak NG, as `en-us` or `de+f2`.
        espeak_minutes: of each of them.
        grid: whether the clips of GRID are aligned.
        seed: of what is said and how.
    """

    flite: tuple[str, ...] = ("slt", "rms", "awb")
    flite_minutes: float = 10.0
    festival: tuple[str, ...] = ()
    festival_minutes: float = 1.5
    espeak: tuple[str, ...] = ()
    espeak_minutes: float = 1.5
    grid: bool = True
    seed: int = 0

    def __post_init__(self) -> None:
        require_least(self, flite_minutes=0, festival_minutes=0, espeak_minutes=0, seed=0)

    def check(self) -> None:
        """Refuse what cannot be made here, before anything is made.

        Raises:
            ConfigError: a program or package is missing, or nothing at all is asked for.
        """
        if not (self.flite or self.festival or self.espeak or self.grid):
            raise ConfigError("phones.speech asks for no speech; name voices, or set grid = true.")
        check_flite(self.flite)
        festival.check_festival(self.festival)
        for voice in self.espeak:
            with Espeak(voice):
                pass
        if self.grid:
            Aligner()


def prepare_phones(
    out: Path,
    spec: SpeechSpec,
    prepared: Path | None = None,
    entries: Sequence[Entry] = (),
    progress: Count = uncounted,
) -> list[Shard]:
    """Make all speech that is asked for and not there yet.

    Args:
        out: the folder.
        spec: the wish.
        prepared: a prepared corpus.
        entries: its clips; those of GRID with known words are aligned.
        progress: is given files done and in all.

    Raises:
        ConfigError: something is missing on this machine, or `out` was made for another wish.
        InputError: a synthesiser fails, or a clip or file is damaged.
        OutputError: nothing can be written.
    """
    claim(out, SPEC, asdict(spec), "speech")
    jobs = [*_synthetic(spec), *_recorded(out, spec, prepared, entries)]
    missing = [job for job in jobs if not (out / job[0]).exists()]
    if missing:
        spec.check()
    done = len(jobs) - len(missing)
    progress(done, len(jobs))
    for name, make in missing:
        write_whole(out / name, make())
        done += 1
        progress(done, len(jobs))
    return list_speech(out)


Job = tuple[str, Callable[[], bytes]]


def _synthetic(spec: SpeechSpec) -> Iterator[Job]:
    kinds = (
        ("flite", spec.flite, spec.flite_minutes),
        ("festival", spec.festival, spec.festival_minutes),
        ("espeak", spec.espeak, spec.espeak_minutes),
    )
    for kind, voices, minutes in kinds:
        for voice in voices:
            count = max(1, round(minutes * 60 / _SHARD_SECONDS))
            seconds = minutes * 60 / count
            for number in range(count):
                make = partial(_speak, kind, voice, number, seconds, spec.seed)
                yield f"{kind}-{voice}-{number:03d}.npz", make


def _speak(kind: str, voice: str, number: int, seconds: float, seed: int) -> bytes:
    """One file of a voice, from its name, its number and the seed."""
    rng = np.random.default_rng([seed, number, *voice.encode(), *kind.encode()])
    make = {"flite": _flite, "festival": _festival, "espeak": _espeak}[kind](voice, rng)
    sounds: list[NDArray[np.int16]] = []
    parts: list[Labels] = []
    left = seconds
    for samples, segments in make:
        loud, _ = normalise_loudness(samples, SAMPLE_RATE)
        sounds.append(to_integers(loud))
        parts.append(labels(segments, motion_frames(len(samples))))
        left -= len(samples) / SAMPLE_RATE
        if left <= 0:
            break
    return pack_speech(f"{kind}/{voice}", parts, sounds=sounds)


def _flite(voice: str, rng: np.random.Generator) -> Iterator[Spoken]:
    while True:
        # Half with the voice's own melody, half with another pitch; all at another speed.
        pitch = float(rng.uniform(80, 260)) if rng.random() < 0.5 else 0.0
        yield speak_flite(sentence(rng), voice, float(rng.uniform(0.75, 1.3)), pitch)


def _festival(voice: str, rng: np.random.Generator) -> Iterator[Spoken]:
    share = 0.8 if voice in festival.ENGLISH else 0.0
    while True:
        text = sentence(rng) if rng.random() < share else babble(rng)
        yield festival.speak(text, voice, float(rng.uniform(0.75, 1.3)))


def _espeak(voice: str, rng: np.random.Generator) -> Iterator[Spoken]:
    english = voice.startswith("en")
    with Espeak(voice) as process:
        while True:
            text = sentence(rng) if rng.random() < (0.8 if english else 0.2) else babble(rng)
            yield process.speak(text, int(rng.integers(120, 230)), int(rng.integers(20, 80)))


def _recorded(
    out: Path, spec: SpeechSpec, prepared: Path | None, entries: Sequence[Entry]
) -> Iterator[Job]:
    if not spec.grid or prepared is None:
        return
    there = sorted(out.glob("grid-*.npz"))
    aligned = {key for file in there for key in load_arrays(file)["keys"].tolist()}
    wanted = [e for e in entries if e.corpus == "grid" and e.sentence and e.key not in aligned]
    for file in there:
        yield file.name, bytes
    for first in range(0, len(wanted), _SHARD_CLIPS):
        part = wanted[first : first + _SHARD_CLIPS]
        number = len(there) + first // _SHARD_CLIPS
        yield f"grid-{number:03d}.npz", partial(_align, prepared, part)


def _align(prepared: Path, entries: Iterable[Entry]) -> bytes:
    aligner = Aligner()
    keys: list[str] = []
    parts: list[Labels] = []
    for entry in entries:
        sound = load_clip(prepared, entry).sound
        try:
            segments = aligner.align(sound, entry.sentence.split())
            part = labels(segments, motion_frames(len(sound)))
        except InputError:
            part = np.zeros(0, np.uint8)  # kept as tried
        keys.append(entry.key)
        parts.append(part)
    return pack_speech("grid", parts, keys=keys)
