"""The main job: open, track, adapt, move, draw, write - one call each, in that order.

    LipSync().sync(Path("talk.mp4"), Path("line.wav"), Path("out.mp4"))

Knows the order of the parts and nothing of what is inside them. Frames are streamed three times
(track, keep references, draw; the first two for everybody who is dubbed); landmarks, sound and
reference frames wait on disk.
"""

import copy
import logging
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from synclips.adapt.effort import AUTO, OFF, Effort, parse_effort
from synclips.adapt.listening import dialogue, require_own_sound, speaking_shares
from synclips.adapt.profile import load_profile
from synclips.adapt.speaker import Adaptation
from synclips.adapt.who_speaks import track_speaker
from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.errors import ConfigError
from synclips.faces.framing import in_area, needs_area
from synclips.faces.region import Region, parse_region
from synclips.faces.search import track_people, track_video
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.driving import driving_sound
from synclips.media.audio import has_sound, spool_mono
from synclips.media.shortfall import note_shortfall
from synclips.media.spool import Rows, lengthened
from synclips.media.video import VideoReader
from synclips.media.writer import VideoWriter, check_output
from synclips.models.device import pick_device
from synclips.models.threads import by_one_thread, one_thread
from synclips.options import SyncOptions
from synclips.progress import Progress, silent
from synclips.render.label import Label
from synclips.render.performance import Performer
from synclips.render.performers import performer_of
from synclips.render.rendering import Rendered, render
from synclips.render.role import Role
from synclips.report import Report, with_learning

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Rendering:
    """A result on its way.

    Attributes:
        roles: who speaks in it.
        learnt: of the first of them, or why nothing was.
        frames: drawn as they are asked for, in order.
    """

    roles: tuple[Role, ...]
    learnt: Adaptation | str
    frames: Iterator[Rendered]


class LipSync:
    """A loaded model, ready for any number of videos.

    Args:
        model: name of a shipped model, or the folder of a trained one.
        device: auto, cpu or cuda.
        batch: frames drawn at a time.
        adapt: whether `sync` learns the speaker from each video: auto (a few seconds), off, or
            seconds at most. By default auto, or off with a profile.
        person: folder of a profile that `synclips adapt` made of the speaker.
        region: where in the picture the face is, if it shows several, see `parse_region`;
            by default whoever speaks.
        alive: whether a portrait picture blinks and moves its head a little; videos are left alone.
        dub: whether sounds are dubs of what is said in the videos: results are at least as long as
            the videos, and who only listens is left as filmed.

    Raises:
        ModelError: the model is unknown or damaged, or the profile is not one of it.
        ConfigError: the device is not there, `batch` is below 1, `adapt` is none of these, `region`
            is no part of a picture, or the model takes no profile.
    """

    def __init__(
        self,
        model: str | Path = SyncOptions.model,
        device: str = "auto",
        batch: int = 8,
        adapt: str | None = None,
        person: str | Path | None = None,
        region: str | None = None,
        alive: bool = SyncOptions.alive,
        dub: bool = SyncOptions.dub,
    ) -> None:
        if batch < 1:
            raise ConfigError(f"A batch of {batch} frames draws nothing; give at least 1.")
        self._effort = parse_effort(adapt or (AUTO if person is None else OFF))
        self._region = None if region is None else parse_region(region)
        checkpoint = load_checkpoint(model)
        if person is not None:
            if not isinstance(checkpoint, Checkpoint):
                raise ConfigError(f"{checkpoint.name} does not learn speakers; leave --person out.")
            checkpoint = replace(checkpoint, motion=load_profile(Path(person), checkpoint))
        self.name = checkpoint.name
        self.shape: LipShape = checkpoint.shape
        self.performer: Performer = performer_of(checkpoint, pick_device(device))
        # Hears who of several people speaks.
        self._listener = checkpoint if isinstance(checkpoint, Checkpoint) else None
        self._batch = batch
        self._alive = alive
        self._personal = person is not None
        self._dub = dub

    @classmethod
    def of(cls, options: SyncOptions) -> "LipSync":
        """The engine that a job asks for; errors as of the class."""
        return cls(
            options.model,
            options.device,
            options.batch,
            options.adapt,
            options.person,
            options.region,
            options.alive,
            options.dub,
        )

    def performed_by(self, performer: Performer) -> "LipSync":
        """The same engine with somebody else to perform."""
        twin = copy.copy(self)
        twin.performer = performer
        return twin

    def sync(
        self,
        video: str | Path,
        sound: str | Path,
        output: str | Path,
        progress: Progress | None = None,
        quality: int = SyncOptions.quality,
        mark: str | None = None,
        adapt: str | None = None,
        region: str | None = None,
        label: str | Path | None = None,
    ) -> Report:
        """Write `video` again with its lips speaking `sound`.

        Args:
            video: any video with a face, or one portrait picture.
            sound: any sound file, or a video with sound.
            output: target, .mp4, .mov or .mkv; written beside and renamed when complete.
            progress: called while working.
            quality: constant rate factor of the encoder.
            mark: how the sound was synthesised; written beside the mark of the lips.
            adapt: whether to learn the speaker from this video; as the engine does by default.
            region: where in the picture its face is; as for the engine by default.
            label: words, or as a `Path` a picture, that every frame shows in a corner.

        Raises:
            InputError: an input or the label cannot be used, or no speech is heard in a video that
                is dubbed; NoFaceError when no frame shows a face.
            OutputError: the output cannot be written.
            ConfigError: `quality` is out of range, `adapt` is not auto, off or seconds, `region` is
                none, or several people are dubbed with the profile of one.
        """
        began = time.monotonic()
        video, sound, output = Path(video), Path(sound), Path(output)
        effort = self._effort if adapt is None else parse_effort(adapt)
        part = self._region if region is None else parse_region(region)
        tell = progress or silent
        check_output(output, [video, sound, *([label] if isinstance(label, Path) else [])])
        reader = VideoReader(video)
        info = reader.info
        shown = None
        if label is not None:
            shown = Label(label, (info.height, info.width), info.sample_aspect_ratio)
        for remark in info.remarks:
            log.warning("%s", remark)
        edited = frames = occluded = listening = 0
        last = Fraction(0)
        rate = info.frame_rate
        what = "Lips, lids and head" if info.is_image and self._alive else "Lips"
        marks = [f"{what} synthesised by synclips ({self.name})", *([mark] if mark else [])]
        with (
            one_thread(),
            VideoWriter(
                output,
                width=info.width,
                height=info.height,
                frame_rate=rate,
                time_base=1 / rate if info.is_image else info.time_base,
                color=info.color,
                sample_aspect_ratio=info.sample_aspect_ratio,
                sound=sound,
                crf=quality,
                timecode=info.timecode,
                metadata={"comment": "; ".join(marks)},
                synthetic_by="synclips",
            ) as writer,
        ):
            samples = driving_sound(sound)
            rendering = self._render(reader, samples, effort, part, tell)
            for rendered in rendering.frames:
                picture = rendered.picture if shown is None else shown.over(rendered.picture)
                writer.write(picture, rendered.time)
                frames += 1
                listening += rendered.listens
                edited += bool(rendered.painted)
                occluded += any(painted.occluded for painted in rendered.painted)
                last = rendered.time
        seconds = time.monotonic() - began
        track, people = rendering.roles[0].track, len(rendering.roles)
        report = Report(
            output=str(output),
            model=self.name,
            width=writer.width,
            height=writer.height,
            frame_rate=str(rate),
            frames=frames,
            edited=edited,
            passed=frames - edited,
            faces=max(len(track.people), 1),  # who is drawn may be too large to be counted
            people=people,
            occluded=occluded,
            listening=listening,
            region=None if track.region is None or people > 1 else str(track.region),
            duration=float(last + 1 / rate),
            seconds=round(seconds, 3),
            speed=round(frames / seconds, 2),
        )
        return with_learning(report, rendering.learnt, info.frame_rate)

    def render(
        self, reader: VideoReader, samples: Rows, progress: Progress | None = None
    ) -> Rendering:
        """A result before encoding.

        Args:
            reader: the video.
            samples: (n,) mono sound at `SAMPLE_RATE`; the result is as long as it, of a dub at
                least as long as the video.
            progress: called while working.

        Raises:
            NoFaceError: no frame shows a face.
            InputError: it is dubbed and no speech is heard in it.
            ConfigError: several people are dubbed with the profile of one.
        """
        with one_thread():
            made = self._render(reader, samples, self._effort, self._region, progress or silent)
        return replace(made, frames=by_one_thread(made.frames))

    def _render(
        self,
        reader: VideoReader,
        samples: Rows,
        effort: Effort | None,
        region: Region | None,
        tell: Progress,
    ) -> Rendering:
        own = heard = None
        if self._dub:
            require_own_sound(reader.info)
            own = _own_sound(reader)
            heard = dialogue(own, reader.info.path)
        tracks = self._track(reader, region, tell)
        times = tracks[0].times
        if not reader.info.is_image:
            end = times[-1] + 1 / reader.info.frame_rate
            note_shortfall(reader.info.path, "picture", end, reader.info.duration)
        if heard is not None:
            samples = lengthened(samples, math.ceil(end * SAMPLE_RATE))
            tracks = [
                replace(track, shares=speaking_shares(heard, track, self.shape)) for track in tracks
            ]
        elif effort is not None and not reader.info.is_image and has_sound(reader.info.path):
            own = _own_sound(reader)
        area = next((track.area for track in tracks if needs_area(track)), None)
        if area is not None:  # what is below a bar must not be drawn upon it
            reader = VideoReader(reader.info.path, (area.rows, area.columns))
            tracks = [in_area(track, area) for track in tracks]
        cast = [self._role(reader, track, samples, own, effort, tell) for track in tracks]
        roles = tuple(role for role, _ in cast)
        told = partial(tell, "draw")
        frames = render(reader, roles, samples, self._batch, self._alive, told)
        return Rendering(roles, cast[0][1], frames)

    def _track(self, reader: VideoReader, region: Region | None, tell: Progress) -> list[FaceTrack]:
        """The face in the region, or that of the one who speaks; of a dub everybody's."""
        if self._dub and region is None:
            people = track_people(reader, tell)
            if len(people) > 1 and self._personal:
                raise ConfigError(
                    f"{len(people)} people are dubbed, and a profile is of one of them; say with"
                    " --region who that is."
                )
            return people
        if self._listener is None:
            return [track_video(reader, partial(tell, "track"), region)]
        return [track_speaker(reader, self._listener, tell, region)]

    def _role(
        self,
        reader: VideoReader,
        track: FaceTrack,
        samples: Rows,
        own: Rows | None,
        effort: Effort | None,
        tell: Progress,
    ) -> tuple[Role, Adaptation | str]:
        """Somebody who speaks, and what was learnt of them or why nothing was."""
        performer, learnt = self._adapt(own, track, effort, tell)
        return Role(track, performer.perform(samples, track, reader.frames)), learnt

    def _adapt(
        self, own: Rows | None, track: FaceTrack, effort: Effort | None, tell: Progress
    ) -> tuple[Performer, Adaptation | str]:
        """Who performs this person best, and what was learnt or why nothing was."""
        if effort is None:
            return self.performer, OFF
        if own is None:
            return self.performer, "no sound"
        tell("adapt", 0, 1)
        performer, learnt = self.performer.learn(own, track, effort)
        tell("adapt", 1, 1)
        return performer, learnt or "this model does not learn speakers"


def _own_sound(reader: VideoReader) -> Rows:
    """The sound of a video, from the time zero of its picture."""
    return spool_mono(reader.info.path, SAMPLE_RATE, reader.info.start)


def sync(
    video: str | Path,
    sound: str | Path,
    output: str | Path,
    options: SyncOptions | None = None,
    progress: Progress | None = None,
) -> Report:
    """Lip-sync one video, see `LipSync.sync`; for many videos keep one `LipSync`."""
    chosen = options or SyncOptions()
    engine = LipSync.of(chosen)
    return engine.sync(video, sound, output, progress, chosen.quality, label=chosen.label)
