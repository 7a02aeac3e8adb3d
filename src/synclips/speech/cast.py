"""Who says which subtitle of a dub: the people heard in a video, told apart by their voices.

    cast = find_cast(info, cues)

What is heard while a subtitle is shown says who speaks it; the names that WebVTT may give come
first. Knows cues, sound and embeddings; nobody is recognised, and no voice is learnt here.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synclips.features.pitch import median_pitch
from synclips.features.timing import SAMPLE_RATE
from synclips.hearing.activity import Span, speech_spans
from synclips.media.audio import spool_mono
from synclips.media.spool import Rows
from synclips.media.video_info import VideoInfo
from synclips.models.threads import one_thread
from synclips.progress import Count, uncounted
from synclips.speech.grouping import LEAST_NAMED, group
from synclips.speech.likeness import gender_at
from synclips.speech.speaker import mean_embedding, only_speech, part_embeddings
from synclips.speech.subtitles import Cue
from synclips.speech.text import Notice

_LEAST_HEARD = 0.3  # seconds of speech in a cue that say anything
_FOR_PITCH = 60  # seconds of speech


@dataclass(frozen=True)
class CastMember:
    """Somebody who is heard in a video.

    Attributes:
        name: As in the subtitles, or "speaker 2".
        spans: Samples of the file's sound at `SAMPLE_RATE` in which they speak, in order.
        pitch: Median, Hz; None where hardly anything is voiced.
        everybody: Where anybody speaks.
    """

    name: str
    spans: tuple[Span, ...]
    pitch: float | None
    everybody: tuple[Span, ...] = ()

    @property
    def gender(self) -> str | None:
        """Of an engine's voice to take, see `gender_at`."""
        return None if self.pitch is None else gender_at(self.pitch)


@dataclass(frozen=True)
class Cast:
    """Several people and their subtitles.

    Attributes:
        members: At least two, who says most first.
        parts: Of each cue, whose it is.
    """

    members: tuple[CastMember, ...]
    parts: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of each cue, of who says it."""
        return tuple(self.members[part].name for part in self.parts)

    @property
    def summary(self) -> str:
        """How many subtitles each has, in words."""
        counts = Counter(self.parts)
        return ", ".join(
            f"{member.name}: {counts[index]}" for index, member in enumerate(self.members)
        )


@one_thread()
def find_cast(
    video: VideoInfo,
    cues: Sequence[Cue],
    notice: Notice,
    progress: Count = uncounted,
) -> Cast | None:
    """Tell apart who speaks in a video while its subtitles are shown.

    Args:
        video: With sound.
        cues: Subtitles of what is said in it, in order of time, on the time of the file: where the
            picture begins later than the sound, they do not wait for it, nor do players.
        notice: Told of a name that is hardly heard.
        progress: Called with the cues that were listened to, and how many there are.

    Returns:
        None if it is one person, or nobody is heard.

    Raises:
        InputError: The sound cannot be read.
    """
    samples = spool_mono(video.path, SAMPLE_RATE)
    everybody = tuple(speech_spans(samples))
    spans = _heard(cues, everybody)
    progress(0, len(cues))
    heard, embeddings = [], []
    for index, part in enumerate(spans):
        if _seconds(part) >= _LEAST_HEARD:
            heard.append(index)
            embeddings.append(mean_embedding(part_embeddings(only_speech(samples, part))))
        progress(index + 1, len(cues))
    if not heard:
        return None
    seconds = np.array([_seconds(spans[index]) for index in heard], np.float32)
    names = [cues[index].speaker for index in heard]
    groups = group(np.stack(embeddings), seconds, names).tolist()
    voices = dict(zip(heard, groups, strict=True))
    members = []
    for index in range(max(groups) + 1):
        said = tuple(span for at, voice in voices.items() if voice == index for span in spans[at])
        pitch = _pitch(samples, said)
        members.append(CastMember(_name(index, cues, voices), said, pitch, everybody))
    cast = Cast(tuple(members), _parts(cues, voices))
    for name, owner in sorted({(c.speaker, cast.names[at]) for at, c in enumerate(cues)}):
        if name and name != owner:
            notice(
                f"{name} is heard for less than {LEAST_NAMED:.0f} s in {video.path}, and gets the"
                f" voice of {owner}."
            )
    return cast if len(members) > 1 else None


def _heard(cues: Sequence[Cue], spans: Sequence[Span]) -> list[list[Span]]:
    """The speech that is heard while each cue is shown, until another one begins.

    So what is heard counts once, where cues overlap or stand in the file twice.
    """
    ends = [span.stop for span in spans]
    starts = [cue.start for cue in cues]
    result = []
    for at, cue in enumerate(cues):
        after = bisect_right(starts, cue.start)
        stop = min(cue.end, starts[after]) if after < len(starts) else cue.end
        if at and starts[at - 1] == cue.start:
            stop = cue.start
        first, last = (round(time * SAMPLE_RATE) for time in (cue.start, stop))
        part = []
        for span in spans[bisect_right(ends, first) :]:
            if span.start >= last:
                break
            part.append(Span(max(span.start, first), min(span.stop, last)))
        result.append(part)
    return result


def _seconds(spans: Sequence[Span]) -> float:
    return sum(span.stop - span.start for span in spans) / SAMPLE_RATE


def _parts(cues: Sequence[Cue], voices: dict[int, int]) -> tuple[int, ...]:
    """Whose each cue is: of its name, of who is heard, else of who says the nearest one."""
    named = {cues[at].speaker: voice for at, voice in voices.items() if cues[at].speaker}
    heard = np.array(list(voices))
    starts = np.array([float(cue.start) for cue in cues])
    result = []
    for at, cue in enumerate(cues):
        whose = named.get(cue.speaker, voices.get(at))
        if whose is None:
            whose = voices[int(heard[np.abs(starts[heard] - starts[at]).argmin()])]
        result.append(whose)
    return tuple(result)


def _name(index: int, cues: Sequence[Cue], voices: dict[int, int]) -> str:
    """What a voice is called: by the name that most of its cues have, if any has one."""
    names = Counter(
        cues[at].speaker for at, voice in voices.items() if voice == index and cues[at].speaker
    )
    return names.most_common(1)[0][0] if names else f"speaker {index + 1}"


def _pitch(samples: Rows, spans: Sequence[Span]) -> float | None:
    lengths = np.cumsum([span.stop - span.start for span in spans])
    enough = int(lengths.searchsorted(_FOR_PITCH * SAMPLE_RATE)) + 1
    return median_pitch(only_speech(samples, spans[:enough]), SAMPLE_RATE)
