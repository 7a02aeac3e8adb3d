"""Models on disk: a folder with weights (safetensors) and a JSON that explains them.

    config.json             family, name, preprocessing, sizes of the networks, how it was trained
    shape.safetensors       mean face and basis of lip motion

and the networks of its family:

    synclips-1              motion.safetensors (sound to lip motion) and generator.safetensors
                            (reference frames to the new mouth)
    grid-gan                network.safetensors (sound and reference frames to a small picture)
    wav2lip                 network.safetensors (sound, half a face and a reference to a face)
    syncnet                 network.safetensors (whether a mouth and a sound belong together)

Preprocessing is stored with the weights and rebuilt from there, so that training and inference
cannot disagree. Nothing is ever unpickled.
"""

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_type_hints

from safetensors import SafetensorError
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save as arrays_to_bytes
from safetensors.torch import save as tensors_to_bytes
from torch import nn

from synclips.errors import ConfigError, ModelError
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.features.mel import MelSpec
from synclips.features.mfcc import MfccSpec
from synclips.media.partial import write_folder
from synclips.models.generator import Generator
from synclips.models.grid_gan import COEFFICIENTS, PICTURE, GridGan
from synclips.models.motion import Motion
from synclips.models.syncnet import SyncNet
from synclips.models.wav2lip import SIZE as FACE
from synclips.models.wav2lip import Wav2Lip
from synclips.models.weights import load_network

FORMAT = 3

SYNCNET_JUDGE = "syncnet-judge"

_SHIPPED = Path(__file__).parent / "weights"


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A `synclips-1` model and everything needed to feed it."""

    name: str
    crop: CropSpec
    shape: LipShape
    motion: Motion
    generator: Generator


@dataclass(frozen=True, eq=False)
class GridGanCheckpoint:
    """A `grid-gan` model and everything needed to feed it.

    Raises:
        ConfigError: the preprocessing does not make what the network takes.
    """

    name: str
    mfcc: MfccSpec
    crop: CropSpec
    shape: LipShape
    network: GridGan

    def __post_init__(self) -> None:
        if self.mfcc.n_coefficients != COEFFICIENTS or self.crop.size != PICTURE:
            raise ConfigError(
                f"A grid-gan takes {COEFFICIENTS} coefficients and crops of {PICTURE} pixels, not"
                f" {self.mfcc.n_coefficients} and {self.crop.size}."
            )


@dataclass(frozen=True, eq=False)
class Wav2LipCheckpoint:
    """A `wav2lip` model and everything needed to feed it.

    Raises:
        ConfigError: the preprocessing does not make what the network takes.
    """

    name: str
    mel: MelSpec
    crop: CropSpec
    shape: LipShape
    network: Wav2Lip

    def __post_init__(self) -> None:
        if self.mel.n_mels != self.network.spec.n_mels or self.crop.size != FACE:
            raise ConfigError(
                f"This wav2lip takes {self.network.spec.n_mels} mel bands and crops of {FACE}"
                f" pixels, not {self.mel.n_mels} and {self.crop.size}."
            )


@dataclass(frozen=True, eq=False)
class SyncNetCheckpoint:
    """A SyncNet and everything needed to feed it; it draws nothing."""

    name: str
    mel: MelSpec
    crop: CropSpec
    shape: LipShape
    network: SyncNet


DrawingCheckpoint = Checkpoint | GridGanCheckpoint | Wav2LipCheckpoint
"""Models that draw, of any family."""

AnyCheckpoint = DrawingCheckpoint | SyncNetCheckpoint

_FAMILIES: dict[str, type[AnyCheckpoint]] = {
    "synclips-1": Checkpoint,
    "grid-gan": GridGanCheckpoint,
    "wav2lip": Wav2LipCheckpoint,
    "syncnet": SyncNetCheckpoint,
}


def available_models() -> list[str]:
    """Names of the models that ship with the package and draw."""
    return [name for name in _shipped() if name != SYNCNET_JUDGE]


def is_shipped(name: str) -> bool:
    """Whether weights of this name ship with the package."""
    return name in _shipped()


def _shipped() -> list[str]:
    return sorted(path.parent.name for path in _SHIPPED.glob("*/config.json"))


def load_checkpoint(model: str | Path) -> DrawingCheckpoint:
    """Load a shipped model by name, or any model from its folder.

    Raises:
        ModelError: there is no such model, its folder is incomplete or damaged, or it is a SyncNet.
    """
    checkpoint = _load(model)
    if isinstance(checkpoint, SyncNetCheckpoint):
        raise ModelError(
            f"{model} is a SyncNet, which judges lips and draws none; give a model that draws."
        )
    return checkpoint


def load_syncnet(model: str | Path) -> SyncNetCheckpoint:
    """Load a SyncNet by name or from its folder.

    Raises:
        ModelError: there is none, its folder is incomplete or damaged, or it is another network.
    """
    checkpoint = _load(model)
    if not isinstance(checkpoint, SyncNetCheckpoint):
        raise ModelError(f"{model} is no SyncNet; give one that `synclips train` has made.")
    return checkpoint


def digest(model: str | Path) -> str:
    """A short name of all that is in the files of a model, the same wherever they lie.

    Raises:
        ModelError: there is no such model.
    """
    total = hashlib.sha256()
    for file in sorted(_folder(model).iterdir()):
        if file.suffix in (".json", ".safetensors"):
            total.update(file.name.encode() + file.read_bytes())
    return total.hexdigest()[:16]


def _folder(model: str | Path) -> Path:
    if is_shipped(str(model)):
        return _SHIPPED / str(model)
    folder = Path(model)
    if not os.path.isfile(folder / "config.json"):  # also where the name is too long
        known = ", ".join(available_models()) or "none"
        raise ModelError(
            f"There is no model {str(model)!r}; shipped models: {known};"
            " or give the folder of a trained one."
        )
    return folder


def _load(model: str | Path) -> AnyCheckpoint:
    folder = _folder(model)
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["format"] != FORMAT:
            raise ModelError(
                f"{folder} has model format {config['format']}, this version reads {FORMAT};"
                " export it again with this version."
            )
        if config["family"] not in _FAMILIES:
            raise ModelError(
                f"{folder} is of the family {config['family']!r}, which this version does not"
                " know; update synclips or take another model."
            )
        shape = LipShape.from_arrays(load_arrays(folder / "shape.safetensors"))
        kind = _FAMILIES[config["family"]]
        values: dict[str, Any] = {"name": config["name"], "shape": shape}
        for name, wanted in _parts(kind).items():
            if issubclass(wanted, nn.Module):
                spec = get_type_hints(wanted.__init__)["spec"].from_dict(config[name])
                values[name] = load_network(wanted(spec), folder / f"{name}.safetensors")
            else:
                values[name] = wanted.from_dict(config[name])
        return kind(**values)
    except (OSError, ValueError, KeyError, TypeError, ConfigError, SafetensorError) as error:
        raise ModelError(f"{folder} is not a complete model ({error}); get it again.") from error


def _parts(kind: type[AnyCheckpoint]) -> dict[str, Any]:
    """Specifications and networks of a family, by the name of their field."""
    hints = get_type_hints(kind)
    return {name: hint for name, hint in hints.items() if name not in ("name", "shape")}


def save_checkpoint(checkpoint: AnyCheckpoint, folder: Path, training: dict[str, Any]) -> None:
    """Write a model folder; `training` is kept as a record and not read back.

    An older model in the folder stays until every file of the new one is written.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    family = next(name for name, kind in _FAMILIES.items() if isinstance(checkpoint, kind))
    config: dict[str, Any] = {"format": FORMAT, "family": family, "name": checkpoint.name}
    files = {"shape.safetensors": arrays_to_bytes(checkpoint.shape.arrays())}
    for name in _parts(type(checkpoint)):
        part = getattr(checkpoint, name)
        if isinstance(part, nn.Module):
            tensors = {key: value.contiguous() for key, value in part.state_dict().items()}
            files[f"{name}.safetensors"] = tensors_to_bytes(tensors)
            part = part.spec
        config[name] = part.to_dict()
    config["training"] = training
    files["config.json"] = (json.dumps(config, indent=2) + "\n").encode()
    write_folder(folder, files)
