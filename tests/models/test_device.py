import pytest
import torch

from synclips.errors import ConfigError
from synclips.models.device import pick_device


def test_devices() -> None:
    assert pick_device("cpu").type == "cpu"
    assert pick_device("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    with pytest.raises(ConfigError, match="Unknown device 'gpu'; use auto, cpu or cuda"):
        pick_device("gpu")


def test_cuda_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(ConfigError, match="--device cpu"):
        pick_device("cuda")
    assert pick_device("auto").type == "cpu"
