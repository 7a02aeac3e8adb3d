"""What carries speech from one voice to another.

A protocol only: `speech.spoken` applies a converter to every sentence, and knows nothing of how one
works or whose voice it makes.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synclips.speech.likeness import Likeness


class Converter(Protocol):
    """Speech in any voice to the same words in one certain voice."""

    @property
    def name(self) -> str:
        """Of the method and voice, for the mark of synthesis in the result."""
        ...

    @property
    def likeness(self) -> Likeness | None:
        """What the voice is like, so that an engine can speak in such a one, or None."""
        ...

    def convert(
        self, samples: NDArray[np.float32], rate: int, language: str
    ) -> NDArray[np.float32]:
        """Give one sentence another voice; the pauses between sentences are not asked for.

        Args:
            samples: (n,) mono speech, about -1..1.
            rate: Samples per second.
            language: Tag of what is said.

        Returns:
            (m,) at the same rate; m may differ from n, and then the speech is so much longer.
        """
        ...
