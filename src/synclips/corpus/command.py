"""The GRID download from end to end: sources, download, archive and summary together.

    OUT/sN/video/*.mpg   OUT/sN/audio/*.wav   OUT/sN/align/*.align

What is under way lies in `OUT/.download`: partial and whole archives, files being unpacked, and a
receipt for each finished part. A part gets into its place only after all of it was checked. Knows
the order of things; how to fetch, unpack and find is known elsewhere.
"""

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from synclips.corpus.archive import unpack
from synclips.corpus.grid import (
    PARTS,
    SENTENCES,
    SOURCES,
    VIDEO,
    Part,
    Place,
    Source,
    belongs,
    needed_bytes,
)
from synclips.download.downloader import Downloader
from synclips.errors import InputError, OutputError
from synclips.media.partial import unwritable

State = Literal["fetched", "complete", "nonexistent", "missing"]


@dataclass(frozen=True)
class Outcome:
    """What became of one part of one speaker; `reason` says why, when it is missing."""

    speaker: int
    part: Part
    state: State
    reason: str = ""

    @property
    def name(self) -> str:
        """Such as `s1 video`."""
        return f"s{self.speaker} {self.part.name}"


@dataclass(frozen=True)
class Summary:
    """What became of everything that was asked for."""

    outcomes: tuple[Outcome, ...]

    def having(self, state: State) -> list[Outcome]:
        """The outcomes of one kind."""
        return [outcome for outcome in self.outcomes if outcome.state == state]

    def __str__(self) -> str:
        count = {state: len(self.having(state)) for state in ("fetched", "complete", "missing")}
        lines = [f"missing: {outcome.name}: {outcome.reason}" for outcome in self.having("missing")]
        lines += [f"not in the corpus: {outcome.name}" for outcome in self.having("nonexistent")]
        lines.append(
            f"{count['fetched']} fetched, {count['complete']} already complete,"
            f" {count['missing']} missing"
        )
        return "\n".join(lines)


def get_grid(
    output: Path,
    speakers: Iterable[int],
    parts: Sequence[Part] = PARTS,
    sources: Sequence[Source] = SOURCES,
    *,
    downloader: Downloader,
    keep_archives: bool = False,
    say: Callable[[str], None] = lambda line: None,
) -> Summary:
    """Fetch parts of GRID, skipping what is complete; one failure does not stop the others.

    Args:
        output: the corpus folder; made if need be.
        speakers: by number, 1 to 34.
        parts: what to fetch of each.
        sources: asked in this order for each part, until one has it whole.
        downloader: fetches what is not in a local folder.
        keep_archives: leave downloaded archives in `OUT/.download`.
        say: told one line about each part that was looked for.

    Raises:
        OutputError: The disk has too little space, the folder cannot be written to, or another
            download runs into it.
    """
    try:
        work = output / ".download"
        work.mkdir(parents=True, exist_ok=True)
        with FileLock(work / "lock", timeout=0):
            return _Collection(output, sources, downloader, keep_archives, say).collect(
                [(speaker, part) for speaker in speakers for part in parts]
            )
    except Timeout as error:
        raise OutputError(
            f"{output} is being filled by another download; wait until it ends."
        ) from error
    except OSError as error:
        raise unwritable(output, error) from error


class _Collection:
    """The parts below one folder."""

    def __init__(
        self,
        output: Path,
        sources: Sequence[Source],
        downloader: Downloader,
        keep_archives: bool,
        say: Callable[[str], None],
    ) -> None:
        self._output = output
        self._work = output / ".download"
        self._sources = sources
        self._downloader = downloader
        self._keep_archives = keep_archives
        self._say = say
        self._given_up: dict[str, str] = {}  # location and reason
        self._shared: set[Path] = set()

    def collect(self, asked: Sequence[tuple[int, Part]]) -> Summary:
        wanted = [(s, p) for s, p in asked if s not in p.without and not self._is_complete(s, p)]
        self._check_space(wanted)
        outcomes = []
        for speaker, part in asked:
            if (speaker, part) in wanted:
                reason = self._get(speaker, part)
                outcome = Outcome(speaker, part, "missing" if reason else "fetched", reason)
                self._say(f"{outcome.name}: {outcome.state}")
            else:
                state: State = "nonexistent" if speaker in part.without else "complete"
                outcome = Outcome(speaker, part, state)
            outcomes.append(outcome)
        if not self._keep_archives:
            for archive in self._shared:
                archive.unlink(missing_ok=True)
        return Summary(tuple(outcomes))

    def _check_space(self, wanted: Sequence[tuple[int, Part]]) -> None:
        needed = needed_bytes(wanted, self._sources, self._keep_archives)
        # Archives and partial ones from an earlier run are part of what is counted.
        present = sum(path.stat().st_size for path in self._work.iterdir() if path.is_file())
        free = shutil.disk_usage(self._output).free + present
        if needed > free:
            raise OutputError(
                f"{self._output} needs about {needed / 1e9:.1f} GB for this and has"
                f" {free / 1e9:.1f} GB free; free some space or ask for fewer --speakers."
            )

    def _get(self, speaker: int, part: Part) -> str:
        """Get a part from the first source that has it; why it is missing, or nothing."""
        reasons = []
        for source in self._sources:
            tried = []
            for place in source.places(speaker, part):
                try:
                    self._get_from(place, speaker, part)
                except InputError as error:
                    tried.append(str(error))
                else:
                    return ""
            if tried:
                reasons.append(_telling(tried))
        return " ".join(reasons)

    def _get_from(self, place: Place, speaker: int, part: Part) -> None:
        if reason := self._given_up.get(place.location):
            raise InputError(reason)
        archive = self._work / place.file_name if place.is_remote else Path(place.location)
        try:
            if not place.is_remote and not archive.is_file():
                raise InputError(f"{archive} does not exist; add it or name another --source.")
            if place.is_remote and not archive.exists():
                self._downloader.fetch(place.location, archive, f"s{speaker} {part.name}")
            self._place(archive, place, speaker, part)
        except _UnusableError as error:
            # A shared archive may still serve other speakers.
            if place.is_remote and not place.shared:
                archive.unlink()
            raise InputError(str(error)) from error
        except InputError as error:
            self._given_up[place.location] = str(error)
            if place.is_remote:
                archive.unlink(missing_ok=True)
            raise
        if place.is_remote and place.shared:
            self._shared.add(archive)
        elif place.is_remote and not self._keep_archives:
            archive.unlink()

    def _place(self, archive: Path, place: Place, speaker: int, part: Part) -> None:
        staging = self._work / f"s{speaker}-{part.name}"
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        try:
            files = unpack(archive, staging, lambda path: belongs(path, speaker, part))
            if not files:
                raise _UnusableError(f"{place.location} holds no {part.suffix} of s{speaker}.")
            self._check_sentences(files, place, speaker, part)
            target = self._output / f"s{speaker}" / part.name
            target.mkdir(parents=True, exist_ok=True)
            sizes = {path.name: path.stat().st_size for path in files}
            for path in files:
                path.replace(target / path.name)
            receipt = {"source": place.location, "sizes": sizes}
            self._receipt(speaker, part).write_text(json.dumps(receipt), encoding="utf-8")
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    def _check_sentences(
        self, files: Sequence[Path], place: Place, speaker: int, part: Part
    ) -> None:
        """Refuse files of somebody else: speakers say different sentences.

        Copies of the corpus are reported in which alignments lie in a neighbour's folder.
        """
        videos = self._output / f"s{speaker}" / VIDEO.name
        spoken = {path.stem for path in videos.glob("*") if path.suffix.lower() == VIDEO.suffix}
        found = {path.stem for path in files}
        if part != VIDEO and len(spoken & found) * 2 < min(len(spoken), len(found)):
            raise _UnusableError(
                f"{place.location} has for s{speaker} other sentences than the videos in {videos},"
                " so it belongs to another speaker."
            )

    def _is_complete(self, speaker: int, part: Part) -> bool:
        folder = self._output / f"s{speaker}" / part.name
        try:
            receipt = json.loads(self._receipt(speaker, part).read_text(encoding="utf-8"))
            sizes = dict(receipt["sizes"])
        except (OSError, ValueError, KeyError, TypeError):
            # Put here by other means: all sentences must be there, none empty.
            files = folder.glob("*")
            kept = [path for path in files if path.suffix.lower() == part.suffix]
            return len(kept) >= SENTENCES and all(path.stat().st_size for path in kept)
        found = {path.name: path.stat().st_size for path in folder.glob("*")}
        return all(found.get(name) == size for name, size in sizes.items())

    def _receipt(self, speaker: int, part: Part) -> Path:
        return self._work / f"s{speaker}-{part.name}.json"


class _UnusableError(Exception):
    """An archive is sound, but has nothing for this speaker."""


def _telling(reasons: Sequence[str]) -> str:
    """The reason that tells most: any but that there is no such file, else the first."""
    return next((r for r in reasons if "does not exist" not in r and " 404 " not in r), reasons[0])
