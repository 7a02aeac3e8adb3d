"""What an engine is given of a text or of a subtitle: sentence by sentence, as it is read.

Knows where a subtitle is cut, how what is written is read, and which silence belongs after it.
`spoken` speaks these lines, and `synclips say --show-text` shows the same ones. Knows no sound.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from synclips.speech.delivery import Delivery
from synclips.speech.sentences import split_sentences
from synclips.speech.subtitles import Cue
from synclips.speech.text import CLAUSE_PAUSE, SENTENCE_PAUSE, Script, is_speakable


@dataclass(frozen=True)
class Line:
    """What is spoken in one breath.

    Attributes:
        text: As the engine is given it, figures and abbreviations in words.
        written: As it stands in the text.
        language: Tag of the rules by which it is read.
        pause: Seconds of silence wanted after it; of the last of a subtitle 0, since the time of
            the next one tells.
        cue: The subtitle it is of; None of a text.
    """

    text: str
    written: str
    language: str
    pause: float
    cue: Cue | None = None


def script_lines(script: Script, delivery: Delivery) -> Iterator[Line]:
    """The lines of a text, each read when it is asked for."""
    for sentence in script.sentences:
        # What a break asks for lasts as long at any speed.
        pause = max(sentence.pause / delivery.speed, sentence.rest)
        text = delivery.read(sentence.text)
        yield Line(text, sentence.text, delivery.language, pause)


def cue_lines(cue: Cue, delivery: Delivery) -> list[Line]:
    """The lines of a subtitle, with the pauses of a text, which there may be no time for."""
    pieces = [piece for piece in split_sentences(cue.text) if is_speakable(piece[0])]
    last = len(pieces) - 1
    lines = []
    for at, (text, ends) in enumerate(pieces):
        wanted = SENTENCE_PAUSE if ends else CLAUSE_PAUSE
        pause = 0.0 if at == last else wanted / delivery.speed
        lines.append(Line(delivery.read(text), text, delivery.language, pause, cue))
    return lines
