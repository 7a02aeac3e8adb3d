import json

import pytest
import torch

from synclips.errors import ConfigError
from synclips.models.motion import Motion, MotionSpec
from synclips.models.residual import Residual
from synclips.models.speech_encoder import FEATURES

TINY = MotionSpec(width=16, depth=2, heads=2, reach=3, shape_size=5, references=4)


@pytest.fixture
def network() -> Motion:
    torch.manual_seed(0)
    return Motion(TINY).eval()


def test_shapes(network: Motion) -> None:
    heard = torch.randn(3, 21, FEATURES)
    motion = network(heard, torch.randn(3, 4, 5), torch.ones(3, dtype=torch.bool))
    assert motion.shape == (3, 21, 5)


@pytest.mark.parametrize("instants", [1, 20, 61])
def test_speaking_does_not_depend_on_the_block_size(network: Motion, instants: int) -> None:
    heard, shapes = torch.randn(instants, FEATURES), torch.randn(9, 5)
    whole = network.speak(heard, shapes, block=10_000)
    assert whole.shape == (instants, 5)
    with torch.no_grad():
        direct = network(heard[None], shapes[None], torch.tensor([True]))[0]
    torch.testing.assert_close(whole, direct, rtol=0, atol=1e-6)
    for block in (7, 32):
        torch.testing.assert_close(network.speak(heard, shapes, block), whole, rtol=0, atol=2e-6)


def test_listening_leads_to_what_is_spoken(network: Motion) -> None:
    heard, shapes = torch.randn(61, FEATURES), torch.randn(9, 5)
    features = network.listen(heard, shapes, block=7)
    assert features.shape == (61, 16)
    with torch.no_grad():
        lips = network.lips(features)
    torch.testing.assert_close(lips, network.speak(heard, shapes), rtol=0, atol=2e-6)


def test_what_is_remembered_of_a_person_is_added_to_the_lips(network: Motion) -> None:
    heard, shapes = torch.randn(30, FEATURES), torch.randn(9, 5)
    features, before = network.listen(heard, shapes), network.speak(heard, shapes)
    network.residual = Residual(features[:1].clone(), torch.full((1, 5), 2.0))
    added = network.speak(heard, shapes) - before
    torch.testing.assert_close(added[0], torch.full((5,), 2.0))
    torch.testing.assert_close(added, network.residual(features))


def test_speaking_without_a_speaker_is_speaking_as_the_average_one(network: Motion) -> None:
    heard = torch.randn(30, FEATURES)
    with torch.no_grad():
        average = network(heard[None], torch.randn(1, 4, 5), torch.tensor([False]))[0]
    torch.testing.assert_close(network.speak(heard, None), average, rtol=0, atol=1e-6)
    somebody = network.speak(heard, torch.randn(4, 5))
    assert (somebody - average).abs().max() > 1e-4


def test_no_sound_makes_no_motion(network: Motion) -> None:
    assert network.speak(torch.zeros(0, FEATURES), None).shape == (0, 5)


def test_spec_goes_through_json() -> None:
    assert MotionSpec.from_dict(json.loads(json.dumps(TINY.to_dict()))) == TINY


@pytest.mark.parametrize("wrong", [{"colour": 1}, {"depth": None}])
def test_spec_of_another_version_is_refused_by_the_name_of_what_differs(
    wrong: dict[str, int | None],
) -> None:
    values = {key: value for key, value in (TINY.to_dict() | wrong).items() if value is not None}
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        MotionSpec.from_dict(values)


def test_default_size_stays_in_the_budget() -> None:
    count = sum(p.numel() for p in Motion(MotionSpec()).parameters())
    assert 500_000 < count < 1_500_000
