"""A training run as a value, read from TOML; an unknown key is an error, never ignored."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from synclips.corpus.augment import SoundAugmentation
from synclips.errors import ConfigError
from synclips.faces.crop import CropSpec
from synclips.features.mel import MelSpec
from synclips.models.generator import GeneratorSpec
from synclips.models.motion import MotionSpec
from synclips.training.generator_stage import GeneratorWeights
from synclips.training.loop import LoopOptions

T = TypeVar("T")


@dataclass(frozen=True)
class SplitConfig:
    """People and sentences that are never trained on.

    Attributes:
        held_out: GRID speakers.
        validation: those of them whose figures are printed while training.
        held_out_initials: `speaker:letter`; sentences of a seen speaker that begin so.
    """

    held_out: tuple[str, ...] = ("s5", "s33", "s26", "s32", "s34")
    validation: tuple[str, ...] = ("s32", "s34")
    held_out_initials: tuple[str, ...] = ("s1:s",)


@dataclass(frozen=True)
class ShapeConfig:
    """Number of lip coefficients, and clips per person that the basis is learnt from."""

    size: int = 16
    clips_per_person: int = 60


@dataclass(frozen=True)
class MotionConfig:
    """The motion stage."""

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=4000, batch_size=32, learning_rate=1e-3)
    )
    network: MotionSpec = field(default_factory=MotionSpec)
    window: int = 128
    augmentation: SoundAugmentation = field(default_factory=SoundAugmentation)


@dataclass(frozen=True)
class GeneratorConfig:
    """The drawing stage; `frame_stride` thins frames out, `corpora` are those drawn from."""

    loop: LoopOptions = field(
        default_factory=lambda: LoopOptions(steps=6000, batch_size=16, learning_rate=6e-4)
    )
    network: GeneratorSpec = field(default_factory=GeneratorSpec)
    crop: CropSpec = field(default_factory=CropSpec)
    frame_stride: int = 2
    adversarial_from: int = 1500
    corpora: tuple[str, ...] = ("grid",)
    weights: GeneratorWeights = field(default_factory=GeneratorWeights)


@dataclass(frozen=True)
class TrainingConfig:
    """Everything that decides what weights come out, except the clips themselves."""

    name: str
    split: SplitConfig = field(default_factory=SplitConfig)
    mel: MelSpec = field(default_factory=MelSpec)
    shape: ShapeConfig = field(default_factory=ShapeConfig)
    motion: MotionConfig = field(default_factory=MotionConfig)
    generator: GeneratorConfig = field(default_factory=GeneratorConfig)


def read_config(path: Path) -> TrainingConfig:
    """Read a run from a TOML file.

    Raises:
        ConfigError: the file is missing, is not TOML, or has a key or value that does not fit.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read; name a training config (TOML).") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not valid TOML: {error}.") from error
    return _build(TrainingConfig, values, str(path))


def _build(kind: type[T], values: Mapping[str, Any], where: str) -> T:
    hints = get_type_hints(kind)
    names = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    arguments: dict[str, Any] = {}
    for key, value in values.items():
        if key not in names:
            raise ConfigError(
                f"{where}: unknown key {key!r}; known are {', '.join(sorted(names))}."
            )
        wanted = hints[key]
        place = f"{where}: {key}"
        if is_dataclass(wanted) and isinstance(wanted, type):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{place} must be a table.")
            arguments[key] = _build(wanted, value, place)
        elif isinstance(value, list):
            arguments[key] = tuple(value)
        elif wanted is float and isinstance(value, int) and not isinstance(value, bool):
            arguments[key] = float(value)
        elif isinstance(wanted, type) and not isinstance(value, wanted):
            raise ConfigError(f"{place} must be of type {wanted.__name__}, not {value!r}.")
        else:
            arguments[key] = value
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ConfigError(f"{where}: a key is missing ({error}).") from error
