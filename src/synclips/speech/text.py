"""A text ready to be spoken: sentences in order, and how long to pause after each.

Knows what in a text cannot be spoken and leaves it out with a notice; paragraphs, by empty lines or
`markup`; sentences, by `sentences` or, in lists, by `markdown`. Knows no engine and no sound.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from synclips.errors import InputError
from synclips.speech.markdown import ITEM, plain_text
from synclips.speech.markup import Boundary, Break, Language, Words, read_markup
from synclips.speech.sentences import split_sentences
from synclips.speech.sounds import without_stage_directions
from synclips.speech.text_file import read_text

SENTENCE_PAUSE = 0.35  # seconds at speed 1
PARAGRAPH_PAUSE = 0.8
CLAUSE_PAUSE = 0.2  # as at commas, where a sentence was cut because it is too long
END_PAUSE = 0.3  # for the mouth to close, at any speed

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_SUBTITLES = re.compile(rf"^(?:[ \t]*{_TIME}\s*-->\s*{_TIME}|\[Script Info\])", re.MULTILINE)
# Between these nothing is said in one breath; "[pause]" is how speakers' scripts have it.
_PARTS = re.compile(rf"(?si)(.*?)({ITEM}|(?<!\w)\[(?:short |long )?pause\](?![\w(])|$)")
_BULLETS = "•‣◦▪∙"
# Letters and numerals in other shapes, which engines spell out by their codes: Roman numerals as
# one sign, ligatures as PDFs have them, full and half width, and those of mathematics, in which
# posts are written to look bold or italic.
_SHAPED = re.compile(
    "[\u2102\u210a-\u2113\u2115\u2119-\u211d\u2124\u2128\u212c\u212d\u212f-\u2131\u2133\u2134"
    "\u2160-\u217f\ufb00-\ufb06\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f"
    "\U0001d400-\U0001d7ff]"
)
_UNJOINED = "\u052f"  # the last letter of Latin, Greek and Cyrillic, whose words need no joiners
_ARROWS = (range(0x2190, 0x2200), range(0x27F0, 0x2800), range(0x2900, 0x2980))

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

    @property
    def running_on(self) -> "Script":
        """The same without the silence in which the mouth closes, for a talk that goes on."""
        *before, last = self.sentences
        rest = last.rest if last.rest > END_PAUSE else 0.0
        return replace(self, sentences=(*before, replace(last, rest=rest)))


def read_script(path: Path, notice: Notice) -> Script:
    """Read a text file, see `parse_script`.

    Raises:
        InputError: The file is missing, not text, or holds subtitles or nothing to speak.
    """
    text = read_text(path, notice)
    shown = _SUBTITLES.search(text)
    if shown is not None:
        raise InputError(
            f"{path} has times of subtitles in line {text.count(chr(10), 0, shown.start()) + 1};"
            " name it .srt, .vtt or .ass, whichever it is, and give it with --subtitles."
        )
    return parse_script(text, notice, f"The text in {path}")


def parse_script(text: str, notice: Notice, name: str = "The text") -> Script:
    """Make sentences of a text, plain or with the tags of `markup`.

    Args:
        text: Empty lines part paragraphs, single line breaks are spaces; with the marks of
            `markdown`, which are not read.
        notice: Told once what was left out.
        name: How errors and notices call the text.

    Raises:
        InputError: Nothing in it can be spoken, or its markup is wrong.
    """
    said: list[Sentence] = []
    left: Counter[str] = Counter()
    lead, language = 0.0, None
    for token in read_markup(plain_text(text)):
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
                for part, mark in _PARTS.findall(words):
                    _add(said, clean(without_stage_directions(part, left), left))
                    _pause(
                        said,
                        PARAGRAPH_PAUSE if mark.startswith("[") else SENTENCE_PAUSE * bool(mark),
                    )
    if left:
        notice(left_out(name, left))
    if not said:
        raise InputError(f"{name} has nothing to speak, no letter and no digit; write a sentence.")
    said[-1] = replace(said[-1], pause=0.0, rest=max(said[-1].rest, END_PAUSE))
    return Script(tuple(said), language, lead)


def clean(text: str, left: Counter[str]) -> str:
    """The text without what cannot be spoken; line breaks stay.

    Args:
        text: Any text.
        left: Counts what was left out, by kind.
    """
    kept: list[str] = []
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = _SHAPED.sub(lambda letter: unicodedata.normalize("NFKC", letter[0]), text)
    for letter in unicodedata.normalize("NFC", plain):
        # Persian and Indic words have joiners inside, and so have emoji.
        before = kept[-1] if letter in "\u200c\u200d" and kept else ""
        joins = before > _UNJOINED and unicodedata.category(before)[0] in "LM"
        kind = None if joins else _unspeakable(letter)
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
    if letter in _BULLETS:
        return ""
    # Below the arrows stand °, ©, ™, № and ℃, which are spoken, as +, ≤ and their like are.
    is_arrow = category == "Sm" and any(code in arrows for arrows in _ARROWS)
    if (category == "So" and code >= 0x2190) or is_arrow:
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
