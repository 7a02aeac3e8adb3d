"""LossyCodec: what is left of a sound after it was coded for the web, a call or a telephone.

The codecs themselves, by FFmpeg; each sound is coded and decoded in memory. Knows codecs and their
delays, not when training wants them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import soxr
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.codec.codec import Codec, UnknownCodecError
from av.codec.context import CodecContext
from numpy.typing import NDArray

from synclips.errors import ConfigError
from synclips.features.timing import SAMPLE_RATE

Array = NDArray[np.float32]

_BLOCK = 160  # samples given at a time to codecs that have no frames of their own
_FULL = 32_767  # of 16 bits


@dataclass(frozen=True)
class LossyCodec:
    """A way sound is coded.

    Attributes:
        encoder: FFmpeg's name.
        decoder: FFmpeg's name of what decodes it.
        rate: Samples per second that are coded.
        delay: Samples at `SAMPLE_RATE` by which what is decoded is late; 0 where the decoder
            takes it out itself.
        bit_rates: Bits per second it may have; none where it has but one.
    """

    encoder: str
    decoder: str
    rate: int
    delay: int
    bit_rates: tuple[int, ...] = ()


CODECS = (
    LossyCodec("libmp3lame", "mp3float", 16_000, 0, (16_000, 24_000, 32_000, 48_000, 64_000)),
    LossyCodec("aac", "aac", 16_000, 1024, (16_000, 24_000, 32_000, 48_000)),
    LossyCodec("libopus", "libopus", 16_000, 0, (8_000, 12_000, 16_000, 24_000)),
    # AMR-NB, of mobile telephones; 10.2 kbit/s makes onsets 5 ms late, less than 7.4 up to 10 ms.
    LossyCodec("libopencore_amrnb", "libopencore_amrnb", 8_000, 80, (7_950, 12_200)),
    LossyCodec("pcm_alaw", "pcm_alaw", 8_000, 0),  # G.711, of telephones: Europe
    LossyCodec("pcm_mulaw", "pcm_mulaw", 8_000, 0),  # and America
    LossyCodec("g722", "g722", 16_000, 22),  # telephones that call themselves HD
)
"""Of recordings that people have: downloads, video calls, telephones."""


def check_codecs() -> None:
    """Refuse to do without one of `CODECS`.

    Raises:
        ConfigError: this build of FFmpeg lacks it.
    """
    for codec in CODECS:
        try:
            Codec(codec.encoder, "w")
            Codec(codec.decoder, "r")
        except UnknownCodecError as error:
            raise ConfigError(
                f"PyAV has no {codec.encoder} here, which sound is augmented with; install PyAV's"
                " own wheel, or give codec_probability = 0."
            ) from error


def coded(samples: Array, codec: LossyCodec, bit_rate: int = 0) -> Array:
    """Code and decode a sound.

    Args:
        samples: (n,) at `SAMPLE_RATE`. What exceeds full scale is coded as quieter and made as
            loud again.
        codec: How.
        bit_rate: Bits per second, for a codec that has several.

    Returns:
        (n,), neither early nor late.
    """
    scale = np.float32(max(1.0, float(np.abs(samples).max(initial=0))))
    encoder = _context(codec.encoder, "w", codec.rate)
    kinds = [kind.name for kind in encoder.codec.audio_formats or ()]
    encoder.format = next((kind for kind in kinds if kind.startswith("flt")), kinds[0])
    if bit_rate:
        encoder.bit_rate = bit_rate
    encoder.open()
    decoder = _context(codec.decoder, "r", codec.rate)
    decoder.extradata = encoder.extradata
    parts, rate = [np.zeros(0, np.float32)], codec.rate
    for frame in _decoded(
        encoder, decoder, soxr.resample(samples / scale, SAMPLE_RATE, codec.rate)
    ):
        rate = frame.sample_rate  # Opus decodes to 48 kHz whatever it was made of
        values = frame.to_ndarray()[0]
        parts.append(values / np.float32(_FULL) if values.dtype == np.int16 else values)
    heard = soxr.resample(np.concatenate(parts).astype(np.float32), rate, SAMPLE_RATE)
    heard = heard[codec.delay : codec.delay + len(samples)]
    return np.pad(heard, (0, len(samples) - len(heard))).astype(np.float32) * scale


def _context(name: str, mode: Literal["r", "w"], rate: int) -> AudioCodecContext:
    context = CodecContext.create(name, mode)
    assert isinstance(context, AudioCodecContext)
    context.sample_rate, context.layout = rate, "mono"
    return context


def _decoded(
    encoder: AudioCodecContext, decoder: AudioCodecContext, samples: Array
) -> Iterator[AudioFrame]:
    size = encoder.frame_size or _BLOCK
    # Whatever the codec holds back at its end is silence.
    padded = np.pad(samples, (0, 4 * size + -len(samples) % size))
    for at in range(0, len(padded), size):
        block = padded[None, at : at + size]
        if not encoder.format.name.startswith("flt"):
            block = np.round(block.clip(-1, 1) * _FULL).astype(np.int16)
        frame = AudioFrame.from_ndarray(block, encoder.format.name, "mono")
        frame.sample_rate, frame.pts = encoder.sample_rate, at
        for packet in encoder.encode(frame):
            yield from decoder.decode(packet)
    for packet in encoder.encode(None):
        yield from decoder.decode(packet)
    yield from decoder.decode(None)
