"""Which clips a corpus folder holds, who speaks in them, and which are held out.

Two layouts are known: GRID (`sN/video/NAME.mpg|mp4`) and a flat folder with an `INDEX.tsv` that
names the person and the audio-video lag of every file. Nothing is decoded here.
"""

import csv
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from synclips.errors import ConfigError, InputError
from synclips.features.timing import GRID_FRAME_RATE

HELD_OUT = ("s5", "s33", "s26", "s32", "s34")
"""Speakers of GRID that are never trained on."""

VALIDATION = ("s32", "s34")
"""Those of them whose figures are looked at while training."""

HELD_OUT_INITIALS = (("s1", "s"),)
"""Speaker and first letter of sentences that are held out of one who is trained on."""

SUFFIXES = frozenset({".mpg", ".mp4", ".mov", ".avi", ".mkv", ".webm"})
"""What names of videos end with, in lower case."""


@dataclass(frozen=True)
class Clip:
    """One clip of one person.

    Attributes:
        path: the video file.
        person: who speaks; unique within the corpus.
        name: unique within the person.
        corpus: `grid` or the name of the folder.
        lag: seconds by which the sound is late against the picture.
    """

    path: Path
    person: str
    name: str
    corpus: str
    lag: Fraction = Fraction(0)

    @property
    def key(self) -> str:
        """File name of everything prepared from this clip."""
        return clip_key(self.corpus, self.person, self.name)


def clip_key(corpus: str, person: str, name: str) -> str:
    """The key of the clip that is named so."""
    return f"{corpus}__{person}__{name}"


def digest(clips: Iterable[Clip]) -> str:
    """A short name of a set of clips and their lags, in whatever order."""
    rows = "\n".join(sorted(f"{clip.key} {clip.lag}" for clip in clips))
    return hashlib.sha256(rows.encode()).hexdigest()[:16]


def speaker_name(name: str) -> str:
    """The speaker of GRID that a folder or a config means: `s5` for `s05` and `S5`.

    Whatever else is a name is kept.
    """
    match = re.fullmatch(r"[sS]0*(\d+)", name, re.ASCII)
    return f"s{match[1]}" if match else name


@dataclass(frozen=True)
class Split:
    """What each clip is for, and what is never trained on.

    Attributes:
        held_out: GRID speakers never trained on.
        held_out_initials: per seen speaker, first letters of held-out sentences.
        validation: those held-out speakers whose figures are looked at while training.
    """

    held_out: frozenset[str] = frozenset(HELD_OUT)
    held_out_initials: frozenset[tuple[str, str]] = frozenset(HELD_OUT_INITIALS)
    validation: frozenset[str] = frozenset(VALIDATION)

    def of(self, clip: Clip) -> str:
        """The split of a clip: `train`, `validation`, `test-speaker` or `test-sentence`."""
        if clip.corpus != "grid":
            return "train"
        person = speaker_name(clip.person)  # as versions called it that kept the folder's name
        if person in self.validation:
            return "validation"
        if person in self.held_out:
            return "test-speaker"
        if (person, clip.name[:1]) in self.held_out_initials:
            return "test-sentence"
        return "train"

    def trains(self, clip: Clip) -> bool:
        """Whether a clip may be trained on."""
        return self.of(clip) == "train"


def find_clips(folders: list[Path]) -> list[Clip]:
    """All clips of the given folders; of a GRID sentence found twice the first one counts.

    Raises:
        InputError: a folder does not exist or holds no clip of a known layout, or two other clips
            would have the same key.
        ConfigError: a folder is called almost like a speaker of GRID, who may be held out.
    """
    clips: dict[str, Clip] = {}
    for folder in folders:
        if not folder.is_dir():
            raise InputError(f"{folder} is not a folder; name a folder of clips.")
        found = _indexed(folder) if (folder / "INDEX.tsv").exists() else _grid(folder)
        if not found:
            raise InputError(
                f"{folder} holds no clips; expected sN/video/*.mpg as in GRID, or an INDEX.tsv."
            )
        for clip in found:
            first = clips.setdefault(clip.key, clip)
            if clip.corpus != "grid" and first.path.resolve() != clip.path.resolve():
                raise InputError(
                    f"{first.path} and {clip.path} would have the same name, {clip.key}; rename one"
                    " of the files, of their folders, or the person in INDEX.tsv."
                )
    return [clips[key] for key in sorted(clips)]


def _grid(folder: Path) -> list[Clip]:
    clips = []
    for path in sorted(folder.glob("[sS]*/video/*")):
        if path.suffix.lower() not in SUFFIXES:
            continue
        person = path.parent.parent
        name = speaker_name(person.name)
        if name == person.name and (match := re.match(r"[sS]0*(\d+)\D", name, re.ASCII)):
            raise ConfigError(
                f"{person} is called almost like speaker s{match[1]} of GRID, who may be held out;"
                f" call it s{match[1]} if it is, or else by a name that does not begin so."
            )
        clips.append(Clip(path, name, path.stem, "grid"))
    return clips


def _indexed(folder: Path) -> list[Clip]:
    index = folder / "INDEX.tsv"
    try:
        # With the byte order mark that spreadsheets write.
        with index.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{index} cannot be read; save it as text in UTF-8.") from error
    clips = []
    for number, row in enumerate(rows, 2):
        try:
            file_name, person = row["file"], row["person"]
            lag = Fraction(row["lag_frames_at_25fps"]) / GRID_FRAME_RATE
        except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
            raise InputError(
                f"{index} must have the tab-separated columns file, person and lag_frames_at_25fps"
                f" (a number) in every row; line {number} has not."
            ) from error
        if not file_name or not person or person != Path(person).name:
            raise InputError(
                f"{index} must name a file and a person, without slashes, in every row; line"
                f" {number} does not."
            )
        if (folder / file_name).exists():
            clips.append(Clip(folder / file_name, person, Path(file_name).stem, folder.name, lag))
    return clips
