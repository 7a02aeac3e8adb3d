import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from synclips.errors import OutputError
from synclips.media.video import VideoReader
from synclips.training.samples import animated, write_clip, write_picture

RED = np.array([220, 30, 10], np.uint8)


def red(*shape: int) -> np.ndarray:
    return np.broadcast_to(RED, (*shape, 3)).copy()


def test_a_picture_keeps_its_colours(tmp_path: Path) -> None:
    write_picture(tmp_path / "a.png", red(4, 6))
    image = cv2.imread(str(tmp_path / "a.png"))
    assert image.shape == (4, 6, 3)
    assert (image[..., ::-1] == RED).all()


def test_a_folder_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="none/a.png could not be written"):
        write_picture(tmp_path / "none" / "a.png", red(4, 6))


def test_a_clip_is_a_video_of_25_frames_per_second(tmp_path: Path) -> None:
    frames = red(5, 32, 48)
    frames[3:] = 255 - frames[3:]
    write_clip(tmp_path / "a.mp4", frames)
    read = list(VideoReader(tmp_path / "a.mp4").frames())
    assert [float(frame.time) for frame in read] == pytest.approx([0, 0.04, 0.08, 0.12, 0.16])
    for frame, wanted in zip(read, frames, strict=True):
        assert np.abs(frame.image.astype(int).mean((0, 1)) - wanted.mean((0, 1))).max() < 6


def test_a_gif_plays_all_frames_at_25_per_second() -> None:
    frames = red(3, 8, 8)
    frames[1] = 0
    image = Image.open(io.BytesIO(animated(frames)))
    assert (image.n_frames, image.info["duration"]) == (3, 40)
    image.seek(1)
    assert np.asarray(image.convert("RGB")).max() < 5
