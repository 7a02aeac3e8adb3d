"""The sound that drives the lips, checked before anything is drawn."""

import logging
from fractions import Fraction
from pathlib import Path

from synclips.errors import InputError
from synclips.features.loudness import DIGITAL_SILENCE_DBFS, band_level
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import probe_sound, spool_mono
from synclips.media.shortfall import note_shortfall
from synclips.media.spool import Rows

log = logging.getLogger(__name__)


def driving_sound(path: Path) -> Rows:
    """The speech of a file, (n,) mono at `SAMPLE_RATE`, on disk; told if it is silent or cut short.

    Raises:
        InputError: it cannot be read, has no sound, or is shorter than a frame.
    """
    samples = spool_mono(path, SAMPLE_RATE)
    claim = probe_sound(path).duration
    note_shortfall(path, "sound", Fraction(len(samples), SAMPLE_RATE), claim)
    if len(samples) < SAMPLE_RATE // 25:
        raise InputError(f"{path} is shorter than one frame; give a file with speech.")
    if band_level(samples, SAMPLE_RATE).max() <= DIGITAL_SILENCE_DBFS:
        log.warning("%s is silent; the lips rest.", path)
    return samples
