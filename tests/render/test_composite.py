"""Carrying a drawing out, piece by piece; whole drawings are looked at in test_painter."""

import numpy as np

from synclips.faces.box import Box
from synclips.render.composite import lit, within


def test_at_the_border_of_the_picture_what_is_there_stretches() -> None:
    """Everything goes up by ten pixels, but the picture has nothing to follow its last row."""
    box, size = Box(20, 50, 60, 100), (100, 200)
    moves = np.zeros((50, 40, 2), np.float32)
    moves[..., 1] = 10
    down = within(moves, box, size)[..., 1]
    shown = np.arange(50, 100)[:, None] + down
    assert (down[:30] == 10).all()
    assert (down[-1] == 0).all()
    assert shown.max() == 99
    steps = np.diff(shown, axis=0)
    assert (steps > 0).all() and (steps < 1).any()


def test_what_is_made_brighter_does_not_glow() -> None:
    grey = np.tile(np.arange(0, 256, 5, dtype=np.float32)[None, :, None], (2, 1, 3))
    before = grey.copy()
    bright = lit(grey, np.array([1.35, 1.2, 0.5], np.float32))
    assert np.array_equal(grey, before)
    np.testing.assert_allclose(bright[0, 20], [135, 120, 50], rtol=1e-5)  # of 100
    assert bright.max() <= 255 and bright[0, -1, 0] == 255 and bright[0, -1, 2] == 127.5
    assert (np.diff(bright[0], axis=0) > 0).all(), "lighter stays lighter"
    teeth = bright[0, 44]  # of 220
    assert teeth[0] < 240 < 220 * 1.35


def test_inside_of_the_picture_everything_goes_where_it_shall(rng: np.random.Generator) -> None:
    moves = rng.uniform(-8, 8, (40, 40, 2)).astype(np.float32)
    np.testing.assert_array_equal(within(moves, Box(20, 20, 60, 60), (80, 80)), moves)
    left = within(np.full((40, 40, 2), -8, np.float32), Box(0, 20, 40, 60), (80, 80))
    assert (left[:, 0, 0] == 0).all() and (left[:, 16:, 0] == -8).all()
    assert (left[..., 1] == -8).all()
