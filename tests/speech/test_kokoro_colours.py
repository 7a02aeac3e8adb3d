"""Shares made nearer by the network that ships, of colours as usual as those it was taught with."""

from pathlib import Path

import numpy as np
import pytest
import torch

import synclips
from synclips.models.colour_encoder import COLOUR, ColourEncoder
from synclips.models.weights import load_network
from synclips.speech.kokoro_colours import nearer
from synclips.speech.likeness import kokoro_embeddings

WEIGHTS = Path(synclips.__file__).parent / "weights" / "speech" / "kokoro_colours.safetensors"


@pytest.fixture(scope="module")
def encoder() -> ColourEncoder:
    return load_network(ColourEncoder(), WEIGHTS)


@pytest.fixture(scope="module")
def colours(encoder: ColourEncoder) -> dict[str, np.ndarray]:
    torch.manual_seed(0)
    rows = encoder.middle + torch.randn(8, COLOUR) @ torch.linalg.inv(encoder.whitening)
    return {f"v{index}": row.numpy() for index, row in enumerate(rows)}


def heard(
    encoder: ColourEncoder, colours: dict[str, np.ndarray], shares: dict[str, float]
) -> np.ndarray:
    style = torch.from_numpy(sum(share * colours[name] for name, share in shares.items()))
    return np.asarray(encoder(style[None].float(), torch.zeros(1))[0].numpy())


def test_what_is_found_is_nearer(encoder: ColourEncoder, colours: dict[str, np.ndarray]) -> None:
    person = heard(encoder, colours, {"v1": 0.7, "v2": 0.6, "v3": -0.3})
    start = {name: 1 / 8 for name in colours}
    found = nearer(start, person, colours, "female")
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert set(found) == set(start)
    assert list(found.values()) == sorted(found.values(), reverse=True)
    assert found["v1"] > 0.2 and found["v2"] > 0.2 and found["v3"] < 0.05
    before, after = (heard(encoder, colours, each) @ person for each in (start, found))
    assert after > before + 0.05


def test_who_is_like_the_start_stays_there_and_a_strong_pull_holds(
    encoder: ColourEncoder, colours: dict[str, np.ndarray]
) -> None:
    start = {"v1": 1.0, "v2": 0.0, "v4": 0.0}
    there = nearer(start, heard(encoder, colours, start), colours, "female")
    assert there["v1"] > 0.75  # a little nearer to what is usual
    person = heard(encoder, colours, {"v2": 1.0})
    weak, strong = (nearer(start, person, colours, "female", pull) for pull in (0.001, 100.0))
    assert weak["v1"] < 0.9 < strong["v1"]


def test_shares_need_not_sum_to_one(colours: dict[str, np.ndarray]) -> None:
    person = kokoro_embeddings("male")["bm_george"]
    one, other = (
        nearer({"v1": size, "v2": size}, person, colours, "male", 100.0) for size in (0.5, 0.25)
    )
    assert one == pytest.approx(other, abs=1e-5)


def test_the_melody_is_heard(encoder: ColourEncoder) -> None:
    both = encoder(encoder.middle.expand(2, COLOUR), torch.tensor([0.0, 1.0])).detach().numpy()
    assert (np.linalg.norm(both, axis=1) > 0.9).all() and (np.linalg.norm(both, axis=1) <= 1).all()
    assert both.min() >= 0
    women, men = (
        np.mean([row for name, row in kokoro_embeddings(kind).items()], axis=0)
        for kind in ("female", "male")
    )
    assert both[0] @ women - both[0] @ men > both[1] @ women - both[1] @ men


def test_what_it_does_not_know_is_strange_to_it(encoder: ColourEncoder) -> None:
    torch.manual_seed(1)
    usual = encoder.middle + 0.1 * encoder.spread * torch.randn(4, COLOUR)
    near, far = encoder.strangeness(usual), encoder.strangeness(usual + 3 * encoder.spread)
    assert encoder.strangeness(encoder.middle[None]) == 0
    assert (near >= 0).all() and (far > near + 1).all()


def test_it_takes_one_thread_as_on_a_busy_machine_more_wait_for_each_other(
    colours: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    def load(network: ColourEncoder, path: Path) -> ColourEncoder:
        taken.append(torch.get_num_threads())
        return load_network(network, path)

    monkeypatch.setattr("synclips.speech.kokoro_colours.load_network", load)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        person = np.full(256, 1 / 16, np.float32)
        nearer({"v1": 0.5, "v2": 0.5}, person, colours, "male")
        assert (taken, torch.get_num_threads()) == ([1], 2)
    finally:
        torch.set_num_threads(before)
