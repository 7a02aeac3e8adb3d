from collections import namedtuple
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from synclips.training.stage import on_device


@dataclass(frozen=True)
class Pair:
    first: Any
    second: Any


Point = namedtuple("Point", "x y")


def test_tensors_of_a_batch_move_and_everything_else_stays() -> None:
    array = np.ones(3)
    batch = Pair(
        {"a": torch.ones(2), "b": [torch.zeros(1), "word"]},
        (Point(torch.ones(1), 2), Pair(array, None)),
    )
    # The meta device is at hand everywhere, and no tensor can be taken for one of it.
    moved = on_device(batch, torch.device("meta"))
    assert moved.first["a"].device.type == "meta"
    assert moved.first["a"].shape == (2,)
    assert moved.first["b"][0].device.type == "meta"
    assert moved.first["b"][1] == "word"
    assert isinstance(moved.second[0], Point)
    assert moved.second[0].x.device.type == "meta"
    assert moved.second[0].y == 2
    assert moved.second[1].first is array
    assert moved.second[1].second is None
    assert batch.first["a"].device.type == "cpu"


def test_a_bare_tensor_moves() -> None:
    moved: Tensor = on_device(torch.ones(1), torch.device("meta"))
    assert moved.device.type == "meta"
