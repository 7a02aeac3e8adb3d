"""The speech networks of other projects, brought into the form that ships with synclips.

    pip install onnx==1.17.0
    pip download --no-deps resemblyzer==0.1.4 silero-vad==6.2.3 pipecat-ai==1.14.0
    python runs/voice_weights.py Resemblyzer-*.whl silero_vad-*.whl pipecat_ai-*.whl \
        src/synclips/weights/speech

Reads the three wheels and writes `speaker.safetensors`, `activity.safetensors` (16-bit floats) and
`hearing.safetensors` (its matrices as the 8-bit integers they are published as).
Resemblyzer's weights are a pickle, which is read once, here, and only by PyTorch's restricted
unpickler, which builds tensors and plain containers and runs nothing.
"""

import argparse
import io
import zipfile
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from safetensors.torch import load, save_file
from torch import Tensor, nn

from synclips.models.speaker_encoder import SpeakerEncoder
from synclips.models.speech_detector import SpeechDetector
from synclips.models.speech_encoder import SpeechEncoder
from synclips.models.weights import STEP, load_network

# Names of the layers in Silero's file and in ours.
_LAYERS = {
    "stft_conv": "spectrum",
    "conv1": "features.0",
    "conv2": "features.2",
    "conv3": "features.4",
    "conv4": "features.6",
    "final_conv": "output",
}

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


def speaker_weights(wheel: Path) -> dict[str, Tensor]:
    """Tensors of the speaker encoder, without the state of its training."""
    with zipfile.ZipFile(wheel) as archive:
        data = io.BytesIO(archive.read("resemblyzer/pretrained.pt"))
    state = torch.load(data, map_location="cpu", weights_only=True)["model_state"]
    return {name: state[name] for name in SpeakerEncoder().state_dict()}


def activity_weights(wheel: Path) -> dict[str, Tensor]:
    """Tensors of the speech detector."""
    with zipfile.ZipFile(wheel) as archive:
        state = load(archive.read("silero_vad/data/silero_vad_16k.safetensors"))
    renamed = {}
    for name, value in state.items():
        layer, kind = name.rsplit(".", 1)
        if layer == "lstm_cell":
            renamed[f"memory.{kind}_l0"] = value
        elif layer == "final_conv" and kind == "weight":
            renamed["output.weight"] = value[..., 0]
        else:
            renamed[f"{_LAYERS[layer]}.{kind}"] = value
    return renamed


def hearing_weights(wheel: Path) -> dict[str, Tensor]:
    """Tensors of the lower layers of the speech encoder; 8-bit ones with their step sizes.

    All zero points are 0. The matrices have no names of their own, but numbers in order of use.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read("pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx")
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
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in arrays.items()}


def write(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Write tensors, and check that they are those of the network."""
    kept = {
        name: (value if value.dtype == torch.int8 or name.endswith(STEP) else value.half())
        for name, value in tensors.items()
    }
    save_file({name: value.contiguous() for name, value in kept.items()}, path)
    load_network(network, path)
    print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    """Convert all three."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("resemblyzer", type=Path, help="the wheel")
    parser.add_argument("silero", type=Path, help="the wheel")
    parser.add_argument("pipecat", type=Path, help="the wheel")
    parser.add_argument("folder", type=Path, help="where the files go")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    write(
        SpeakerEncoder(),
        speaker_weights(arguments.resemblyzer),
        arguments.folder / "speaker.safetensors",
    )
    write(
        SpeechDetector(),
        activity_weights(arguments.silero),
        arguments.folder / "activity.safetensors",
    )
    write(
        SpeechEncoder(),
        hearing_weights(arguments.pipecat),
        arguments.folder / "hearing.safetensors",
    )


if __name__ == "__main__":
    main()
