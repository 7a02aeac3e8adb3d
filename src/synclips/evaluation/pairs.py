"""Which clips are compared with which: the pairs of the swap protocol.

Knows how to pair sentences of one speaker and how to list ordinary videos whose halves form a
pair, and which of both a folder is for. Decodes nothing, and asks of files only whether those
whose sound is borrowed have one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from synclips.corpus.clips import SUFFIXES, Clip, find_clips
from synclips.errors import ConfigError, InputError
from synclips.media.audio import has_sound


@dataclass(frozen=True)
class Pair:
    """The system gets the frames of `source` and the sound of `target`.

    Attributes:
        source: The clip whose frames are edited.
        target: The clip whose lips are the truth. If it is the source itself, the pair is its
            two halves.
        other: The clip whose sound serves as wrong audio, of another speaker where there is one;
            None if there is no third clip.
    """

    source: Clip
    target: Clip
    other: Clip | None = None

    @property
    def is_one_clip(self) -> bool:
        """Whether source and target are the halves of one clip."""
        return self.source == self.target

    @property
    def name(self) -> str:
        """Unique name of the pair, fit for a folder."""
        last = "halves" if self.is_one_clip else self.target.name
        return f"{self.source.key}__{last}"


def find_pairs(
    folders: Sequence[Path], speakers: Sequence[str] | None = None, limit: int | None = None
) -> list[Pair]:
    """Pair what the folders hold: sentences where it is GRID, else the halves of every video.

    Args:
        folders: GRID (`sN/video/*`), or flat folders of videos.
        speakers: Which speakers of GRID to take; all by default.
        limit: Most pairs per speaker of GRID, and most videos of each other folder.

    Raises:
        ConfigError: If a speaker has no two clips, speakers are chosen without GRID, or two pairs
            have one name.
        InputError: If a folder holds nothing to pair.
    """
    grid = [folder for folder in folders if _is_grid(folder)]
    if speakers and not grid:
        raise ConfigError("Speakers are chosen from GRID; name its folder with --data as well.")
    pairs = sentence_pairs(grid, speakers, limit) if grid else []
    for folder in folders:
        if folder not in grid:
            pairs += half_pairs(folder, limit)
    names: set[str] = set()
    for pair in pairs:
        if pair.name in names:
            raise ConfigError(
                f"Two pairs would be called {pair.name}; name each folder and speaker once, and"
                " rename folders of one name, and videos that differ in nothing but the suffix."
            )
        names.add(pair.name)
    return pairs


def _is_grid(folder: Path) -> bool:
    if (folder / "INDEX.tsv").exists():
        return False
    try:
        find_clips([folder])
    except InputError:
        return False  # `half_pairs` knows other folders, and says what is wrong with this one
    return True


def sentence_pairs(
    folders: Sequence[Path], speakers: Sequence[str] | None = None, limit: int | None = None
) -> list[Pair]:
    """Pair each sentence of a speaker with the next one, in order of their names.

    Args:
        folders: GRID, or any folders that `find_clips` knows.
        speakers: Whose clips to take; everybody's by default.
        limit: Most pairs per speaker.

    Raises:
        ConfigError: If a speaker has no two clips in the folders.
        InputError: If a folder holds no clips, or nobody has two.
    """
    by_person: dict[str, list[Clip]] = {}
    clips = find_clips(list(folders))
    where = ", ".join(map(str, folders))
    for clip in clips:
        by_person.setdefault(clip.person, []).append(clip)
    for speaker in speakers or ():
        if len(by_person.get(speaker, ())) < 2:
            known = ", ".join(sorted(name for name, clips in by_person.items() if len(clips) > 1))
            raise ConfigError(
                f"{where} has no two clips of {speaker}; choose from {known or 'another folder'}."
            )
    pairs = []
    for person in speakers or sorted(by_person):
        spoken = sorted(by_person[person], key=lambda clip: clip.name)
        chain = list(zip(spoken, spoken[1:], strict=False))
        pairs += [Pair(source, target) for source, target in chain[:limit]]
    if not pairs:
        raise InputError(f"{where} has no two clips of one speaker; give more clips.")
    return with_wrong_audio(pairs, clips)


def half_pairs(folder: Path, limit: int | None = None) -> list[Pair]:
    """Pair the halves of every video in a folder.

    Without an `INDEX.tsv` that says who speaks, every file counts as a person of its own.

    Args:
        folder: A flat folder of videos.
        limit: Most videos.

    Raises:
        InputError: If the folder does not exist or holds no video.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; name a folder of videos.")
    if (folder / "INDEX.tsv").exists():
        clips = find_clips([folder])
    else:
        clips = [
            Clip(path, path.stem, path.stem, folder.name)
            for path in sorted(folder.iterdir())
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")
        ]
    if not clips:
        raise InputError(
            f"{folder} holds no videos; name a folder of videos, or one of sN/video/* as in GRID."
        )
    return with_wrong_audio([Pair(clip, clip) for clip in clips[:limit]], clips)


def with_wrong_audio(pairs: Sequence[Pair], clips: Sequence[Clip]) -> list[Pair]:
    """Give every pair a third clip out of `clips`, each pair another one as far as they go.

    One that has a sound, if any has; a pair whose third clip has none cannot be evaluated.
    """
    heard = cache(has_sound)
    complete = []
    for index, pair in enumerate(pairs):
        unheard = [clip for clip in clips if clip not in (pair.source, pair.target)]
        strangers = [clip for clip in unheard if clip.person != pair.target.person]
        choice = strangers or unheard
        if not choice:
            complete.append(replace(pair, other=None))
            continue
        first = index % len(choice)
        turns = choice[first:] + choice[:first]
        speaking = (clip for clip in turns if heard(clip.path))
        complete.append(replace(pair, other=next(speaking, turns[0])))
    return complete
