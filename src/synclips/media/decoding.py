"""From packets to frames, as far as a file can be decoded. Does not know what follows from them."""

import logging
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

import av
from av.container import InputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from synclips.media.heif import decode as decode_heic
from synclips.media.heif import is_heic

log = logging.getLogger(__name__)


def decode(
    container: InputContainer,
    stream: VideoStream,
    path: Path,
    tell: bool = True,
    wanted: Collection[int] | None = None,
) -> Iterator[VideoFrame]:
    """Frames from where the file stands; damaged packets are left out, and told if `tell`.

    Args:
        container: the file.
        stream: one of its streams.
        path: of the file, for what is told.
        tell: as a warning; else for debugging only.
        wanted: timestamps; of other pictures, those that none refers to are not decoded.
    """
    if is_heic(container):
        yield decode_heic(path)
        return

    def choose(packet: "Packet[Stream]") -> None:
        if wanted is not None:
            needed = packet.pts in wanted
            stream.codec_context.skip_frame = "DEFAULT" if needed else "NONREF"

    damaged, ends = "a damaged part", "breaks off"
    for frame in decode_packets(container, stream, path, damaged, ends, tell, choose):
        if isinstance(frame, VideoFrame):
            yield frame


def decode_packets(
    container: InputContainer,
    stream: Stream,
    path: Path,
    damaged: str,
    ends: str,
    tell: bool,
    before: Callable[["Packet[Stream]"], None] = lambda packet: None,
) -> Iterator[object]:
    """Whatever can be decoded of a stream from where the file stands.

    Args:
        container: the file.
        stream: one of its streams.
        path: of the file, for what is told.
        damaged: what is told to be left out.
        ends: what is told to happen where the file cannot be read on.
        tell: as a warning; else for debugging only.
        before: called with each packet before it is decoded.
    """
    level = logging.WARNING if tell else logging.DEBUG
    # Each reason once, or a film would fill the log of a server.
    told: set[str | None] = set()
    try:
        for packet in container.demux(stream):
            before(packet)
            try:
                decoded = packet.decode()
            except av.error.FFmpegError as error:
                if error.strerror not in told:
                    told.add(error.strerror)
                    log.log(level, "%s: %s was left out (%s)", path, damaged, error.strerror)
                continue
            yield from decoded
    except av.error.FFmpegError as error:
        log.log(level, "%s: %s here (%s)", path, ends, error.strerror)


def undecodable(path: Path) -> str:
    """What to say of a file without a frame; FFmpeg reads no animated WebP (RFC 9649, "VP8X")."""
    with path.open("rb") as file:
        head = file.read(21)
    if head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and head[20] & 2:
        return f"{path} is an animated WebP, which cannot be read; make it an MP4, GIF or PNG."
    return f"{path} has no frame that can be decoded; copy or record it again."


def match(decoded: Iterator[VideoFrame], wanted: Sequence[int]) -> list[VideoFrame] | None:
    """Collect exactly the wanted timestamps, if decoding began at a key frame before them."""
    chunk: list[VideoFrame] = []
    started = False
    for frame in decoded:
        if frame.pts is None:
            return None
        # Pictures shown before the first key frame may refer to others that were not decoded.
        started = started or frame.key_frame
        if not started:
            continue
        if frame.pts > wanted[len(chunk)]:
            return None
        if frame.pts == wanted[len(chunk)]:
            chunk.append(frame)
        if len(chunk) == len(wanted):
            return chunk
    return None
