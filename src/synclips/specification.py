"""Sizes and settings that travel with weights: plain numbers in a frozen dataclass, and as JSON.

A specification is rebuilt from what a checkpoint says and from nothing else: a key that is missing
is an error, so that no default of a later version sneaks in. Which numbers can be meant is asked
here as well, for these and for the options of training.
"""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from synclips.errors import ConfigError


@dataclass(frozen=True)
class Specification:
    """Base of all specifications; subclasses are frozen dataclasses whose fields are numbers."""

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; `from_dict` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """Rebuild a specification.

        Raises:
            ConfigError: a key is unknown or missing, or a value is no number or impossible.
        """
        cls.check_keys(values)
        if any(not isinstance(value, int | float) for value in values.values()):
            raise ConfigError(f"{cls.__name__}: every value must be a number.")
        return cls(**values)

    @classmethod
    def check_keys(cls, values: Mapping[str, Any]) -> None:
        """Refuse other keys than this class has.

        Raises:
            ConfigError: a key is unknown or missing.
        """
        names = {field.name for field in fields(cls)}
        if wrong := names ^ values.keys():
            raise ConfigError(
                f"{cls.__name__}: unknown or missing keys {', '.join(sorted(wrong))}."
            )


def require_least(values: object, **least: float) -> None:
    """Refuse numbers of a dataclass below what can be meant, and those that are none.

    Args:
        values: the dataclass.
        least: the smallest value of each of its attributes that counts.

    Raises:
        ConfigError: one is below, infinite or not a number.
    """
    for name, bound in least.items():
        value = getattr(values, name)
        if not (math.isfinite(value) and value >= bound):
            raise ConfigError(f"{name} must be at least {bound:g}{_finite(value)}, not {value:g}.")


def require_share(values: object, *names: str) -> None:
    """Refuse numbers of a dataclass that are no share of anything.

    Raises:
        ConfigError: one of the named attributes is below 0, above 1 or not a number.
    """
    for name in names:
        value = getattr(values, name)
        if not 0 <= value <= 1:
            raise ConfigError(f"{name} must be from 0 to 1, not {value:g}.")


def require_dropout(dropout: float) -> None:
    """Refuse a share of dropped values that leaves nothing.

    Raises:
        ConfigError: it is below 0, or 1 or above, or not a number.
    """
    if not 0 <= dropout < 1:
        raise ConfigError(f"dropout must be at least 0 and below 1, not {dropout:g}.")


def _finite(value: float) -> str:
    return "" if math.isfinite(value) else " and finite"
