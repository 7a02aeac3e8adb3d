import copy
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from synclips.models.weights import hash_weights, load_network


def test_weights_are_known_by_names_and_values_and_not_by_their_file(tmp_path: Path) -> None:
    network = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    known = hash_weights(network).hexdigest()
    save_file(network.state_dict(), tmp_path / "a.safetensors")
    other = nn.Sequential(nn.Linear(3, 2), nn.BatchNorm1d(2))
    assert hash_weights(other).hexdigest() != known
    assert hash_weights(load_network(other, tmp_path / "a.safetensors")).hexdigest() == known
    changed = copy.deepcopy(network)
    with torch.no_grad():
        changed[0].bias[1] += 1e-6
    assert hash_weights(changed).hexdigest() != known
