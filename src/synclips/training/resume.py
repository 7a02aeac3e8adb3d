"""Resume: what a run leaves on disk so that it can be continued or its weights used.

    NAME.safetensors           averaged weights of each network, which are the ones that ship
    NAME.best.safetensors      those of the best validation, where patience watches one
    resume.json                step, counters and settings, and the name of
    resume-STEP.safetensors    weights, averaged weights and optimisers

All files are written beside their targets before the first is renamed, and `resume.json`, renamed
last, is what makes a checkpoint valid: a process that is killed, or a disk that is full, at any
moment leaves the checkpoint before. Does not know steps or stages.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError
from torch import Tensor, nn

from synclips.errors import ConfigError, ModelError
from synclips.media.partial import write_folder
from synclips.training.options import MAY_CHANGE as OPTIONS

FORMAT = 2

MAY_CHANGE = frozenset(f"loop.{name}" for name in OPTIONS)
"""Settings that do not decide what weights come out, only how long is trained."""

_BEFORE = {"offsets": "", "quantity": 0.5, "start": "", "weights.temporal": 0.0}
"""Of settings that runs did not always keep, what they did before."""

_BEST = ".best"
_SLOTS = {"step", "exp_avg", "exp_avg_sq"}


@dataclass(frozen=True, eq=False)
class Left:
    """What a checkpoint says of itself.

    Attributes:
        file: the tensors' file, for messages.
        step: steps done.
        settings: what decided the run, flat.
        state: counters, plain values.
    """

    file: Path
    step: int
    settings: dict[str, Any]
    state: dict[str, Any]

    def check_settings(
        self, settings: Mapping[str, Any], may_change: frozenset[str], *, whole: bool = True
    ) -> None:
        """Refuse to take it for another run.

        Args:
            settings: of that run, flat.
            may_change: keys of them that do not count.
            whole: whether these are all settings; otherwise only they are compared.

        Raises:
            ConfigError: settings differ that decide what weights come out.
        """
        # A run that was begun before these were kept is taken at its word.
        unknown = {key for key in settings if key not in self.settings and _is_later(key)}
        asked = {*self.settings, *settings} if whole else {*settings}
        keys = sorted(asked - may_change - unknown)
        was = {**_BEFORE, **self.settings}
        if wrong := [k for k in keys if was.get(k) != settings.get(k)]:
            told = ", ".join(
                f"{k} (was {was[k]!r})" if k in was else f"{k} (was not there)" for k in wrong[:8]
            )
            raise ConfigError(
                f"{self.file.parent} holds a run with other settings: {told};"
                " set them back, or train into an empty folder."
            )


@dataclass(frozen=True, eq=False)
class Saved(Left):
    """A checkpoint.

    Attributes:
        tensors: see `pack`.
    """

    tensors: dict[str, Tensor]


def _is_later(key: str) -> bool:
    """Whether a setting tells which data or networks a run learns from; older runs kept none."""
    return key in ("which", "expert", "words") or key.startswith(("data.", "begun."))


def flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings as `a.b.c` and the values they have after a round trip through JSON."""
    values: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping):
            values |= flat(value, f"{prefix}{key}.")
        else:
            values[f"{prefix}{key}"] = json.loads(json.dumps(value))
    return values


def weights_file(folder: Path, name: str) -> Path:
    """The weights of a network to go on with: the best where some were kept, else the last."""
    best = folder / f"{name}{_BEST}.safetensors"
    return best if best.exists() else folder / f"{name}.safetensors"


def digest(file: Path) -> str:
    """A short name of the weights in a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]


def save(
    folder: Path,
    weights: Mapping[str, Mapping[str, Tensor]],
    tensors: Mapping[str, Tensor],
    step: int,
    settings: Mapping[str, Any],
    state: Mapping[str, Any],
    *,
    watched: bool,
) -> None:
    """Write a checkpoint and remove what the one before it had.

    Args:
        folder: where to.
        weights: tensors by the name of their file, without suffix.
        tensors: see `pack`.
        step, settings, state: see `Saved`.
        watched: whether patience still watches for the best; its weights are removed otherwise.

    Raises:
        OutputError: the disk is full or may not be written to; the checkpoint before is kept.
    """
    current = folder / f"resume-{step}.safetensors"
    about = {
        "format": FORMAT,
        "step": step,
        "tensors": current.name,
        "state": dict(state),
        "settings": dict(settings),
    }
    files = {f"{name}.safetensors": _encode(part) for name, part in weights.items()}
    files[current.name] = _encode(tensors)
    files["resume.json"] = (json.dumps(about, indent=1) + "\n").encode()
    write_folder(folder, files)
    for pattern in ("resume-*.safetensors", ".*.safetensors", ".resume.*.json", ".*.part"):
        for old in folder.glob(pattern):  # hidden ones a killed process has left half-written
            if old != current:
                old.unlink()
    if not watched:  # weights of a run that went on after its patience had ended
        for old in folder.glob(f"*{_BEST}.safetensors"):
            old.unlink()


def look(folder: Path) -> Left | None:
    """What the checkpoint of a run says of itself; None where none was begun.

    Raises:
        ModelError: it is damaged, or of another version.
    """
    file = folder / "resume.json"
    if not file.exists():
        if (folder / "resume.safetensors").exists():
            raise ModelError(
                f"{folder} holds a run of an older version, which cannot be continued;"
                " train into an empty folder."
            )
        return None
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise ModelError(
                f"{file} has format {about['format']}, this version reads {FORMAT};"
                " train into an empty folder."
            )
        place = folder / str(about["tensors"])
        return Left(place, int(about["step"]), dict(about["settings"]), dict(about["state"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _incomplete(folder, error) from error


def load(folder: Path) -> Saved | None:
    """Read the checkpoint of a run; None where none was begun.

    Raises:
        ModelError: it is damaged, incomplete, or of another version.
    """
    left = look(folder)
    if left is None:
        return None
    try:
        tensors = safetensors.torch.load(left.file.read_bytes())
    except (OSError, SafetensorError) as error:
        raise _incomplete(folder, error) from error
    return Saved(left.file, left.step, left.settings, left.state, tensors)


def _incomplete(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        f"{folder / 'resume.json'} and its tensors are not a complete checkpoint ({error});"
        f" remove {folder} and train again."
    )


def pack(
    networks: Mapping[str, nn.Module],
    averaged: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.AdamW],
) -> dict[str, Tensor]:
    """All tensors of a run by what they are, whose, and where in it."""
    tensors: dict[str, Tensor] = {}
    for name, network in networks.items():
        for kind, values in _weights(network, averaged[name]).items():
            tensors |= {f"{kind}/{name}/{key}": value for key, value in values.items()}
        state = optimisers[name].state
        for key, parameter in _learning(network).items():
            for slot, value in state.get(parameter, {}).items():
                tensors[f"adam/{name}/{key}/{slot}"] = torch.as_tensor(value)
    return tensors


def unpack(
    saved: Saved,
    networks: Mapping[str, nn.Module],
    averaged: Mapping[str, nn.Module],
    optimisers: Mapping[str, torch.optim.AdamW],
) -> None:
    """Put the tensors of a checkpoint where they belong; the inverse of `pack`.

    Raises:
        ModelError: a tensor is missing, foreign or misshapen.
    """
    tensors = dict(saved.tensors)
    for name, network in networks.items():
        for kind, values in _weights(network, averaged[name]).items():
            for key, value in values.items():
                value.copy_(_take(saved, tensors, f"{kind}/{name}/{key}", value.shape))
        slots: dict[int, dict[str, Tensor]] = {}
        for index, (key, parameter) in enumerate(_learning(network).items()):
            start = f"adam/{name}/{key}/"
            # A network that has not learnt yet has no slots.
            if any(k.startswith(start) for k in tensors):
                slots[index] = {
                    slot: _take(
                        saved,
                        tensors,
                        start + slot,
                        torch.Size() if slot == "step" else parameter.shape,
                    )
                    for slot in _SLOTS
                }
        groups = optimisers[name].state_dict()["param_groups"]
        optimisers[name].load_state_dict({"state": slots, "param_groups": groups})
    if tensors:
        raise _foreign(saved, f"{min(tensors)} is not in it")


def _weights(network: nn.Module, averaged: nn.Module) -> dict[str, dict[str, Tensor]]:
    return {"weight": network.state_dict(), "mean": averaged.state_dict()}


def _learning(network: nn.Module) -> dict[str, nn.Parameter]:
    return {key: p for key, p in network.named_parameters() if p.requires_grad}


def _take(saved: Saved, tensors: dict[str, Tensor], key: str, shape: torch.Size) -> Tensor:
    value = tensors.pop(key, None)
    if value is None:
        raise _foreign(saved, f"it has {key}, the file has not")
    if value.shape != shape:
        raise _foreign(saved, f"{key} is {tuple(value.shape)}, not {tuple(shape)}")
    return value


def _foreign(saved: Saved, how: str) -> ModelError:
    return ModelError(
        f"{saved.file} belongs to another network: {how}; train into an empty folder."
    )


def _encode(tensors: Mapping[str, Tensor]) -> bytes:
    # Copies: tensors that share memory cannot be stored together.
    apart = {
        key: value.detach().cpu().clone(memory_format=torch.contiguous_format)
        for key, value in tensors.items()
    }
    return safetensors.torch.save(apart)
