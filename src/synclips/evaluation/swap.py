"""The swap protocol: one speaker's frames, the sound of another moment, and the truth beside it.

The system gets the frames of a clip A and the sound of a clip B of the same speaker; the frames of
B show how the lips really moved. No output can be good by copying its input, since the mouth it
must draw is not in the frame it gets. Trivial outputs run through the same measurement, so that
every number can be read against what costs nothing. Pixels are compared by reconstruction, which
is the same task with the two halves of B.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.evaluation.conditions import CONDITIONS, System, Task, make_outputs, set_task
from synclips.evaluation.cuts import halves
from synclips.evaluation.judge import Judge, NoJudge
from synclips.evaluation.measure import Measured, Scores, compare, measure
from synclips.evaluation.pairs import Pair
from synclips.evaluation.reconstruction import PictureErrors, first_that_counts, picture_errors
from synclips.evaluation.tracked import OpenTracker, Tracked, track_file
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.loudness import speech_activity
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import read_mono
from synclips.media.partial import make_folder
from synclips.media.video import VideoReader

Progress = Callable[[int, int, str], None]
"""Called with the number of pairs done, of all pairs, and the name of the one that begins."""

Visit = Callable[[Pair, Mapping[str, Measured], Path], None]
"""Called with each pair, its videos by condition and its sound, while these files exist."""


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
    """Runs pairs through a system and all baselines; what B measures is kept for its use as A."""

    def __init__(
        self,
        system: System,
        keep: Path | None = None,
        open_tracker: OpenTracker = MediaPipeTracker,
        *,
        judge: Judge | None = None,
        conditions: Sequence[str] = CONDITIONS,
        others: Mapping[str, System] | None = None,
        visit: Visit | None = None,
    ) -> None:
        """Prepare.

        Args:
            system: What is evaluated.
            keep: Folder where the videos of every pair stay; by default they are removed.
            open_tracker: Makes the tracker that measures.
            judge: Who says how well picture and sound fit; nobody by default.
            conditions: Which of `CONDITIONS` to run.
            others: Systems that make conditions of their own, by condition; see `baselines`.
            visit: Called with every pair that was evaluated.
        """
        self._system = system
        self._keep = keep
        self._open_tracker = open_tracker
        self._judge = judge or NoJudge("none was given")
        self._conditions = conditions
        self._others = others
        self._visit = visit
        self._measured: dict[Path, Measured] = {}

    def run(
        self,
        pairs: Sequence[Pair],
        progress: Progress | None = None,
        evaluate: Callable[[Pair], list[Row]] | None = None,
    ) -> Iterator[Row | Skipped]:
        """Evaluate pairs in order; a pair whose files are of no use is skipped with the reason.

        Args:
            pairs: Which.
            progress: Called as each begins, and once at the end.
            evaluate: In place of the method of this name, such as one that remembers.

        Raises:
            SynclipsError: But for an InputError, since with others no pair would do any better.
        """
        for done, pair in enumerate(pairs):
            if progress is not None:
                progress(done, len(pairs), pair.name)
            try:
                yield from (evaluate or self.evaluate)(pair)
            except InputError as error:
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
                for condition, scores in self._evaluate(pair, folder)
            ]

    def _evaluate(self, pair: Pair, folder: Path) -> list[tuple[str, Scores]]:
        source, target, lag = pair.source.path, pair.target.path, pair.target.lag
        if pair.is_one_clip:
            source, target = halves(target, folder, lag)
            lag = Fraction(0)
        truth = self._measure(target)
        task = set_task(source, target, truth.duration, folder, lag=lag, other=pair.other)
        shown: dict[str, Measured] = {}
        scores: dict[str, Scores] = {}
        for output in make_outputs(task, self._system, self._conditions, self._others):
            measured = shown[output.condition] = self._measure(output.video)
            sync = self._judge.offset(measured, task.sound)
            scores[output.condition] = replace(
                compare(measured, truth, _activity(output.driver)),
                sync_offset=sync.offset,
                sync_distance=sync.distance,
                sync_confidence=sync.confidence,
                sync_offset_size=abs(sync.offset),
            )
        if pair.is_one_clip:
            errors = self._picture_errors(shown, truth)
        else:
            errors = self._reconstruct(pair, folder / "reconstruction")
        if self._visit is not None:
            self._visit(pair, shown, task.sound)
        return [
            (condition, replace(one, psnr=errors[condition].psnr, ssim=errors[condition].ssim))
            for condition, one in scores.items()
        ]

    def _reconstruct(self, pair: Pair, folder: Path) -> dict[str, PictureErrors]:
        """The second half of B from the first, under every condition."""
        folder.mkdir(exist_ok=True)
        first, second = halves(pair.target.path, folder, pair.target.lag)
        truth = track_file(second, self._open_tracker)
        rate = VideoReader(second).info.frame_rate
        length = truth.track.times[-1] + 1 / rate
        task = set_task(first, second, length, folder, other=pair.other)
        return self._picture_errors(self._track_outputs(task), truth)

    def _track_outputs(self, task: Task) -> dict[str, Tracked]:
        return {
            output.condition: track_file(output.video, self._open_tracker)
            for output in make_outputs(task, self._system, self._conditions, self._others)
        }

    def _picture_errors(
        self, outputs: Mapping[str, Tracked], truth: Tracked
    ) -> dict[str, PictureErrors]:
        since = first_that_counts(VideoReader(truth.path).info.frame_rate)
        return {
            condition: picture_errors(output, truth, self._system.shape, since)
            for condition, output in outputs.items()
        }

    def _measure(self, path: Path) -> Measured:
        if path not in self._measured:
            self._measured[path] = measure(path, self._system.shape, self._open_tracker)
        return self._measured[path]

    @contextmanager
    def _folder(self, pair: Pair) -> Iterator[Path]:
        """A folder for the pair's files; only what its target measures is remembered after it."""
        with TemporaryDirectory(prefix="synclips-") as scratch:
            folder = Path(scratch)
            if self._keep is not None:
                folder = self._keep / pair.name
                make_folder(folder)
            try:
                yield folder
            except InputError as error:
                raise type(error)(_told(str(error), pair, folder)) from error
            finally:
                target = pair.target.path
                self._measured = {
                    path: measured for path, measured in self._measured.items() if path == target
                }


def _told(reason: str, pair: Pair, folder: Path) -> str:
    """A reason that names what the user gave, not the files of a folder that will be gone."""
    for place in (folder / "reconstruction", folder):
        for half in ("first", "second"):
            for suffix in (".mp4", ".wav"):
                piece = str(place / f"{half}{suffix}")
                reason = reason.replace(piece, f"the {half} half of {pair.target.path}")
        reason = reason.replace(f"{place}/", "")
    return reason[:1].upper() + reason[1:] if reason.startswith("the ") else reason


def _activity(sound: Path) -> NDArray[np.float32]:
    return speech_activity(read_mono(sound, SAMPLE_RATE), SAMPLE_RATE)
