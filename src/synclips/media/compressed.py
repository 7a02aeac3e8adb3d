"""Sound of one channel as MP3 or AAC, by FFmpeg's encoders.

Knows which rates each can have, and brings others to the next higher one. What a file is called,
and that it is complete or absent, is the business of `sound_writer`.
"""

from pathlib import Path

import av
import numpy as np
import soxr
from av.audio.stream import AudioStream
from numpy.typing import NDArray

from synclips.media.soundtrack import RATES as AAC_RATES
from synclips.media.soundtrack import bit_rate, packed_frame

# ISO/IEC 11172-3 and 13818-3, and the lower ones that every player knows.
_MP3_RATES = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000)
_KINDS = {".mp3": ("mp3", "libmp3lame", _MP3_RATES), ".m4a": ("ipod", "aac", AAC_RATES)}

SUFFIXES = tuple(_KINDS)


class CompressedSound:
    """A sound being written; whole when it is closed, if there is at least one sample.

    Args:
        path: Target; an existing file is replaced.
        suffix: Of `SUFFIXES`: what kind of file it is, whatever it is called.
        rate: Samples per second.
        comment: Kept in the file's metadata.

    Raises:
        OSError, av.error.FFmpegError: The file cannot be written, here or later.
    """

    def __init__(self, path: Path, suffix: str, rate: int, comment: str = "") -> None:
        kind, codec, rates = _KINDS[suffix]
        self._rate = next((each for each in rates if each >= rate), rates[-1])
        self._resampler = None
        if self._rate != rate:
            self._resampler = soxr.ResampleStream(rate, self._rate, 1, "float32", "HQ")
        # The index in front lets a browser start to play before it has the whole file.
        options = {"movflags": "+faststart"} if kind == "ipod" else {}
        self._container = av.open(
            f"file:{path.absolute()}", mode="w", format=kind, container_options=options
        )
        if comment:
            self._container.metadata["comment"] = comment
        stream = self._container.add_stream(codec, rate=self._rate, layout="mono")
        assert isinstance(stream, AudioStream)
        self._stream = stream
        self._stream.bit_rate = bit_rate(self._rate, 1)
        self._written = 0

    def write(self, samples: NDArray[np.float32]) -> None:
        """Append (n,) samples of -1..1."""
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples)
        self._encode(samples)

    def close(self) -> None:
        """Write what the encoder still holds, and the index."""
        try:
            if self._resampler is not None:
                self._encode(self._resampler.resample_chunk(np.zeros(0, np.float32), last=True))
            if self._written:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()

    def _encode(self, samples: NDArray[np.float32]) -> None:
        if not len(samples):
            return
        frame = packed_frame(samples[None], "mono", self._rate, self._written)
        self._written += len(samples)
        self._container.mux(self._stream.encode(frame))
