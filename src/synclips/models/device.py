"""What a network computes on, by the name that a user gives."""

import torch

from synclips.errors import ConfigError


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
