"""What somebody asks for, and doing it.

Files and options in, a video and what was done out; knows neither HTTP nor queues.
"""

from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from synclips.adapt.effort import parse_effort
from synclips.adapt.listening import require_own_sound
from synclips.dubbing import check_part, say
from synclips.faces.region import parse_region
from synclips.media.audio import probe_sound
from synclips.media.codec import CODECS
from synclips.media.video import VideoReader
from synclips.options import SayOptions, SyncOptions
from synclips.pipeline import sync
from synclips.progress import Progress
from synclips.render.label import check_label
from synclips.render.passage import require_within
from synclips.report import remarks
from synclips.speech.delivery import deliver
from synclips.speech.manuscript import in_time, read_words
from synclips.speech.text import Script


@dataclass(frozen=True)
class Order:
    """One video to make.

    Attributes:
        video: a video with a face, or a portrait.
        speech: a sound file; or what is said, as a text or as the path of subtitles.
        is_sound: which of the two.
        picture: how the video is lip-synced.
        voice: how a text is spoken.
    """

    video: Path
    speech: Path | str
    is_sound: bool
    picture: SyncOptions = field(default_factory=SyncOptions)
    voice: SayOptions = field(default_factory=SayOptions)

    @property
    def suffix(self) -> str:
        """Of the file to make: the first that its codec can be in."""
        return CODECS[self.picture.codec].suffixes[0]


@dataclass(frozen=True)
class Done:
    """What became of it.

    Attributes:
        report: as `synclips sync --report` or `synclips say --report` writes it, without `output`.
        remarks: what the user should know, a sentence each.
    """

    report: dict[str, Any]
    remarks: tuple[str, ...]


def check(order: Order) -> None:
    """Refuse what would only be found out at its turn.

    Raises:
        SynclipsError: an option is none, the video has no picture, a dub no sound, or a part or
            the subtitles no time, the sound cannot be heard, the text cannot be read, or nobody
            can speak it.
    """
    if order.picture.adapt is not None:
        parse_effort(order.picture.adapt)
    if order.picture.region is not None:
        parse_region(order.picture.region)
    if order.picture.label is not None:
        check_label(order.picture.label)
    reader = VideoReader(order.video)
    if order.picture.dub:
        require_own_sound(reader.info)
    if order.is_sound:
        probe_sound(Path(order.speech))
        if order.picture.at is not None:
            require_within(reader, Fraction(order.picture.at))
        return
    words = read_words(order.speech, _unheard)
    if order.picture.at is not None:
        check_part(order.video, isinstance(words, Script), order.picture.at)
    if not isinstance(words, Script):
        in_time(words, reader, _unheard)
    deliver(words, order.voice)


def _unheard(sentence: str) -> None:
    """It is told when the order is done."""


def perform(order: Order, output: Path, progress: Progress) -> Done:
    """Make the video.

    Raises:
        SynclipsError: as `synclips.sync` and `synclips.say` do.
    """
    if order.is_sound:
        seen = sync(order.video, order.speech, output, order.picture, progress)
        report = asdict(seen)
    else:
        said = say(order.video, order.speech, output, order.voice, order.picture, progress=progress)
        assert said.video is not None  # no sound alone is ordered
        seen, report = said.video, asdict(said)
        del report["video"]["output"]
    del report["output"]  # where that is on this machine is nobody's business
    return Done(report, remarks(seen, order.picture))
