from importlib.util import find_spec
from typing import Any

import pytest
import torch

from synclips.errors import ConfigError
from synclips.training import machine
from synclips.training.machine import Machine, summed
from synclips.training.options import LoopOptions


@pytest.mark.parametrize(("precision", "kind"), [("32", torch.float32), ("bf16", torch.bfloat16)])
def test_precision_is_that_of_the_networks(precision: str, kind: torch.dtype) -> None:
    fabric = Machine("cpu").fabric(precision)
    with fabric.autocast():
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == kind
    assert (fabric.world_size, fabric.device.type) == (1, "cpu")


def test_float16_is_for_gpus() -> None:
    with pytest.raises(ConfigError, match='precision "16" needs a GPU; use "bf16" or "32"'):
        Machine("cpu").check(LoopOptions(1, 1, 1e-3, warmup=0, precision="16"))


def test_every_device_must_have_a_part_of_the_batch() -> None:
    options = LoopOptions(1, 10, 1e-3, warmup=0, micro_batch=4)
    Machine("cpu", devices=3).check(options)
    with pytest.raises(ConfigError, match=r"10 in 3 pieces .* 4 devices; .* at most 2\."):
        Machine("cpu", devices=2, nodes=2).check(options)


def test_more_devices_than_there_are_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    with pytest.raises(ConfigError, match="There are 1 CUDA devices, not 4; give a smaller"):
        Machine("cuda", devices=4).fabric()


@pytest.mark.parametrize("missing", ["lightning_fabric", "tensorboard"])
def test_what_only_training_needs_is_named_when_it_is_missing(
    monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    def find(name: str) -> Any:
        return None if name == missing else find_spec(name)

    monkeypatch.setattr(machine, "find_spec", find)
    with pytest.raises(ConfigError, match=r'pip install -e "\.\[train\]"'):
        Machine("cpu").fabric()


def test_torchrun_says_how_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Machine("cpu", devices=2, nodes=3)._processes() == (2, 3)
    for name, value in (("RUN_ID", "x"),):
        monkeypatch.setenv(f"TORCHELASTIC_{name}", value)
    monkeypatch.setenv("LOCAL_WORLD_SIZE", "4")
    monkeypatch.setenv("WORLD_SIZE", "8")
    assert Machine("cpu")._processes() == (4, 2)


def test_threads_are_those_asked_for() -> None:
    Machine("cpu", threads=2).fabric()
    assert torch.get_num_threads() == 2


class Doubling:
    """Two processes with the same numbers."""

    world_size = 2
    messages = 0

    def all_reduce(self, tensor: torch.Tensor, reduce_op: str) -> None:
        assert reduce_op == "sum"
        self.messages += 1
        tensor.mul_(2)


def test_sums_of_many_tensors_are_one_message() -> None:
    fabric: Any = Doubling()
    tensors = [torch.ones(2, 3), torch.tensor(4.0), torch.arange(3.0).double()]
    totals = summed(fabric, tensors)
    assert fabric.messages == 1
    for total, tensor in zip(totals, tensors, strict=True):
        assert total.dtype == tensor.dtype
        assert torch.equal(total, 2 * tensor)
    assert tensors[1] == 4
    fabric.world_size = 1
    assert summed(fabric, tensors)[0] is tensors[0]
