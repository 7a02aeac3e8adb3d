"""Files of text to text: which encoding they are in, and what is no text.

Knows UTF-8 and UTF-16, and for files from before these the two encodings that Windows wrote most:
Western European and Cyrillic. Knows nothing of what the text says.
"""

import re
from collections.abc import Callable
from pathlib import Path

from synclips.errors import InputError

MAX_FILE = 10_000_000
"""Bytes of a text file; more is hardly meant to be spoken."""

_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1c-\x1f\x7f]")
_MOST_CONTROL = 1 / 200  # of the bytes; compressed data has a tenth
# Words of another alphabet than the Latin one: there an accented letter has few beside it.
_FOREIGN = re.compile(rb"[\x80-\xff]{3,}")
_CYRILLIC = re.compile(rb"[\xc0-\xff\xa1-\xa3\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbc-\xbf]")
# A sign that follows a letter only where it is one itself, in another encoding; "m²" and quotes are
# none of them.
_SIGN_IN_WORD = re.compile(
    "[a-zA-Z\u00c0-\u00ff][\u00a1-\u00a8\u00ac\u00af\u00b1\u00b5-\u00b8\u00bc-\u00bf](?=[a-z\\s,.!?]|$)"
)
_FEW_SIGNS = 2
_SENTENCE = 40  # letters; before so many a capital one begins a sentence
_MOSTLY_SMALL = 0.6  # of Cyrillic letters, but for a text in capitals
# Of what is written in Russian, Ukrainian, Bulgarian and Serbian these are .45 to .6; of Greek,
# Hebrew and Korean read as Cyrillic a quarter.
_FREQUENT = frozenset("оаеинті")
_OFTEN = 0.35


def read_text(path: Path, notice: Callable[[str], None]) -> str:
    """The text of a file.

    Args:
        path: Any file.
        notice: Told if it is neither in UTF-8 nor in UTF-16, and what it was taken for.

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
    return decode(data, str(path), notice)


def too_long(source: str) -> InputError:
    """What to say of more than `MAX_FILE` bytes."""
    return InputError(
        f"{source} is longer than {MAX_FILE // 1_000_000} MB; give a text to be spoken."
    )


def decode(data: bytes, source: str, notice: Callable[[str], None] | None = None) -> str:
    """Text in UTF-8 or UTF-16; the latter without a byte order mark if it is mostly Latin letters.

    Args:
        data: All of it.
        source: How messages call it.
        notice: Told of another encoding that was taken instead; without it there is none.

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
        older = _older(data) if notice is not None and encoding == "utf-8-sig" else None
        if notice is None or older is None:
            line = data.count(b"\n", 0, error.start) + 1
            raise InputError(
                f"{source} is not text in UTF-8 (line {line}); save it as plain text in UTF-8."
            ) from error
        name, text = older
        notice(
            f"{source} is not in UTF-8 and was read as {name}; if letters are wrong, save it"
            " as UTF-8."
        )
    if encoding.startswith("utf-16-") and "\0" in text:
        raise InputError(f"{source} is not text but data; save it as plain text in UTF-8.")
    return text


def _older(data: bytes) -> tuple[str, str] | None:
    """Name of the encoding that text is in which is not in UTF-8, and the text; None if none."""
    if len(_CONTROL.findall(data)) > _MOST_CONTROL * len(data) or _is_damaged(data):
        return None
    high = len(re.findall(rb"[\x80-\xff]", data))
    foreign = b"".join(_FOREIGN.findall(data))
    is_cyrillic = len(foreign) * 2 > high
    if is_cyrillic and len(_CYRILLIC.findall(foreign)) < 0.9 * len(foreign):
        return None  # of Asia, where a letter has two bytes
    code = "cp1251" if is_cyrillic else "cp1252"
    try:
        text = data.decode(code)
    except UnicodeDecodeError:
        return None
    return (f"Windows-{code[2:]}", text) if _is_likely(text, is_cyrillic) else None


def _is_likely(text: str, is_cyrillic: bool) -> bool:
    """Whether letters look like those of a language, and not like another encoding's."""
    if not is_cyrillic:
        return len(_SIGN_IN_WORD.findall(text)) < _FEW_SIGNS
    letters = [letter for letter in text if "\u0400" <= letter <= "\u04ff"]
    small = [letter for letter in letters if letter.islower()]
    if len(small) < _MOSTLY_SMALL * len(letters):  # KOI8-R has them the other way round
        return False
    if len(small) == len(letters) > _SENTENCE:  # as of Hebrew, which has no capitals
        return False
    return sum(letter in _FREQUENT for letter in small) >= _OFTEN * len(small)


def _is_damaged(data: bytes) -> bool:
    """Whether it is in UTF-8 but for a few bytes, such as those of a letter that was cut."""
    text = data.decode("utf-8", "replace")
    whole = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    return whole > text.count("\ufffd")
