"""Offsets: by how much sounds of clips are still late, told by networks that never saw the people.

Ordinary clips are off by some frames, and what is known of that is known in whole frames. Half of
the people teach a network with which the clips of the others are looked at, and the other way
round, since a network that learnt from a clip would find the offset that it learnt. Knows
utterances and networks, not how those are trained.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from synclips.adapt.offset import agreement_at_lags, clear_peak
from synclips.adapt.own_speech import MARGIN, OwnSpeech
from synclips.corpus.dataset import Utterance
from synclips.errors import ConfigError, InputError
from synclips.features.timing import MOTION_RATE
from synclips.hearing.hearing import silence
from synclips.media.partial import make_folder, write_whole
from synclips.models.motion import Motion

NAME = "offsets.json"

PLACES = ("offsets/first", "offsets/second")
"""Of the two networks, below the work folder."""

_EXACT = "grid"
"""The corpus whose sound is where it belongs, but for a sentence here and there."""

_LEAST = 50
"""Instants with a face, a second, below which nothing can be told."""

Teach = Callable[[str, list[Utterance]], Motion]
"""Gives a network that has learnt from some clips, in one of `PLACES`."""


def find_offsets(
    clips: Sequence[Utterance], teach: Teach, opening: NDArray[np.floating]
) -> dict[str, Fraction]:
    """Seconds by which the sounds of ordinary clips are late, by their keys.

    Nothing where fewer than two people are in such clips: nobody could be told from somebody else.

    Args:
        clips: all that is learnt from.
        teach: is called twice, or not at all; what it raises comes out.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    ordinary = [clip for clip in clips if clip.corpus != _EXACT]
    # By their names alone: folders may share people.
    people = sorted({clip.person for clip in ordinary})
    found: dict[str, Fraction] = {}
    if len(people) < 2:
        return found
    for place, asked in zip(PLACES, (people[::2], people[1::2]), strict=True):
        network = teach(place, [clip for clip in clips if clip.person not in asked])
        found |= {c.key: offset_of(network, c, opening) for c in ordinary if c.person in asked}
    return found


def offset_of(network: Motion, clip: Utterance, opening: NDArray[np.floating]) -> Fraction:
    """Seconds by which the sound of a clip is late; 0 where that is not clear.

    Args:
        network: has not learnt from its person.
        clip: its sound and lips.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    if clip.valid.sum() < _LEAST:
        return Fraction(0)
    heard = clip.heard.rows[0].astype(np.float32)
    around = np.broadcast_to(silence(), (MARGIN, heard.shape[1]))
    sound = np.concatenate([around, heard, around])
    piece = OwnSpeech(sound, np.ones(len(sound), np.float32), clip.motion, clip.valid)
    agreement = agreement_at_lags(network, [piece], opening)
    peak = clear_peak(agreement)
    if peak is None:
        return Fraction(0)
    before, there, after = agreement[MARGIN + peak - 1 : MARGIN + peak + 2]
    # The top of the parabola through the peak and its neighbours.
    beyond = (before - after) / (2 * (before - 2 * there + after))
    return Fraction(round(1000 * (peak + beyond) / float(MOTION_RATE)), 1000)


def summary(offsets: Mapping[str, Fraction]) -> str:
    """How many clips are off, and by how much, in words."""
    if not offsets:
        return "fewer than two people outside GRID; nobody was asked how late sounds are"
    off = [1000 * abs(float(late)) for late in offsets.values() if late]
    return f"{len(off)} of {len(offsets)} clips are off, by {median(off or [0]):.0f} ms (median)"


def write_offsets(offsets: Mapping[str, Fraction], of: str, folder: Path) -> None:
    """Write what was found.

    Args:
        offsets: seconds by the keys of clips; milliseconds are kept.
        of: a short name of the clips and settings that decided them.
        folder: where to; made if it is not there.

    Raises:
        OutputError: it cannot be written.
    """
    rows = {key: round(1000 * late) for key, late in sorted(offsets.items())}
    make_folder(folder)
    write_whole(folder / NAME, json.dumps({"of": of, "milliseconds": rows}, indent=1).encode())


def is_found(folder: Path, of: str) -> bool:
    """Whether the offsets of such clips and settings are there.

    Raises:
        InputError: the file is damaged.
    """
    file = folder / NAME
    return file.exists() and _read(file)[0] == of


def read_offsets(folder: Path, of: str) -> dict[str, Fraction]:
    """Seconds by the keys of clips.

    Raises:
        ConfigError: nothing was looked for, or with other clips or settings than `of` these.
        InputError: the file is damaged.
    """
    file = folder / NAME
    if not is_found(folder, of):
        wrong = "is of other clips or settings" if file.exists() else "is not there"
        raise ConfigError(f"{file} {wrong}; run stage offsets first.")
    return {key: Fraction(late, 1000) for key, late in _read(file)[1].items()}


def _read(file: Path) -> tuple[str, dict[str, int]]:
    """What decided the offsets, and milliseconds by the keys of clips."""
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        of, rows = about["of"], about["milliseconds"]
        if not all(type(late) is int for late in rows.values()):
            raise ValueError("milliseconds are whole numbers")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"{file} is damaged; remove it and run stage offsets again.") from error
    return of, rows
