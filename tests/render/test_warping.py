"""The warping family: what it hears, when lips rest, and which reference it stays with."""

from concurrent.futures import Future
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.features.timing import SAMPLE_RATE
from synclips.media.box import Box
from synclips.media.picture import RgbPicture
from synclips.render.painter import Underway
from synclips.render.performance import Painted
from synclips.render.schedule import Showing
from synclips.render.warping import WarpingPerformance, WarpingPerformer


@pytest.fixture(scope="module")
def performer(tiny_model: Path) -> WarpingPerformer:
    model = load_checkpoint(tiny_model)
    assert isinstance(model, Checkpoint)
    return WarpingPerformer(model, torch.device("cpu"))


class _Scene:
    """Every frame with an even index shows a face; a job is the lips that are asked for."""

    def job(self, showing: Any, lips: np.ndarray) -> Any:
        return float(lips[0]) if showing.frame % 2 == 0 else None


class _Painter:
    """Notes what it is asked for, and lends every mouth from elsewhere."""

    def __init__(self) -> None:
        self.calls: list[tuple[list[float], Any]] = []

    def paint(self, jobs: list[float], previous: Any) -> Underway:
        self.calls.append((jobs, previous))
        empty = np.zeros((0, 0), np.float32)
        done: Future[Painted] = Future()
        done.set_result(Painted(RgbPicture(np.zeros((1, 1, 3), np.uint8)), Box(0, 0, 0, 0), empty))
        return Underway([done] * len(jobs), jobs[-1] if jobs else None)  # type: ignore[arg-type]


def test_showings_get_the_lips_of_their_time_and_batches_follow_each_other() -> None:
    painter = _Painter()
    motion = np.arange(100, dtype=np.float32)[:, None]  # 50 per second
    performance = WarpingPerformance(_Scene(), motion, painter)  # type: ignore[arg-type]

    def showings(*numbers: int) -> list[Any]:
        return [Showing(number, Fraction(number, 25)) for number in numbers]  # type: ignore[arg-type]

    drawn = list(performance.draw(showings(0, 1, 2)))
    assert [one is None for one in drawn] == [False, True, False]
    performance.draw(showings(4))
    assert list(performance.draw(showings(5))) == [None]
    performance.draw(showings(6))
    # A frame without a face ends the loyalty to a reference.
    assert painter.calls == [([0, 4], None), ([8], 4), ([], 8), ([12], None)]


def test_loudness_does_not_matter_and_lips_rest_in_silence(
    performer: WarpingPerformer,
) -> None:
    time = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    voice = sum(np.sin(2 * np.pi * 130 * k * time) / k for k in range(1, 20))
    swell = np.where(time < 0.5, 1.1 + np.sin(8 * np.pi * time), 0.001)
    sound = (0.1 * swell * voice).astype(np.float32)
    loud, quiet = (performer.move(samples, None) for samples in (sound, 0.2 * sound))
    assert loud.shape == (51, 4)
    np.testing.assert_allclose(loud, quiet, atol=1e-3)
    assert np.abs(loud[5:20]).max() > 1e-3
    assert np.abs(loud[40:]).max() == 0
