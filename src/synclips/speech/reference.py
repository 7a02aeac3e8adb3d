"""Somebody's speech out of a recording, for a converter that wants to hear the person.

Knows where speech is and how much of it is kept; does not know what is done with it.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import speech_spans
from synclips.media.audio import spool_mono
from synclips.models.threads import one_thread
from synclips.speech.cast import CastMember
from synclips.speech.recording import (
    MOST_SECONDS,
    Recording,
    assess,
    no_speech,
    speech_to_noise,
)
from synclips.speech.speaker import mean_embedding, only_speech, part_embeddings

_LEAST_SECONDS = 1.0


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


@one_thread()
def hear_reference(path: Path, member: CastMember | None = None) -> Reference:
    """The speech in a video or sound file.

    Args:
        path: Of a recording of one person.
        member: Who of several people; by default all speech is one person's.

    Raises:
        InputError: It cannot be read, or there is less than a second of speech.
    """
    samples = spool_mono(path, SAMPLE_RATE)
    everybody = speech_spans(samples) if member is None else member.everybody
    spans = everybody if member is None else member.spans
    most = round(MOST_SECONDS * SAMPLE_RATE)
    enough = np.cumsum([span.stop - span.start for span in spans]).searchsorted(most) + 1
    speech = only_speech(samples, spans[: int(enough)])[:most]
    seconds = len(speech) / SAMPLE_RATE
    if seconds < _LEAST_SECONDS:
        raise no_speech([path], seconds, _LEAST_SECONDS)
    parts = part_embeddings(speech)
    recording = assess(seconds, speech_to_noise(samples, spans, everybody), parts)
    return Reference(speech, mean_embedding(parts), recording)
