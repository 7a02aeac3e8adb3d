"""Who says a manuscript: one voice all of it, or in a dub of several people each their own.

Whose subtitles are whose is told by `cast`, which is loaded only where several people may speak.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from synclips.media.video_info import VideoInfo
from synclips.progress import Progress, silent
from synclips.speech.converter import Converter
from synclips.speech.delivery import Delivery, MakeConverter, VoiceOf, converted, deliver_cast
from synclips.speech.engines import nearer_engine
from synclips.speech.manuscript import Manuscript
from synclips.speech.subtitles import Cue
from synclips.speech.text import Notice, Script

if TYPE_CHECKING:
    from synclips.speech.cast import Cast


@dataclass(frozen=True)
class Voices:
    """Who says a manuscript.

    Attributes:
        deliveries: One voice, or that of each of several people.
        cast: Who these are; None where one says it all.
    """

    deliveries: Sequence[Delivery]
    cast: "Cast | None" = None

    @property
    def by(self) -> Delivery | Sequence[Delivery]:
        """One for all, or one for each subtitle."""
        if self.cast is None:
            return self.deliveries[0]
        return [self.deliveries[part] for part in self.cast.parts]


def choose_voices(
    manuscript: Manuscript,
    dub: bool,
    named: bool,
    converter: Converter | MakeConverter | None,
    voice_of: VoiceOf | None,
    notice: Notice,
    progress: Progress | None = None,
) -> Voices:
    """Choose who speaks, in a dub after listening to who does in the video.

    Args:
        manuscript: What is said.
        dub: Whether its subtitles are of what is said in the video.
        named: Whether the user named a voice of the engine.
        converter: As for `dubbing.say`.
        voice_of: The same.
        notice: Told who are told apart.
        progress: Called with "cast" while they are.

    Raises:
        InputError: The sound of the video cannot be read.
    """
    what, info = manuscript.what, manuscript.info
    one_voice = voice_of is None and (converter is not None or named)
    if dub and info is not None and not isinstance(what, Script) and not one_voice:
        cast = _cast(info, what, notice, progress or silent)
        if cast is not None:
            several = deliver_cast(manuscript.delivery, cast, voice_of, notice, named)
            _advise(several[0], named, notice)
            return Voices(several, cast)
    made = converter() if callable(converter) else converter
    one = converted(manuscript.delivery, made, named)
    _advise(one, named, notice)
    return Voices([one])


def _advise(delivery: Delivery, named: bool, notice: Notice) -> None:
    """Say what would come nearer to the voice of a person, unless the user named a voice."""
    converter = delivery.converter
    if named or converter is None or converter.likeness is None:
        return
    nearer = nearer_engine(delivery.engine, delivery.language)
    if nearer is not None:
        notice(
            f"{delivery.engine.name} comes only a little nearer to a person's voice; much nearer"
            f" comes {nearer}."
        )


def _cast(
    info: VideoInfo, cues: Sequence[Cue], notice: Notice, progress: Progress
) -> "Cast | None":
    from synclips.speech.cast import find_cast

    cast = find_cast(info, cues, notice, partial(progress, "cast"))
    if cast is not None:
        whose = f"(subtitles of {cast.summary})"
        if all(cue.speaker for cue in cues):
            notice(f"{len(cast.members)} people are told apart by their names {whose}.")
        else:
            notice(
                f"{len(cast.members)} people are told apart by their voices {whose}; where that is"
                " wrong, name them in a .vtt, as in <v Ann>Hello."
            )
    return cast
