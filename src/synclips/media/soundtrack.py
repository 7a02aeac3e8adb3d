"""The sound of a video that is being written: any file, or two, streamed into AAC.

Knows what AAC can carry and keeps the source's rate and channels wherever it can. Holds one block
at a time and never runs ahead of the picture, so the two stay interleaved.
"""

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.container import OutputContainer
from numpy.typing import NDArray

from synclips.media.audio import LAYOUTS, SoundInfo, probe_sound, resampled_blocks, sound_blocks
from synclips.media.patched_sound import PatchedSound
from synclips.media.tape import Tape

# ISO/IEC 14496-3, table 1.18, without the 7350 Hz nobody records.
RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)
_BITS_PER_CHANNEL = 128_000
_MOST_BITS_PER_SAMPLE = 6  # 6144 bits per channel in a frame of 1024 samples


class Soundtrack:
    """Adds one AAC stream to an open container and feeds it as the picture advances.

    A rate AAC does not have becomes the next higher one, or 96 kHz. Channels AAC cannot place are
    named by their number, or averaged to one.
    """

    def __init__(
        self,
        container: OutputContainer,
        sound: Path | PatchedSound,
        start: Fraction = Fraction(0),
    ) -> None:
        """Add the stream; must happen before the container's first packet.

        Args:
            container: Where the stream goes.
            sound: Any file with sound, or that of a video in which another one is heard for a
                while.
            start: Seconds of its time that become the time zero of the video.

        Raises:
            InputError: If the file has no sound that can be decoded.
        """
        info = sound.probe() if isinstance(sound, PatchedSound) else probe_sound(sound)
        rate = next((rate for rate in RATES if rate >= info.rate), RATES[-1])
        self._container = container
        self._layout = _layout(info, rate)
        self._rate = rate
        self._stream = container.add_stream("aac", rate=rate, layout=self._layout)
        channels = self._stream.channels
        self._stream.bit_rate = bit_rate(rate, channels)
        self._blocks = _blocks(sound, info, start, rate, average=channels != info.channels)
        self._tape = Tape(self._blocks, channels)
        self._written = 0

    def advance(self, time: Fraction) -> None:
        """Encode sound up to `time` in seconds, as far as there is any."""
        for block in self._tape.pieces(round(time * self._rate) - self._written):
            self._encode(block)

    def finish(self, end: Fraction) -> None:
        """Encode the rest up to `end`, the end of the picture, and flush the encoder."""
        self.advance(end)
        self._container.mux(self._stream.encode(None))

    def close(self) -> None:
        """Let go of the file, which lies open where the end was not reached."""
        self._blocks.close()

    def _encode(self, block: NDArray[np.float32]) -> None:
        frame = packed_frame(block, self._layout, self._rate, self._written)
        self._written += block.shape[1]
        self._container.mux(self._stream.encode(frame))


def bit_rate(rate: int, channels: int) -> int:
    """Bits per second at which AAC or MP3 of so many samples per second is hard to tell."""
    return channels * min(_BITS_PER_CHANNEL, _MOST_BITS_PER_SAMPLE * rate)


def packed_frame(block: NDArray[np.float32], layout: str, rate: int, at: int) -> AudioFrame:
    """Samples (channels, n) for an encoder, the first of them its `at`-th.

    Packed, see `audio`; the encoder's own resampler makes it planar.
    """
    packed = np.ascontiguousarray(block.T).reshape(1, -1)
    frame = AudioFrame.from_ndarray(packed, "flt", layout)
    frame.sample_rate = rate
    frame.time_base = Fraction(1, rate)
    frame.pts = at
    return frame


def _layout(info: SoundInfo, rate: int) -> str:
    # AC-3 and DTS have their surround speakers at the side, which AAC cannot name.
    for layout in (info.layout.removesuffix("(side)"), info.layout, LAYOUTS.get(info.channels)):
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


def _blocks(
    sound: Path | PatchedSound, info: SoundInfo, start: Fraction, rate: int, average: bool
) -> Generator[NDArray[np.float32], None, None]:
    """Yield the sound from a time on as (channels, n) at the encoder's rate."""
    blocks = sound.blocks(start) if isinstance(sound, PatchedSound) else sound_blocks(sound, start)
    if average:
        blocks = (block.mean(axis=0, keepdims=True) for block in blocks)
    yield from resampled_blocks(blocks, info.rate, rate, 1 if average else info.channels)
