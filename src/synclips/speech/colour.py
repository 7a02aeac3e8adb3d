"""How the sound of one speaker differs from that of another in the same words, for good.

The mean difference of vowels and that of the rest. It takes no word away, whatever was chosen to
compare with; what passes of the difference does where the choice was poor. Knows spectra, no
voices.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.speech.smoothing import smooth

Array = NDArray[np.float64]

_TOO_QUIET = 60  # percent of spoken frames that are too quiet to tell a vocal tract by
_TURN_FRAMES = 8.0  # 40 ms: deviation of the turn from the mean of vowels to that of the rest


def loud_vowels(
    level: Array, voiced: NDArray[np.bool_], spoken: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(F,) the frames that tell of a vocal tract.

    Args:
        level: (F,) natural logarithm of power.
        voiced: (F,).
        spoken: (F,) where speech is, at least once.
    """
    result: NDArray[np.bool_] = spoken & voiced & (level > np.percentile(level[spoken], _TOO_QUIET))
    return result


class LastingDifference:
    """Mean differences; surer with every sentence, in constant memory."""

    def __init__(self) -> None:
        self._total: Array | None = None
        self._count = np.zeros(2)

    def add(self, difference: Array, vowels: NDArray[np.bool_], spoken: NDArray[np.bool_]) -> None:
        """Take note of a sentence.

        Args:
            difference: (F, bins) of log spectra.
            vowels: (F,).
            spoken: (F,) where speech is.
        """
        if self._total is None:
            self._total = np.zeros((2, difference.shape[1]))
        for row, frames in enumerate((vowels, spoken & ~vowels)):
            self._total[row] += difference[frames].sum(axis=0)
            self._count[row] += frames.sum()

    def along(self, vowels: NDArray[np.bool_]) -> Array:
        """(F, bins) the difference that lasts, with gentle turns; 0 where nothing is known."""
        if self._total is None:
            return np.zeros((len(vowels), 1))
        mean = self._total / np.maximum(self._count, 1)[:, None]
        share = smooth(vowels[:, None].astype(np.float64), _TURN_FRAMES)
        result: Array = share * mean[0] + (1 - share) * mean[1]
        return result
