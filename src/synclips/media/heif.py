"""Decoding HEIC, the photographs of telephones (ISO/IEC 23008-12): HEVC, mostly in tiles.

FFmpeg reads the tiles as streams of their own, and PyAV does not put them together. Does not know
what is in the picture.
"""

from pathlib import Path

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame

from synclips.errors import InputError

BRANDS = frozenset({"heic", "heix", "mif1", "avif"})
"""Of files that hold pictures, in HEVC or AV1."""


def brand(container: InputContainer) -> str:
    """What a file of boxes says it is (ISO/IEC 14496-12, "ftyp"); empty for others."""
    return container.metadata.get("major_brand", "").strip()


def is_heic(container: InputContainer) -> bool:
    """Whether a file holds pictures in HEVC."""
    codecs = [stream.codec_context for stream in container.streams.video]
    return brand(container) in BRANDS and any(
        codec is not None and codec.name == "hevc" for codec in codecs
    )


def decode(path: Path) -> VideoFrame:
    """Decode the primary picture, whole and upright, 8 bits of RGB or RGBA.

    Raises:
        InputError: If the file is damaged.
    """
    import pi_heif  # with Pillow; most videos do without

    try:
        picture = pi_heif.open_heif(path).to_pillow()
    except (ValueError, RuntimeError, EOFError, OSError, SyntaxError) as error:
        raise InputError(f"{path} is damaged ({error}); copy it again.") from error
    mode, coded = ("RGBA", "rgba") if picture.has_transparency_data else ("RGB", "rgb24")
    frame = VideoFrame.from_ndarray(np.array(picture.convert(mode)), coded)
    frame.pts = 0
    return frame
