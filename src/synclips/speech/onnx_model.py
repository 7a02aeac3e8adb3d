"""A network in an ONNX file: opened, asked what it takes, run.

Knows onnxruntime, which is optional, and one sentence for every way in which a file can be wrong.
Does not know what a network is for.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synclips.errors import ConfigError, ModelError

INSTALL = 'pip install -e ".[neural]"'

_SILENT = 4  # log level "fatal": what goes wrong is raised as well
_REFUSALS = (
    *("EPFail", "EngineError", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf"),
    *("ModelLoaded", "ModelLoadCanceled", "NoModel", "NoSuchFile", "NotImplemented"),
    *("RuntimeException",),
)
"""Errors of onnxruntime; they have no base of their own."""


def is_installed() -> bool:
    """Whether networks can be run; loads nothing."""
    return find_spec("onnxruntime") is not None


class NoNumbersError(ModelError):
    """A network ran, and what came out is not finite."""


@dataclass(frozen=True)
class Port:
    """An input.

    Attributes:
        kind: Its type as ONNX Runtime writes it, such as "tensor(float)".
        shape: Sizes; a name or None where any will do.
    """

    kind: str
    shape: tuple[int | str | None, ...]


class OnnxModel:
    """A network, ready to run on the CPU.

    Args:
        path: The file.

    Raises:
        ConfigError: onnxruntime is not installed.
        ModelError: The file is missing, cut off or no network.
    """

    def __init__(self, path: Path) -> None:
        if not is_installed():
            raise ConfigError(f"{path.name} runs in ONNX Runtime; install it: {INSTALL}.")
        # Its builds tell Microsoft how they are used, unless this is set before they are loaded.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime

        self.path = path
        if not path.is_file():
            raise ModelError(f"{path} does not exist; get the model again or name another folder.")
        state = onnxruntime.capi.onnxruntime_pybind11_state
        self._refusals: tuple[type[Exception], ...] = tuple(
            getattr(state, name) for name in _REFUSALS if hasattr(state, name)
        )
        options = onnxruntime.SessionOptions()
        options.log_severity_level = _SILENT
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except self._refusals as error:
            raise ModelError(
                f"{path} is no network that can be run, or only part of one; get it again."
            ) from error

    @property
    def inputs(self) -> dict[str, Port]:
        """What it takes, by name."""
        return {
            each.name: Port(each.type, tuple(each.shape)) for each in self._session.get_inputs()
        }

    def require(self, *names: str, optional: tuple[str, ...] = ()) -> None:
        """See that it takes these inputs, and no others but the optional ones.

        Raises:
            ModelError: It does not.
        """
        there = set(self.inputs)
        if not set(names) <= there or not there <= {*names, *optional}:
            raise ModelError(
                f"{self.path} takes the inputs {', '.join(sorted(there))}, not"
                f" {', '.join(names)}; it is of another kind or version."
            )

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> NDArray[np.float32]:
        """Its first output as a row of numbers, (n,).

        Raises:
            NoNumbersError: What comes out is not finite.
            ModelError: It refuses what it is given.
        """
        refusals: tuple[type[Exception], ...] = (*self._refusals, ValueError)
        try:
            first = self._session.run(None, dict(feeds))[0]
        except refusals as error:
            why = str(error).replace("\n", " ").rpartition(" : ")[2].strip()[:160].rstrip(".")
            raise ModelError(
                f"{self.path} fails on its input ({why}); its settings are of another network."
            ) from error
        row = np.asarray(first).reshape(-1).astype(np.float32)
        if not np.isfinite(row).all():
            raise NoNumbersError(f"{self.path} gives no numbers; it is damaged, get it again.")
        return row
