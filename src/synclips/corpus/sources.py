"""Sources: whether the videos that a corpus was prepared from are still there, and still the same.

Knows files by size and time of last change, so that asking costs nothing, and by content where only
the time is another, as after copying. Does not know what is done about it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from synclips.corpus.clips import Clip, speaker_name
from synclips.corpus.manifest import Entry

GONE = "its source is gone"
"""Why a clip is skipped whose video was removed after it had been prepared."""


def stamp(path: Path) -> str:
    """Size, time of last change (ns) and a digest of a file, "" if it cannot be read."""
    seen = _glance(path)  # first: what changes meanwhile is found out the next time
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError:
        return ""
    return f"{seen} {digest}"


def is_other(row: Entry, clip: Clip) -> bool:
    """Whether a clip is not the file any more that its row was made from, as far as is known."""
    seen = _glance(clip.path)
    return bool(row.stamp and seen) and not row.stamp.startswith(f"{seen} ")


def restamp(row: Entry, clip: Clip) -> Entry:
    """The row of a clip whose file has another time and the same content, with that time."""
    if not is_other(row, clip):
        return row
    size, digest = row.stamp.split(" ")[0], row.stamp.split(" ")[-1]
    if not _glance(clip.path).startswith(f"{size} "):
        return row
    new = stamp(clip.path)
    return replace(row, stamp=new) if new.endswith(f" {digest}") else row


def _glance(path: Path) -> str:
    try:
        about = path.stat()
    except OSError:
        return ""
    return f"{about.st_size} {about.st_mtime_ns}"


@dataclass(frozen=True)
class Absent:
    """Rows of usable clips whose videos are not there.

    Attributes:
        gone: those removed from a folder that is there.
        unseen: by folders that are missing or empty, such as a disk that is not mounted, how many
            rows come from them; nothing is known about these.
    """

    gone: tuple[Entry, ...]
    unseen: Mapping[Path, int]


def find_absent(rows: Iterable[Entry], clips: Sequence[Clip]) -> Absent:
    """Look for the videos of some rows.

    Args:
        rows: of a prepared corpus.
        clips: that were found just now, wherever; they need not be looked for.
    """
    found = {clip.key for clip in clips}
    lost = [row for row in rows if row.key not in found and not row.skipped and _is_gone(row)]
    gone: list[Entry] = []
    unseen: dict[Path, int] = {}
    for row in lost:
        missing = _missing(row.clip)
        if missing is None:
            gone.append(row)
        else:
            unseen[missing] = unseen.get(missing, 0) + 1
    return Absent(tuple(gone), unseen)


def _is_gone(row: Entry) -> bool:
    try:
        Path(row.source).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:  # a disk or a share that does not answer has not lost it
        return False
    return False


def _missing(clip: Clip) -> Path | None:
    """The folder that is missing or empty with all that a clip was found in; None if none is.

    Of GRID the person's own may be missing: corpora are also prepared person by person, each
    removed to make room for the next.
    """
    place = clip.path.parent
    named = speaker_name(place.parent.name) == speaker_name(clip.person)
    person = place.parent if place.name == "video" and named else None
    root = place if person is None else person.parent
    if not root.is_dir() or not any(root.iterdir()):
        return root
    return person if person is not None and not person.is_dir() else None
