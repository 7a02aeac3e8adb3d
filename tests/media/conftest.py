"""Media made on the spot: moving gradients that codecs keep well, and clicks with a known time."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from synclips.media.audio import write_sound
from synclips.media.video import VideoReader


def _gradient(width: int = 64, height: int = 48, step: int = 0) -> NDArray[np.uint8]:
    """Red grows to the right, green downwards, blue with `step`."""
    y, x = np.mgrid[:height, :width]
    blue = np.full((height, width), 40 + 8 * step % 200)
    image = np.stack([40 + x * 160 // width, 40 + y * 160 // height, blue], axis=-1)
    return image.astype(np.uint8)


def _raw_video(
    path: Path,
    times: Iterable[Fraction],
    size: tuple[int, int] = (64, 48),
    time_base: Fraction = Fraction(1, 90000),
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    rotate: tuple[int, bool] | None = None,
    rate: Fraction = Fraction(25),
    images: Callable[[int, int, int], NDArray[np.uint8]] = _gradient,
    **attributes: Any,
) -> Path:
    """Write a video with PyAV alone, without the code under test."""
    with av.open(str(path), "w", container_options={}) as container:
        stream = container.add_stream(
            codec, rate=rate, options=options or {"crf": "10"}, time_base=time_base
        )
        stream.width, stream.height = size
        stream.pix_fmt = pix_fmt
        for name, value in attributes.items():
            setattr(stream.codec_context, name, value)
        if rotate is not None:
            stream.set_display_rotation(rotate[0], hflip=rotate[1])
        for index, time in enumerate(times):
            frame = VideoFrame.from_ndarray(images(*size, index), "rgb24")
            frame = frame.reformat(format=pix_fmt)
            frame.pts, frame.time_base = round(time / time_base), time_base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _click(
    path: Path, rate: int = 48000, channels: int = 1, at: float = 0.5, length: float = 1.0
) -> Path:
    """Write silence with 10 ms of a 1 kHz tone beginning at `at` seconds."""
    samples = np.zeros(int(rate * length), np.float32)
    first, count = round(at * rate), rate // 100
    samples[first : first + count] = 0.8 * np.sin(2 * np.pi * 1000 / rate * np.arange(count))
    write_sound(path, np.stack([samples] * channels, axis=-1), rate)
    return path


def _onset(samples: NDArray[np.float32], rate: int) -> float:
    return int(np.argmax(np.abs(samples) > 0.3)) / rate


@pytest.fixture
def gradient() -> Callable[..., NDArray[np.uint8]]:
    """Make a picture (H, W, 3)."""
    return _gradient


@pytest.fixture
def raw_video() -> Callable[..., Path]:
    """Write a video with PyAV alone."""
    return _raw_video


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[[VideoReader, int], None]:
    """Let readers hold at most so many frames of a video at once."""

    def at_most(reader: VideoReader, count: int) -> None:
        with av.open(str(reader.info.path)) as container:
            first = next(container.decode(video=0))
        size = sum(plane.buffer_size for plane in first.planes)
        monkeypatch.setattr("synclips.media.video.CHUNK_BYTES", count * size)

    return at_most


@pytest.fixture
def click() -> Callable[..., Path]:
    """Write a sound with one short tone."""
    return _click


@pytest.fixture
def onset() -> Callable[..., float]:
    """Find the time of the tone, in seconds."""
    return _onset


@pytest.fixture
def blots(rng: np.random.Generator) -> NDArray[np.uint8]:
    """Colour that changes from pixel to pixel, (90, 160, 3): a wrong phase shows."""
    return rng.integers(0, 256, (90, 160, 3), dtype=np.uint8)


@pytest.fixture
def clip(tmp_path: Path, blots: NDArray[np.uint8]) -> Path:
    """Three frames of 4:2:0 as nearly all videos are."""

    def shifted(width: int, height: int, step: int) -> NDArray[np.uint8]:
        return np.roll(blots, 7 * step, axis=1)

    times = [Fraction(index, 25) for index in range(3)]
    return _raw_video(tmp_path / "in.mp4", times, (160, 90), images=shifted)
