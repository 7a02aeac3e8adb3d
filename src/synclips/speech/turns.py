"""The lines of a subtitle to what is said, apart for each who speaks.

Knows the ways in which files say that: voice spans of WebVTT, a dash before a line, a name in
capitals before it. Takes off what styles the words, and leaves out what describes a sound. Knows
no files and no times.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from synclips.speech.text import clean, is_speakable

_BREAK = re.compile(r"<br\s*/?>|\\[Nnh]")
_DRIVE = re.compile(r"\b[A-Za-z]:\\")
_STYLE = re.compile(r"</?[A-Za-z][^<>]*>|<\s*/?\s*[biu]\s*>|<[\d:.]+>|\{\\[^{}]*\}")
_VOICE = re.compile(r"<v(?:\.[^<>\s]*)?\s+([^<>]*)>")
_BIDI = "[\\s\u200e\u200f\u202a-\u202e\u2066-\u2069]*"
_DASH = re.compile(_BIDI + r"[-\u2010-\u2015](?:\s+(?=\S)|(?=[^\s\d-]))")
# "ANN: Hello.", ">> ANN: Hello.", "ANN (off): Hello.", and the name on a line of its own.
_NAME = re.compile(
    _BIDI + r"(?:>>+\s*)?(?P<name>[^\W\d_][^\[\]():<>,!?]{1,24}?)(?:\s*\([^()]*\))?\s*:(?:\s+|$)"
)
# "[door slams]" at the beginning or end of a line, and "(sighs)" as the first one.
_DESCRIPTION = re.compile(r"^[\s♪♫-]*\[[^\[\]]*\]|(?<!\S)\[[^\[\]]*\][\s♪♫]*$", re.MULTILINE)
_SIGH = re.compile(r"[\s♪♫-]*\([^()]*[^()\s.?!]\)[\s♪♫:]*(?:\n|$)")


def names_before_lines(subtitles: Iterable[Sequence[str]]) -> frozenset[str]:
    """The names in capitals that stand before lines: two at least, each in two subtitles at least.

    One alone may be a heading, and in a file that is all in capitals anything.

    Args:
        subtitles: The lines of each.
    """
    found: Counter[str] = Counter()
    large = small = 0
    for lines in subtitles:
        bare = [_bare(line) for line in lines]
        found.update({name for line in bare if (name := _name(line))})
        said = "".join(_NAME.sub("", line, count=1) if _name(line) else line for line in bare)
        large += sum(map(str.isupper, said))
        small += sum(map(str.islower, said))
    names = frozenset(name for name, count in found.items() if count > 1)
    return names if len(names) > 1 and small > large else frozenset()


def turns(
    lines: Sequence[str], names: frozenset[str], left: Counter[str]
) -> Iterator[tuple[str, str]]:
    """Who says what in a subtitle, in order.

    Args:
        lines: As they stand in the file.
        names: See `names_before_lines`.
        left: Counts what is left out, by kind, as `text.clean` does.

    Yields:
        A name, empty where the file has none, and one line of text with something to speak.
    """
    for speaker, said in _parts(lines, names):
        words = "\n".join(said)
        sigh = _SIGH.match(words)
        words, described = _DESCRIPTION.subn("", words[sigh.end() :] if sigh else words)
        if sigh or described:
            left["description of a sound"] += described + (sigh is not None)
        text = " ".join(clean(unescape(words), left).split())
        if is_speakable(text):
            yield speaker, text


def plain(line: str) -> str:
    """A line without what styles it."""
    return _STYLE.sub("", line)


def _parts(lines: Sequence[str], names: frozenset[str]) -> Iterator[tuple[str, list[str]]]:
    before, *rest = _VOICE.split("\n".join(map(_broken, lines)))
    for name, words in [("", before), *zip(rest[::2], rest[1::2], strict=True)]:
        speaker = " ".join(unescape(name).split())
        parts: list[tuple[str, list[str]]] = [(speaker, [])]
        bare = [plain(line) for line in words.split("\n")]
        several = sum(_DASH.match(line) is not None for line in bare) > 1
        for line in bare:
            own = _name(_bare(line))
            if own in names:
                parts.append((own, [_NAME.sub("", _bare(line), count=1)]))
            elif several and _DASH.match(line):
                parts.append((speaker, [_undashed(line)]))
            else:
                parts[-1][1].append(line)
        yield from parts


def _bare(line: str) -> str:
    """A line as it is read, without styles, entities and a dash before it."""
    return _undashed(unescape(plain(line)))


def _undashed(line: str) -> str:
    return _DASH.sub("", line, count=1) if _DASH.match(line) else line


def _name(line: str) -> str:
    """The name in capitals before a line, or nothing."""
    match = _NAME.match(line)
    return " ".join(match["name"].split()) if match and match["name"].isupper() else ""


def _broken(line: str) -> str:
    """With its marks of line breaks as breaks; the backslashes of a path are none."""
    return line if _DRIVE.search(line) else _BREAK.sub("\n", line)
