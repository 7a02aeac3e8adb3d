"""The main job: open, track, adapt, move, draw, write - one call each, in that order.

    LipSync().sync(Path("talk.mp4"), Path("line.wav"), Path("out.mp4"))

Knows the order of the parts and nothing of what is inside them. Frames are streamed three times
(track, keep references, draw; the first two for everybody who is dubbed); landmarks, sound and
reference frames wait on disk.
"""

import copy
import logging
import math
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from synclips.adapt.effort import AUTO, OFF, Effort, parse_effort
from synclips.adapt.listening import dialogue, require_own_sound, speaking_shares
from synclips.adapt.own_speech import own_speech
from synclips.adapt.profile import load_profile
from synclips.adapt.speaker import Adaptation, learn_speaker
from synclips.adapt.who_speaks import track_speaker
from synclips.checkpoint import Checkpoint, load_checkpoint
from synclips.errors import ConfigError
from synclips.faces.framing import in_area, needs_area
from synclips.faces.region import Region, parse_region
from synclips.faces.search import track_people, track_video
from synclips.faces.shape import LipShape
from synclips.faces.track import FaceTrack
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.driving import Speech, driving_sound
from synclips.media.audio import has_sound, spool_mono
from synclips.media.codec import CODECS
from synclips.media.output import check_output, check_picture
from synclips.media.shortfall import note_shortfall
from synclips.media.spool import Rows, lengthened
from synclips.media.video import VideoReader
from synclips.media.video_info import VideoInfo
from synclips.models.device import pick_device
from synclips.models.threads import by_one_thread, one_thread
from synclips.options import SyncOptions, check_given
from synclips.progress import Progress, silent
from synclips.release import releasing
from synclips.render.label import Label, check_label
from synclips.render.passage import Passage, require_within
from synclips.render.performance import MotionPerformer, Performer, Role
from synclips.render.performers import performer_of
from synclips.render.rendering import liveliness, render
from synclips.render.schedule import end_of_way
from synclips.report import Report, Tally, with_learning
from synclips.result import Result

log = logging.getLogger(__name__)


class LipSync:
    """A loaded model, ready for any number of videos.

    Args are those of `SyncOptions`, for every video; `sync` can choose some of them otherwise.

    Raises:
        ModelError: the model is unknown or damaged, or the profile is not one of it.
        ConfigError: the device is not there, `adapt` is not auto, off or seconds, `region` is no
            part of a picture, the model takes no profile, or as by `SyncOptions`.
        InputError: the label cannot be used.
    """

    def __init__(
        self,
        model: str | Path = SyncOptions.model,
        device: str = SyncOptions.device,
        batch: int = SyncOptions.batch,
        adapt: str | None = None,
        person: str | Path | None = None,
        region: str | None = None,
        alive: bool = SyncOptions.alive,
        dub: bool = SyncOptions.dub,
        quality: int = SyncOptions.quality,
        label: str | Path | None = None,
        at: float | Fraction | None = None,
        codec: str = SyncOptions.codec,
        extend: str = SyncOptions.extend,
    ) -> None:
        self._options = SyncOptions(
            model,
            device,
            quality,
            batch,
            adapt=adapt,
            person=person,
            region=region,
            alive=alive,
            dub=dub,
            label=label,
            at=at,
            codec=codec,
            extend=extend,
        )
        _check(self._options)  # what is wrong is told before the model is loaded
        if label is not None:
            check_label(label)
        checkpoint = load_checkpoint(model)
        if person is not None:
            if not isinstance(checkpoint, Checkpoint):
                raise ConfigError(f"{checkpoint.name} does not learn speakers; leave --person out.")
            checkpoint = replace(checkpoint, motion=load_profile(Path(person), checkpoint))
        self.name = checkpoint.name
        self.shape: LipShape = checkpoint.shape
        self.performer: Performer = performer_of(checkpoint, pick_device(device))
        # Hears who of several people speaks, and learns how.
        self._listener = checkpoint if isinstance(checkpoint, Checkpoint) else None

    @classmethod
    def of(cls, options: SyncOptions) -> "LipSync":
        """The engine that a job asks for; errors as of the class."""
        check_given(options, SyncOptions)
        return cls(**vars(options))

    def performed_by(self, performer: Performer) -> "LipSync":
        """The same engine with somebody else to perform."""
        twin = copy.copy(self)
        twin.performer = performer
        return twin

    @releasing
    def sync(
        self,
        video: str | Path,
        sound: str | Path | Speech,
        output: str | Path,
        progress: Progress | None = None,
        quality: int | None = None,
        adapt: str | None = None,
        region: str | None = None,
        label: str | Path | None = None,
        at: float | Fraction | None = None,
    ) -> Report:
        """Write `video` again with its lips speaking `sound`.

        Args:
            video: any video with a face, or one portrait picture.
            sound: any sound file, or a video with sound. It begins with the picture; a dub with the
                file, as the sound that it replaces; else where `at` says. A `Speech` says where it
                begins without `at`, and how it was made.
            output: target, .mp4, .mov or .mkv; written beside and renamed when complete.
            progress: called while working; what it raises stops the job.
            quality: constant rate factor of the encoder; as for the engine by default.
            adapt: whether to learn the speaker from this video; as the engine does by default.
            region: where in the picture its face is; as for the engine by default.
            label: words, or as a `Path` a picture, that every frame shows in a corner; as for the
                engine by default.
            at: seconds of the video from which on the sound replaces a part of its own; as for the
                engine by default.

        Raises:
            InputError: an input or the label cannot be used, no speech is heard in a video that is
                dubbed, or it has no time `at`; NoFaceError when no frame shows a face.
            OutputError: the output cannot be written.
            ConfigError: as by `SyncOptions`, `adapt` is not auto, off or seconds, `region` is none,
                or several people are dubbed with the profile of one.
            SynclipsError: the process was forked from one that has looked for faces.
        """
        tally = Tally()
        given = {"quality": quality, "adapt": adapt, "region": region, "label": label, "at": at}
        changes: Any = {name: value for name, value in given.items() if value is not None}
        chosen = replace(self._options, **changes)
        video, output = Path(video), Path(output)
        _check(chosen)
        reader = VideoReader(video, keeps_depth=CODECS[chosen.codec].keeps_depth)
        info = reader.info
        if chosen.at is not None:
            require_within(reader, Fraction(chosen.at))
        speech = _speech(sound, info, chosen)
        check_output(output, [video, speech.path, *chosen.inputs], chosen.codec)
        check_picture(output, info.width, info.height, chosen.quality)
        shown = None
        if chosen.label is not None:
            shown = Label(chosen.label, (info.height, info.width), info.sample_aspect_ratio)
        for remark in (*info.remarks, *(shown.remarks if shown else ())):
            log.warning("%s", remark)
        with one_thread():
            tell = progress or silent
            samples = driving_sound(speech.path, speech.start, partial(tell, "sound"))
            result = self._render(reader, samples, chosen, tell)
            with result.writer(output, info, speech, chosen, self.name) as writer:
                for rendered in result.frames:
                    picture = rendered.picture if shown is None else shown.over(rendered.picture)
                    writer.write(picture, rendered.time)
                    tally.count(rendered)
        report = tally.report(output, writer, self.name, info.frame_rate, result.roles)
        return with_learning(report, result.learnt, info.frame_rate)

    def render(
        self, reader: VideoReader, samples: Rows, progress: Progress | None = None
    ) -> Result:
        """A result before encoding.

        Args:
            reader: the video.
            samples: (n,) mono sound at `SAMPLE_RATE` from the first frame on; the result is as
                long as it, of a dub, and where a part is replaced, at least as long as the video.
            progress: called while working.

        Raises:
            NoFaceError: no frame shows a face.
            InputError: it is dubbed and no speech is heard in it, or it has no time `at`.
            ConfigError: several people are dubbed with the profile of one.
        """
        if self._options.at is not None:
            require_within(reader, Fraction(self._options.at))
        with one_thread():
            result = self._render(reader, samples, self._options, progress or silent)
        return replace(result, frames=by_one_thread(result.frames))

    def _render(
        self, reader: VideoReader, samples: Rows, options: SyncOptions, tell: Progress
    ) -> Result:
        own = heard = passage = None
        effort = _effort(options)
        if options.at is not None:
            start = Fraction(options.at) - reader.info.start
            passage = Passage(start, Fraction(len(samples), SAMPLE_RATE))
        if options.dub:
            require_own_sound(reader.info)
            own = _own_sound(reader)
            heard = dialogue(own, reader.info.path)
        tracks = self._track(reader, options, tell)
        times, rate = tracks[0].times, reader.info.frame_rate
        if not reader.info.is_image:
            end = times[-1] + 1 / rate
            note_shortfall(reader.info.path, "picture", end, reader.info.duration)
        if heard is not None or passage is not None:
            samples = lengthened(samples, math.ceil(end_of_way(times, rate) * SAMPLE_RATE))
        if heard is not None:
            tracks = [
                replace(track, shares=speaking_shares(heard, track, self.shape)) for track in tracks
            ]
        elif effort is not None and not reader.info.is_image and has_sound(reader.info.path):
            own = _own_sound(reader)
        area = next((track.area for track in tracks if needs_area(track)), None)
        if area is not None:  # what is below a bar must not be drawn upon it
            reader = reader.part(area)
            tracks = [in_area(track, area) for track in tracks]
        cast = [self._role(reader, track, samples, own, effort, tell) for track in tracks]
        roles = tuple(role for role, _ in cast)
        lively = liveliness(reader, roles, samples, options.alive)
        told = partial(tell, "draw")
        frames = render(
            reader, roles, samples, options.batch, lively, told, passage, options.extend
        )
        length = Fraction(len(samples), SAMPLE_RATE)
        return Result(roles, cast[0][1], lively, length, frames, passage)

    def _track(self, reader: VideoReader, options: SyncOptions, tell: Progress) -> list[FaceTrack]:
        """The face in the region, or that of the one who speaks; of a dub everybody's."""
        region = _region(options)
        if options.dub and region is None:
            people = track_people(reader, tell)
            if len(people) > 1 and options.person is not None:
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
        read = partial(reader.picked, track.times)
        return Role(track, performer.perform(samples, track, read)), learnt

    def _adapt(
        self, own: Rows | None, track: FaceTrack, effort: Effort | None, tell: Progress
    ) -> tuple[Performer, Adaptation | str]:
        """Who performs this person best, and what was learnt or why nothing was."""
        if effort is None:
            return self.performer, OFF if self._options.person is None else "a profile is used"
        if own is None:
            return self.performer, "no sound"
        if self._listener is None or not isinstance(self.performer, MotionPerformer):
            return self.performer, "this model does not learn speakers"
        tell("adapt", 0, 1)
        pieces = own_speech(own, track, self.shape)
        learnt = learn_speaker(self._listener, [pieces], effort)
        tell("adapt", 1, 1)
        return self.performer.with_motion(learnt.motion), learnt


def _check(options: SyncOptions) -> None:
    """Refuse what is wrong in what a user wrote."""
    _effort(options)
    _region(options)


def _effort(options: SyncOptions) -> Effort | None:
    return parse_effort(options.adapt or (AUTO if options.person is None else OFF))


def _region(options: SyncOptions) -> Region | None:
    return None if options.region is None else parse_region(options.region)


def _speech(sound: str | Path | Speech, info: VideoInfo, options: SyncOptions) -> Speech:
    """A sound for a video: a dub lies on the time of the file, as the sound that it replaces."""
    if not isinstance(sound, Speech):
        sound = Speech(Path(sound), info.start if options.dub else Fraction(0))
    return sound if options.at is None else replace(sound, start=info.start - Fraction(options.at))


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
    """Write `video` again with its lips speaking `sound`; for many videos keep one `LipSync`.

    Args:
        video: any video with a face, or one portrait picture.
        sound: any sound file, or a video with sound.
        output: target, .mp4, .mov or .mkv; there when it is complete.
        options: how; as `SyncOptions()` by default.
        progress: called while working.

    Raises:
        SynclipsError: as `LipSync` and `LipSync.sync` do.
    """
    return LipSync.of(SyncOptions() if options is None else options).sync(
        video, sound, output, progress
    )
