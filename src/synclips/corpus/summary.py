"""How it went to prepare a corpus, in sentences.

Knows rows and counts; does not know how clips are measured.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from synclips.corpus.manifest import NAME as MANIFEST
from synclips.corpus.manifest import Entry
from synclips.corpus.prepared import CLIPS
from synclips.corpus.sources import GONE


@dataclass(frozen=True)
class Summary:
    """How it went.

    Attributes:
        entries: all rows of the corpus.
        done: number of clips tried in this run.
        seconds: how long that took.
        cores: processes that did it.
        worded: number of clips prepared earlier whose words have come since.
        unseen: folders of clips that are not there or empty, and how many rows come from each.
        manifest: the file with all rows.
    """

    entries: tuple[Entry, ...]
    done: int
    seconds: float
    cores: int
    worded: int = 0
    unseen: tuple[tuple[Path, int], ...] = ()
    manifest: Path = Path(MANIFEST)

    @property
    def per_minute(self) -> float:
        """Clips per minute."""
        return 60 * self.done / self.seconds if self.done else 0.0

    def __str__(self) -> str:
        usable = [entry for entry in self.entries if not entry.skipped]
        skipped = defaultdict[str, list[str]](list)
        for entry in self.entries:
            if entry.skipped:
                reason = entry.skipped.replace(entry.source, "the video")
                skipped[reason].append(entry.source)
        lines = [
            f"skipped: {len(of)} clip{'s' if len(of) > 1 else ''}: {reason} ({_few(of)})"
            for reason, of in sorted(skipped.items(), key=lambda item: -len(item[1]))
        ]
        if skipped.keys() - {GONE}:
            lines.append(
                f"{self.manifest} names all of them; a clip is tried again when its file was"
                " replaced, and all are with `synclips corpus prepare --retry`"
            )
        for split in sorted({entry.split for entry in usable}):
            part = [entry for entry in usable if entry.split == split]
            people = len({(entry.corpus, entry.person) for entry in part})
            minutes = sum(entry.seconds for entry in part) / 60
            lines.append(f"{split}: {len(part)} clips of {people} people, {minutes:.1f} minutes")
        if wordless := sum(entry.corpus == "grid" and not entry.words for entry in usable):
            lines.append(f"{wordless} GRID clips have no usable alignment, and so no words")
        if self.worded:
            lines.append(f"clips prepared earlier whose words have come: {self.worded}")
        if any(entry.skipped == GONE for entry in self.entries):
            lines.append(
                "clips whose source is gone are not trained on; put the videos back, or remove"
                f" KEY.json and KEY.npz of each in {CLIPS} to forget them"
            )
        for folder, count in self.unseen:
            lines.append(
                f"{folder} is not there or empty: {count} of its clips are used as they were"
                f" prepared; if they shall not be, remove their KEY.json and KEY.npz in {CLIPS}"
            )
        lines.append(f"{len(usable)} clips prepared, {len(self.entries) - len(usable)} skipped")
        if self.done:
            lines.append(
                f"{self.done} clips tried now, in {self.seconds:.0f} s: {self.per_minute:.0f}"
                f" clips per minute, {self.per_minute / self.cores:.0f} per minute and core"
            )
        return "\n".join(lines)


def _few(files: Sequence[str]) -> str:
    """The first three names of some."""
    more = len(files) - 3
    return ", ".join(files[:3]) + (f" and {more} more" if more > 0 else "")
