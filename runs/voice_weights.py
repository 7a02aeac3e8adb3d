"""The speech networks of other projects, brought into the form that ships with synclips.

    pip download --no-deps resemblyzer==0.1.4 silero-vad==6.2.3
    python runs/voice_weights.py Resemblyzer-*.whl silero_vad-*.whl src/synclips/weights/speech

Reads the two wheels and writes `speaker.safetensors` and `activity.safetensors` (16-bit floats).
Resemblyzer's weights are a pickle, which is read once, here, and only by PyTorch's restricted
unpickler, which builds tensors and plain containers and runs nothing.
"""

import argparse
import io
import zipfile
from pathlib import Path

import torch
from safetensors.torch import load, save_file
from torch import Tensor, nn

from synclips.models.speaker_encoder import SpeakerEncoder
from synclips.models.speech_detector import SpeechDetector
from synclips.models.weights import load_network

# Names of the layers in Silero's file and in ours.
_LAYERS = {
    "stft_conv": "spectrum",
    "conv1": "features.0",
    "conv2": "features.2",
    "conv3": "features.4",
    "conv4": "features.6",
    "final_conv": "output",
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


def write(network: nn.Module, tensors: dict[str, Tensor], path: Path) -> None:
    """Write tensors, and check that they are those of the network."""
    save_file({name: value.half().contiguous() for name, value in tensors.items()}, path)
    load_network(network, path)
    print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    """Convert both."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("resemblyzer", type=Path, help="the wheel")
    parser.add_argument("silero", type=Path, help="the wheel")
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


if __name__ == "__main__":
    main()
