"""The swap protocol: one speaker's frames, the sound of another moment, and the truth beside it.

The system gets the frames of a clip A and the sound of a clip B of the same speaker; the frames of
B show how the lips really moved. No output can be good by copying its input, since the mouth it
must draw is not in the frame it gets. Trivial outputs run through the same measurement, so that
every number can be read against what costs nothing.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synclips.errors import SynclipsError
from synclips.evaluation.cuts import cut_sound, halves, reencode, write_silence
from synclips.evaluation.measure import Measured, OpenTracker, Scores, compare, measure
from synclips.evaluation.pairs import Pair
from synclips.faces.shape import LipShape
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.loudness import speech_activity
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono

REAL = "real"
REENCODED = "re-encoded"
FROZEN = "frozen"
UNEDITED = "unedited"
WRONG_AUDIO = "wrong audio"
SYSTEM = "synclips"

CONDITIONS = (REAL, REENCODED, FROZEN, UNEDITED, WRONG_AUDIO, SYSTEM)
"""What is compared with the truth: B itself; B decoded and encoded as results are; A made to speak
silence; A as it is; A made to speak somebody else's words; A made to speak B."""

Progress = Callable[[int, int, str], None]
"""Called with the number of pairs done, of all pairs, and the name of the one that begins."""


class System(Protocol):
    """What is evaluated: `synclips.pipeline.LipSync`, or anything that edits videos like it."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    @property
    def shape(self) -> LipShape:
        """Shape space in which lips are compared."""
        ...

    def sync(self, video: Path, sound: Path, output: Path) -> object:
        """Write `video` with its lips speaking `sound`, and that sound, to `output`."""
        ...


@dataclass(frozen=True)
class Row:
    """One condition of one pair.

    Attributes:
        corpus: `grid`, or the name of the folder.
        speaker: Unique within the corpus.
        pair: Name of the pair.
        condition: One of `CONDITIONS`.
        scores: Against the truth.
    """

    corpus: str
    speaker: str
    pair: str
    condition: str
    scores: Scores


@dataclass(frozen=True)
class Skipped:
    """A pair that could not be evaluated under every condition, and therefore counts in none."""

    pair: str
    reason: str


class Swap:
    """Runs pairs through a system and all baselines; what A and B measure is kept for reuse."""

    def __init__(
        self, system: System, keep: Path | None = None, open_tracker: OpenTracker = MediaPipeTracker
    ) -> None:
        """Prepare.

        Args:
            system: What is evaluated.
            keep: Folder where the videos of every pair stay; by default they are removed.
            open_tracker: Makes the tracker that measures.
        """
        self._system = system
        self._keep = keep
        self._open_tracker = open_tracker
        self._measured: dict[Path, Measured] = {}

    def run(
        self, pairs: Sequence[Pair], progress: Progress | None = None
    ) -> Iterator[Row | Skipped]:
        """Evaluate pairs in order; a pair whose files are of no use is skipped with the reason."""
        for done, pair in enumerate(pairs):
            if progress is not None:
                progress(done, len(pairs), pair.name)
            try:
                yield from self.evaluate(pair)
            except SynclipsError as error:
                yield Skipped(pair.name, str(error))
        if progress is not None:
            progress(len(pairs), len(pairs), "")

    def evaluate(self, pair: Pair) -> list[Row]:
        """All conditions of one pair, in the order of `CONDITIONS`.

        Without a third clip there is no wrong audio.

        Raises:
            SynclipsError: If a file cannot be read, shows no face, or the system fails on it.
        """
        with self._folder(pair) as folder:
            return [
                Row(pair.target.corpus, pair.target.person, pair.name, condition, scores)
                for condition, scores in self._conditions(pair, folder)
            ]

    def _conditions(self, pair: Pair, folder: Path) -> Iterator[tuple[str, Scores]]:
        source, target, lag = pair.source.path, pair.target.path, pair.target.lag
        if pair.is_one_clip:
            source, target = halves(pair.target.path, folder, lag)
            lag = Fraction(0)
        truth = self._measure(target)
        sound = folder / "sound.wav"
        cut_sound(target, sound, length=truth.duration, lag=lag)
        activity = _activity(sound)
        yield REAL, compare(truth, truth, activity)

        copy = folder / "re-encoded.mp4"
        reencode(target, copy, sound)
        yield REENCODED, compare(self._measure(copy), truth, activity)

        silence, still = folder / "silence.wav", folder / "frozen.mp4"
        write_silence(silence, truth.duration)
        yield FROZEN, self._score(source, silence, still, truth)

        yield UNEDITED, compare(self._measure(source), truth, activity)

        if pair.other is not None:
            wrong, output = folder / "wrong_audio.wav", folder / "wrong_audio.mp4"
            cut_sound(pair.other.path, wrong, length=truth.duration, lag=pair.other.lag)
            yield WRONG_AUDIO, self._score(source, wrong, output, truth)

        yield SYSTEM, self._score(source, sound, folder / "synclips.mp4", truth)

    def _score(self, source: Path, sound: Path, output: Path, truth: Measured) -> Scores:
        self._system.sync(source, sound, output)
        return compare(self._measure(output), truth, _activity(sound))

    def _measure(self, path: Path) -> Measured:
        if path not in self._measured:
            self._measured[path] = measure(path, self._system.shape, self._open_tracker)
        return self._measured[path]

    @contextmanager
    def _folder(self, pair: Pair) -> Iterator[Path]:
        """A folder for the pair's files, whose measurements are forgotten together with it."""
        with TemporaryDirectory(prefix="synclips-") as scratch:
            folder = Path(scratch)
            if self._keep is not None:
                folder = self._keep / pair.name
                folder.mkdir(parents=True, exist_ok=True)
            try:
                yield folder
            finally:
                for path in [path for path in self._measured if path.parent == folder]:
                    del self._measured[path]


def _activity(sound: Path) -> NDArray[np.float32]:
    return speech_activity(read_mono(sound, SAMPLE_RATE), SAMPLE_RATE)
