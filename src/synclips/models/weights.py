"""Weights of one network as a safetensors file. Nothing is ever unpickled.

Knows files and tensors, not what a network is for; models of several networks are `checkpoint`.
"""

import hashlib
from pathlib import Path
from typing import TypeVar

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn

from synclips.errors import ModelError

SPEECH_WEIGHTS = Path(__file__).parents[1] / "weights" / "speech"
"""Folder of the networks that know speech: those of others, and two that were trained here."""

STEP = ".step"
"""What the name of step sizes ends with, see `load_network`."""

N = TypeVar("N", bound=nn.Module)


def load_network(network: N, file: Path) -> N:
    """Fill a network from a safetensors file, every tensor accounted for.

    A tensor `NAME` of 8-bit integers has its step sizes, one per output channel, in `NAME.step`.

    Raises:
        ModelError: the file is missing or damaged, or a tensor is missing, foreign or misshapen.
    """
    try:
        network.load_state_dict(_dequantised(load_file(file)))
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{file} cannot be read as weights ({error}); get it again.") from error
    except RuntimeError as error:
        first = str(error).splitlines()[-1].strip()
        raise ModelError(
            f"{file} does not fit this network: {first} If another version of synclips trained it,"
            " train it again."
        ) from error
    network.eval()
    for parameter in network.parameters():
        parameter.requires_grad_(False)
    return network


def hash_weights(network: nn.Module) -> "hashlib._Hash":
    """SHA-256 of the names and values of all weights, the same whatever file they came from."""
    total = hashlib.sha256()
    for name, value in sorted(network.state_dict().items()):
        total.update(name.encode())
        total.update(value.detach().cpu().contiguous().numpy().tobytes())
    return total


def _dequantised(tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    result = dict(tensors)
    for name, value in tensors.items():
        if value.dtype == torch.int8 and name + STEP in tensors:
            step = result.pop(name + STEP).float()
            result[name] = value.float() * step.reshape(-1, *[1] * (value.ndim - 1))
    return result
