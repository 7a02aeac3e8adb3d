"""What was done to a video, for people and for scripts.

Counts what is drawn and tells it; knows neither how videos are made nor how speakers are learnt.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

from synclips.adapt.effort import OFF
from synclips.adapt.speaker import Adaptation
from synclips.features.timing import MOTION_RATE
from synclips.media.writer import VideoWriter
from synclips.options import SyncOptions
from synclips.render.performance import Role
from synclips.render.rendering import Rendered

_MANY = 12  # frames before which something is; a few may be a shadow


@dataclass(frozen=True)
class Report:
    """What was done to one video.

    Attributes:
        output: the written file.
        model: name of the model.
        width: of the written file, pixels; an odd one is padded by one.
        height: the same.
        frame_rate: average frames per second of the output, as a ratio.
        frames: frames written.
        edited: frames whose mouth was drawn.
        passed: frames passed through: nobody is seen, everybody who is only listens, or they are
            outside of the part that is replaced.
        duration: seconds of video.
        seconds: wall time of the whole job.
        speed: frames written per second of wall time.
        adapted: whether the lips move as was learnt from this video.
        calibrated: whether the lips expected were corrected by those seen in this video.
        adaptation: what became of learning the speaker, in a few words.
        offset: frames by which the sound of the input video is late against its own picture;
            None where it was not looked for or cannot be told.
        correlation_before: of the mouth opening on the held-out part of the input video, with the
            model as it was; None where nothing was learnt.
        correlation_after: the same with what was learnt from the rest, before all was learnt from.
        faces: most faces seen at once, in the region if one was given; looked for now and then.
        occluded: edited frames in which something was found before the face; it stays as it was.
            0 also where nothing is looked for: other models, and shots of few frames.
        people: how many were made to speak; more than one in dubs only. What was learnt is told of
            the first.
        listening: frames passed through because who is seen only listens; told of dubs only.
        region: the part of the picture in which alone the face was looked for: the one given, or
            that of the person who speaks in the input; None where it was everywhere, or several
            people speak.
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
    adapted: bool = False
    calibrated: bool = False
    adaptation: str = OFF
    offset: float | None = None
    correlation_before: float | None = None
    correlation_after: float | None = None
    faces: int = 1
    occluded: int = 0
    people: int = 1
    listening: int = 0
    region: str | None = None

    def to_json(self) -> str:
        """The report as a JSON object."""
        return json.dumps(asdict(self), indent=2)


class Tally:
    """Counts the frames of one video while they are written; the clock runs from the beginning."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._frames = self._edited = self._occluded = self._listening = 0

    def count(self, rendered: Rendered) -> None:
        """Another frame is written."""
        self._frames += 1
        self._edited += bool(rendered.painted)
        self._occluded += any(painted.occluded for painted in rendered.painted)
        self._listening += rendered.listens

    def report(
        self, output: Path, writer: VideoWriter, model: str, rate: Fraction, roles: Sequence[Role]
    ) -> Report:
        """What was done, but for what was learnt.

        Args:
            output: the written file.
            writer: which wrote it.
            model: its name.
            rate: average frames per second.
            roles: who speaks.
        """
        seconds = time.monotonic() - self._began
        track, people = roles[0].track, len(roles)
        return Report(
            output=str(output),
            model=model,
            width=writer.width,
            height=writer.height,
            frame_rate=str(rate),
            frames=self._frames,
            edited=self._edited,
            passed=self._frames - self._edited,
            faces=max(len(track.people), 1),  # who is drawn may be too large to be counted
            people=people,
            occluded=self._occluded,
            listening=self._listening,
            region=None if track.region is None or people > 1 else str(track.region),
            duration=float(writer.duration),
            seconds=round(seconds, 3),
            speed=round(self._frames / seconds, 2),
        )


def with_learning(report: Report, learnt: Adaptation | str, frame_rate: Fraction) -> Report:
    """A report that also says what was learnt of the speaker, or why nothing was."""
    if isinstance(learnt, str):
        return replace(report, adaptation=learnt)
    offset = learnt.offsets[0] if learnt.offsets else None
    return replace(
        report,
        adapted=learnt.adapted,
        calibrated=learnt.calibrated,
        adaptation=learnt.outcome,
        offset=None if offset is None else round(float(offset / MOTION_RATE * frame_rate), 1),
        correlation_before=None if learnt.before is None else learnt.before.correlation,
        correlation_after=None if learnt.after is None else learnt.after.correlation,
    )


def remarks(report: Report, options: SyncOptions) -> tuple[str, ...]:
    """What the user should know of a result, a sentence each.

    That is who else is in the picture and might have been meant, and things before the face.
    """
    told = []
    if report.occluded >= _MANY:
        told.append(
            f"in {report.occluded} frames something is before the face, such as a hand; it stays as"
            " it was."
        )
    if options.at is not None and not report.edited:
        told.append("nobody is seen where the new sound is heard, so no lips speak it.")
    elif not report.edited and not report.listening:
        told.append(
            "nobody is seen while the sound is heard, so no lips speak it; give a video that begins"
            " where the face comes."
        )
    if report.listening and not report.edited:
        told.append(
            "nobody was seen to speak, so all of it is as filmed; without --dub whoever is seen"
            " speaks."
        )
    elif report.listening:
        told.append(f"in {report.listening} frames who is seen only listens; they are as filmed.")
    if report.faces > 1:
        told.append(f"{report.faces} faces were seen at once; {_who_speaks(report, options)}")
    return tuple(told)


def _who_speaks(report: Report, options: SyncOptions) -> str:
    if report.people > 1:
        return "everybody speaks when they do in the video; --region dubs one of them alone."
    if options.dub and not options.region:
        return (
            "they do not stay in their places, so one face is dubbed in each picture; --region dubs"
            " who is in one part of it."
        )
    if options.region or report.region is None:
        return "one of them speaks; --region left, right or a part of the picture says which."
    return f"the one in --region {report.region} speaks, whose lips go with the video's sound."
