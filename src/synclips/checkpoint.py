"""Models on disk: a folder with weights (safetensors) and a JSON that explains them.

    config.json             name, preprocessing and sizes of the networks, how it was trained
    shape.safetensors       mean face and basis of lip motion
    motion.safetensors      sound to lip motion
    generator.safetensors   reference frames to the new mouth

Preprocessing is stored with the weights and rebuilt from there, so that training and inference
cannot disagree. Nothing is ever unpickled.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.numpy import load_file as load_arrays
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import load_file, save_file
from torch import nn

from synclips.errors import ConfigError, ModelError
from synclips.faces.crop import CropSpec
from synclips.faces.shape import LipShape
from synclips.features.mel import MelSpec
from synclips.models.generator import Generator, GeneratorSpec
from synclips.models.motion import Motion, MotionSpec

FORMAT = 1

_SHIPPED = Path(__file__).parent / "weights"

N = TypeVar("N", bound=nn.Module)


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model and everything needed to feed it."""

    name: str
    mel: MelSpec
    crop: CropSpec
    shape: LipShape
    motion: Motion
    generator: Generator


def available_models() -> list[str]:
    """Names of the models that ship with the package."""
    return sorted(path.parent.name for path in _SHIPPED.glob("*/config.json"))


def load_checkpoint(model: str | Path) -> Checkpoint:
    """Load a shipped model by name, or any model from its folder.

    Raises:
        ModelError: there is no such model, or its folder is incomplete or damaged.
    """
    folder = _SHIPPED / str(model)
    if str(model) not in available_models():
        folder = Path(model)
        if not os.path.isfile(folder / "config.json"):  # also where the name is too long
            known = ", ".join(available_models()) or "none"
            raise ModelError(
                f"There is no model {str(model)!r}; shipped models: {known};"
                " or give the folder of a trained one."
            )
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if config["format"] != FORMAT:
            raise ModelError(
                f"{folder} has model format {config['format']}, this version reads {FORMAT};"
                " export it again with this version."
            )
        mel, crop = MelSpec.from_dict(config["mel"]), CropSpec.from_dict(config["crop"])
        motion = Motion(MotionSpec.from_dict(config["motion"]))
        generator = Generator(GeneratorSpec.from_dict(config["generator"]))
        arrays = load_arrays(folder / "shape.safetensors")
        shape = LipShape(arrays["template"], arrays["basis"], arrays["deviation"])
    except (OSError, ValueError, KeyError, TypeError, ConfigError, SafetensorError) as error:
        raise ModelError(f"{folder} is not a complete model ({error}); get it again.") from error
    return Checkpoint(
        config["name"],
        mel,
        crop,
        shape,
        load_network(motion, folder / "motion.safetensors"),
        load_network(generator, folder / "generator.safetensors"),
    )


def save_checkpoint(checkpoint: Checkpoint, folder: Path, training: dict[str, Any]) -> None:
    """Write a model folder; `training` is kept as a record and not read back."""
    folder.mkdir(parents=True, exist_ok=True)
    shape = checkpoint.shape
    save_arrays(
        {
            "template": shape.template,
            "basis": np.ascontiguousarray(shape.basis),
            "deviation": shape.deviation,
        },
        folder / "shape.safetensors",
    )
    for name, network in (("motion", checkpoint.motion), ("generator", checkpoint.generator)):
        tensors = {key: value.contiguous() for key, value in network.state_dict().items()}
        save_file(tensors, folder / f"{name}.safetensors")
    config = {
        "format": FORMAT,
        "name": checkpoint.name,
        "mel": checkpoint.mel.to_dict(),
        "crop": checkpoint.crop.to_dict(),
        "motion": checkpoint.motion.spec.to_dict(),
        "generator": checkpoint.generator.spec.to_dict(),
        "training": training,
    }
    text = json.dumps(config, indent=2) + "\n"
    beside = folder / "config.json.part"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / "config.json")


def load_network(network: N, file: Path) -> N:
    """Fill a network from a safetensors file, every tensor accounted for.

    Raises:
        ModelError: the file is missing or damaged, or a tensor is missing, foreign or misshapen.
    """
    try:
        network.load_state_dict(load_file(file))
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{file} cannot be read as weights ({error}); get it again.") from error
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise ModelError(f"{file} does not fit this network: {first}") from error
    network.eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network


def pick_device(device: str) -> torch.device:
    """Resolve `auto`, `cpu` or `cuda`.

    Raises:
        ConfigError: CUDA is asked for and not there, or the name is unknown.
    """
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device == "cuda" and not torch.cuda.is_available():
        raise ConfigError("No CUDA device is at hand; use --device cpu or auto.")
    if device not in ("cpu", "cuda"):
        raise ConfigError(f"Unknown device {device!r}; use auto, cpu or cuda.")
    return torch.device(device)
