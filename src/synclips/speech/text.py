"""A text ready to be spoken: sentences in order, and how long to pause after each.

Knows what in a text cannot be spoken and leaves it out with a notice; paragraphs, by empty lines or
`markup`; sentences, by `sentences`. Knows no engine and no sound.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from synclips.errors import InputError
from synclips.speech.markup import Boundary, Break, Language, Words, read_markup
from synclips.speech.sentences import split_sentences

SENTENCE_PAUSE = 0.35  # seconds at speed 1
PARAGRAPH_PAUSE = 0.8
CLAUSE_PAUSE = 0.12  # where a sentence was cut because it is too long
END_PAUSE = 0.3  # for the mouth to close, at any speed

MAX_FILE = 10_000_000
"""Bytes of a text file; more is hardly meant to be spoken."""

Notice = Callable[[str], None]
"""Called with a sentence about something that was left out or done otherwise than asked."""


@dataclass(frozen=True)
class Sentence:
    """What is spoken in one breath.

    Attributes:
        text: Plain text with at least one letter or digit.
        pause: Seconds of silence after it at speed 1.
        rest: Seconds of silence after it at any speed, where longer than the pause.
    """

    text: str
    pause: float
    rest: float = 0.0


@dataclass(frozen=True)
class Script:
    """A text to be spoken.

    Attributes:
        sentences: At least one.
        language: The tag that the text itself names, or None.
        lead: Seconds of silence before the first.
    """

    sentences: tuple[Sentence, ...]
    language: str | None = None
    lead: float = 0.0

    @property
    def sample(self) -> str:
        """Enough of the text to tell its language."""
        return " ".join(sentence.text for sentence in self.sentences[:40])


def read_script(path: Path, notice: Notice) -> Script:
    """Read a text file, see `parse_script`.

    Raises:
        InputError: The file is missing, not text, or holds nothing to speak.
    """
    return parse_script(read_text(path), notice, f"The text in {path}")


def parse_script(text: str, notice: Notice, name: str = "The text") -> Script:
    """Make sentences of a text, plain or with the tags of `markup`.

    Args:
        text: Empty lines part paragraphs, single line breaks are spaces.
        notice: Told once what was left out.
        name: How errors and notices call the text.

    Raises:
        InputError: Nothing in it can be spoken, or its markup is wrong.
    """
    said: list[Sentence] = []
    left: Counter[str] = Counter()
    lead, language = 0.0, None
    for token in read_markup(text):
        match token:
            case Language(tag):
                language = tag
            case Break(seconds):
                lead += 0 if said else seconds
                if said:
                    said[-1] = replace(said[-1], rest=said[-1].rest + seconds)
            case Boundary(paragraph):
                _pause(said, PARAGRAPH_PAUSE if paragraph else SENTENCE_PAUSE)
            case Words(words):
                _add(said, clean(words, left))
    if left:
        notice(left_out(name, left))
    if not said:
        raise InputError(f"{name} has nothing to speak, no letter and no digit; write a sentence.")
    said[-1] = replace(said[-1], pause=0.0, rest=max(said[-1].rest, END_PAUSE))
    return Script(tuple(said), language, lead)


def read_text(path: Path) -> str:
    """The text of a file in UTF-8 or UTF-16.

    Raises:
        InputError: The file is missing, too long, or something else than text.
    """
    try:
        if path.stat().st_size > MAX_FILE:
            raise too_long(str(path))
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(f"{path} cannot be read ({reason}); give a text file.") from error
    return decode(data, str(path))


def too_long(source: str) -> InputError:
    """What to say of more than `MAX_FILE` bytes."""
    return InputError(
        f"{source} is longer than {MAX_FILE // 1_000_000} MB; give a text to be spoken."
    )


def decode(data: bytes, source: str) -> str:
    """Text in UTF-8 or UTF-16; the latter without a byte order mark if it is mostly Latin letters.

    Raises:
        InputError: It is something else; the message names the source.
    """
    encoding = "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    else:
        zeros = [data[at:1000:2].count(0) for at in (0, 1)]
        if sum(zeros) > min(len(data), 1000) / 4:  # the upper half of every letter
            encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{source} is not text in UTF-8 (line {line}); save it as plain text in UTF-8."
        ) from error
    if encoding.startswith("utf-16-") and "\0" in text:
        raise InputError(f"{source} is not text but data; save it as plain text in UTF-8.")
    return text


def clean(text: str, left: Counter[str]) -> str:
    """The text without what cannot be spoken; line breaks stay.

    Args:
        text: Any text.
        left: Counts what was left out, by kind.
    """
    kept: list[str] = []
    for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")):
        # Persian and Indic words have joiners inside, and so have emoji.
        joins = letter in "\u200c\u200d" and kept and unicodedata.category(kept[-1][-1:] or " ")
        kind = None if joins and joins[0] in "LM" else _unspeakable(letter)
        if kind is None:
            kept.append(letter)
        else:
            kept.append("" if unicodedata.category(letter) == "Cf" else " ")
            if kind:
                left[kind] += 1
    return "".join(kept)


def left_out(name: str, left: Counter[str]) -> str:
    """What `clean` left out, as a sentence about a text of that name."""
    parts = [_counted(count, kind) for kind, count in sorted(left.items())]
    return f"{name} has what cannot be spoken and was left out: {', '.join(parts)}."


def is_speakable(text: str) -> bool:
    """Whether a letter or digit is in it."""
    return any(letter.isalnum() for letter in text)


def _unspeakable(letter: str) -> str | None:
    """The kind of what cannot be spoken, empty if not worth a word; None if it can."""
    if letter == "\n":
        return None
    category, code = unicodedata.category(letter), ord(letter)
    if category in ("Zs", "Zl", "Zp") or letter == "\t":
        return None if letter == " " else ""
    if letter in "\u200c\u200d" or 0xFE00 <= code <= 0xFE0F or code == 0x20E3:
        return ""  # joiners of emoji, and what chooses the look of one
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return ""
    # Below the arrows stand °, ©, ™, № and ℃, which are spoken.
    if category == "So" and code >= 0x2190:
        return "symbol" if code < 0x2600 else "emoji"
    if category == "Cf":
        return ""  # soft hyphens and marks of direction
    if category in ("Cc", "Co", "Cn", "Cs"):
        return "control character"
    return None


def _counted(count: int, kind: str) -> str:
    if count == 1 or kind == "emoji":
        return f"{count} {kind}"
    first, of, rest = kind.partition(" of ")
    return f"{count} {first}s{of}{rest}"


def _add(said: list[Sentence], text: str) -> None:
    for number, paragraph in enumerate(re.split(r"\n\s*\n", text)):
        if number:
            _pause(said, PARAGRAPH_PAUSE)
        for piece, ends in split_sentences(" ".join(paragraph.split())):
            if is_speakable(piece):
                _pause(said, CLAUSE_PAUSE)
                said.append(Sentence(piece, 0.0))
            if ends:
                _pause(said, SENTENCE_PAUSE)


def _pause(said: list[Sentence], seconds: float) -> None:
    """Pause at least so long after what was said last."""
    if said and said[-1].pause < seconds:
        said[-1] = replace(said[-1], pause=seconds)
