"""Pictures made small: how small, and that what is small already is left alone."""

import numpy as np
import pytest

from synclips.faces.small import small


@pytest.mark.parametrize("quick", [False, True])
@pytest.mark.parametrize(
    ("shape", "result"), [((300, 400), (75, 100)), ((150, 130), (100, 87)), ((1, 5000), (1, 100))]
)
def test_the_longer_side_becomes_as_long_as_asked_for(shape, result, quick) -> None:
    image = np.zeros((*shape, 3), np.uint8)
    image[:, shape[1] // 2 :] = 200
    made = small(image, 100, quick)
    assert made.shape == (*result, 3)
    assert made.dtype == np.uint8
    assert made[:, 0].max() == 0
    assert made[:, -1].min() == 200


def test_a_small_picture_is_left_alone() -> None:
    image = np.zeros((100, 60, 3), np.uint8)
    assert small(image, 100) is image
