"""A person's profile on disk: what a model has learnt of one speaker, to be used again.

    profile.json            format, the model it belongs to, what was learnt from, scores
    motion.safetensors      the weights of the motion network that learnt, and what it remembers

It fits only the model it was learnt with, of which it holds a fingerprint. Nothing is unpickled.
"""

import copy
import json
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as tensors_to_bytes

from synclips.adapt.speaker import Adaptation
from synclips.checkpoint import Checkpoint
from synclips.errors import ModelError
from synclips.media.partial import write_folder
from synclips.models.motion import Motion
from synclips.models.residual import Residual
from synclips.models.weights import hash_weights, load_network

FORMAT = 2

_EXPLANATION = "profile.json"
_WEIGHTS = "motion.safetensors"


def save_profile(folder: Path, checkpoint: Checkpoint, learnt: Adaptation) -> None:
    """Write a profile; an older one stays until every file of the new one is written.

    Args:
        folder: where; made if it is not there.
        checkpoint: the model that was learnt with.
        learnt: what came of it.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    weights = {name: value.contiguous().cpu() for name, value in learnt.motion.state_dict().items()}
    explanation = {
        "format": FORMAT,
        "model": checkpoint.name,
        "fingerprint": fingerprint(checkpoint),
        "seconds": learnt.seconds,
        "offsets": learnt.offsets,
        "before": learnt.before and asdict(learnt.before),
        "after": learnt.after and asdict(learnt.after),
    }
    files = {
        _WEIGHTS: tensors_to_bytes(weights),
        _EXPLANATION: (json.dumps(explanation, indent=2) + "\n").encode(),
    }
    write_folder(folder, files)


def load_profile(folder: Path, checkpoint: Checkpoint) -> Motion:
    """The motion network of a profile.

    Args:
        folder: of the profile.
        checkpoint: the model it shall be used with.

    Raises:
        ModelError: there is none, it is damaged, or belongs to another model.
    """
    path = folder / _EXPLANATION
    try:
        explanation = json.loads(path.read_text(encoding="utf-8"))
        found, model = explanation["format"], explanation["model"]
        matches = explanation["fingerprint"] == fingerprint(checkpoint)
    except (FileNotFoundError, NotADirectoryError) as error:
        if folder.is_file():  # which only some systems tell by the error
            raise ModelError(
                f"{folder} is a file, not a profile; give the folder that `synclips adapt` made."
            ) from error
        raise ModelError(
            f"{folder} holds no profile; make one with `synclips adapt VIDEO -o {folder}`."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path} is damaged ({error}); make the profile again with `synclips adapt`."
        ) from error
    if found != FORMAT:
        raise ModelError(
            f"{folder} has profile format {found}, this version reads {FORMAT};"
            " make it again with `synclips adapt`."
        )
    if not matches and model == checkpoint.name:
        raise ModelError(
            f"{folder} was learnt with another version of {model};"
            " make the profile again with `synclips adapt`."
        )
    if not matches:
        raise ModelError(
            f"{folder} was learnt with another model ({model}) than {checkpoint.name};"
            " give that one with --model, or make the profile again with `synclips adapt`."
        )
    network = copy.deepcopy(checkpoint.motion)
    rows = _remembered(folder / _WEIGHTS)
    if rows:
        spec = network.spec
        network.residual = Residual(
            torch.zeros(rows, spec.width), torch.zeros(rows, spec.shape_size)
        )
    try:
        return load_network(network, folder / _WEIGHTS)
    except ModelError as error:
        raise ModelError(
            f"{folder / _WEIGHTS} is missing or damaged; make the profile again with"
            " `synclips adapt`."
        ) from error


def _remembered(file: Path) -> int:
    """Instants of the person that are kept in a file of weights; 0 if it cannot be read."""
    try:
        with safe_open(file, "pt") as tensors:
            named = "residual.features" in tensors.keys()  # noqa: SIM118
            shape = tensors.get_slice("residual.features").get_shape() if named else []
            return int(shape[0]) if shape else 0
    except (OSError, SafetensorError):
        return 0


def fingerprint(checkpoint: Checkpoint) -> str:
    """What tells a model from any other: a hash of its motion weights and basis."""
    digest = hash_weights(checkpoint.motion)
    for array in (checkpoint.shape.basis, checkpoint.shape.deviation):
        digest.update(array.tobytes())
    return digest.hexdigest()
