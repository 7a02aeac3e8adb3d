"""How loud neural voices speak: each gets one gain, which makes all equally loud.

Knows what a voice says to be measured, and remembers what came of it; how a voice speaks it does
not know. Peaks are the business of `peaks`.
"""

from collections.abc import Callable, Hashable

import numpy as np
from numpy.typing import NDArray

# Kokoro's voices differ by 12 dB. How loud one counts tells how loud it speaks to 0.4 dB (standard
# deviation over 27 voices), in any language.
COUNTING = "1, 2, 3, 4, 5."


class Levels:
    """The gains of an engine's voices, each found once and kept, for all that the voice says.

    So that a whisper stays one.
    """

    def __init__(self) -> None:
        self._gains: dict[Hashable, np.float32] = {}

    def gain(
        self, voice: Hashable, say: Callable[[str], NDArray[np.float32]], rate: int
    ) -> np.float32:
        """The factor that brings a voice to -23 LUFS; 1 where it cannot count.

        Args:
            voice: Tells it from others.
            say: Speaks a sentence at the voice's own speed; asked only the first time.
            rate: Samples per second of that.
        """
        if voice not in self._gains:
            from synclips.features.loudness import loudness_gain  # SciPy, for this alone

            self._gains[voice] = np.float32(10 ** (loudness_gain(say(COUNTING), rate) / 20))
        return self._gains[voice]
