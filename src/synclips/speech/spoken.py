"""A text, or the cues of a subtitle file, as one sound file.

Knows where in time each sentence stands and what to do when one does not fit; streams, so that
memory does not depend on how long the text is. Does not know engines, nor whose voice a converter
makes.
"""

import contextlib
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from synclips.errors import InputError
from synclips.media.sound_writer import SoundWriter
from synclips.progress import Progress
from synclips.speech.converter import Converter
from synclips.speech.reading import read_out
from synclips.speech.sentences import split_sentences
from synclips.speech.subtitles import Cue
from synclips.speech.synthesizer import Synthesizer, Utterance, Voice
from synclips.speech.text import CLAUSE_PAUSE, END_PAUSE, Notice, Script, is_speakable

HURRY = 1.4
"""How many times faster than asked a subtitle may be spoken to fit; more is hard to follow."""

LATEST = Fraction(3)
"""Seconds a subtitle may begin late before the file is refused."""

_GAP = Fraction(1, 10)  # seconds between two cues, where one has to make room for the other
_QUIET = 10 ** (-50 / 20)  # of the peak; what is below at either end of a sentence is silence
_MARGIN = Fraction(1, 200)  # seconds kept beside what is louder

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Delivery:
    """Who speaks, and how.

    Attributes:
        engine: What speaks.
        voice: One of its voices.
        language: Tag of the text.
        speed: 1 is the voice's own.
        converter: Gives every sentence another voice; None leaves the engine's.
    """

    engine: Synthesizer
    voice: Voice
    language: str
    speed: float = 1.0
    converter: Converter | None = None

    @property
    def mark(self) -> str:
        """The mark of synthesis, for the metadata of what is made of it."""
        mark = f"Voice synthesised by synclips with {self.voice.engine} {self.voice.name}"
        return mark if self.converter is None else f"{mark}, converted by {self.converter.name}"

    def take(self, sentences: Iterable[str], hurry: float = 1.0) -> Iterator[Utterance]:
        """The engine's sound of sentences, without silence around each; empty if it cannot."""
        written = (read_out(sentence, self.language) for sentence in sentences)
        for heard in self.engine.speak(written, self.voice, self.speed * hurry):
            yield Utterance(_trimmed(heard), heard.rate)

    def finish(self, take: Utterance) -> Utterance:
        """In the voice wanted."""
        if self.converter is None or not len(take.samples):
            return take
        voice = self.converter.convert(take.samples, take.rate, self.language)
        return Utterance(voice, take.rate)


@dataclass(frozen=True)
class Spoken:
    """What was written.

    Attributes:
        path: The file.
        seconds: Its length.
        sentences: How many were spoken, or subtitles.
        mark: See `Delivery.mark`; also in the file's own metadata.
    """

    path: Path
    seconds: Fraction
    sentences: int
    mark: str


@dataclass(frozen=True, eq=False)
class _Placed:
    start: Fraction  # seconds
    utterance: Utterance


_Placing = Generator[_Placed, None, None]


def spoken(
    what: Script | Sequence[Cue],
    path: Path,
    delivery: Delivery,
    *,
    length: Fraction | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Spoken:
    """Speak a text into a file, sentence by sentence.

    Args:
        what: A text, or subtitles, each of which begins at its time.
        path: The .wav or .flac to write; it appears when it is complete.
        delivery: Who speaks, and how.
        length: Seconds of the video that is to show the subtitles; the sound is at least as long.
            Without it the sound ends with the last of them. A text ends where it ends.
        progress: Called with "speak", sentences done, and sentences in all.
        notice: Told what was not done as asked.

    Raises:
        InputError: Nothing could be spoken, or the subtitles leave no time to speak them.
        ConfigError: The engine failed.
        OutputError: The file cannot be written.
    """
    tell, say = progress or (lambda step, done, total: None), notice or (lambda sentence: None)
    if isinstance(what, Script):
        total, placed = len(what.sentences), _narrate(what, delivery, say)
    else:
        total, placed = len(what), _follow(what, delivery, length, say)
    tell("speak", 0, total)
    first = next(placed)
    rate, heard, done = first.utterance.rate, 0, 0
    # Closing ends the engine's process if the disk fills up or the user stops.
    with contextlib.closing(placed), SoundWriter(path, rate, delivery.mark) as writer:
        for each in chain([first], placed):
            writer.silence(round(each.start * rate) - writer.samples)
            writer.write(each.utterance.samples)
            heard += len(each.utterance.samples) > 0
            done += 1
            tell("speak", min(done, total), total)
        if not heard:
            raise InputError(
                f"{delivery.voice.engine} {delivery.voice.name} can speak nothing of the text; take"
                " a voice of its language."
            )
        return Spoken(path, Fraction(writer.samples, rate), heard, delivery.mark)


def _narrate(script: Script, delivery: Delivery, notice: Notice) -> _Placing:
    """The sentences one after the other, and the silence at the end."""
    now, rate = Fraction(script.lead), 1
    takes = delivery.take(sentence.text for sentence in script.sentences)
    for sentence, take in zip(script.sentences, takes, strict=True):
        utterance, rate = delivery.finish(take), take.rate
        if not len(utterance.samples):
            notice(_unspoken(sentence.text, delivery))
        yield _Placed(now, utterance)
        pause = max(sentence.pause / delivery.speed, sentence.rest)
        now += Fraction(len(utterance.samples), rate) + Fraction(pause)
    yield _Placed(now, _nothing(rate))


def _follow(
    cues: Sequence[Cue], delivery: Delivery, length: Fraction | None, notice: Notice
) -> _Placing:
    """Every cue at its time, or as soon after as the one before it is over."""
    now, rate = Fraction(0), 1
    for cue, after in zip(cues, [*cues[1:], None], strict=True):
        start = cue.start if cue.start >= now else now + _GAP
        late = start - cue.start
        if late > LATEST:
            raise InputError(
                f"The subtitle in line {cue.line} would begin {float(late):.1f} s late, even spoken"
                f" {HURRY} times faster; shorten the ones before it or raise --speed."
            )
        if late > 0:
            notice(f"The subtitle in line {cue.line} begins {float(late):.1f} s late.")
        take = _fitted(cue, _until(cue, after, length) - start, delivery, notice)
        utterance, rate = delivery.finish(take), take.rate
        if not len(utterance.samples):
            notice(_unspoken(cue.text, delivery))
        yield _Placed(start, utterance)
        now = start + Fraction(len(utterance.samples), rate)
    end = max(cues[-1].end, now + Fraction(END_PAUSE))
    if length is not None and now > length:
        notice(f"The subtitles are spoken {float(now - length):.1f} s beyond the video.")
    elif length is not None:
        end = length
    yield _Placed(end, _nothing(rate))


def _until(cue: Cue, after: Cue | None, length: Fraction | None) -> Fraction:
    """When the speech of a cue must be over: with it, or later if there is time."""
    if after is None:
        return max(cue.end, length or cue.end)
    if after.start < cue.end:
        return after.start
    return max(cue.end, after.start - _GAP)


def _fitted(cue: Cue, room: Fraction, delivery: Delivery, notice: Notice) -> Utterance:
    """The speech of a cue, hurried as much as it must be and may be."""
    pieces = [piece for piece, _ in split_sentences(cue.text) if is_speakable(piece)]
    take = _joined(delivery.take(pieces))
    needed = Fraction(len(take.samples), take.rate)
    if needed <= room:
        return take
    # A little more than needed, for an engine's speed is not exact.
    hurry = HURRY if room <= 0 else min(float(needed / room) * 1.03, HURRY)
    take = _joined(delivery.take(pieces, hurry))
    excess = float(Fraction(len(take.samples), take.rate) - room)
    notice(
        f"The subtitle in line {cue.line} is spoken {hurry:.2f} times faster"
        + (f" and still {excess:.1f} s too long." if excess > 0.05 else " to fit.")
    )
    return take


def _joined(takes: Iterator[Utterance]) -> Utterance:
    parts = list(takes)
    rate = parts[0].rate
    pause = np.zeros(round(CLAUSE_PAUSE * rate), np.float32)
    between = [samples for take in parts for samples in (pause, take.samples)][1:]
    return Utterance(np.concatenate(between), rate)


def _trimmed(heard: Utterance) -> Array:
    level = np.abs(heard.samples)
    loud = np.flatnonzero(level > _QUIET * level.max(initial=0))
    # An engine that knows no word of a sentence gives a few samples of nothing, or of its edges.
    if len(loud) == 0 or len(heard.samples) < heard.rate // 50:
        return np.zeros(0, np.float32)
    margin = round(_MARGIN * heard.rate)
    return heard.samples[max(int(loud[0]) - margin, 0) : int(loud[-1]) + 1 + margin]


def _nothing(rate: int) -> Utterance:
    return Utterance(np.zeros(0, np.float32), rate)


def _unspoken(text: str, delivery: Delivery) -> str:
    voice = f"{delivery.voice.engine} {delivery.voice.name}"
    return f'{voice} cannot speak "{text[:40]}", which was left out.'
