"""The lines of a subtitle to what is said, apart for each who speaks.

Knows the ways in which files say that: voice spans of WebVTT, a dash before a line, a name in
capitals before it. Takes off what styles the words, and leaves out what `sounds` knows. Knows no
files and no times.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import unescape

from synclips.speech.markdown import without_marks
from synclips.speech.sounds import without_sounds
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
_MOST = 0.3  # of the subtitles, before which one name must stand if it is the only one
# What stands in capitals before a colon in texts in which nobody has a name.
_HEADING = re.compile(
    r"(?:NOTE|NOTES|NB|N\.B\.|PS|P\.S\.|TIP|HINT|WARNING|CAUTION|DANGER|IMPORTANT|ATTENTION|UPDATE"
    r"|EXAMPLE|PROS?|CONS?|OK|INGREDIENTS|FACT|MYTH|QUESTION|ANSWER|SUMMARY|SOURCE|TODO|FAQ|URL|WWW"
    r"|ACHTUNG|HINWEIS|WARNUNG|TIPP|WICHTIG|BEISPIEL|FRAGE|ANTWORT|QUELLE"
    r"|REMARQUE|CONSEIL|EXEMPLE|NOTA|AVISO|CONSEJO|EJEMPLO|IMPORTANTE|ATTENZIONE|ESEMPIO|OPMERKING"
    r"|ПРИМЕЧАНИЕ|ВНИМАНИЕ|ВАЖНО"
    r"|(?:STEP|PART|CHAPTER|RULE|LESSON|SCHRITT|TEIL|KAPITEL|ÉTAPE|PASO|PARTE)\b.*)"
)


def names_before_lines(subtitles: Iterable[Sequence[str]]) -> frozenset[str]:
    """The names in capitals that stand before lines.

    Names are what stands there twice or more: two such, or one before three subtitles in ten; then
    so are those that come once. Headings ("NOTE:") are none, and in a file that is all in capitals
    nothing is.

    Args:
        subtitles: The lines of each.
    """
    found: Counter[str] = Counter()
    large = small = total = 0
    for lines in subtitles:
        total += 1
        bare = [_bare(line) for line in lines]
        found.update({name for line in bare if (name := _name(line))})
        said = "".join(_NAME.sub("", line, count=1) if _name(line) else line for line in bare)
        large += sum(map(str.isupper, said))
        small += sum(map(str.islower, said))
    often = [count for count in found.values() if count > 1]
    are_names = len(often) > 1 or (bool(often) and often[0] >= _MOST * total)
    return frozenset(found) if are_names and small > large else frozenset()


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
        words = without_sounds("\n".join(said), left)
        text = " ".join(clean(without_marks(unescape(words)), left).split())
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
    name = " ".join(match["name"].split()) if match and match["name"].isupper() else ""
    return "" if _HEADING.fullmatch(name) else name


def _broken(line: str) -> str:
    """With its marks of line breaks as breaks; the backslashes of a path are none."""
    return line if _DRIVE.search(line) else _BREAK.sub("\n", line)
