"""The main job: open, track, hear, move, draw, write - one call each, in that order.

    LipSync().sync(Path("talk.mp4"), Path("line.wav"), Path("out.mp4"))

Knows the order of the parts and nothing of what is inside them. Frames are streamed three times
(track, keep references, draw); landmarks, sound and reference frames wait on disk.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from synclips.checkpoint import (
    Checkpoint,
    GridGanCheckpoint,
    load_checkpoint,
    pick_device,
)
from synclips.errors import InputError, NoFaceError
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack, track_faces
from synclips.faces.tracker import MediaPipeTracker
from synclips.features.timing import SAMPLE_RATE
from synclips.media.ahead import read_ahead
from synclips.media.audio import spool_mono
from synclips.media.spool import Rows
from synclips.media.video import Frame, VideoReader
from synclips.media.writer import VideoWriter, check_output
from synclips.options import SyncOptions
from synclips.render.painting import PaintingPerformer
from synclips.render.performance import Painted, Performer
from synclips.render.schedule import Shot, schedule, shot_count
from synclips.render.warping import WarpingPerformer

Progress = Callable[[str, int, int | None], None]
"""Called with the name of the step, frames done, and frames in all where that is known."""

_STILL_RATE = Fraction(25)


@dataclass(frozen=True)
class Report:
    """What was done.

    Attributes:
        output: the written file.
        model: name of the model.
        width: of the picture, pixels.
        height: of the picture.
        frame_rate: average frames per second of the output, as a ratio.
        frames: frames written.
        edited: frames whose mouth was drawn.
        passed: frames passed through, having no face.
        duration: seconds of video.
        seconds: wall time of the whole job.
        speed: frames written per second of wall time.
    """

    output: str
    model: str
    width: int
    height: int
    frame_rate: str
    frames: int
    edited: int
    passed: int
    duration: float
    seconds: float
    speed: float

    def to_json(self) -> str:
        """The report as a JSON object."""
        return json.dumps(asdict(self), indent=2)


@dataclass(frozen=True, eq=False)
class Rendered:
    """One output frame before encoding: its source, the result, and what was edited (or None)."""

    source: Frame
    time: Fraction
    image: NDArray[np.uint8]
    painted: Painted | None


class LipSync:
    """A loaded model, ready for any number of videos.

    Args:
        model: name of a shipped model, or the folder of a trained one.
        device: auto, cpu or cuda.
        batch: frames drawn at a time.

    Raises:
        ModelError: the model is unknown or damaged.
        ConfigError: the device is not there.
    """

    def __init__(
        self, model: str | Path = SyncOptions.model, device: str = "auto", batch: int = 8
    ) -> None:
        checkpoint = load_checkpoint(model)
        self.name = checkpoint.name
        self.shape: LipShape = checkpoint.shape
        self._performer = _performer(checkpoint, pick_device(device))
        self._batch = batch

    def sync(
        self,
        video: Path,
        sound: Path,
        output: Path,
        progress: Progress | None = None,
        quality: int = SyncOptions.quality,
    ) -> Report:
        """Write `video` again with its lips speaking `sound`.

        Args:
            video: any video with a face, or one portrait picture.
            sound: any sound file, or a video with sound.
            output: target, .mp4, .mov or .mkv; written beside and renamed when complete.
            progress: called while working.
            quality: constant rate factor of the encoder.

        Raises:
            InputError: an input cannot be used; NoFaceError when no frame shows a face.
            OutputError: the output cannot be written.
        """
        began = time.monotonic()
        check_output(output, [video, sound])
        reader = VideoReader(video)
        info = reader.info
        edited = frames = 0
        last = Fraction(0)
        rate = _STILL_RATE if info.is_image else info.frame_rate
        with VideoWriter(
            output,
            width=info.width,
            height=info.height,
            frame_rate=rate,
            time_base=1 / rate if info.is_image else info.time_base,
            color=info.color,
            sample_aspect_ratio=info.sample_aspect_ratio,
            sound=sound,
            crf=quality,
            metadata={"comment": f"Lips synthesised by synclips ({self.name})"},
        ) as writer:
            for rendered in self.render(reader, self._hear(sound), progress):
                writer.write(rendered.image, rendered.time)
                frames += 1
                edited += rendered.painted is not None
                last = rendered.time
        seconds = time.monotonic() - began
        return Report(
            output=str(output),
            model=self.name,
            width=info.width,
            height=info.height,
            frame_rate=str(rate),
            frames=frames,
            edited=edited,
            passed=frames - edited,
            duration=float(last + 1 / rate),
            seconds=round(seconds, 3),
            speed=round(frames / seconds, 2),
        )

    def render(
        self,
        reader: VideoReader,
        samples: Rows,
        progress: Progress | None = None,
    ) -> Iterator[Rendered]:
        """The frames of a result, before encoding, in order.

        Args:
            reader: the video.
            samples: (n,) mono sound at `SAMPLE_RATE`; the result is as long as it.
            progress: called while working.

        Raises:
            NoFaceError: no frame shows a face.
        """
        tell = progress or (lambda step, done, total: None)
        # Resampling may round a sample up; that must not buy a frame.
        length = Fraction(len(samples) - 8, SAMPLE_RATE)
        track = self._track(reader, tell)
        performance = self._performer.perform(samples, track, reader.frames)
        rate = _STILL_RATE if reader.info.is_image else reader.info.frame_rate
        plan = read_ahead(schedule(reader, track.times, length, rate))
        total = shot_count(track.times, length, rate)
        done = 0
        for shots in _batched(plan, self._batch):
            for shot, painted in zip(shots, performance.draw(shots), strict=True):
                image = shot.frame.image if painted is None else painted.image
                done += 1
                tell("draw", done, total)
                yield Rendered(shot.frame, shot.time, image, painted)

    def _hear(self, sound: Path) -> Rows:
        samples = spool_mono(sound, SAMPLE_RATE)
        if len(samples) < SAMPLE_RATE // 25:
            raise InputError(f"{sound} is shorter than one frame; give a file with speech.")
        return samples

    def _track(self, reader: VideoReader, tell: Progress) -> FaceTrack:
        total = reader.info.frame_count
        with MediaPipeTracker() as tracker:
            track = track_faces(
                read_ahead(reader.frames()), tracker, lambda done: tell("track", done, total)
            )
        if track.face_count == 0:
            raise NoFaceError(
                f"No face was found in {reader.info.path}; use a video where a face is turned"
                " to the camera and at least a tenth of the picture wide."
            )
        return track


def _performer(checkpoint: Checkpoint | GridGanCheckpoint, device: torch.device) -> Performer:
    if isinstance(checkpoint, GridGanCheckpoint):
        return PaintingPerformer(checkpoint, device)
    return WarpingPerformer(checkpoint, device)


def _batched(plan: Iterator[Shot], size: int) -> Iterator[list[Shot]]:
    batch: list[Shot] = []
    for shot in plan:
        batch.append(shot)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def sync(
    video: str | Path,
    sound: str | Path,
    output: str | Path,
    options: SyncOptions | None = None,
    progress: Progress | None = None,
) -> Report:
    """Lip-sync one video, see `LipSync.sync`; for many videos keep one `LipSync`."""
    chosen = options or SyncOptions()
    engine = LipSync(chosen.model, chosen.device, chosen.batch)
    return engine.sync(Path(video), Path(sound), Path(output), progress, chosen.quality)
