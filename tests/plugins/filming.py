"""A portrait that sways, a video whose sound comes first, and what a performer hears of one."""

from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np


def swayed(portrait: np.ndarray, right: float, down: float) -> np.ndarray:
    """A portrait (240, 320, 3) so many pixels further to the right and down."""
    moved = cv2.warpAffine(
        portrait,
        np.array([[1, 0, right], [0, 1, down]], float),
        (320, 240),
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return moved.astype(np.uint8)


class Listening:
    """Performs nothing, and keeps what it hears."""

    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []

    def perform(self, samples: Any, *_: Any) -> "Listening":
        self.heard.append(samples[:])
        return self

    def draw(self, shots: Any) -> list[None]:
        return [None] * len(shots)


def late(path: Path, video: Path, seconds: int) -> Path:
    """The same video with its picture so many seconds behind its sound."""
    with av.open(str(video)) as source, av.open(str(path), "w") as target:
        streams = {one: target.add_stream_from_template(one) for one in source.streams}
        for packet in source.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "video":
                packet.pts += round(seconds / packet.time_base)
                packet.dts += round(seconds / packet.time_base)
            packet.stream = streams[packet.stream]
            target.mux(packet)
    return path
