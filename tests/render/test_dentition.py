import numpy as np
import pytest

from synclips.render.dentition import LOWER, UPPER, Row, teeth

FINE = 0.001  # eye distances


@pytest.fixture(params=[UPPER, LOWER], ids=["upper", "lower"])
def row(request: pytest.FixtureRequest) -> Row:
    return request.param  # type: ignore[no-any-return]


def grid() -> tuple[np.ndarray, np.ndarray]:
    """Places from -.3 to .3 aside, and from .1 behind the line of the edges to .05 before it."""
    aside = np.arange(-0.3, 0.3, FINE, dtype=np.float32)
    behind = np.arange(0.1, -0.05, -FINE, dtype=np.float32)
    return np.meshgrid(aside, behind)  # type: ignore[return-value]


def test_teeth_are_behind_the_line_of_their_edges(row: Row) -> None:
    aside, behind = grid()
    there, light = teeth(row, aside, behind, FINE)
    assert there.shape == light.shape == aside.shape
    middle = np.abs(aside) < 0.15
    assert there[middle & (behind > 0.06)].min() > 0.99
    assert there[behind < -0.02].max() == 0
    assert light.min() > 0 and light.max() <= 1


def test_both_sides_are_alike_and_get_darker_outwards(row: Row) -> None:
    aside, behind = grid()
    there, light = teeth(row, aside, behind, FINE)
    mirrored = [each[:, ::-1] for each in teeth(row, -aside[:, ::-1], behind, FINE)]
    np.testing.assert_allclose(there, mirrored[0], atol=1e-4)
    np.testing.assert_allclose(light, mirrored[1], atol=1e-4)
    brightest = [
        light[(np.abs(aside) > a) & (np.abs(aside) < a + 0.05)].max() for a in (0, 0.1, 0.2)
    ]
    assert brightest[0] > 1.2 * brightest[1] > 1.44 * brightest[2]


def test_between_two_teeth_there_is_a_notch_and_a_darker_line(row: Row) -> None:
    aside, behind = grid()
    there, light = teeth(row, aside, behind, FINE)
    heights = there.sum(axis=0)
    for border, inner, outer in zip(
        row.borders[1:3], row.borders[:2], row.borders[2:4], strict=True
    ):
        at, before, after = (
            int(np.abs(aside[0] - place).argmin())
            for place in (border, (inner + border) / 2, (border + outer) / 2)
        )
        assert heights[at] < min(heights[before], heights[after]) - 2
        assert light[20, at] < 0.97 * min(light[20, before], light[20, after])


def test_edges_are_never_finer_than_a_pixel(row: Row) -> None:
    aside, behind = grid()
    steps = []
    for pixel in (FINE, 0.03):
        there, _ = teeth(row, aside, behind, pixel)
        steps.append(float(np.abs(np.diff(there, axis=0)).max()))
    assert steps[1] < 0.5 * steps[0]
