"""Pictures without colours of their own: black and white, sepia, tinted film.

What is made up of a mouth is red and white as mouths are, and would be the only colour there. In
such pictures every colour follows from how light it is, and so shall theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from synclips.render.ramp import ramp

Array = NDArray[np.float32]

# Levels by which colours differ (root mean square) from what their light says: black and white or
# tinted up to the first, in colour from the second on. Of 66 clips in colour none has less than
# 1.85; black and white after coding has .02, sepia of a photograph .3.
_TINTED, _COLOURED = 0.6, 1.4
# Usual light of a picture, of 1, for which that holds; and by how much more colours count at most
# in a darker one, in which rounding is much.
_USUAL, _DARKEST = 0.4, 4.0
# Powers of the light by which each colour is told.
_POWERS = np.arange(3)


@dataclass(frozen=True, eq=False)
class Tones:
    """How each colour follows from the light in a picture without colours of its own.

    Attributes:
        factors: (3, 3) of red, green and blue: what the powers 0 to 2 of the light count.
        darkest: light from which on that was seen, 0 to 1.
        brightest: and up to which.
        share: how surely the picture has no colours, 0 to 1.
    """

    factors: NDArray[np.float64]
    darkest: float
    brightest: float
    share: float

    @classmethod
    def of(cls, crops: Sequence[NDArray[np.uint8]]) -> Self | None:
        """The tones of some pictures (h, w, 3) of one film; None if it is in colour."""
        colours = np.concatenate([crop[::2, ::2].reshape(-1, 3) for crop in crops]) / 255
        light = colours.mean(axis=1)
        powers = light[:, None] ** _POWERS
        factors, *_ = np.linalg.lstsq(powers, colours, rcond=None)
        off = 255 * float(np.sqrt(np.square(colours - powers @ factors).mean()))
        # Of a film at night, too: colours are as dark as what they are the colours of.
        off *= min(max(_USUAL / max(float(light.mean()), 1e-3), 1.0), _DARKEST)
        share = float(1 - ramp(np.array((off - _TINTED) / (_COLOURED - _TINTED))))
        if share == 0:
            return None
        return cls(factors.T, float(light.min()), float(light.max()), share)

    def applied(self, picture: Array) -> Array:
        """A picture (h, w, 3), 0 to 255, whose colours are those of its light."""
        light = picture.mean(axis=-1) / np.float32(255)
        seen = np.clip(light, self.darkest, self.brightest) + np.float32(1e-3)
        # What is lighter or darker than all that was seen has the colour of the nearest that was.
        scale = 255 * light / seen
        toned = np.empty_like(picture)
        for channel, (first, second, third) in enumerate(self.factors.astype(np.float32)):
            toned[..., channel] = (first + seen * (second + seen * third)) * scale
        result: Array = picture + np.float32(self.share) * (toned - picture)
        return result
