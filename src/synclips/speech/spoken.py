"""A text, or the cues of a subtitle file, as one sound file.

Knows where in time each sentence stands and what to do when one does not fit; streams, so that
memory does not depend on how long the text is. Does not know engines, nor how a voice was chosen.
"""

import contextlib
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, tee
from pathlib import Path

import numpy as np

from synclips.errors import InputError
from synclips.media.audio import resampled
from synclips.media.sound_writer import SoundWriter
from synclips.progress import Progress, silent
from synclips.speech.delivery import Delivery
from synclips.speech.lines import Line, cue_lines, script_lines
from synclips.speech.subtitles import Cue
from synclips.speech.synthesizer import Utterance
from synclips.speech.text import END_PAUSE, Notice, Script

HURRY = 1.4
"""How many times faster than asked a subtitle may be spoken to fit; more is hard to follow."""

LATEST = Fraction(3)
"""Seconds a subtitle may begin late before the file is refused."""

_LEAST_PAUSE = 0.12  # seconds between the sentences of a cue that has no time to spare
_GAP = Fraction(1, 10)  # seconds between two cues, where one has to make room for the other


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
    delivery: Delivery | Sequence[Delivery],
    *,
    length: Fraction | None = None,
    progress: Progress | None = None,
    notice: Notice | None = None,
) -> Spoken:
    """Speak a text into a file, sentence by sentence.

    Args:
        what: A text, or subtitles, each of which begins at its time.
        path: What to write, as `SoundWriter` takes it; it appears when it is complete.
        delivery: Who speaks, and how; one for all, or of subtitles one for each.
        length: Seconds of the video that is to show the subtitles; the sound is at least as long.
            Without it the sound ends with the last of them. A text ends where it ends.
        progress: Called with "speak", sentences done, and sentences in all.
        notice: Told what was not done as asked.

    Raises:
        InputError: Nothing could be spoken, or the subtitles leave no time to speak them.
        ConfigError: The engine failed.
        OutputError: The file cannot be written.
    """
    tell, say = progress or silent, notice or (lambda sentence: None)
    if isinstance(what, Script):
        assert isinstance(delivery, Delivery)
        total, placed, each = len(what.sentences), _narrate(what, delivery, say), [delivery]
    else:
        total = len(what)
        each = [delivery] * total if isinstance(delivery, Delivery) else list(delivery)
        placed = _follow(what, each, length, say)
    mark = "; ".join(dict.fromkeys(one.mark for one in each))
    tell("speak", 0, total)
    first = next(placed)
    rate, heard, done = first.utterance.rate, 0, 0
    # Closing ends the engine's process if the disk fills up or the user stops.
    with contextlib.closing(placed), SoundWriter(path, rate, mark) as writer:
        for sound in chain([first], placed):
            writer.silence(round(sound.start * rate) - writer.samples)
            writer.write(sound.utterance.samples)
            heard += len(sound.utterance.samples) > 0
            done += 1
            tell("speak", min(done, total), total)
        if not heard:
            voice = each[0].voice
            raise InputError(
                f"{voice.engine} {voice.name} can speak nothing of the text; take"
                " a voice of its language."
            )
        return Spoken(path, Fraction(writer.samples, rate), heard, mark)


def _narrate(script: Script, delivery: Delivery, notice: Notice) -> _Placing:
    """The sentences one after the other, and the silence at the end."""
    now, rate = Fraction(script.lead), 1
    lines, read = tee(script_lines(script, delivery))
    takes = delivery.take(line.text for line in read)
    for line, take in zip(lines, takes, strict=True):
        utterance, rate = delivery.finish(take), take.rate
        if not len(utterance.samples):
            notice(_unspoken(line.written, delivery))
        yield _Placed(now, utterance)
        now += Fraction(len(utterance.samples), rate) + Fraction(line.pause)
    yield _Placed(now, _nothing(rate))


def _follow(
    cues: Sequence[Cue], each: Sequence[Delivery], length: Fraction | None, notice: Notice
) -> _Placing:
    """Every cue at its time, or as soon after as the one before it is over."""
    now, rate = Fraction(0), 0
    for cue, after, delivery in zip(cues, [*cues[1:], None], each, strict=True):
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
        utterance = delivery.finish(take)
        rate = rate or take.rate
        if take.rate != rate:  # of another voice than the first
            utterance = Utterance(resampled(utterance.samples, take.rate, rate), rate)
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
    lines = cue_lines(cue, delivery)
    takes = list(delivery.take(line.text for line in lines))
    take = _joined(takes, lines, room)
    needed = Fraction(len(take.samples), take.rate)
    if needed <= room:
        return take
    # A little more than needed, for an engine's speed is not exact.
    hurry = HURRY if room <= 0 else min(float(needed / room) * 1.03, HURRY)
    takes = list(delivery.take((line.text for line in lines), hurry))
    take = _joined(takes, lines, room)
    excess = float(Fraction(len(take.samples), take.rate) - room)
    notice(
        f"The subtitle in line {cue.line} is spoken {hurry:.2f} times faster"
        + (f" and still {excess:.1f} s too long." if excess > 0.05 else " to fit.")
    )
    return take


def _joined(takes: Sequence[Utterance], lines: Sequence[Line], room: Fraction) -> Utterance:
    """One after the other, with their pauses as far as there is room for them.

    Args:
        takes: Of each line of one cue.
        lines: These.
        room: Seconds for all.
    """
    rate = takes[0].rate
    wanted = [line.pause for line in lines[:-1]]
    least = [min(_LEAST_PAUSE, pause) for pause in wanted]
    spare = float(room) - sum(len(take.samples) for take in takes) / rate - sum(least)
    share = min(max(spare / max(sum(wanted) - sum(least), 1e-9), 0.0), 1.0)
    parts = [takes[0].samples]
    for take, short, long in zip(takes[1:], least, wanted, strict=True):
        parts.append(np.zeros(int((short + share * (long - short)) * rate), np.float32))
        parts.append(take.samples)
    return Utterance(np.concatenate(parts), rate)


def _nothing(rate: int) -> Utterance:
    return Utterance(np.zeros(0, np.float32), rate)


def _unspoken(text: str, delivery: Delivery) -> str:
    voice = f"{delivery.voice.engine} {delivery.voice.name}"
    return f'{voice} cannot speak "{text[:40]}", which was left out.'
