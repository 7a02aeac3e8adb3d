"""How well a recording serves to learn a voice from it, as figures and warnings.

Knows when speech is too little, too noisy, or of two people; refuses only what holds none of it,
or too little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.features.loudness import band_level
from synclips.features.timing import MOTION_RATE, SAMPLE_RATE
from synclips.hearing.activity import Span
from synclips.media.spool import Rows
from synclips.speech.speaker import mean_embedding

LEAST_SECONDS = 0.5
FRAMES_SECONDS = 1.0
"""From which on frames of it serve; of less only pitch, loudness and mean envelope do.

Measured (docs/results.md, "Less than 10 s of the person"): from 1 s on frames come nearer to the
person; at 0.5 s hardly, and twice as many words are lost."""
MOST_SECONDS = 90.0
"""Of speech that is kept; more makes a profile larger and conversion slower, not better."""
ENOUGH_SECONDS = 10.0
NOISY_DB = 15.0
# Measured on 67 clips of people who talk: of 300 recordings of one person from 4.5 to 14 s none is
# below .77; of 196 of two, each at least three tenths of it, 85 % are below .75.
ONE_VOICE = 0.76

_FEWEST_PARTS = 4
_ROUNDS = 10


@dataclass(frozen=True)
class Recording:
    """What a recording says about a voice.

    Attributes:
        seconds: Of speech.
        snr_db: Level of speech over what is heard between it; None where it never stops.
        consistency: Cosine between the two most different halves of its parts; 1 for few parts.
        warnings: One sentence each on what makes it a poor reference.
    """

    seconds: float
    snr_db: float | None
    consistency: float
    warnings: tuple[str, ...]


def assess(seconds: float, snr_db: float | None, parts: NDArray[np.float32]) -> Recording:
    """Judge a reference.

    Args:
        seconds: of speech.
        snr_db: see `speech_to_noise`.
        parts: (P, 256) embeddings of its parts.
    """
    alike = consistency(parts)
    warnings = []
    if seconds < FRAMES_SECONDS:
        warnings.append(only_matched(seconds))
    elif seconds < ENOUGH_SECONDS:
        warnings.append(
            f"There are {seconds:.1f} s of speech; with {ENOUGH_SECONDS:.0f} s or more the voice"
            " becomes much more like the person's."
        )
    if snr_db is not None and snr_db < NOISY_DB:
        warnings.append(
            f"Speech is only {snr_db:.0f} dB above what is heard around it; a recording without"
            " noise and music gives a cleaner voice."
        )
    if alike < ONE_VOICE:
        warnings.append(
            f"Two people seem to speak (likeness {alike:.2f}); give recordings of one person."
        )
    return Recording(seconds, snr_db, alike, tuple(warnings))


def only_matched(seconds: float) -> str:
    """What to tell of recordings with less than `FRAMES_SECONDS` of speech."""
    return (
        f"There is only {seconds:.1f} s of speech, too little to take sounds of the person from:"
        f" pitch, loudness and the average sound are matched; with {ENOUGH_SECONDS:.0f} s or more"
        " the voice becomes much more like the person's."
    )


def no_speech(paths: Sequence[Path], seconds: float, least: float = LEAST_SECONDS) -> InputError:
    """What to raise for recordings with too little speech.

    Args:
        paths: The recordings.
        seconds: Of speech in all of them.
        least: Seconds that will do.
    """
    names = ", ".join(str(path) for path in paths)
    much, found = "no", ""
    if seconds >= 0.05:  # as it is printed
        much, found = "too little", f"{seconds:.1f} s, and {least:g} s is the least; "
    return InputError(
        f"There is {much} speech to learn a voice from in {names} ({found}music does not count);"
        " give a recording in which the person speaks."
    )


def speech_to_noise(
    samples: Rows, spans: Sequence[Span], others: Sequence[Span] = ()
) -> float | None:
    """Level of speech over that of the pauses, dB; None for less than 0.2 s of pauses.

    Args:
        samples: (n,) mono sound at `SAMPLE_RATE`.
        spans: where it is speech.
        others: where somebody else may speak, which is no pause.
    """
    level = band_level(samples, SAMPLE_RATE)

    def within(some: Sequence[Span]) -> NDArray[np.bool_]:
        inside = np.zeros(len(level), bool)
        pace = float(MOTION_RATE) / SAMPLE_RATE
        for span in some:
            inside[int(span.start * pace) : int(span.stop * pace) + 1] = True
        return inside

    spoken = within(spans)
    pauses = ~(spoken | within(others))
    if not spoken.any() or pauses.sum() < MOTION_RATE / 5:
        return None
    speech = 10 * np.log10(np.mean(10 ** (level[spoken] / 10)))
    return float(speech - np.median(level[pauses]))


def consistency(parts: NDArray[np.float32]) -> float:
    """Cosine between the centres when the parts of a recording are split in two by likeness.

    Args:
        parts: (P, 256) of unit length.

    Returns:
        1 for fewer than four parts, and where all but one are on one side.
    """
    if len(parts) < _FEWEST_PARTS:
        return 1.0
    alike = parts @ parts.T
    centres = parts[list(np.unravel_index(alike.argmin(), alike.shape))]
    for _ in range(_ROUNDS):
        side = (parts @ centres.T).argmax(axis=1)
        if min((side == 0).sum(), (side == 1).sum()) < 2:  # one odd part is a cough
            return 1.0
        centres = np.stack([mean_embedding(parts[side == index]) for index in (0, 1)])
    return float(centres[0] @ centres[1])
