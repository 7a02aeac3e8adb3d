"""Cutting clips for the swap: halves, re-encoded copies, and the sound that belongs to the picture.

Knows that time zero of a clip is its first frame, and brings picture and sound there, so that
whatever is made from a clip has them in step. Does not know what the pieces are for.
"""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.features.timing import SAMPLE_RATE
from synclips.media.audio import probe_sound, read_mono, write_sound
from synclips.media.video import VideoReader
from synclips.media.video_info import VideoInfo
from synclips.media.writer import VideoWriter
from synclips.options import SyncOptions

HALF_CRF = 10
"""x264 rate factor of the halves: low, because they stand for the real video."""

Picture = tuple[NDArray[np.uint8], Fraction]


def halves(path: Path, folder: Path, lag: Fraction = Fraction(0)) -> tuple[Path, Path]:
    """Cut a clip in two at a frame boundary, picture and sound at the same instant.

    The halves are encoded again (crf 10) and their sound is mono. Where the number of frames is
    odd the second half has one more.

    Args:
        path: A video with sound.
        folder: Existing folder for the results, `first.mp4` and `second.mp4`.
        lag: Seconds by which the clip's sound is late against its picture; taken out.

    Raises:
        InputError: If the clip has no sound or fewer than two frames.
    """
    reader = VideoReader(path)
    times = [frame.time for frame in reader.frames()]
    if len(times) < 2:
        raise InputError(f"{path} has fewer than two frames; give a clip that can be halved.")
    middle = len(times) // 2
    cut = times[middle]
    end = times[-1] + 1 / reader.info.frame_rate
    # One decoding pass: the writers take over from each other at the boundary.
    frames = ((frame.image, frame.time) for frame in reader.frames())
    results = []
    for name, begin, stop, count in (
        ("first", Fraction(0), cut, middle),
        ("second", cut, end, len(times) - middle),
    ):
        sound = folder / f"{name}.wav"
        cut_sound(path, sound, begin, stop - begin, lag)
        target = folder / f"{name}.mp4"
        _encode(target, reader.info, _take(frames, count, begin), sound, HALF_CRF)
        results.append(target)
    return results[0], results[1]


def reencode(path: Path, target: Path, sound: Path) -> None:
    """Decode a video and write it as synclips writes its results, with the given sound."""
    reader = VideoReader(path)
    frames = ((frame.image, frame.time) for frame in reader.frames())
    _encode(target, reader.info, frames, sound, SyncOptions.quality)


def cut_sound(
    path: Path,
    target: Path,
    start: Fraction = Fraction(0),
    length: Fraction | None = None,
    lag: Fraction = Fraction(0),
) -> None:
    """Write a part of a video's sound as WAV, mono at its own rate.

    Args:
        path: A video with sound.
        target: The WAV file.
        start: Seconds after the first frame where the part begins.
        length: Seconds, exact; sound that ends early is filled up with silence. None for all.
        lag: Seconds by which the sound is late against the picture; taken out.

    Raises:
        InputError: If the video has no sound.
    """
    rate = probe_sound(path).rate
    samples = read_mono(path, rate, VideoReader(path).info.start + start + lag)
    if length is not None:
        samples = samples[: round(length * rate)]
        samples = np.pad(samples, (0, round(length * rate) - len(samples)))
    write_sound(target, samples, rate)


def write_silence(target: Path, length: Fraction) -> None:
    """Write `length` seconds of digital silence."""
    write_sound(target, np.zeros(round(length * SAMPLE_RATE), np.float32), SAMPLE_RATE)


def _take(frames: Iterator[Picture], count: int, begin: Fraction) -> Iterator[Picture]:
    """The next `count` frames, the first one's time moved to zero."""
    for _ in range(count):
        image, time = next(frames)
        yield image, time - begin


def _encode(
    target: Path, info: VideoInfo, frames: Iterable[Picture], sound: Path, crf: int
) -> None:
    with VideoWriter(
        target,
        width=info.width,
        height=info.height,
        frame_rate=info.frame_rate,
        time_base=info.time_base,
        color=info.color,
        sample_aspect_ratio=info.sample_aspect_ratio,
        sound=sound,
        crf=crf,
    ) as writer:
        for image, time in frames:
            writer.write(image, time)
