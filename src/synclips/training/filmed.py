"""Filmed: the clips that the road of `synclips-1` learns from.

Knows where they are found, which of them are of no use and who is held out. Decodes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from synclips.corpus.clips import Clip, Split, digest, find_clips
from synclips.corpus.manifest import NAME as MANIFEST
from synclips.corpus.manifest import read_manifest
from synclips.errors import InputError


class Filmed:
    """Clips of raw folders, or of a prepared corpus.

    Args:
        data: folders of raw clips; not read where none are prepared.
        prepared: the prepared corpus, which need not be there if it is prepared from `data`.
        split: who is held out.
        prepares: whether it is.

    Raises:
        InputError: a folder holds no clips, or the manifest is damaged.
    """

    def __init__(
        self, data: Sequence[Path], prepared: Path, split: Split, *, prepares: bool
    ) -> None:
        self._prepared = prepared
        self._split = split
        self._found = find_clips(list(data)) if prepares else self._rows()

    def of(self, split: str) -> list[Clip]:
        """Those of a split, without those that were skipped, as far as is known by now."""
        clips = self._found
        if (self._prepared / MANIFEST).exists():
            usable = {clip.key for clip in self._rows()}
            clips = [clip for clip in clips if clip.key in usable]
        return [clip for clip in clips if self._split.of(clip) == split]

    def check(self) -> None:
        """Refuse if nobody is there; clips that were skipped may come out well this time.

        Raises:
            InputError: nobody is there to be trained on, or to validate with.
        """
        splits = {self._split.of(clip) for clip in self._found}
        if "train" not in splits:
            raise InputError("All clips are of people who are held out; name more with --data.")
        if "validation" not in splits:
            raise InputError(
                "There is no clip of GRID to validate with, of"
                f" {', '.join(sorted(self._split.validation)) or 'nobody'}; add some, or name other"
                " people under [split] as held_out and validation."
            )

    def _rows(self) -> list[Clip]:
        entries = read_manifest(self._prepared).entries
        return [entry.clip for entry in entries if not entry.skipped]


def seen(clips: Iterable[Clip]) -> str:
    """Digest of clips whose pictures count, which do not change with the lag of the sound."""
    return digest(replace(clip, lag=Fraction(0)) for clip in clips)
