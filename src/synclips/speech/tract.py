"""How much longer or shorter the vocal tract of one speaker is than that of another.

A shorter one has its resonances at higher frequencies, all by about the same factor (Eide and Gish
1996, "A parametric approach to vocal tract length normalization"). The factor is found from frames
in which both say the same. Knows spectra, no voices.
"""

import numpy as np
from numpy.typing import NDArray

from synclips.speech.world import FFT, RATE

Array = NDArray[np.float64]

_FACTORS = np.linspace(0.84, 1.19, 36)  # large man to child
_LOWEST, _HIGHEST = 100.0, 5000.0  # Hz, where resonances of vowels are


class TractLength:
    """The factor that makes the spectra of one speaker most like another's.

    It grows surer with every comparison, in constant memory; 1 before the first.
    """

    def __init__(self) -> None:
        self._both = np.zeros(len(_FACTORS))
        self._ours = np.zeros(len(_FACTORS))

    @property
    def factor(self) -> float:
        """By which frequencies are multiplied."""
        if not self._ours.any():
            return 1.0
        # The correlation, but for what all factors share: squeezed spectra vary less, and would
        # seem near to anything.
        return float(_FACTORS[int(np.argmax(self._both / np.sqrt(self._ours)))])

    def compare(self, ours: Array, theirs: Array) -> None:
        """Take note of vowels that both speakers say.

        Args:
            ours: (F, bins) log power spectra.
            theirs: (F, bins) of the other speaker in the same sounds.
        """
        if len(ours) < 2:
            return
        wanted = _shape(theirs)
        for index, factor in enumerate(_FACTORS):
            warped = _shape(warp(ours, float(factor)))
            self._both[index] += (warped * wanted).sum()
            self._ours[index] += np.square(warped).sum()

    def moved(self, spectra: Array) -> Array:
        """(F, bins) spectra as from a vocal tract of the other speaker's length."""
        return warp(spectra, self.factor)


def _shape(spectra: Array) -> Array:
    """Where resonances are, without loudness and the average spectrum, the microphone's too."""
    step = RATE / FFT
    rows = spectra[:, round(_LOWEST / step) : round(_HIGHEST / step)]
    rows = rows - rows.mean(axis=1, keepdims=True)
    result: Array = rows - rows.mean(axis=0)
    return result


def warp(rows: Array, factor: float) -> Array:
    """Spectra (..., bins) stretched along frequency; a factor above 1 moves formants up."""
    bins = rows.shape[-1]
    place = np.minimum(np.arange(bins) / factor, bins - 1)
    low = np.minimum(place.astype(int), bins - 2)
    share = place - low
    result: Array = rows[..., low] * (1 - share) + rows[..., low + 1] * share
    return result
