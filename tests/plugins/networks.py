"""Tiny networks in ONNX files, which onnxruntime really runs; what they say can be read off."""

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 8000
LENGTH = 100  # samples of every number a voice reads, at its own speed
SCALE = 256  # a number n is spoken as samples of n / 256
PIPER_IDS = {"_": [0], "^": [1], "$": [2], " ": [3], ",": [8], ".": [10], "ˈ": [120], "ː": [122]}
PIPER_IDS |= {letter: [14 + at] for at, letter in enumerate("abcdefghijklmnopqrstuvwxyz")}
PIPER_IDS |= {"ə": [59], "ɛ": [61], "ʊ": [100], "\u0303": [141]}
VOICES = ("af_bella", "af_heart", "bm_george", "ff_siwis", "jf_alpha")


def save(path: Path, nodes: list[Any], inputs: Any, constants: dict[str, Any]) -> Path:
    """A graph of nodes (operator, inputs, output, attributes); the last output is the network's."""
    from onnx import TensorProto, helper, numpy_helper, save_model

    kinds = {"float": TensorProto.FLOAT, "int64": TensorProto.INT64, "int32": TensorProto.INT32}
    graph = helper.make_graph(
        [helper.make_node(kind, take, [give], **rest) for kind, take, give, rest in nodes],
        "tiny",
        [helper.make_tensor_value_info(name, kinds[kind], shape) for name, kind, shape in inputs],
        [helper.make_tensor_value_info(nodes[-1][2], TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    save_model(model, str(path))
    return path


def numbers(samples: NDArray[np.float32], length: int = LENGTH) -> list[int]:
    """What a network of `piper` or `kokoro` has read."""
    return [round(float(value) * SCALE) for value in samples[length // 2 :: length]]


def spread(lengths: str) -> list[Any]:
    """Nodes from `values` (1, N) to rows of as many samples as `lengths` (1,) says."""
    return [
        ("Round", [lengths], "rounded", {}),
        ("Cast", ["rounded"], "count", {"to": 7}),
        ("Concat", ["ones", "count"], "wanted", {"axis": 0}),
        ("Unsqueeze", ["values", "last"], "column", {}),
        ("Expand", ["column", "wanted"], "wide", {}),
        ("Reshape", ["wide", "row"], "sound", {}),
    ]


COMMON = {"ones": np.array([1, 1], np.int64), "last": np.array([2], np.int64)}


def piper(
    folder: Path, name: str = "en_US-tiny-low", speakers: int = 1, known: int = 160, **config: Any
) -> Path:
    """A voice of the engine piper in FOLDER/piper; a second speaker speaks half as loud."""
    nodes = [
        ("Gather", ["table", "input"], "spoken", {"axis": 0}),
        ("Slice", ["scales", "from", "to"], "scale", {}),
        ("Mul", ["scale", "length"], "lengths", {}),
        *spread("lengths"),
    ]
    inputs = [("input", "int64", [1, "n"]), ("input_lengths", "int64", [1])]
    inputs.append(("scales", "float", [3]))
    if speakers > 1:
        inputs.append(("sid", "int64", [1]))
        nodes.insert(1, ("Gather", ["loudness", "sid"], "factor", {"axis": 0}))
        nodes.insert(2, ("Mul", ["spoken", "factor"], "values", {}))
    else:
        nodes.insert(1, ("Identity", ["spoken"], "values", {}))
    path = save(
        folder / "piper" / f"{name}.onnx",
        nodes,
        inputs,
        COMMON
        | {"table": np.arange(known, dtype=np.float32) / SCALE}
        | {"from": np.array([1], np.int64), "to": np.array([2], np.int64)}
        | {"length": np.array([LENGTH], np.float32), "row": np.array([1, 1, 1, -1], np.int64)}
        | {"loudness": np.array([1, 0.5], np.float32)},
    )
    values = {
        "audio": {"sample_rate": RATE},
        "espeak": {"voice": "en-us"},
        "language": {"code": "en_US"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "phoneme_id_map": PIPER_IDS,
        "num_speakers": speakers,
        "speaker_id_map": {"ann": 0, "bob": 1} if speakers > 1 else {},
    }
    path.with_suffix(".onnx.json").write_text(json.dumps(values | config), encoding="utf-8")
    return path


def kokoro(folder: Path, tokens: str = "tokens", speed: str = "float") -> Path:
    """Network and voices of the engine kokoro; the last sample says which row of the voice it got.

    Row r of the voice is r / 1024 throughout.
    """
    nodes = [
        ("Gather", ["table", tokens], "values", {"axis": 0}),
        ("Cast", ["speed"], "quickness", {"to": 1}),
        ("Div", ["length", "quickness"], "lengths", {}),
        *spread("lengths"),
        ("ReduceMax", ["style"], "most", {"keepdims": 0}),
        ("Reshape", ["most", "row"], "mark", {}),
        ("Concat", ["sound", "mark"], "audio", {"axis": 0}),
    ]
    path = save(
        folder / "kokoro" / "kokoro-v1.0.onnx",
        nodes,
        [(tokens, "int64", [1, "n"]), ("style", "float", [1, 256]), ("speed", speed, [1])],
        COMMON
        | {"table": np.arange(178, dtype=np.float32) / SCALE}
        | {"length": np.array([LENGTH], np.float32), "row": np.array([-1], np.int64)},
    )
    rows = np.repeat(np.arange(510, dtype=np.float32)[:, None, None] / 1024, 256, axis=2)
    with (path.parent / "voices-v1.0.bin").open("wb") as file:
        np.savez(file, **dict.fromkeys(VOICES, rows))
    return path


def converter(
    folder: Path, voice: str = "reference", source: bool = False, times: int = 1, **settings: Any
) -> Path:
    """A converter: speech, each sample `times` over, times the mean of what it is told of a voice.

    With a source, the mean of that is taken away first.
    """
    nodes = [("ReduceMean", [voice], "told", {"keepdims": 0}), ("Identity", ["told"], "gain", {})]
    inputs = [("speech", "float", [1, "n"]), (voice, "float", [1, "m"])]
    if source:
        nodes = [nodes[0], ("ReduceMean", ["source"], "own", {"keepdims": 0})]
        nodes.append(("Sub", ["told", "own"], "gain", {}))
        inputs.append(("source", "float", [1, "k"]))
    nodes += [
        ("Mul", ["speech", "gain"], "louder", {}),
        ("Unsqueeze", ["louder", "last"], "column", {}),
        ("Expand", ["column", "wanted"], "wide", {}),
        ("Reshape", ["wide", "row"], "sound", {}),
    ]
    rows = {"last": np.array([2], np.int64), "wanted": np.array([1, 1, times], np.int64)}
    save(folder / "converter.onnx", nodes, inputs, rows | {"row": np.array([1, -1], np.int64)})
    values = {"format": 1, "name": "tiny", "output_rate": 16_000 * times}
    (folder / "converter.json").write_text(json.dumps(values | settings), encoding="utf-8")
    return folder


def embedder(folder: Path) -> Path:
    """The numbers of a voice: four times the mean of the squares of its samples."""
    nodes = [
        ("Mul", ["speech", "speech"], "squares", {}),
        ("ReduceMean", ["squares"], "mean", {"keepdims": 0}),
        ("Expand", ["mean", "four"], "numbers", {}),
    ]
    inputs = [("speech", "float", [1, "n"])]
    return save(folder / "speaker.onnx", nodes, inputs, {"four": np.array([1, 4], np.int64)})


@dataclass(frozen=True)
class Networks:
    """What makes them; a fixture, since tests cannot import from here."""

    piper = staticmethod(piper)
    kokoro = staticmethod(kokoro)
    converter = staticmethod(converter)
    embedder = staticmethod(embedder)
    save = staticmethod(save)
    numbers = staticmethod(numbers)
    length = LENGTH
    rate = RATE


@pytest.fixture(scope="session")
def networks() -> Networks:
    for name in ("onnxruntime", "onnx"):
        if find_spec(name) is None:
            pytest.skip(f'{name} is not installed: pip install -e ".[dev]"')
    return Networks()
