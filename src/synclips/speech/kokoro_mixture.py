"""Kokoro's voices by name, plain or mixed.

    af_heart                              a voice
    af_heart:70+bm_george:30              two in these shares
    af_heart/bm_george                    the melody of one in the colour of another
    af_heart/bm_george:130-am_adam:30     the same, and away from a third

A style has two halves: the first shapes the sound itself, the second how long and how high the
phones are and how loud (acoustic and prosodic style of StyleTTS 2, Li et al. 2023). Knows names and
styles; no network.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

STYLE = 256
COLOUR = 128  # numbers of the first half
_PART = re.compile(r"([+-])(\w+)(?::([1-9][0-9]*))?", re.ASCII)


@dataclass(frozen=True)
class Mixture:
    """Shares of voices by their names, in whole numbers; each half has a positive sum.

    Attributes:
        melody: How long, high and loud the phones are, and so the accent.
        colour: How they sound.
    """

    melody: Mapping[str, int]
    colour: Mapping[str, int]

    @staticmethod
    def named(name: str) -> "Mixture | None":
        """What a name says; None where it says something else."""
        melody, slash, colour = name.partition("/")
        first = _shares(melody)
        second = _shares(colour) if slash else first
        return None if first is None or second is None else Mixture(first, second)

    @property
    def name(self) -> str:
        """By which `named` finds it again."""
        melody, colour = _written(self.melody), _written(self.colour)
        return melody if melody == colour else f"{melody}/{colour}"

    @property
    def voices(self) -> set[str]:
        """All that are in it."""
        return {*self.melody, *self.colour}

    @property
    def is_away(self) -> bool:
        """Whether a share is negative, so that it may lie where no voice is."""
        return min(*self.melody.values(), *self.colour.values()) < 0

    @property
    def leading(self) -> str:
        """The voice with the largest share in the melody."""
        return max(self.melody, key=lambda each: self.melody[each])

    def style(self, pure: Callable[[str], Array]) -> Array:
        """(R, 1, 256), a row for every count of signs that all of the voices have.

        Args:
            pure: The style of one voice.
        """
        styles = {name: pure(name) for name in sorted(self.voices)}
        rows = min(len(style) for style in styles.values())
        colour, melody = (
            np.average([styles[name][:rows] for name in half], axis=0, weights=list(half.values()))
            for half in (self.colour, self.melody)
        )
        both = [colour[..., :COLOUR], melody[..., COLOUR:]]
        return np.concatenate(both, axis=-1).astype(np.float32)


def in_percent(shares: Mapping[str, float]) -> dict[str, int]:
    """Shares in whole numbers, without those that are nothing then."""
    whole = {name: round(100 * share) for name, share in shares.items()}
    return {name: share for name, share in whole.items() if share}


def _shares(text: str) -> dict[str, int] | None:
    shares: dict[str, int] = {}
    parts = list(_PART.finditer(f"+{text}"))
    if "".join(part[0] for part in parts) != f"+{text}":
        return None
    for sign, voice, share in (part.groups() for part in parts):
        if voice in shares:
            return None
        shares[voice] = int(f"{sign}{share or 1}")
    return shares if sum(shares.values()) > 0 else None


def _written(shares: Mapping[str, int]) -> str:
    if len(shares) == 1:
        return next(iter(shares))
    return "".join(f"{share:+d}"[0] + f"{name}:{abs(share)}" for name, share in shares.items())[1:]
