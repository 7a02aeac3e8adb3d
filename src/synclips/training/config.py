"""A training run as a value, read from TOML; an unknown key is an error, never ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from synclips.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class RunConfig:
    """What every run says; subclasses add everything else that decides what weights come out.

    Attributes:
        name: of what is made.
        family: which road leads to it, see `families`.
        wandb: project of Weights & Biases to log to as well; "" is none.
    """

    name: str
    family: str = "synclips-1"
    wandb: str = ""


def read_config(path: Path, kinds: Mapping[str, type[T]]) -> T:
    """Read a run from a TOML file.

    Args:
        path: the file.
        kinds: the class of the config by the family it names; `synclips-1` if it names none.

    Raises:
        ConfigError: the file is missing, is not TOML, or has a key or value that does not fit.
    """
    try:
        # With the byte order mark that editors on Windows write.
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read; name a training config (TOML).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    family = values.get("family", RunConfig.family)
    if not isinstance(family, str) or family not in kinds:
        raise ConfigError(f"{path}: unknown family {family!r}; known are {', '.join(kinds)}.")
    assumed = "" if "family" in values else f", as the file names no family and {family} is taken"
    return build(kinds[family], values, str(path), assumed)


def build(kind: type[T], values: Mapping[str, Any], where: str, why: str = "") -> T:
    """A dataclass, and those within it, from nested tables.

    Args:
        kind: the dataclass.
        values: its table.
        where: the table is, for messages.
        why: these keys are the known ones, for messages.

    Raises:
        ConfigError: a key is unknown or missing, or a value does not fit.
    """
    hints = get_type_hints(kind)
    names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    arguments: dict[str, Any] = {}
    for key, value in values.items():
        if key not in names:
            raise ConfigError(
                f"{where}: unknown key {key!r}; known are {', '.join(sorted(names))}{why}."
            )
        wanted = hints[key]
        place = f"{where}: {key}"
        if is_dataclass(wanted) and isinstance(wanted, type):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{place} must be a table.")
            arguments[key] = build(wanted, value, place)
        elif get_origin(wanted) is tuple:
            if not isinstance(value, list):
                raise ConfigError(f"{place} must be a list.")
            item = get_args(wanted)[0]
            if any(type(each) is not item for each in value):
                raise ConfigError(f"{place} must be a list of {item.__name__}, not {value!r}.")
            arguments[key] = tuple(value)
        elif wanted is float and isinstance(value, int) and not isinstance(value, bool):
            arguments[key] = float(value)
        elif isinstance(wanted, type) and type(value) is not wanted:
            raise ConfigError(f"{place} must be of type {wanted.__name__}, not {value!r}.")
        else:
            arguments[key] = value
    needed = {item.name for item in fields(kind) if _has_no_default(item)}  # type: ignore[arg-type]
    if missing := sorted(needed - arguments.keys()):
        told, what = ("is", "it") if len(missing) == 1 else ("are", "them")
        raise ConfigError(f"{where}: {', '.join(missing)} {told} missing{why}; add {what}.")
    try:
        return kind(**arguments)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def _has_no_default(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING
