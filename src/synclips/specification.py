"""Sizes and settings that travel with weights: plain numbers in a frozen dataclass, and as JSON.

A specification is rebuilt from what a checkpoint says and from nothing else: a key that is missing
is an error, so that no default of a later version sneaks in.
"""

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
