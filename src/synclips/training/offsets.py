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
from synclips.errors import ConfigError, ModelError
from synclips.features.timing import MOTION_RATE
from synclips.hearing.hearing import silence
from synclips.media.partial import write_whole
from synclips.models.motion import Motion

NAME = "offsets.json"

_EXACT = "grid"
"""The corpus whose sound is where it belongs."""

_LEAST = 50
"""Instants with a face, a second, below which nothing can be told."""


Teach = Callable[[str, list[Utterance]], Motion]
"""Gives a network that has learnt from some clips, under a name."""


def find_offsets(
    clips: Sequence[Utterance], teach: Teach, opening: NDArray[np.floating]
) -> dict[str, Fraction]:
    """Seconds by which the sounds of ordinary clips are late, by their keys.

    Nothing where fewer than two people are in such clips: nobody could be told from somebody else.

    Args:
        clips: all that is learnt from.
        teach: is called twice.
        opening: (K,) effect of a coefficient on the mouth opening.
    """
    people = sorted({_who(clip) for clip in clips if clip.corpus != _EXACT})
    found: dict[str, Fraction] = {}
    if len(people) < 2:
        return found
    for name, asked in (("first", people[::2]), ("second", people[1::2])):
        network = teach(name, [clip for clip in clips if _who(clip) not in asked])
        found |= {c.key: offset_of(network, c, opening) for c in clips if _who(c) in asked}
    return found


def _who(clip: Utterance) -> tuple[str, str]:
    return clip.corpus, clip.person


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
    off = [1000 * abs(float(late)) for late in offsets.values() if late]
    return f"{len(off)} of {len(offsets)} clips are off, by {median(off or [0]):.0f} ms (median)"


def write_offsets(offsets: Mapping[str, Fraction], folder: Path) -> None:
    """Write what was found, milliseconds by the keys of clips."""
    rows = {key: int(1000 * late) for key, late in sorted(offsets.items())}
    write_whole(folder / NAME, json.dumps(rows, indent=1).encode())


def read_offsets(folder: Path) -> dict[str, Fraction]:
    """Seconds by the keys of clips.

    Raises:
        ConfigError: nothing was looked for.
        ModelError: the file is damaged.
    """
    file = folder / NAME
    if not file.exists():
        raise ConfigError(f"{file} is not there; run stage offsets first.")
    try:
        return {
            key: Fraction(int(late), 1000) for key, late in json.loads(file.read_text()).items()
        }
    except (ValueError, TypeError, AttributeError) as error:
        raise ModelError(f"{file} is damaged; remove it and run stage offsets again.") from error
