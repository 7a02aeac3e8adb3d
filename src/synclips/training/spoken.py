"""Spoken: which speech with known phones is learnt from, and which only tested with.

Synthesisers and clips of GRID, voice by voice. Knows what was prepared and heard, no networks.
"""

from collections.abc import Sequence
from pathlib import Path

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Entry, Manifest
from synclips.corpus.phone_files import Speech, read_speech

FORMS = 2  # in which synthetic speech is heard: as it is, and changed


def with_words(manifest: Manifest, clips: Sequence[Clip]) -> list[Entry]:
    """Those clips of GRID whose words are known."""
    keys = {clip.key for clip in clips if clip.corpus == "grid"}
    entries = (entry for entry in manifest.entries if entry.key in keys)
    return [entry for entry in entries if entry.sentence and not entry.skipped]


def read_spoken(
    folder: Path,
    heard: Path,
    trained: Sequence[Entry],
    unseen: Sequence[Entry],
    held_out: Sequence[str],
) -> tuple[list[Speech], list[Speech]]:
    """Speech of voices that are trained on, and of those that are not.

    Args:
        folder: what the stage `speech` left.
        heard: what the stage `hear` left.
        trained: clips of people who are trained on, with words.
        unseen: clips of others, with words.
        held_out: synthetic voices that are not trained on, as `flite/rms`.
    """
    kept = {*held_out, *(f"grid/{entry.person}" for entry in unseen)}
    everything = list(read_speech(folder, heard, [*trained, *unseen]))
    known = [item for item in everything if item.voice not in kept]
    return known, [item for item in everything if item.voice in kept]
