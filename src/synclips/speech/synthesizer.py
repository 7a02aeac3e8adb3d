"""What an engine that speaks must offer, and what a voice is.

A protocol and two values; knows no engine. Splitting a text into sentences, pauses and choosing a
voice are done before an engine is asked, writing sound after.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from synclips.speech.likeness import Likeness


@dataclass(frozen=True)
class Voice:
    """A voice of an engine.

    Attributes:
        engine: Name of the engine.
        name: What the user writes to choose it; unique within the engine, empty in the one row that
            stands for all voices of an engine that is not installed.
        language: BCP 47 tag such as "en-us", or empty.
        gender: "female", "male" or None where the engine does not say.
        licence: Of engine and voice, as an SPDX expression or the words of its authors.
        installed: Whether it can speak now.
        note: How to install it, or what else is to say, as a sentence; may be empty.
    """

    engine: str
    name: str
    language: str
    gender: str | None
    licence: str
    installed: bool
    note: str = ""


@dataclass(frozen=True, eq=False)
class Utterance:
    """Sound of one sentence.

    Attributes:
        samples: (n,) mono, about -1..1.
        rate: Samples per second, the same for all sentences of a voice.
    """

    samples: NDArray[np.float32]
    rate: int


class Synthesizer(Protocol):
    """An engine that speaks; it holds nothing open between calls.

    Engines inherit from it, and with that what they need not offer.

    Attributes:
        name: What the user writes to choose it.
        mixes: Whether its voices mix, see `nearest`.
    """

    name: str
    mixes: bool = False

    @property
    def installed(self) -> bool:
        """Whether it can speak now."""
        ...

    def voices(self) -> list[Voice]:
        """All voices; one row that says how to install them if the engine is not there.

        Of several voices of a language the first is the one to take if the user names none.
        """
        ...

    def variant(self, name: str) -> Voice | None:
        """A voice that is not listed, such as one with another timbre; None if it is unknown."""
        return None

    def in_gender(self, voice: Voice, gender: str, taken: Collection[str] = ()) -> Voice | None:
        """One of its voices as a "female" or "male" one; None where that is not to be had.

        Args:
            voice: One of `voices`.
            gender: "female" or "male".
            taken: Names that are rather not to be used again.
        """
        return None

    def nearest(self, likeness: Likeness, language: str) -> Voice | None:
        """What it can make of its voices that sounds most like a person; None if nothing.

        Args:
            likeness: Of the person.
            language: Tag of the text.
        """
        return None

    def speak(self, sentences: Iterable[str], voice: Voice, speed: float) -> Iterator[Utterance]:
        """Speak sentences one by one, each when it is asked for.

        Args:
            sentences: Plain text without control characters, each with something to speak.
            voice: One of `voices`, or what the engine made of them.
            speed: 1 is the voice's own, 2 twice as fast; what `SayOptions` takes, times the
                1.4 that a subtitle may be hurried.

        Yields:
            Exactly one for each sentence, in order.

        Raises:
            ConfigError: The engine is not installed, or stopped working.
            InputError: The engine cannot speak a sentence.
        """
        ...
