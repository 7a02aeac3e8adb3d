"""Somebody's speech out of a recording, for a converter that wants to hear the person.

Knows where speech is and how much of it is kept; does not know what is done with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import spool_mono
from synclips.speech.activity import Span, speech_spans
from synclips.speech.recording import (
    LEAST_SECONDS,
    MOST_SECONDS,
    Recording,
    assess,
    no_speech,
    speech_to_noise,
)
from synclips.speech.speaker import mean_embedding, only_speech, part_embeddings


@dataclass(frozen=True, eq=False)
class Reference:
    """What was heard.

    Attributes:
        speech: (n,) at `SAMPLE_RATE`, without pauses, at most `MOST_SECONDS`.
        embedding: (256,) unit vector of the voice.
        recording: How good it is.
    """

    speech: NDArray[np.float32]
    embedding: NDArray[np.float32]
    recording: Recording


def hear_reference(path: Path, within: Sequence[Span] | None = None) -> Reference:
    """The speech in a video or sound file.

    Args:
        path: Of a recording of one person.
        within: Where that person speaks, samples at `SAMPLE_RATE`; wherever somebody does by
            default.

    Raises:
        InputError: It cannot be read, or there is less than a second of speech.
    """
    samples = spool_mono(path, SAMPLE_RATE)
    everywhere = speech_spans(samples)
    spans = everywhere if within is None else within
    most = round(MOST_SECONDS * SAMPLE_RATE)
    enough = np.cumsum([span.stop - span.start for span in spans]).searchsorted(most) + 1
    speech = only_speech(samples, spans[: int(enough)])[:most]
    seconds = len(speech) / SAMPLE_RATE
    if seconds < LEAST_SECONDS:
        raise no_speech([path], seconds)
    parts = part_embeddings(speech)
    recording = assess(seconds, speech_to_noise(samples, spans, everywhere), parts)
    return Reference(speech, mean_embedding(parts), recording)
