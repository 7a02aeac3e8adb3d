"""What is heard of sounds, made once and kept: training listens to it again and again.

    OUT/NAME.npy        (V, T, FEATURES) of `Hearing`, 16-bit floats, in V forms
    OUT/NAME.moved.npy  (V, T) how far lips move as they were filmed, 0 to 1
    OUT/NAME.of         which sounds these were, see `Source.digest`
    OUT/forms.json      how sounds were changed

Form 0 is the sound as it is. In the others it went through changes of the waveform, begins
elsewhere in the windows of the recogniser, and may have a stretch cut out in which lips come to
rest. Knows sounds, not what is learnt from them.
"""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.corpus.augment_sound import WaveAugmentation, augment_wave
from synclips.corpus.claim import claim
from synclips.corpus.workers import (
    SINGLE_THREADED,
    environment,
    follow_parent,
    process_count,
)
from synclips.errors import ConfigError, InputError
from synclips.features.loudness import loudness_gain
from synclips.features.timing import SAMPLE_RATE, SAMPLES_PER_MOTION, motion_frames, rows_at
from synclips.hearing.hearing import hear, silence
from synclips.media.partial import write_whole
from synclips.progress import Count, uncounted
from synclips.specification import require_least, require_share

Array = NDArray[np.float32]
Rows = NDArray[np.float16]

_FORMS = "forms.json"
_MOVED = ".moved.npy"
_OF = ".of"
_LEAD = 150  # instants that may be put before a sound, so that it lies anywhere in a window
_REST = 8  # instants in which lips come to rest
_FADE = 320  # samples


@dataclass(frozen=True)
class Forms:
    """In how many forms speech is heard, and how they differ.

    Attributes:
        seconds: of a person with less speech there are so many seconds in all forms together.
        most: forms of a sound, at most; each has at least two.
        cut: chance that a changed form has a stretch of silence.
        wave: how waveforms are changed.
    """

    seconds: float = 160.0
    most: int = 9
    cut: float = 0.35
    wave: WaveAugmentation = field(
        default_factory=lambda: WaveAugmentation(
            pitch_probability=0.35,
            formants_probability=0.35,
            room_probability=0.5,
            room_seconds=0.7,
            room_direct_db=0.0,
            codec_probability=0.35,
        )
    )

    def __post_init__(self) -> None:
        require_least(self, seconds=0, most=2)
        require_share(self, "cut")

    def of(self, seconds: float) -> int:
        """Forms for a person of whom there are so many seconds."""
        wanted = int(self.seconds / max(seconds, 1.0) + 0.5)
        return max(2, min(self.most, wanted))


@dataclass(frozen=True, eq=False)
class Heard:
    """A sound in V forms, V at least 1.

    Attributes:
        rows: (V, T, FEATURES) of `Hearing`.
        moved: (V, T) how far the lips move as filmed.
    """

    rows: Rows
    moved: NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.moved[0])

    def part(self, start: int, stop: int) -> "Heard":
        """Some of its instants."""
        return Heard(self.rows[:, start:stop], self.moved[:, start:stop])

    def draw(self, instants: NDArray[np.floating], rng: np.random.Generator) -> tuple[Array, Array]:
        """One of the forms at fractional instants (N,), silence beyond the ends.

        Returns:
            (N, FEATURES), and (N,) how far the lips move as filmed.
        """
        form = int(rng.integers(len(self.rows)))
        # What is on disk is read where it is wanted only.
        first = int(np.clip(np.floor(instants[0]) - 1, 0, len(self) - 1))
        last = int(np.clip(np.ceil(instants[-1]) + 2, first + 1, len(self)))
        places = instants - first
        rows = rows_at(self.rows[form, first:last].astype(np.float32), places, silence())
        moved = self.moved[form, first:last, None].astype(np.float32)
        return rows, rows_at(moved, places, 1.0)[:, 0]


class Source(Protocol):
    """Where sounds come from; it travels to the workers."""

    @property
    def name(self) -> str:
        """Of what is kept of them."""
        ...

    @property
    def forms(self) -> int:
        """How often each is heard."""
        ...

    @property
    def digest(self) -> str:
        """A short name of the sounds themselves, another one for other sounds."""
        ...

    def read(self) -> list[Array]:
        """(n,) samples at `SAMPLE_RATE` of each of them."""
        ...


def hear_sources(
    out: Path,
    sources: Sequence[Source],
    how: Forms,
    workers: int = 1,
    progress: Count | None = None,
) -> None:
    """Hear all sounds that were not heard yet, or were others when they were.

    Args:
        out: where what is heard is kept.
        sources: where the sounds come from.
        how: in which forms.
        workers: number of processes; 0 for this one.
        progress: told the number of sources done and of all that are to be done.

    Raises:
        ConfigError: `out` holds other forms, or a process has ended.
        InputError: a source, or what says in which forms it was heard, is damaged.
        OutputError: `out` cannot be written to.
    """
    claim(out, _FORMS, asdict(how), "sounds as they are heard")
    waiting = [source for source in sources if not _is_heard(out, source)]
    job = _Job(out, how)
    tell = progress or uncounted
    try:
        with _mapping(workers) as each:
            for done, _ in enumerate(each(job, waiting), 1):
                tell(done, len(waiting))
    except BrokenProcessPool as error:
        raise ConfigError(
            "A process that hears sounds has ended, by a crash or for want of memory;"
            " run the same command again, with fewer --workers."
        ) from error


def _is_heard(out: Path, source: Source) -> bool:
    if not (out / f"{source.name}.npy").exists():
        return False
    try:
        return (out / f"{source.name}{_OF}").read_text(encoding="utf-8") == source.digest
    except (FileNotFoundError, UnicodeDecodeError):
        return False


def load_heard(out: Path, name: str) -> Heard:
    """What was heard of one source, read from disk where it is looked at.

    Raises:
        InputError: it is missing or damaged.
    """
    try:
        rows = np.load(out / f"{name}.npy", mmap_mode="r", allow_pickle=False)
        moved = np.load(out / f"{name}{_MOVED}", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise InputError(
            f"{out / name}.npy is missing or damaged ({error}); remove it and run stage hear again."
        ) from error
    return Heard(rows, moved)


def sound_checksum(file: Path) -> str:
    """Of the array `sound` in a file of arrays, without reading it.

    Raises:
        OSError: the file is missing.
        KeyError: it has no such array.
        BadZipFile: it is damaged.
    """
    with zipfile.ZipFile(file) as packed:
        return f"{packed.getinfo('sound.npy').CRC:08x}"


def few_rows(heard: Iterable[Heard]) -> torch.Tensor:
    """(N, FEATURES) rows here and there, enough to know their mean and deviation."""
    rows = [item.rows[0, ::25] for item in heard]
    return torch.from_numpy(np.concatenate(rows).astype(np.float32))


@contextmanager
def _mapping(workers: int) -> Iterator[Callable[..., Iterator[None]]]:
    """What `map` is, by so many processes."""
    if workers == 0:
        yield map
        return
    with (
        environment(SINGLE_THREADED),
        ProcessPoolExecutor(process_count(workers), get_context("spawn"), follow_parent) as pool,
    ):
        yield pool.map


@dataclass(frozen=True)
class _Job:
    out: Path
    how: Forms

    def __call__(self, source: Source) -> None:
        torch.set_num_threads(1)
        digest = source.digest
        heard = [self._forms(sound, source, i) for i, sound in enumerate(source.read())]
        rows = np.concatenate([part.rows for part in heard], axis=1)
        moved = np.concatenate([part.moved for part in heard], axis=1)
        self._write(f"{source.name}{_MOVED}", moved)
        self._write(f"{source.name}.npy", rows)
        write_whole(self.out / f"{source.name}{_OF}", digest.encode())  # last: all of it is there

    def _write(self, name: str, values: NDArray[np.generic]) -> None:
        packed = io.BytesIO()
        np.save(packed, values)
        write_whole(self.out / name, packed.getvalue())

    def _forms(self, sound: Array, source: Source, index: int) -> Heard:
        rng = np.random.default_rng([*source.name.encode(), index])
        gain_db = loudness_gain(sound, SAMPLE_RATE)
        rows = [hear(sound, gain_db)]
        moved = [np.ones(motion_frames(len(sound)), np.float32)]
        for _ in range(source.forms - 1):
            changed, lips = sound, moved[0]
            if rng.random() < self.how.cut:
                changed, lips = cut_out(sound, rng)
            changed = augment_wave(changed, self.how.wave, rng)
            lead = int(rng.integers(_LEAD))
            before = np.zeros(lead * SAMPLES_PER_MOTION, np.float32)
            rows.append(hear(np.concatenate([before, changed]), gain_db)[lead:])
            moved.append(lips)
        return Heard(np.stack(rows).astype(np.float16), np.stack(moved).astype(np.float16))


def cut_out(sound: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Silence a stretch of a sound, a fifth of it at least.

    Returns:
        (n,) the sound, and (T,) how far lips move on at every motion instant: they come to rest
        within 0.16 s, and move again as soon before there is something to say.
    """
    count = motion_frames(len(sound))
    size = int(rng.integers(count // 5, max(count, count // 5 + 1)))
    start = int(rng.integers(-size // 2, count - size // 2))
    stop = start + size
    instants = np.arange(count)
    away = np.minimum(
        np.inf if start <= 0 else instants - start, np.inf if stop >= count else stop - 1 - instants
    )
    within = (instants >= start) & (instants < stop)
    lips = np.where(within, np.clip(1 - away / _REST, 0, 1) ** 2, 1)
    edges = np.array([start, stop]) * SAMPLES_PER_MOTION
    place = np.arange(len(sound))
    depth = np.minimum(place - edges[0], edges[1] - place) / _FADE
    quiet = sound * np.clip(1 - depth, 0, 1)
    return quiet.astype(np.float32), lips.astype(np.float32)
