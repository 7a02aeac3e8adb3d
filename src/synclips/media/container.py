"""Opening a media file for reading, and where its time begins.

Knows how FFmpeg reports what is wrong with a file and turns it into one sentence; knows which
streams carry the picture and the sound. Does not decode anything.
"""

import os
from fractions import Fraction
from pathlib import Path

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from synclips.errors import InputError

# A demuxer that turns any text file with a likely suffix into "video".
_NOT_MEDIA = {"tty"}
_ADDRESSES = {"http:", "https:"}  # what a path begins with that was made of one


def open_media(path: Path) -> InputContainer:
    """Open a media file for reading.

    Playlists may name local files only: nothing is ever fetched from a network.

    Args:
        path: A file in any container FFmpeg reads.

    Returns:
        The open container; close it, or use it as a context manager.

    Raises:
        InputError: If the file is missing, a folder, a pipe, unreadable or not a media file.
    """
    if not os.path.exists(path):  # also where the name is too long
        if path.parts and path.parts[0] in _ADDRESSES:
            raise InputError(f"{path} is an address; download it first, and give the file.")
        raise InputError(f"{path} does not exist; check the name.")
    if path.is_dir():
        raise InputError(f"{path} is a folder; give a file.")
    if not path.is_file():
        raise InputError(f"{path} is a pipe or device, which is read only once; give a file.")
    try:
        # The prefix keeps a name like "a:b.mp4" from being read as a network protocol.
        container = av.open(
            f"file:{path.absolute()}",
            mode="r",
            container_options={"protocol_whitelist": "file,crypto,data"},
            metadata_errors="replace",
        )
    except av.error.PermissionError as error:
        raise InputError(f"{path} may not be read; change its permissions.") from error
    except (av.error.FFmpegError, OSError) as error:
        raise InputError(_complaint(path, error)) from error
    if container.format.name in _NOT_MEDIA:
        container.close()
        raise InputError(f"{path} is not a media file; give a video, a picture or a sound.")
    if not container.streams:
        container.close()
        raise InputError(_cut_off(path))
    return container


def _complaint(path: Path, error: Exception) -> str:
    with path.open("rb") as file:
        head = file.read(12)
    if not head:
        return f"{path} is empty; copy or record it again."
    if head[4:8] in (b"ftyp", b"mdat", b"wide"):
        return _cut_off(path)
    reason = getattr(error, "strerror", None) or str(error)
    return f"{path} is not a media file that can be read ({reason}); give another file."


def _cut_off(path: Path) -> str:
    return f"{path} is cut off or damaged: its index is missing; copy or record it again."


def video_stream(container: InputContainer) -> VideoStream | None:
    """Return the main picture stream; cover art of a sound file does not count."""
    best = container.streams.best("video")
    candidates = ([best] if isinstance(best, VideoStream) else []) + list(container.streams.video)
    for stream in candidates:
        if not stream.disposition & Disposition.attached_pic and stream.codec_context is not None:
            return stream
    return None


def audio_stream(container: InputContainer) -> AudioStream | None:
    """Return the main sound stream of those that can be decoded, or None.

    Telephones add one of spatial sound, which FFmpeg does not know.
    """
    best = container.streams.best("audio")
    candidates = ([best] if isinstance(best, AudioStream) else []) + list(container.streams.audio)
    return next((stream for stream in candidates if stream.codec_context is not None), None)


def claimed(container: InputContainer, since: Fraction) -> Fraction | None:
    """Return how many seconds a file says there are of it, None where it says nothing.

    What only the whole file says counts, in Matroska, from zero on its own clock, not from where
    its first timestamp is.

    Args:
        container: The file.
        since: Seconds on its clock from where on they are wanted.
    """
    if not container.duration:
        return None
    end = Fraction(container.duration, av.time_base)
    return end - since if end > since else end


def origin(container: InputContainer) -> Fraction:
    """Return where the file's time begins, in seconds of its own timestamps.

    This is the earlier of the starts of picture and sound, so a stream that begins later keeps
    its distance. Starts before zero are encoder priming, which decoders drop, and count as zero.
    """
    starts = [
        max(Fraction(0), stream.start_time * stream.time_base)
        for stream in (video_stream(container), audio_stream(container))
        if stream is not None and stream.start_time is not None and stream.time_base is not None
    ]
    return min(starts, default=Fraction(0))
