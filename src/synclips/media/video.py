"""Reading pictures in time: a video, or a still as a video of one frame.

Knows decoding, timestamps and seeking, and hands out upright RGB frames one by one, so memory
does not grow with the length of the video. Does not know what is in the picture, nor sound.
"""

import copy
import math
from bisect import bisect_left
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.codec.context import ThreadType
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.media.box import Box
from synclips.media.clock import Clock
from synclips.media.color import ColorConverter, ColorInfo
from synclips.media.container import claimed, open_media, origin, video_stream
from synclips.media.decoding import decode, match, undecodable
from synclips.media.fields import woven
from synclips.media.orientation import Orientation
from synclips.media.part_picture import PartPicture
from synclips.media.picture import DecodedPicture, Master, Picture
from synclips.media.plain import can_be_plain, plain
from synclips.media.still import is_in_parts, is_still, orientation_of, playable
from synclips.media.tone import ToneMapper, is_hdr
from synclips.media.video_info import VideoInfo

CHUNK_BYTES = 128 * 2**20
"""How much decoded video `frames_backward` holds at a time."""

_STILL_RATE = Fraction(25)
_SEEK_BACK = (Fraction(0), Fraction(2), Fraction(10))


@dataclass(frozen=True, eq=False)
class Frame:
    """One upright picture and its place in time.

    Attributes:
        picture: What it shows; converted as far as it is looked at.
        time: Seconds since the first frame, from the container's timestamps.
        index: 0, 1, 2, ... in order of time.
    """

    picture: Picture
    time: Fraction
    index: int

    @property
    def image(self) -> NDArray[np.uint8]:
        """The whole picture, RGB, uint8, (height, width, 3)."""
        return self.picture.image


class VideoReader:
    """A video file that can be read from the front, any number of times, and from the back.

    ```python
    reader = VideoReader(Path("talk.mp4"))
    for frame in reader.frames():
        print(frame.index, float(frame.time), frame.image.shape)
    ```
    """

    def __init__(self, path: Path, keeps_depth: bool = False) -> None:
        """Open the file and decode one frame, to know what the container does not tell.

        Args:
            path: The file.
            keeps_depth: Whether pictures shall remember what they were before they were made SDR of
                8 bits, for an encoder that keeps more; takes memory.

        Raises:
            InputError: If the file is missing, a folder, not media, has no picture stream, or
                not one frame of it can be decoded.
        """
        self._path = Path(path)
        self._part: Box | None = None
        self._keeps_depth = keeps_depth
        with open_media(self._path) as container:
            stream = self._stream(container)
            # Whatever is damaged is told when the file is read, or by the error.
            first = next(decode(container, stream, self._path, tell=False), None)
            if first is None:
                raise InputError(undecodable(self._path))
            self._orientation = orientation_of(first, self._path, is_still(container))
            self._color = ColorInfo.of(first)
            self._master_color = self._color
            self._tone = ToneMapper(self._color) if is_hdr(self._color) else None
            if self._tone is not None:
                self._color = self._tone.color
            self._first_pts = first.pts or 0
            self._stored = (first.width, first.height)
            if is_still(container):
                self._stored = playable(*self._stored)
            self._frame_bytes = sum(plane.buffer_size for plane in first.planes)
            self._info = self._describe(container, stream, first)

    @property
    def info(self) -> VideoInfo:
        """What is known without reading on."""
        return self._info

    def part(self, box: Box) -> "VideoReader":
        """The same video as if a part of its pictures were all there is.

        Args:
            box: The part, from even to even.

        Returns:
            A reader whose pictures are each a `PartPicture`; what its `info` says stays.
        """
        twin = copy.copy(self)
        twin._part = box
        return twin

    def length(self) -> Fraction | None:
        """Seconds of picture, for which all of the file is read, but not decoded.

        A file may not say how long only its picture is, or count from when frames are decoded, and
        so leave out a last one that comes late. None if it cannot be told.
        """
        end = self._first_pts
        with open_media(self._path) as container:
            stream = self._stream(container)
            told = stream.duration or 0
            try:
                for packet in container.demux(stream):
                    if packet.pts is not None:
                        end = max(end, packet.pts + (packet.duration or 0))
            except av.error.FFmpegError:  # breaks off here
                pass
        return max(told, end - self._first_pts) * self._info.time_base or None

    def frames(self, only: Collection[int] | None = None) -> Iterator[Frame]:
        """Decode from the beginning; every call starts anew.

        Args:
            only: Indices of the frames wanted; those between are decoded and dropped. All by
                default.

        A packet that cannot be decoded is left out; where the file itself breaks off, the frames
        before that place are the video.

        Yields:
            Frames with strictly increasing times, the first at 0.
        """
        converter = ColorConverter(self._color)
        clock = Clock(self._info.time_base, self._info.frame_rate)
        last = math.inf if only is None else max(only, default=-1)
        with open_media(self._path) as container:
            for index, frame in enumerate(self._decoded(container)):
                time = clock.time(frame.pts)
                if only is None or index in only:
                    yield Frame(self._picture(frame, converter), time, index)
                if index >= last:
                    return

    def picked(self, times: Sequence[Fraction], only: Collection[int]) -> Iterator[Frame]:
        """The very frames that `frames` gives for some indices, decoding no more than they need.

        Args:
            times: The times of all frames in order, as a pass of `frames` gave them.
            only: Indices of the frames wanted.
        """
        is_plain = not (self._info.is_image or self._info.is_interlaced)
        if not (is_plain and self._timestamps_identify(times)):
            yield from self.frames(only)
            return
        converter = ColorConverter(self._color)
        places = {self._ticks(times[index]): index for index in only}
        with open_media(self._path) as container:
            stream = self._stream(container)
            for frame in decode(container, stream, self._path, tell=False, wanted=set(places)):
                if not places:
                    return
                index = None if frame.pts is None else places.pop(frame.pts, None)
                if index is not None:
                    yield Frame(self._picture(frame, converter), times[index], index)

    def frames_backward(self, times: Sequence[Fraction]) -> Iterator[Frame]:
        """Decode from the last frame to the first, holding at most `CHUNK_BYTES` of video.

        Args:
            times: The times of all frames in order, as a pass of `frames` gave them.

        Yields:
            The very same frames as `frames`, in reverse.
        """
        converter = ColorConverter(self._color)
        size = max(1, CHUNK_BYTES // self._frame_bytes)
        can_seek = len(times) > size and self._timestamps_identify(times)
        for stop in range(len(times), 0, -size):
            start = max(0, stop - size)
            chunk = self._seek_chunk(times, start, stop) if can_seek and start else None
            if chunk is None:
                chunk = self._count_chunk(start, stop)
            for index in range(start + len(chunk) - 1, start - 1, -1):
                yield Frame(self._picture(chunk.pop(), converter), times[index], index)

    def _stream(self, container: InputContainer) -> VideoStream:
        stream = video_stream(container)
        if stream is None:
            raise InputError(f"{self._path} has no picture in it; give a video or a picture.")
        if is_in_parts(container):
            raise InputError(
                f"{self._path} is a picture in several parts, which are not put together; save it"
                " as JPEG or PNG."
            )
        stream.thread_type = ThreadType.AUTO
        return stream

    def _describe(
        self, container: InputContainer, stream: VideoStream, first: VideoFrame
    ) -> VideoInfo:
        width, height = self._stored
        aspect = stream.sample_aspect_ratio or Fraction(1)
        if self._orientation.transpose:
            width, height, aspect = height, width, 1 / aspect
        time_base = stream.time_base or Fraction(1, 90000)
        is_image = is_still(container)
        duration = None
        if stream.duration:
            duration = stream.duration * time_base
        elif not is_image:
            duration = claimed(container, self._first_pts * time_base)
        written = self._master_color if self._keeps_depth else self._color
        rate = stream.average_rate or stream.guessed_rate or _STILL_RATE
        return VideoInfo(
            path=self._path,
            width=width,
            height=height,
            frame_rate=_STILL_RATE if is_image else rate,
            time_base=time_base,
            start=Fraction(0) if is_image else self._first_pts * time_base - origin(container),
            sample_aspect_ratio=aspect,
            frame_count=1 if is_image else stream.frames or None,
            duration=duration,
            is_image=is_image,
            is_hdr=self._tone is not None,
            keeps_depth=self._keeps_depth,
            # Of a PNG it means that it is told coarsely first.
            is_interlaced=first.interlaced_frame and not is_image,
            timecode=stream.metadata.get("timecode") or container.metadata.get("timecode"),
            bits=8 if is_image else max(part.bits for part in first.format.components),
            # A still was not made for video players; what is written from it should be ordinary.
            color=ColorInfo() if is_image else written,
        )

    def _decoded(self, container: InputContainer) -> Iterator[VideoFrame]:
        """Whole pictures from where the file stands."""
        stream = self._stream(container)
        decoded = decode(container, stream, self._path)
        return woven(decoded, stream) if self._info.is_interlaced else decoded

    def _picture(self, frame: VideoFrame, converter: ColorConverter) -> Picture:
        stored, orientation = self._stored, self._orientation
        can_be_coded = (frame.width, frame.height) == stored and not self._info.is_image
        master = None
        if self._keeps_depth and can_be_coded and can_be_plain(frame):
            master = Master(frame, self._master_color, orientation)
        if self._tone is not None:
            frame = self._tone.sdr(frame)
        if can_be_coded and can_be_plain(frame):
            frame, orientation = plain(frame, converter, orientation), Orientation()
            stored = frame.width, frame.height
        picture = DecodedPicture(frame, stored, converter, orientation, master)
        return picture if self._part is None else PartPicture(picture, self._part)

    def _timestamps_identify(self, times: Sequence[Fraction]) -> bool:
        """Tell, without decoding, whether each time belongs to exactly one packet."""
        seen: set[int | None] = set()
        with open_media(self._path) as container:
            try:
                for packet in container.demux(self._stream(container)):
                    if packet.size and packet.pts in seen:
                        return False
                    seen.add(packet.pts)
            except av.error.FFmpegError:
                return False
        return all(self._ticks(time) in seen for time in times)

    def _ticks(self, time: Fraction) -> int:
        return round(time / self._info.time_base) + self._first_pts

    def _seek_chunk(
        self, times: Sequence[Fraction], start: int, stop: int
    ) -> list[VideoFrame] | None:
        """Decode frames start..stop-1 from a key frame before them; None if that is unsafe."""
        wanted = [self._ticks(time) for time in times[start:stop]]
        # Of two fields a whole picture is made with the help of the picture before.
        first = self._ticks(times[start - 1]) if self._info.is_interlaced else wanted[0]
        for margin in _SEEK_BACK:
            target = first - round(margin / self._info.time_base)
            if bisect_left(times, (target - self._first_pts) * self._info.time_base) == 0:
                break
            with open_media(self._path) as container:
                try:
                    container.seek(target, stream=self._stream(container))
                except av.error.FFmpegError:
                    return None
                chunk = match(self._decoded(container), wanted)
            if chunk is not None:
                return chunk
        return None

    def _count_chunk(self, start: int, stop: int) -> list[VideoFrame]:
        """Decode frames start..stop-1 by counting from the first."""
        with open_media(self._path) as container:
            kept: deque[VideoFrame] = deque(maxlen=stop - start)
            for index, frame in enumerate(self._decoded(container)):
                if index >= start:
                    kept.append(frame)
                if index == stop - 1:
                    break
        return list(kept)
