"""Whether the person in a video speaks high or low, so that an engine's voice can do so too.

Nothing is learnt of the voice but one number, so nobody is imitated. Knows a video's sound and the
words by which engines tell their voices apart.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.features.pitch import median_pitch
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import speech_spans
from synclips.media.audio import mono_blocks
from synclips.models.threads import one_thread
from synclips.speech.likeness import gender_at
from synclips.speech.speaker import only_speech

_LISTENED = 120  # seconds


@one_thread()
def gender_heard(video: Path) -> str | None:
    """What engines call voices as high as that in a video: "female" or "male".

    Args:
        video: with sound.

    Returns:
        None where nobody speaks.

    Raises:
        InputError: the sound cannot be read.
    """
    samples = _beginning(video)
    speech = only_speech(samples, speech_spans(samples))
    pitch = median_pitch(speech, SAMPLE_RATE) if len(speech) else None
    return None if pitch is None else gender_at(pitch)


def _beginning(video: Path) -> NDArray[np.float32]:
    """The first two minutes of a sound; what comes after them is not decoded."""
    blocks, heard = [], 0
    for block in mono_blocks(video, SAMPLE_RATE):
        blocks.append(block)
        heard += len(block)
        if heard >= _LISTENED * SAMPLE_RATE:
            break
    return np.concatenate(blocks)[: _LISTENED * SAMPLE_RATE]
