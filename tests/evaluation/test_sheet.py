from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from synclips.errors import InputError, OutputError
from synclips.evaluation.sheet import contact_sheet, even_moments, telling_moments
from synclips.faces.shape import LipShape
from synclips.faces.tracker import FaceTracker

Clip = Callable[..., Path]
OpenTracker = Callable[[], FaceTracker]

TILE, FRAME, LINE = 288, 216, 24


@pytest.fixture
def videos(
    tmp_path: Path, write_clip: Clip, syllables: Callable[[int], Callable[[float], float]]
) -> tuple[Path, Path]:
    return (
        write_clip(tmp_path / "in.mp4", lambda time: 0.0),
        write_clip(tmp_path / "out.mp4", syllables(2)),
    )


def patch(sheet: NDArray[np.uint8], row: int, column: int) -> float:
    """Brightness of the mouth patch of a whole-frame tile: upper left of the centred square."""
    y = 2 * LINE + row * FRAME + 18
    x = column * TILE + (TILE - FRAME) // 2 + 18
    return float(sheet[y, x].mean())


def test_even_moments_cover_the_clip() -> None:
    assert even_moments(60, 3) == [10, 30, 50]
    assert even_moments(2, 6) == [0, 1]
    assert even_moments(10, 0) == even_moments(0, 3) == []


def test_telling_moments() -> None:
    yaw, opening, activity = np.zeros(50), np.zeros(50), np.ones(50)
    yaw[7], opening[21], opening[30] = 23.4, 0.3, np.nan
    activity[3:6] = 0
    activity[40:49] = 0
    expected = {44: "silence", 21: "widest", 7: "yaw 23 deg"}
    assert telling_moments(yaw, opening, activity) == expected
    activity[40:49] = 1  # what remains is too short a silence
    unknown = np.full(50, np.nan)
    assert telling_moments(unknown, unknown, activity) == {}


def test_input_stands_above_output(
    tmp_path: Path, videos: tuple[Path, Path], shape: LipShape, tracker: OpenTracker
) -> None:
    target = tmp_path / "sheet.png"
    contact_sheet([videos, videos], target, shape, columns=4, open_tracker=tracker)
    sheet = cv2.imread(str(target))
    block = 2 * LINE + 2 * FRAME + 2 * TILE
    assert sheet.shape == (2 * block, 4 * TILE, 3)
    assert all(patch(sheet, 0, column) == pytest.approx(40, abs=6) for column in range(4))
    # Both blocks show the same videos; the mouths of the input differ from the paper.
    np.testing.assert_array_equal(sheet[:block], sheet[block:])
    assert sheet[2 * LINE + 2 * FRAME : 2 * LINE + 2 * FRAME + TILE].std() > 10


def test_the_widest_mouth_is_the_outputs(
    tmp_path: Path, videos: tuple[Path, Path], shape: LipShape, tracker: OpenTracker
) -> None:
    target = tmp_path / "sheet.png"
    contact_sheet([videos], target, shape, columns=6, moments="telling", open_tracker=tracker)
    sheet = cv2.imread(str(target))
    outputs = [patch(sheet, 1, column) for column in range(6)]
    assert max(outputs) > 155  # the widest syllable has 168
    assert min(outputs) < 48  # the silence
    assert all(level < 200 for level in outputs)  # no column is empty paper
    assert max(patch(sheet, 0, column) for column in range(6)) < 48


def test_the_same_videos_give_the_same_bytes(
    tmp_path: Path, videos: tuple[Path, Path], shape: LipShape, tracker: OpenTracker
) -> None:
    for name in ("one.png", "two.png"):
        contact_sheet([videos], tmp_path / name, shape, columns=2, open_tracker=tracker)
    assert (tmp_path / "one.png").read_bytes() == (tmp_path / "two.png").read_bytes()


def test_refusals(tmp_path: Path, shape: LipShape) -> None:
    with pytest.raises(OutputError, match=r"end its name in \.png"):
        contact_sheet([], tmp_path / "sheet.jpg", shape)
    with pytest.raises(InputError, match="at least one"):
        contact_sheet([], tmp_path / "sheet.png", shape)
