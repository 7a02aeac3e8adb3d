"""The sound of a video that is being written: any file, streamed into AAC.

Knows what AAC can carry and keeps the source's rate and channels wherever it can. Holds one block
at a time and never runs ahead of the picture, so the two stay interleaved.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from numpy.typing import NDArray

from synclips.media.audio import SoundInfo, probe_sound, sound_blocks

# ISO/IEC 14496-3, table 1.18, without the 7350 Hz nobody records.
RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_BITS_PER_CHANNEL = 128_000
_MOST_BITS_PER_SAMPLE = 6  # 6144 bits per channel in a frame of 1024 samples
_LAYOUTS = {1: "mono", 2: "stereo", 3: "3.0", 4: "4.0", 5: "5.0", 6: "5.1", 8: "7.1"}


class Soundtrack:
    """Adds one AAC stream to an open container and feeds it as the picture advances.

    A rate AAC does not have becomes the next higher one, or 96 kHz. Channels AAC cannot place are
    named by their number, or averaged to one.
    """

    def __init__(self, container: OutputContainer, path: Path) -> None:
        """Add the stream; must happen before the container's first packet.

        Args:
            container: Where the stream goes.
            path: Any file with sound; its time zero becomes that of the video.

        Raises:
            InputError: If the file has no sound that can be decoded.
        """
        info = probe_sound(path)
        rate = next((rate for rate in RATES if rate >= info.rate), RATES[-1])
        self._container = container
        self._end: Fraction | None = None  # seconds, of the picture, once it is known
        self._layout = _layout(info, rate)
        self._rate = rate
        self._stream = container.add_stream("aac", rate=rate, layout=self._layout)
        channels = self._stream.channels
        self._stream.bit_rate = channels * min(_BITS_PER_CHANNEL, _MOST_BITS_PER_SAMPLE * rate)
        self._blocks = _blocks(info, rate, average=channels != info.channels)
        self._written = 0

    def advance(self, time: Fraction) -> None:
        """Encode sound up to `time` in seconds, as far as there is any."""
        stop = round(time * self._rate)
        while self._written < stop:
            block = next(self._blocks, None)
            if block is None:
                return
            self._encode(block)

    def finish(self, end: Fraction) -> None:
        """Encode the rest up to `end`, the end of the picture, and flush the encoder."""
        self._end = end
        self.advance(end)
        self._container.mux(self._stream.encode(None))

    def _encode(self, block: NDArray[np.float32]) -> None:
        if self._end is not None:
            block = block[:, : max(0, round(self._end * self._rate) - self._written)]
        # Packed, see `audio`; the encoder's own resampler makes it planar.
        packed = np.ascontiguousarray(block.T).reshape(1, -1)
        frame = AudioFrame.from_ndarray(packed, "flt", self._layout)
        frame.sample_rate = self._rate
        frame.time_base = Fraction(1, self._rate)
        frame.pts = self._written
        self._written += block.shape[1]
        self._container.mux(self._stream.encode(frame))


def _layout(info: SoundInfo, rate: int) -> str:
    # AC-3 and DTS have their surround speakers at the side, which AAC cannot name.
    for layout in (info.layout.removesuffix("(side)"), info.layout, _LAYOUTS.get(info.channels)):
        if layout is None:
            continue
        encoder = AudioCodecContext.create("aac", "w")
        encoder.sample_rate = rate
        encoder.format = "fltp"
        try:
            encoder.layout = layout
            encoder.open()
        except (av.error.FFmpegError, ValueError):
            continue
        return layout
    return "mono"


def _blocks(info: SoundInfo, rate: int, average: bool) -> Iterator[NDArray[np.float32]]:
    """Yield the sound as (channels, n) at the encoder's rate."""
    blocks = sound_blocks(info.path)
    if average:
        blocks = (block.mean(axis=0, keepdims=True) for block in blocks)
    if rate == info.rate:
        yield from blocks
        return
    channels = 1 if average else info.channels
    resampler = soxr.ResampleStream(info.rate, rate, channels, dtype="float32", quality="HQ")
    for block in blocks:
        resampled = resampler.resample_chunk(np.ascontiguousarray(block.T))
        if len(resampled):
            yield resampled.T
    resampled = resampler.resample_chunk(np.zeros((0, channels), np.float32), last=True)
    if len(resampled):
        yield resampled.T
