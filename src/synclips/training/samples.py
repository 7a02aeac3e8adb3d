"""Samples: pictures and clips that a network makes during training, as files to look at."""

import io
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from synclips.media.partial import write_whole
from synclips.media.writer import VideoWriter

FRAME_RATE = Fraction(25)


def write_picture(file: Path, picture: NDArray[np.uint8]) -> None:
    """Write (H, W, 3) RGB as PNG.

    Raises:
        OutputError: it cannot be written.
    """
    _, content = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    write_whole(file, content.tobytes())


def write_clip(file: Path, frames: NDArray[np.uint8]) -> None:
    """Write (T, H, W, 3) RGB as a silent video.

    Raises:
        OutputError: it cannot be written.
    """
    height, width = frames.shape[1:3]
    with VideoWriter(
        file, width=width, height=height, frame_rate=FRAME_RATE, time_base=1 / FRAME_RATE
    ) as writer:
        for index, frame in enumerate(frames):
            writer.write(frame, index / FRAME_RATE)


def animated(frames: NDArray[np.uint8]) -> bytes:
    """(T, H, W, 3) RGB as a GIF, which is how TensorBoard shows clips."""
    from PIL import Image  # comes with TensorBoard

    first, *others = (Image.fromarray(frame) for frame in frames)
    buffer = io.BytesIO()
    milliseconds = int(1000 / FRAME_RATE)
    first.save(buffer, "GIF", save_all=True, append_images=others, duration=milliseconds, loop=0)
    return buffer.getvalue()


def levels(run: Tensor) -> NDArray[np.uint8]:
    """Pictures of a network, (T, 3, H, W) RGB in [0, 1] -> (T, H, W, 3)."""
    values = (run.float().clamp(0, 1) * 255).round().to(torch.uint8)
    pictures: NDArray[np.uint8] = values.permute(0, 2, 3, 1).contiguous().cpu().numpy()
    return pictures
