"""Writing a video: frames with exact times, and sound, into H.264, HEVC or ProRes, and AAC.

Knows encoders and containers, and that a result is complete or absent. Does not know where the
frames come from. Encoding runs in a thread of its own, so that it overlaps with making frames.
"""

import contextlib
import queue
import threading
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
from av.container import OutputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from synclips.errors import OutputError, SynclipsError
from synclips.media.codec import CODECS
from synclips.media.color import ColorInfo
from synclips.media.output import CONTAINERS, check_output, check_picture
from synclips.media.partial import PartialFile, unwritable
from synclips.media.patched_sound import PatchedSound
from synclips.media.picture import Picture, RgbPicture
from synclips.media.provenance import mark_synthetic
from synclips.media.soundtrack import Soundtrack
from synclips.media.tone import encoding
from synclips.options import DEFAULT_CODEC

# Seconds; a last frame so short lasts as long as the others, so that a constant rate stays one.
_SHORT = Fraction(1, 15)
_MISSED = Fraction(1, 1000)  # seconds of sound that somebody would miss, and times are not exact to
_QUEUE = 8  # frames; those drawn together need not wait for one another; 120 MB of 4K


class VideoWriter:
    """A video file being written; a context manager, complete on leaving it or not there at all.

    ```python
    with VideoWriter(Path("out.mp4"), width=640, height=360, frame_rate=info.frame_rate,
                     time_base=info.time_base, sound=Path("line.wav")) as writer:
        for frame in frames:
            writer.write(frame.image, frame.time)
    ```

    4:2:0 video cannot have odd sizes, and the variant of H.264 that can is not played by browsers
    or phones; an odd width or height is therefore padded by repeating its last column or row.

    Attributes:
        width: Of the file, pixels, even.
        height: The same.
        duration: Seconds that it lasts with the frames given so far.
    """

    def __init__(
        self,
        path: Path,
        *,
        width: int,
        height: int,
        frame_rate: Fraction,
        time_base: Fraction,
        color: ColorInfo | None = None,
        sample_aspect_ratio: Fraction = Fraction(1),
        sound: Path | PatchedSound | None = None,
        sound_start: Fraction = Fraction(0),
        length: Fraction | None = None,
        codec: str = DEFAULT_CODEC,
        bits: int = 8,
        crf: int = 16,
        timecode: str | None = None,
        metadata: Mapping[str, str] | None = None,
        synthetic_by: str | None = None,
    ) -> None:
        """Check the target; nothing is written before the context is entered.

        Args:
            path: Target, .mp4, .mov or .mkv.
            width: Of the frames, pixels.
            height: Of the frames, pixels.
            frame_rate: Average frames per second; gives the last frame its duration.
            time_base: Seconds per tick in which every frame time is a whole number, such as the
                source's. Matroska always counts milliseconds and rounds to them.
            color: How to code colour, such as the source's; limited-range BT.709 by default.
            sample_aspect_ratio: Width of a pixel over its height.
            sound: Any file with sound, or one in which another is heard for a while, which becomes
                the video's and ends with it.
            sound_start: Seconds of it that lie before the first frame and are left out; if negative
                silence comes first.
            length: Seconds at which a last frame ends that would last beyond, as one of few per
                second does, or that would end before, as one that is shown for long does; none by
                default.
            codec: What pictures are coded as, one of `CODECS`.
            bits: Of a sample of the source; more than 8 are kept as 10 by a codec that can.
            crf: Constant rate factor, of H.264 0 lossless to 51; 16 is hard to tell from the
                source. ProRes has none.
            timecode: Of the first frame, as `VideoInfo` has it; Matroska keeps none.
            metadata: Container tags, such as "title" or "comment".
            synthetic_by: What made the pictures, where programs shall know that they are in part
                synthetic, see `provenance`; Matroska has no place for it.

        Raises:
            OutputError: If the target cannot be written, or as `check_picture`.
            ConfigError: If there is no such rate factor.
        """
        check_picture(path, width, height, crf)
        self.width, self.height = width + width % 2, height + height % 2
        self.duration = Fraction(0)
        self._path = Path(path)
        heard = [sound] if isinstance(sound, Path) else [] if sound is None else sound.files
        check_output(self._path, heard, codec)
        self._size = (height, width)
        self._frame_rate = frame_rate
        self._time_base = time_base
        self._aspect = sample_aspect_ratio
        self._sound, self._sound_start = sound, sound_start
        self._length = length
        self._codec, self._crf = CODECS[codec], crf
        self._color = self._codec.color_for(color or ColorInfo())
        self._pixels = self._codec.pixels_for(bits)
        self._timecode = timecode
        self._metadata = dict(metadata or {})
        self._tool = None if self._path.suffix.lower() == ".mkv" else synthetic_by
        self._frames: queue.Queue[tuple[Picture, int] | None] = queue.Queue(_QUEUE)
        self._error: Exception | None = None
        self._abort = threading.Event()
        self._last_pts = -1

    def __enter__(self) -> Self:
        """Create the hidden file beside the target and start the encoder.

        Raises:
            InputError: If the sound file has no sound.
            OutputError: If the file cannot be created, or the encoder does not start.
        """
        self._partial = PartialFile(self._path)
        try:
            encoder = self._open()
        except BaseException as error:
            self._partial.discard()
            if isinstance(error, av.error.FFmpegError):
                raise unwritable(self._path, error) from error
            raise
        self._thread = threading.Thread(target=self._run, args=encoder, daemon=True)
        self._thread.start()
        return self

    def write(self, picture: Picture | NDArray[np.uint8], time: Fraction) -> None:
        """Append a frame; returns before it is encoded.

        Args:
            picture: RGB, uint8, (height, width, 3), which is not kept and may be reused at once;
                or a picture, of which only what was edited is converted where that can be.
            time: Seconds from the start of the video, greater than the time before.

        Raises:
            OutputError: If encoding or writing an earlier frame failed.
            InputError: If the sound cannot be read any more.
            ValueError: If the size is not the writer's or time does not increase.
        """
        if isinstance(picture, np.ndarray):
            picture = RgbPicture(picture.copy())
        if picture.size != self._size:
            raise ValueError(f"a frame of {picture.size} was given to a writer of {self._size}")
        pts = round(time / self._time_base)
        if pts <= self._last_pts:
            raise ValueError(f"frame time {float(time):.6f} s does not increase")
        self._last_pts = pts
        self.duration = self._end(pts * self._time_base)
        self._put((picture, pts))
        self._raise_error()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file and move it into place, or remove it if the block failed.

        Raises:
            OutputError: If the rest could not be written, or no frame was given.
        """
        try:
            if kind is None:
                self._stop()
                self._raise_error()
                if self._last_pts < 0:
                    raise OutputError(f"{self._path} was not written: no frame was given for it.")
                self._partial.commit()
        finally:
            self._abort.set()
            self._stop()
            self._partial.discard()

    def _open(self) -> tuple[OutputContainer, VideoStream, Soundtrack | None]:
        suffix = self._path.suffix.lower()
        # The index in front lets a browser start to play before it has the whole file.
        options = {} if suffix == ".mkv" else {"movflags": "+faststart"}
        container = av.open(
            f"file:{self._partial.hidden.absolute()}",
            mode="w",
            format=CONTAINERS[suffix],
            container_options=options,
        )
        container.metadata.update(self._metadata)
        stream = cast(
            VideoStream,
            container.add_stream(
                self._codec.encoder,
                rate=self._frame_rate,
                options=self._codec.options(self._crf),
                width=self.width,
                height=self.height,
                pix_fmt=self._pixels,
                time_base=self._time_base,
            ),
        )
        if self._codec.tag is not None and suffix != ".mkv":
            stream.codec_context.codec_tag = self._codec.tag
        if self._timecode is not None:
            stream.metadata["timecode"] = self._timecode
        codec = stream.codec_context
        codec.sample_aspect_ratio = self._aspect
        codec.color_range = self._color.range
        codec.colorspace = self._color.space
        codec.color_primaries = self._color.primaries
        codec.color_trc = self._color.transfer
        sound = None
        if self._sound is not None:
            sound = Soundtrack(container, self._sound, self._sound_start)
        return container, stream, sound

    def _end(self, time: Fraction) -> Fraction:
        """Until when a frame is shown that is the last."""
        frame = 1 / self._frame_rate
        end = time + frame
        if self._length is None:
            return end
        if self._length - end > _MISSED:  # the picture after it would come when all was heard
            return self._length
        return end if frame <= _SHORT else min(end, max(self._length, time + self._time_base))

    def _run(
        self, container: OutputContainer, stream: VideoStream, sound: Soundtrack | None
    ) -> None:
        """Encode until told to stop; runs in the encoder's thread."""
        try:
            self._encode(container, stream, sound)
            container.close()
            if self._tool is not None:
                mark_synthetic(self._partial.hidden, self._tool)
        except Exception as error:
            self._error = error
        finally:
            if sound is not None:
                sound.close()
            with contextlib.suppress(Exception):  # the first error is the one to report
                container.close()

    def _encode(
        self, container: OutputContainer, stream: VideoStream, sound: Soundtrack | None
    ) -> None:
        converter = encoding(self._color, self._pixels)
        pts = 0
        latest: list[Packet[VideoStream]] = []  # whose end is not known yet, if it is the last
        while (item := self._frames.get()) is not None and not self._abort.is_set():
            picture, pts = item
            frame = picture.coded(converter) or converter.from_rgb(_even(picture.image))
            frame.pts, frame.time_base = pts, self._time_base
            container.mux(latest)
            latest = stream.encode(frame)
            if sound is not None:
                sound.advance(pts * self._time_base)
        if self._abort.is_set() or self._last_pts < 0:
            return
        end = round(self.duration / self._time_base)
        longest = round(1 / self._frame_rate / self._time_base)
        for packet in [*latest, *stream.encode(None)]:
            if packet.pts is not None:  # the end of the file is the latest end of any of them
                rest = end - packet.pts
                packet.duration = rest if packet.pts == self._last_pts else min(longest, rest)
            container.mux(packet)
        if sound is not None:
            sound.finish(self.duration)

    def _put(self, frame: tuple[Picture, int] | None) -> None:
        while self._thread.is_alive():
            try:
                self._frames.put(frame, timeout=0.1)
                return
            except queue.Full:
                continue

    def _stop(self) -> None:
        self._put(None)
        self._thread.join()

    def _raise_error(self) -> None:
        if isinstance(self._error, SynclipsError):
            raise self._error
        if isinstance(self._error, OSError | ValueError | av.error.FFmpegError):
            raise unwritable(self._path, self._error) from self._error
        if self._error is not None:
            raise self._error


def _even(image: NDArray[np.uint8]) -> VideoFrame:
    """RGB with an odd last row and column repeated."""
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return VideoFrame.from_ndarray(np.ascontiguousarray(image), "rgb24")
