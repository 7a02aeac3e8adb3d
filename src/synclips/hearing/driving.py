"""The sound that drives the lips, checked before anything is drawn."""

import logging
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from synclips.errors import InputError
from synclips.features.loudness import DIGITAL_SILENCE_DBFS, band_level
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import lip_activity
from synclips.media.audio import probe_sound, spool_mono
from synclips.media.shortfall import note_shortfall
from synclips.media.spool import Rows
from synclips.progress import Count, uncounted

log = logging.getLogger(__name__)

_FAINT_DBFS = -50.0
"""Level of the loudest speech of which the quieter half is lost; nothing below -60 is speech.

A recording of -8 dB that was made quieter by 40 dB moves the lips alike (a correlation of .95), by
45 dB less so (.86), by 50 dB hardly (.05) and by 55 dB not at all.
"""

_LONG = 600
"""Seconds of sound from which on reading it takes more than a few."""


@dataclass(frozen=True)
class Speech:
    """A sound that lips shall speak, and what is known of it.

    Attributes:
        path: any file with sound.
        start: seconds of its time at which the picture begins; if negative, it begins later.
        mark: how it was synthesised; None where it was not, or nobody knows.
    """

    path: Path
    start: Fraction = Fraction(0)
    mark: str | None = None


def driving_sound(path: Path, start: Fraction = Fraction(0), progress: Count = uncounted) -> Rows:
    """The speech of a file, (n,) mono at `SAMPLE_RATE`, on disk.

    Told if it is too quiet to be heard, without speech, or cut short.

    Args:
        path: any file with sound.
        start: seconds of its time at which the result begins, with silence if that is before it.
        progress: called with seconds read, and in all, of a sound that takes a while.

    Raises:
        InputError: it cannot be read, has no sound, or is shorter than a frame from there on.
    """
    claim = probe_sound(path).duration
    total = 0 if claim is None else int(claim - start)

    def tell(count: int) -> None:
        if total >= _LONG:
            progress(min(count // SAMPLE_RATE, total), total)

    samples = spool_mono(path, SAMPLE_RATE, start, tell)
    note_shortfall(path, "sound", start + Fraction(len(samples), SAMPLE_RATE), claim)
    if not len(samples) and start > 0:
        raise InputError(
            f"{path} ends before the picture begins, at {float(start):.1f} s of it; give a longer"
            " one."
        )
    if len(samples) + round(min(start, Fraction(0)) * SAMPLE_RATE) < SAMPLE_RATE // 25:
        raise InputError(f"{path} is shorter than one frame; give a file with speech.")
    loudest = band_level(samples, SAMPLE_RATE).max()
    if loudest <= DIGITAL_SILENCE_DBFS:
        log.warning("%s is silent; the lips rest.", path)
    elif loudest <= _FAINT_DBFS:
        log.warning("%s is so quiet that little or no speech is heard in it; make it louder.", path)
    elif not lip_activity(samples).any():
        log.warning("No speech is heard in %s; the lips rest.", path)
    return samples
