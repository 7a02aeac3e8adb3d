"""Films made of pictures."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter


@pytest.fixture
def filmed(tmp_path: Path) -> Callable[[str, list[np.ndarray]], VideoReader]:
    """Write pictures as a video of a name, 25 per second, and open it."""

    def film(name: str, pictures: list[np.ndarray]) -> VideoReader:
        height, width = pictures[0].shape[:2]
        path, rate = tmp_path / name, Fraction(25)
        with VideoWriter(
            path, width=width, height=height, frame_rate=rate, time_base=1 / rate, crf=10
        ) as writer:
            for index, picture in enumerate(pictures):
                writer.write(np.ascontiguousarray(picture), index / rate)
        return VideoReader(path)

    return film
