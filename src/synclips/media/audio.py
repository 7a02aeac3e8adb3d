"""Reading and writing sound.

Knows decoding, timestamps and resampling, and streams sound in blocks from the beginning of the
file's time, gaps filled with silence. Does not know speech or features.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
import soundfile
import soxr
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.media.clock import MAX_GAP, MAX_OVERLAP
from synclips.media.container import audio_stream, claimed, open_media, origin
from synclips.media.decoding import decode_packets
from synclips.media.partial import PartialFile, check_target, unwritable
from synclips.media.spool import Spool

LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}
"""Where so many channels are if a file does not say, by FFmpeg's names."""

# Of the power of the loudest channel that a mean must have; one of eight alone leaves 1/64.
_LEAST_LEFT = 0.01
# Times the power of the channel in use from which on another one is the loudest: of two of opposed
# phase now this, now that one is, and to go from one to the other turns the sound over.
_LOUDER = 4.0

# Seconds; timestamps that are off by less are rounding (Matroska counts milliseconds).
_JITTER = Fraction(1, 50)
# Times full scale, which floats may exceed, but the square of which is a number.
_LOUDEST = 1000.0


@dataclass(frozen=True)
class SoundInfo:
    """What a sound file, or the sound of a video, says about itself.

    Attributes:
        path: The file.
        rate: Samples per second.
        channels: Number of channels.
        layout: FFmpeg's name for their places, such as "stereo" or "5.1".
        duration: Seconds from the beginning of the file, the container's claim.
    """

    path: Path
    rate: int
    channels: int
    layout: str
    duration: Fraction | None


def probe_sound(path: Path) -> SoundInfo:
    """Read rate, channels and length of a sound; decodes its first block only.

    Args:
        path: Any sound file, or a video with sound.

    Raises:
        InputError: If the file is missing, a folder, not media, has no sound track, or nothing
            of it can be decoded.
    """
    path = Path(path)
    with open_media(path) as container:
        stream = _stream(container, path)
        # The header may name half the true rate (HE-AAC); the decoder knows.
        first = next(_decode(container, stream, path, tell=False), None)
        if first is None:
            raise _silent(path)
        duration = None
        if stream.duration and stream.time_base:
            duration = stream.duration * stream.time_base
        else:
            duration = claimed(container, origin(container))
        return SoundInfo(
            path=path,
            rate=first.sample_rate,
            channels=first.layout.nb_channels,
            layout=first.layout.name,
            duration=duration,
        )


def has_sound(path: Path) -> bool:
    """Whether a sound can be read from a file; see `probe_sound`."""
    try:
        probe_sound(path)
    except InputError:
        return False
    return True


def sound_blocks(path: Path, start: Fraction = Fraction(0)) -> Iterator[NDArray[np.float32]]:
    """Stream a sound at its own rate, as float in about -1..1.

    Time zero is the beginning of the file: of picture or sound, whichever is earlier. Gaps are
    filled with silence, overlaps cut, so the n-th sample is start + n / rate seconds after zero.

    Args:
        path: Any sound file, or a video with sound.
        start: Seconds after the beginning of the file at which the result begins, with silence
            where that is before it. With the `start` of a `VideoInfo`, sample n belongs to frame
            time n / rate.

    Yields:
        Blocks (channels, n), float32, with the rate and channels of `probe_sound`.

    Raises:
        InputError: As `probe_sound`.
    """
    whole = _whole(Path(path))
    for rate, first in whole:  # which are all, once it is known at what rate
        yield from begun_at(chain([first], (block for _, block in whole)), start, rate)


def begun_at(
    blocks: Iterator[NDArray[np.float32]], start: Fraction, rate: int
) -> Iterator[NDArray[np.float32]]:
    """Blocks (channels, n) from a time in seconds on; silence comes first where it is negative."""
    skip = round(start * rate)
    for block in blocks:
        yield from silence(len(block), -skip, rate)
        skip = max(skip, 0)
        cut = min(skip, block.shape[1])
        skip -= cut
        if cut < block.shape[1]:
            yield block[:, cut:]


def _whole(path: Path) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """The rate, and the next block (channels, n) from the beginning of the file on."""
    with open_media(path) as container:
        stream = _stream(container, path)
        begin = origin(container)
        frames = _decode(container, stream, path)
        first = next(frames, None)
        if first is None:
            raise _silent(path)
        rate, channels = first.sample_rate, first.layout.nb_channels
        written = 0
        for frame in _as_float(first, frames):
            block = frame.to_ndarray().reshape(-1, channels).T.astype(np.float32)
            block = np.nan_to_num(block, posinf=0, neginf=0)  # what is no number is silence
            block = np.clip(block, -_LOUDEST, _LOUDEST)
            if frame.pts is not None and frame.time_base is not None:
                ahead = frame.pts * frame.time_base - begin - Fraction(written, rate)
                if ahead > MAX_GAP or ahead < -MAX_OVERLAP:
                    begin += ahead
                elif ahead > _JITTER:
                    gap = round(ahead * rate)
                    written += gap
                    yield from ((rate, nothing) for nothing in silence(channels, gap, rate))
                elif ahead < -_JITTER:
                    block = block[:, round(-ahead * rate) :]
            written += block.shape[1]
            if block.shape[1]:
                yield rate, block


def silence(channels: int, count: int, most: int) -> Iterator[NDArray[np.float32]]:
    """Blocks (channels, n) of silence, `count` samples in all and at most `most` each."""
    for at in range(0, count, most):
        yield np.zeros((channels, min(most, count - at)), np.float32)


def resampled_blocks(
    blocks: Iterator[NDArray[np.float32]], rate: int, wanted: int, channels: int
) -> Iterator[NDArray[np.float32]]:
    """Blocks (channels, n) of a sound at another rate; the same ones where the rate is."""
    if rate == wanted:
        yield from blocks
        return
    resampler = soxr.ResampleStream(rate, wanted, channels, dtype="float32", quality="HQ")
    for block in blocks:
        resampled = resampler.resample_chunk(np.ascontiguousarray(block.T))
        if len(resampled):
            yield resampled.T
    resampled = resampler.resample_chunk(np.zeros((0, channels), np.float32), last=True)
    if len(resampled):
        yield resampled.T


def read_mono(path: Path, rate: int, start: Fraction = Fraction(0)) -> NDArray[np.float32]:
    """Read a whole sound as one channel at a given rate, see `mono_blocks`.

    Returns:
        Samples (n,), float32, about -1..1.
    """
    return np.concatenate(list(mono_blocks(path, rate, start)))


def spool_mono(
    path: Path,
    rate: int,
    start: Fraction = Fraction(0),
    progress: Callable[[int], None] | None = None,
) -> Spool:
    """As `read_mono`, but the samples lie on disk; `progress` is given how many there are."""
    spool = Spool()
    for block in mono_blocks(path, rate, start):
        spool.append(block)
        if progress is not None:
            progress(len(spool))
    return spool


def mono_blocks(
    path: Path, rate: int, start: Fraction = Fraction(0)
) -> Iterator[NDArray[np.float32]]:
    """Stream a sound as one channel at a given rate.

    Channels are averaged; where that nearly silences them, as in stereo of opposed phase, it is the
    loudest of them. Resampling is soxr's high quality.

    Args:
        path: Any sound file, or a video with sound.
        rate: Samples per second of the result.
        start: As for `sound_blocks`.

    Yields:
        Samples (n,), float32, about -1..1; at least one block, which may be empty.

    Raises:
        InputError: As `probe_sound`.
    """
    info = probe_sound(path)
    resampler = soxr.ResampleStream(info.rate, rate, 1, dtype="float32", quality="HQ")
    downmix = _Downmix()
    for block in sound_blocks(path, start):
        yield resampler.resample_chunk(downmix.mix(block))
    yield resampler.resample_chunk(np.zeros(0, np.float32), last=True)


class _Downmix:
    """Makes one channel of the blocks of a sound, see `mono_blocks`."""

    def __init__(self) -> None:
        self._power: NDArray[np.float64] | None = None  # of each channel so far
        self._loudest = 0

    def mix(self, block: NDArray[np.float32]) -> NDArray[np.float32]:
        """The next block, (channels, n) -> (n,)."""
        mean: NDArray[np.float32] = block.mean(axis=0, dtype=np.float32)
        power = np.square(block, dtype=np.float64).sum(axis=1)
        self._power = power if self._power is None else self._power + power
        if np.square(mean, dtype=np.float64).sum() >= _LEAST_LEFT * power.max(initial=0):
            return mean
        if self._power.max() > _LOUDER * self._power[self._loudest]:
            self._loudest = int(self._power.argmax())
        return np.ascontiguousarray(block[self._loudest])


def resampled(samples: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    """A sound (n,) at another rate, by soxr's high quality; the same one where the rate is."""
    if rate == wanted:
        return samples
    return np.asarray(soxr.resample(samples, rate, wanted, "HQ"), np.float32)


def write_sound(path: Path, samples: NDArray[np.float32], rate: int) -> None:
    """Write samples as 16-bit sound; the file appears only when it is complete.

    Args:
        path: Target, with a suffix libsndfile knows (.wav, .flac, ...).
        samples: (n,) or (n, channels), clipped to -1..1.
        rate: Samples per second.

    Raises:
        OutputError: If the file cannot be written.
    """
    path = Path(path)
    check_target(path)
    partial = PartialFile(path)
    try:
        soundfile.write(partial.hidden, np.clip(samples, -1, 1), rate, subtype="PCM_16")
        partial.commit()
    except (OSError, ValueError, TypeError, soundfile.LibsndfileError) as error:
        raise unwritable(path, error) from error
    finally:
        partial.discard()


def _stream(container: InputContainer, path: Path) -> AudioStream:
    stream = audio_stream(container)
    if stream is None:
        raise InputError(f"{path} has no sound track; give a file with speech.")
    return stream


def _silent(path: Path) -> InputError:
    return InputError(f"{path} has a sound track but no sound in it; give a file with speech.")


def _decode(
    container: InputContainer, stream: AudioStream, path: Path, tell: bool = True
) -> Iterator[AudioFrame]:
    # Whoever only asks what there is reads it later, or raises an error.
    damaged, ends = "a damaged sound packet", "the sound breaks off"
    for frame in decode_packets(container, stream, path, damaged, ends, tell):
        if isinstance(frame, AudioFrame) and frame.samples:
            yield frame


def _as_float(first: AudioFrame, rest: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    """Bring every frame to packed float with the first one's rate and layout.

    Planar frames of eight channels and more make PyAV 18.1 read beyond their planes.
    """

    def resampler() -> AudioResampler:
        return AudioResampler(format="flt", layout=first.layout, rate=first.sample_rate)

    convert, shape = resampler(), _shape(first)
    yield from convert.resample(first)
    for frame in rest:
        if _shape(frame) != shape:
            yield from convert.resample(None)
            convert, shape = resampler(), _shape(frame)
        yield from convert.resample(frame)
    yield from convert.resample(None)


def _shape(frame: AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.sample_rate
