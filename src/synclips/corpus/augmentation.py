"""Kinds of change to training data, each with its own chance and its own random numbers.

This file knows how kinds are switched and drawn: a kind that is switched off changes nothing about
the others, so two runs that differ in one kind differ in nothing else. It does not know what a kind
does; that is written in `augment_sound` and `augment_picture`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Self

import numpy as np

from synclips.errors import ConfigError

_CHANCE = "_probability"


@dataclass(frozen=True)
class Augmentation:
    """Base of frozen dataclasses whose fields are the chance and the strength of each kind.

    A field `NAME_probability` makes `NAME` a kind: 0 switches it off, 1 applies it every time.
    """

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.endswith(_CHANCE) and not 0 <= value <= 1:
                raise ConfigError(
                    f"{type(self).__name__}: {field.name} must be from 0 (never) to 1 (always),"
                    f" not {value:g}."
                )
            if not math.isfinite(value):
                raise ConfigError(
                    f"{type(self).__name__}: {field.name} must be a finite number, not {value:g}."
                )

    @classmethod
    def kinds(cls) -> tuple[str, ...]:
        """Names of all kinds, in the order in which they are applied."""
        names = (field.name for field in fields(cls))
        return tuple(name.removesuffix(_CHANCE) for name in names if name.endswith(_CHANCE))

    def only(self, *kinds: str) -> Self:
        """The same strengths with these kinds applied every time and all others off.

        Raises:
            ValueError: A kind is unknown.
        """
        if unknown := set(kinds) - set(self.kinds()):
            raise ValueError(f"There is no kind {', '.join(sorted(unknown))} in {self.kinds()}.")
        return replace(self, **{kind + _CHANCE: float(kind in kinds) for kind in self.kinds()})

    def draw(self, rng: np.random.Generator) -> Iterator[tuple[str, np.random.Generator]]:
        """The kinds that happen this time, each with a generator of its own.

        Takes the same amount from `rng` whatever is switched on.
        """
        kinds = self.kinds()
        lots, seeds = rng.random(len(kinds)), rng.integers(2**63, size=len(kinds))
        for kind, lot, seed in zip(kinds, lots, seeds, strict=True):
            if lot < getattr(self, kind + _CHANCE):
                yield kind, np.random.default_rng(seed)


def require_positive(how: Augmentation, *names: str) -> None:
    """Refuse strengths below zero.

    Raises:
        ConfigError: One of the named fields is negative.
    """
    for name in names:
        if not getattr(how, name) >= 0:
            raise ConfigError(f"{type(how).__name__}: {name} must not be negative.")
