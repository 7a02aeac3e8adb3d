"""What is compared with the truth: the system's own video, and videos that cost nothing.

Knows how each of them is made from a task, a video that shall speak the sound of another one. Does
not know how they are judged, nor which clips make a task.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from synclips.corpus.clips import Clip
from synclips.evaluation.cuts import cut_sound, reencode, write_silence
from synclips.faces.shape import LipShape
from synclips.hearing import driving

REAL = "real"
REENCODED = "re-encoded"
FROZEN = "frozen"
UNEDITED = "unedited"
COPIED = "copied"
WRONG_AUDIO = "wrong audio"
RETRIEVAL = "retrieval"
SYSTEM = "synclips"

MEANINGS = {
    REAL: "B itself: the truth, as the measurement sees it",
    REENCODED: "B, decoded and written like a result",
    FROZEN: "A, made to speak silence",
    UNEDITED: "A as it is",
    COPIED: "A with one of its own mouths, the one nearest rest, in every frame",
    WRONG_AUDIO: "A, made to speak somebody else's words",
    RETRIEVAL: "A with the mouths of A nearest to the lips that the system hears in B",
    SYSTEM: "A, made to speak B",
}

CONDITIONS = tuple(MEANINGS)
"""What is compared with the truth, in the order of reports."""

FEW = (REAL, UNEDITED, SYSTEM)
"""The conditions without those for which the system or an encoder runs once more."""


class System(Protocol):
    """What is evaluated: `synclips.pipeline.LipSync`, or anything that edits videos like it."""

    @property
    def name(self) -> str:
        """What the report calls it."""
        ...

    @property
    def shape(self) -> LipShape:
        """Shape space in which lips are compared."""
        ...

    def sync(self, video: Path, sound: Path, output: Path) -> object:
        """Write `video` with its lips speaking `sound`, and that sound, to `output`."""
        ...


@dataclass(frozen=True)
class Task:
    """A shall speak B.

    Attributes:
        source: A, the video whose frames are edited.
        target: B, the video whose lips are the truth.
        length: Of B, seconds.
        sound: That of B from its first frame on, WAV.
        wrong: Somebody else's words, WAV; None where there is nobody else.
        folder: Where the outputs go.
    """

    source: Path
    target: Path
    length: Fraction
    sound: Path
    wrong: Path | None
    folder: Path


@dataclass(frozen=True)
class Output:
    """The video of one condition, and the sound that its lips follow."""

    condition: str
    video: Path
    driver: Path


def set_task(
    source: Path,
    target: Path,
    length: Fraction,
    folder: Path,
    *,
    lag: Fraction = Fraction(0),
    other: Clip | None = None,
) -> Task:
    """Cut the sounds of a task.

    Args:
        source: A.
        target: B.
        length: Of B, seconds.
        folder: Existing folder for sounds and outputs.
        lag: Seconds by which the sound of B is late; taken out.
        other: Whose sound serves as wrong audio.

    Raises:
        InputError: If a video has no sound.
    """
    sound = folder / "sound.wav"
    cut_sound(target, sound, length=length, lag=lag)
    wrong = None
    if other is not None:
        wrong = folder / "wrong_audio.wav"
        cut_sound(other.path, wrong, length=length, lag=other.lag)
    return Task(source, target, length, sound, wrong, folder)


def make_outputs(
    task: Task,
    system: System,
    conditions: Sequence[str] = CONDITIONS,
    others: Mapping[str, System] | None = None,
) -> Iterator[Output]:
    """The videos of the given conditions, each made when it is asked for.

    Without somebody else's words there is no wrong audio; what `others` make (see `baselines`)
    is left out without them.

    Raises:
        SynclipsError: If a file cannot be read, or the system fails on it.
    """
    for condition in CONDITIONS:
        if condition not in conditions:
            continue
        video = task.folder / f"{condition.replace(' ', '_')}.mp4"
        driver: Path | None = task.sound
        if condition == REAL:
            yield Output(condition, task.target, task.sound)
            continue
        if condition == UNEDITED:
            yield Output(condition, task.source, task.sound)
            continue
        if condition == REENCODED:
            reencode(task.target, video, task.sound)
            yield Output(condition, video, task.sound)
            continue
        if condition == FROZEN:
            driver = task.folder / "silence.wav"
            write_silence(driver, task.length)
        elif condition == WRONG_AUDIO:
            driver = task.wrong
        maker: System | None = system
        if condition in (COPIED, RETRIEVAL):
            maker = (others or {}).get(condition)
        if driver is not None and maker is not None:
            with _silence_untold(driver) if condition == FROZEN else nullcontext():
                maker.sync(task.source, driver, video)
            yield Output(condition, video, driver)


@contextmanager
def _silence_untold(sound: Path) -> Iterator[None]:
    """Of a sound that is silent on purpose it is not told."""

    def is_news(record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(f"{sound} ")

    driving.log.addFilter(is_news)
    try:
        yield
    finally:
        driving.log.removeFilter(is_news)
