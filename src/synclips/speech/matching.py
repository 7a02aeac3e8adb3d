"""The average sound of one voice put onto the words of another, for recordings too short for more.

Mean spectral envelopes of vowels and of the rest are brought to those of the person; no frame of
theirs is heard. Less like the person than `timbre` as soon as their frames say enough. Knows
vocoder frames and a profile's; not pitch, loudness or sound.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from synclips.speech.colour import LastingDifference, loud_vowels
from synclips.speech.profile import VoiceProfile
from synclips.speech.world import Vocoded


class EnvelopeMatch:
    """What the mean envelopes differ by, added; surer with every sentence, in constant memory.

    Args:
        profile: The voice.
    """

    def __init__(self, profile: VoiceProfile) -> None:
        level = profile.level
        vowels = loud_vowels(level, profile.pitch > 0, np.ones(len(level), bool))
        shapes = profile.envelope.astype(np.float64) - level[:, None]
        # Where no vowel is known the rest, which there always is, says it.
        self._vowel = shapes[vowels if vowels.any() else ~vowels].mean(axis=0)
        self._rest = shapes[~vowels].mean(axis=0)
        self._difference = LastingDifference()

    def matched(self, speech: Vocoded, spoken: NDArray[np.bool_]) -> Vocoded:
        """The speech as if from the person's mouth on average, about as loud as it was.

        Args:
            speech: The words.
            spoken: (F,) where speech is.
        """
        level = speech.level
        vowels = loud_vowels(level, speech.voiced, spoken)
        wanted = np.where(vowels[:, None], self._vowel, self._rest)
        self._difference.add(wanted - (speech.envelope - level[:, None]), vowels, spoken)
        return replace(speech, envelope=speech.envelope + self._difference.along(vowels))
