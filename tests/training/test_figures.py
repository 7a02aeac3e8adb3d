import pytest
import torch

from synclips.training.figures import Means


def test_figures_count_by_their_weight() -> None:
    means = Means()
    means.add({"a": 1.0, "b": 5}, 0.25)
    means.add({"a": torch.tensor(2.0, requires_grad=True)}, 0.75)
    assert means.values() == {"a": pytest.approx(1.75), "b": pytest.approx(5)}


def test_what_is_stored_and_read_again_goes_on_to_the_last_digit() -> None:
    numbers = torch.rand(20, generator=torch.Generator().manual_seed(0)).tolist()
    whole, first = Means(), Means()
    for number in numbers:
        whole.add({"a": number}, 1 / 3)
    for number in numbers[:9]:
        first.add({"a": number}, 1 / 3)
    second = Means.from_dict(first.to_dict())
    for number in numbers[9:]:
        second.add({"a": number}, 1 / 3)
    assert second.to_dict() == whole.to_dict()


def test_steps_that_are_merged_count_like_their_figures() -> None:
    one, two = Means(), Means()
    one.add({"a": 1.0}, 1.0)
    two.add({"a": 4.0, "b": 2.0}, 2.0)
    one.merge(two)
    assert one.values() == {"a": pytest.approx(3), "b": pytest.approx(2)}
