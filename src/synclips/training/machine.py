"""Machine: devices, nodes and processes of a run, as a Lightning Fabric.

Knows how processes are started and find each other, and what is missing when they cannot. Does not
know what they train.
"""

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from synclips.errors import ConfigError
from synclips.models.device import pick_device
from synclips.training.options import LoopOptions

if TYPE_CHECKING:
    from lightning_fabric import Fabric

_FABRIC_PRECISION = {"32": "32-true", "bf16": "bf16-mixed", "16": "16-mixed"}


@dataclass(frozen=True)
class Machine:
    """What a run computes on; none of it changes what comes out beyond rounding.

    Attributes:
        device: auto, cpu or cuda.
        devices: processes per node, each with a device of its own.
        nodes: computers.
        threads: CPU threads of the networks in each process; 0 leaves it to PyTorch.
        drawers: processes that draw batches ahead, for each process that trains.
    """

    device: str = "auto"
    devices: int = 1
    nodes: int = 1
    threads: int = 0
    drawers: int = 1

    def fabric(self, precision: str = "32") -> "Fabric":
        """Join the other processes of the run, after starting them if nobody has.

        Under `torchrun` its numbers of processes and nodes are taken. Otherwise the first call
        runs the command of this process again for every further device of this node.

        Raises:
            ConfigError: packages or devices are missing.
        """
        check_installed()
        device = pick_device(self.device).type
        devices, nodes = self._processes()
        if device == "cuda" and devices > torch.cuda.device_count():
            raise ConfigError(
                f"There are {torch.cuda.device_count()} CUDA devices, not {devices};"
                " give a smaller --devices."
            )
        from lightning_fabric import Fabric
        from lightning_fabric.strategies.ddp import DDPStrategy

        # It tells on standard error what it was told.
        logging.getLogger("lightning_fabric").setLevel(logging.WARNING)
        several = devices * nodes > 1
        fabric = Fabric(
            accelerator=device,
            devices=devices,
            num_nodes=nodes,
            # All wait while the first prepares clips or validates.
            strategy=DDPStrategy(timeout=timedelta(days=2)) if several else "auto",
            precision=_FABRIC_PRECISION[precision],  # type: ignore[arg-type]
        )
        fabric.launch()
        if self.threads:
            torch.set_num_threads(self.threads)
        return fabric

    @property
    def is_first(self) -> bool:
        """Whether this process is the first of its node, once there are processes."""
        return os.environ.get("LOCAL_RANK", "0") == "0"

    def check(self, options: LoopOptions) -> None:
        """Refuse options that this machine cannot train with.

        Raises:
            ConfigError: the precision is not for this device, or a process would have no part of
                the batch.
        """
        if options.precision == "16" and pick_device(self.device).type == "cpu":
            raise ConfigError('precision "16" needs a GPU; use "bf16" or "32" on the CPU.')
        devices, nodes = self._processes()
        pieces = len(options.pieces)
        if pieces < devices * nodes:
            raise ConfigError(
                f"A batch of {options.batch_size} in {pieces} piece{'s' * (pieces > 1)} is not"
                f" enough for {devices * nodes} devices; set micro_batch to at most"
                f" {max(1, options.batch_size // (devices * nodes))}."
            )

    def _processes(self) -> tuple[int, int]:
        """Processes per node and nodes."""
        if "TORCHELASTIC_RUN_ID" not in os.environ:
            return self.devices, self.nodes
        local = int(os.environ["LOCAL_WORLD_SIZE"])
        return local, int(os.environ["WORLD_SIZE"]) // local


def check_installed() -> None:
    """Refuse to train without the packages that only training needs.

    Raises:
        ConfigError: one of them is missing.
    """
    if not (find_spec("lightning_fabric") and find_spec("tensorboard")):
        raise ConfigError(
            "Training needs Lightning Fabric and TensorBoard; install them with"
            ' pip install -e ".[train]".'
        )


def summed(fabric: "Fabric", tensors: Sequence[Tensor]) -> list[Tensor]:
    """Sums over all processes, in one message; every process gives the same shapes."""
    if fabric.world_size == 1 or not tensors:
        return list(tensors)
    flat = torch.cat([tensor.detach().reshape(-1) for tensor in tensors])
    fabric.all_reduce(flat, reduce_op="sum")
    parts = flat.split([tensor.numel() for tensor in tensors])
    return [part.view(t.shape).to(t.dtype) for part, t in zip(parts, tensors, strict=True)]
