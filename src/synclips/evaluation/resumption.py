"""An evaluation that goes on where an earlier one was stopped: no pair is measured twice.

A pair counts as measured if all that decides its numbers was the same: settings, the code of this
package, and what is in its clips. Knows when that is so; `swap` measures, `kept` keeps.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import synclips
from synclips.checkpoint import Checkpoint
from synclips.evaluation.gallery import Gallery
from synclips.evaluation.kept import Kept, Outcome
from synclips.evaluation.offsets import at_lag, own_lag
from synclips.evaluation.pairs import Pair
from synclips.evaluation.swap import Row, Swap
from synclips.evaluation.tracked import OpenTracker
from synclips.faces.tracker import MediaPipeTracker
from synclips.media.partial import write_whole

_MARK = ".measured"  # in the folder of a pair's videos: the key under which they were made


class Resumption:
    """Evaluates pairs as a `Swap` does, and takes from disk what it can.

    Args:
        swap: Measures.
        gallery: Is shown every pair by the swap.
        kept: What was measured, and will be; None keeps nothing.
        settings: Plain values that decide the numbers, besides clips and code.
        videos: Where the swap leaves the videos of every pair, if it does.
        listener: Whose motion network finds how late every target is in itself, which is then taken
            out; by default none is looked for.
        open_tracker: Makes the tracker for that.

    Attributes:
        lags: What was found, by the key of the target's clip.
    """

    def __init__(
        self,
        swap: Swap,
        gallery: Gallery,
        kept: Kept | None = None,
        settings: Mapping[str, object] | None = None,
        *,
        videos: Path | None = None,
        listener: Checkpoint | None = None,
        open_tracker: OpenTracker = MediaPipeTracker,
    ) -> None:
        self.lags: dict[str, Fraction | None] = {}
        self._swap = swap
        self._gallery = gallery
        self._kept = kept
        self._videos = videos
        self._listener = listener
        self._open_tracker = open_tracker
        self._contents: dict[Path, str] = {}
        self._common = json.dumps([dict(settings or {}), _code()], sort_keys=True)

    def count(self, pairs: Sequence[Pair]) -> int:
        """How many of these pairs were measured before."""
        return sum(self._find(pair) is not None for pair in pairs)

    def evaluate(self, pair: Pair) -> list[Row]:
        """All conditions of one pair, see `Swap.evaluate`.

        Raises:
            SynclipsError: If a file cannot be read, shows no face, or the system fails on it.
            OutputError: If what was measured cannot be kept.
        """
        outcome = self._find(pair)
        if outcome is None or (outcome.exhibit is None and self._gallery.wants(pair)):
            outcome = self._measure(pair)
        elif outcome.exhibit is not None:
            self._gallery.take(outcome.exhibit)
        if self._listener is not None:
            self.lags[pair.target.key] = outcome.lag
        return list(outcome.rows)

    def _measure(self, pair: Pair) -> Outcome:
        lag, moved = None, pair
        if self._listener is not None:
            lag = own_lag(pair.target, self._listener, self._open_tracker)
            moved = at_lag(pair, lag)
        if self._videos is not None:
            self._mark(pair).unlink(missing_ok=True)
        rows = tuple(self._swap.evaluate(moved))
        outcome = Outcome(rows, lag, self._gallery.of(pair))
        if self._kept is not None:
            self._kept.add(self._key(pair), outcome)
            if self._videos is not None:
                write_whole(self._mark(pair), self._key(pair).encode())
        return outcome

    def _find(self, pair: Pair) -> Outcome | None:
        """What was measured of a pair, unless its videos are wanted and not there."""
        if self._kept is None:
            return None
        key = self._key(pair)
        if self._videos is not None:
            try:
                made = self._mark(pair).read_text(encoding="utf-8")
            except OSError:
                return None
            if made != key:
                return None
        return self._kept.find(key)

    def _mark(self, pair: Pair) -> Path:
        assert self._videos is not None
        return self._videos / pair.name / _MARK

    def _key(self, pair: Pair) -> str:
        """Of all that decides the numbers of a pair."""
        clips = [
            None if clip is None else [clip.key, str(clip.lag), self._content(clip.path)]
            for clip in (pair.source, pair.target, pair.other)
        ]
        whole = f"{self._common}{json.dumps([pair.name, clips])}"
        return hashlib.sha256(whole.encode()).hexdigest()[:32]

    def _content(self, path: Path) -> str:
        if path not in self._contents:
            try:
                with path.open("rb") as file:
                    self._contents[path] = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:  # whoever reads it as a video will say what is wrong
                self._contents[path] = ""
        return self._contents[path]


def _code() -> str:
    """A digest of this package, with its weights: numbers of different ones do not stand together.

    What speech is heard with is among them, and is not in the repository.
    """
    root = Path(synclips.__file__).parent
    total = hashlib.sha256()
    for path in sorted([*root.rglob("*.py"), *root.rglob("*.safetensors")]):
        total.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return total.hexdigest()
