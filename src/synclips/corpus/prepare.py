"""From raw clips to a prepared corpus: every clip measured once, whatever happens meanwhile.

Each clip leaves `clips/KEY.npz` and, last, its row `clips/KEY.json`, both written beside and
renamed, so a run that was killed goes on where it stopped; in the end the rows become the manifest.
A bad clip is a row with a reason. Knows the folder; what is measured in a clip is known to
`recording`, who does the work to `workers`.
"""

import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from safetensors import SafetensorError
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from synclips.corpus.alignment import find_alignment
from synclips.corpus.clips import Clip, Split, find_clips
from synclips.corpus.manifest import (
    FORMAT,
    KIND,
    Entry,
    Manifest,
    PrepareSpec,
    check_header,
    write_manifest,
)
from synclips.corpus.manifest import NAME as MANIFEST
from synclips.corpus.prepared import CLIPS, SHAPE
from synclips.corpus.recording import record, with_words
from synclips.corpus.sources import GONE, find_absent, is_other, restamp, stamp
from synclips.corpus.summary import Summary
from synclips.corpus.workers import LocalWorkers, Workers
from synclips.errors import ConfigError, InputError, OutputError
from synclips.faces.shape import LipShape
from synclips.media.partial import unwritable, write_whole
from synclips.progress import Count

SPEC = "spec.json"


@dataclass(frozen=True, eq=False)
class Preparation:
    """What every worker needs to know to prepare a clip into the folder `out`."""

    out: Path
    spec: PrepareSpec
    shape: LipShape
    split: Split

    def __call__(self, clip: Clip) -> Entry:
        """Measure a clip, keep what was measured, and then its row.

        Raises:
            OutputError: it cannot be kept.
        """
        asked = stamp(clip.path)  # before: what changes meanwhile is found out the next time
        try:
            entry, arrays = record(clip, self.spec, self.shape)
        except OutputError:
            raise
        except InputError as error:
            return self.give_up(clip, str(error), asked)
        except Exception as error:  # one clip in thousands must not end the run
            why = f"{clip.path} cannot be prepared ({type(error).__name__}: {error})."
            return self.give_up(clip, why, asked)
        packed = io.BytesIO()
        np.savez(packed, **arrays)  # type: ignore[arg-type]
        write_whole(self.out / CLIPS / f"{clip.key}.npz", packed.getvalue())
        return self.keep(replace(entry, split=self.split.of(clip), stamp=asked))

    def give_up(self, clip: Clip, reason: str, asked: str | None = None) -> Entry:
        """Keep a row that says why a clip is of no use, and nothing measured of it earlier.

        Args:
            clip: the clip.
            reason: why.
            asked: its stamp before it was looked at, if that was kept.

        Raises:
            OutputError: it cannot be kept.
        """
        arrays = self.out / CLIPS / f"{clip.key}.npz"
        try:
            arrays.unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(arrays, error) from error
        return self.keep(
            Entry(
                key=clip.key,
                corpus=clip.corpus,
                person=clip.person,
                name=clip.name,
                source=str(clip.path),
                lag=str(clip.lag),
                split=self.split.of(clip),
                skipped=" ".join(reason.split()),
                stamp=stamp(clip.path) if asked is None else asked,
            )
        )

    def keep(self, entry: Entry) -> Entry:
        """Write a row, over an earlier one of the same clip.

        Raises:
            OutputError: it cannot be written.
        """
        write_whole(self.out / CLIPS / f"{entry.key}.json", f"{entry.to_json()}\n".encode())
        return entry


def prepare_corpus(
    raw: Sequence[Path],
    out: Path,
    spec: PrepareSpec,
    shape: LipShape,
    workers: int | Workers = 1,
    progress: Count | None = None,
    *,
    split: Split | None = None,
    retry: bool = False,
) -> Summary:
    """Prepare all clips of some folders, except those that are prepared already as they are now.

    Another lag or another file is another clip. One whose file was removed is skipped from then
    on, unless all of its folder is missing.

    The same clips give the same bytes with any number of workers.

    Args:
        raw: folders of clips.
        out: the prepared corpus; clips of earlier runs stay in it.
        spec: what is computed.
        shape: aligns the crops, and is the space of the lip coefficients.
        workers: number of processes (0: in this one), or who else does the work.
        progress: told the number of clips done and of all that are to be done.
        split: what each clip is for.
        retry: try clips again that were skipped earlier.

    Raises:
        InputError: a folder holds no clips.
        ConfigError: `out` was prepared in another way.
        OutputError: `out` cannot be written to, or another run is filling it.
    """
    clips = find_clips(list(raw))
    split = split or Split()
    workers = LocalWorkers(workers) if isinstance(workers, int) else workers
    with _sole_writer(out):
        _claim(out, spec, shape)
        job = Preparation(out, spec, shape, split)
        rows = _rows(out)
        absent = find_absent(rows.values(), clips)
        marked = [replace(entry, skipped=GONE) for entry in absent.gone]
        for entry in (*marked, *_back(rows, clips)):
            rows[entry.key] = job.keep(entry)
        waiting = [
            clip
            for clip in clips
            if (row := rows.get(clip.key)) is None
            or (row.skipped and retry)
            or Fraction(row.lag) != clip.lag
            or not (row.skipped or (out / CLIPS / f"{clip.key}.npz").exists())
            or is_other(row, clip)
        ]
        worded = [job.keep(entry) for entry in _worded(rows, clips, waiting)]
        rows |= {entry.key: entry for entry in worded}
        began = time.monotonic()
        done = 0
        for entry in workers(job, waiting):
            rows[entry.key] = entry
            done += 1
            if progress is not None:
                progress(done, len(waiting))
        seconds = time.monotonic() - began
        entries = tuple(replace(rows[key], split=split.of(rows[key].clip)) for key in sorted(rows))
        write_manifest(out, Manifest(spec.to_dict(), entries))
    unseen = tuple(sorted(absent.unseen.items()))
    return Summary(
        entries, done, seconds, workers.cores, len(worded), unseen, manifest=out / MANIFEST
    )


def _back(rows: Mapping[str, Entry], clips: Sequence[Clip]) -> Iterator[Entry]:
    """Rows of clips that were gone, lay elsewhere or were copied, as they are found now."""
    for clip in clips:
        row = rows.get(clip.key)
        if row is None:
            continue
        new = restamp(row, clip)
        if row.skipped == GONE:
            new = replace(new, skipped="", source=str(clip.path))
        elif row.source != str(clip.path) and not Path(row.source).exists():
            new = replace(new, source=str(clip.path))
        if new != row:
            yield new


def _worded(
    rows: Mapping[str, Entry], clips: Sequence[Clip], waiting: Sequence[Clip]
) -> Iterator[Entry]:
    """Rows that had no words, of clips that need not be measured again, and have some now."""
    left = {clip.key for clip in waiting}
    for clip in clips:
        row = rows.get(clip.key)
        if row is None or row.skipped or row.words or clip.key in left:
            continue
        if find_alignment(clip) is not None and (new := with_words(clip, row)).words:
            yield new


@contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    try:
        (out / CLIPS).mkdir(parents=True, exist_ok=True)
        lock = FileLock(out / ".lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise OutputError(f"{out} is being prepared by another run; wait until it ends.") from error
    except OSError as error:
        raise unwritable(out, error) from error
    try:
        # What a killed run left half-written.
        for pattern in (".manifest.*", ".spec.*", ".shape.*", f"{CLIPS}/.*"):
            for path in out.glob(pattern):
                path.unlink(missing_ok=True)
        yield
    finally:
        lock.release()


def _claim(out: Path, spec: PrepareSpec, shape: LipShape) -> None:
    """Say in the folder how it is prepared, or refuse if it already was in another way."""
    header = json.dumps({"kind": KIND, "format": FORMAT, "spec": spec.to_dict()})
    packed = save_arrays(shape.arrays())
    elsewhere = f"{out} was prepared %s; use an empty folder for this run."
    if (out / SPEC).exists():
        written = (out / SPEC).read_text(encoding="utf-8").strip()
        check_header(written, out / SPEC)
        theirs, ours = json.loads(written)["spec"], spec.to_dict()
        if theirs != ours:
            other = ", ".join(key for key in ours if theirs.get(key) != ours[key])
            raise ConfigError(elsewhere % f"with other settings ({other or 'unknown ones'})")
    if (out / SHAPE).exists():
        try:
            same = _equal(load_arrays((out / SHAPE).read_bytes()), load_arrays(packed))
        except SafetensorError as error:
            raise InputError(f"{out / SHAPE} is damaged; use an empty folder.") from error
        if not same:
            raise ConfigError(elsewhere % f"with another lip shape ({SHAPE})")
    else:
        write_whole(out / SHAPE, packed)
    if not (out / SPEC).exists():
        write_whole(out / SPEC, f"{header}\n".encode())


def _equal(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[k], other[k]) for k in one)


def _rows(out: Path) -> dict[str, Entry]:
    """Rows of clips that are done; a damaged one counts as not done."""
    rows = {}
    for path in (out / CLIPS).glob("*.json"):
        try:
            entry = Entry.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        rows[entry.key] = entry
    return rows
