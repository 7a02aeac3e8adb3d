"""A small part of SSML: breaks, paragraphs and sentences in an otherwise plain text.

Follows W3C's Speech Synthesis Markup Language 1.1 for `speak`, `p`, `s`, `break` and `sub`. Of
`emphasis`, and of tags of HTML that only style words, the words are said; anything else, and a
second language, is refused rather than read aloud or silently ignored.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from synclips.errors import InputError
from synclips.speech.language import base_language, language_tag

LONGEST_BREAK = 60.0  # seconds

_TAG = re.compile(r"<!--|<\?|<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>\s[^<>]*|/?)>")
_ENDS = {"<!--": "-->", "<?": "?>"}  # of comments and processing instructions
_ATTRIBUTE = re.compile(r"""\s*([\w:-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TIME = re.compile(r"\+?(\d+(?:\.\d+)?|\.\d+)(ms|s)")
_KNOWN = {
    "speak": {"version", "xmlns", "xml:lang"},
    "p": {"xml:lang"},
    "s": {"xml:lang"},
    "break": {"time", "strength"},
    "sub": {"alias"},
}
_STYLES = {"b", "em", "emphasis", "i", "strong", "u"}
# Seconds: as after a sentence is medium, as after a paragraph strong.
_STRENGTHS = {"x-weak": 0.1, "weak": 0.2, "medium": 0.35, "strong": 0.8, "x-strong": 1.2}


@dataclass(frozen=True)
class Words:
    """Text between tags, entities undone where there are tags at all."""

    text: str


@dataclass(frozen=True)
class Break:
    """A pause of so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Boundary:
    """Where a paragraph or sentence begins or ends.

    Attributes:
        paragraph: or else a sentence.
    """

    paragraph: bool


@dataclass(frozen=True)
class Language:
    """The language that the tags name."""

    tag: str


Token = Words | Break | Boundary | Language


def read_markup(text: str) -> Iterator[Token]:
    """Take a text apart; one without tags is one `Words`.

    Raises:
        InputError: A tag or attribute is not one of those above, or does not fit the others.
        ConfigError: A language is no tag.
    """
    tags = list(_tags(text))
    if not tags:
        yield Words(text)
        return
    begin, line, held = 0, 1, ""
    opened: list[str] = []
    language = ""
    for tag, end in tags:
        held += "" if opened[-1:] == ["sub"] else unescape(text[begin : tag.start()])
        line += text.count("\n", begin, tag.start())
        here, line = line, line + text.count("\n", tag.start(), end)
        begin = end
        if not tag["name"] and held:
            yield Words(held)
            held = ""
        for token in _token(tag, opened, here) if tag["name"] else ():
            if isinstance(token, Words):
                held += token.text
                continue
            if held:  # what only styles words does not part them
                yield Words(held)
                held = ""
            if not isinstance(token, Language):
                yield token
            elif tag["name"] == "speak" and not language:
                language = base_language(language_tag(token.tag))
                yield token
            elif base_language(language_tag(token.tag)) != language:
                raise InputError(
                    f'The text has <{tag["name"]} xml:lang="{token.tag}"> in line {here}; a text'
                    f' has one language, which <speak xml:lang="{language or token.tag}"> names.'
                )
    if held + text[begin:]:
        yield Words(held + unescape(text[begin:]))
    if opened:
        raise InputError(f"The text has <{opened[-1]}> without </{opened[-1]}>; add it.")


def _tags(text: str) -> Iterator[tuple[re.Match[str], int]]:
    """Tags, comments and instructions, and where each ends; without its end it is plain text."""
    last = {end: text.rfind(end) for end in _ENDS.values()}
    at = 0
    while (tag := _TAG.search(text, at)) is not None:
        at = tag.end()
        end = _ENDS.get(tag[0])
        if end is None:
            yield tag, at
        elif last[end] >= at:  # else all of a long text would be looked through for each
            at = text.index(end, at) + len(end)
            yield tag, at


def _token(tag: re.Match[str], opened: list[str], line: int) -> Iterator[Token]:
    name, shown = tag["name"], f"<{tag['close']}{tag['name']}>"
    if name not in _KNOWN and name not in _STYLES:
        raise InputError(
            f"The text has {shown} in line {line}, which is not understood; use <speak>, <p>, <s>"
            ' and <break time="500ms"/>, and write &lt; for a plain <.'
        )
    if opened[-1:] == ["sub"] and shown != "</sub>":
        raise InputError(f"The text has {shown} in line {line} within <sub>; end that before.")
    if tag["close"]:
        if not opened or opened.pop() != name:
            raise InputError(f"The text has {shown} in line {line} where nothing of it is open.")
        yield from _boundary(name)
        return
    rest = tag["rest"].strip()
    empty = rest.endswith("/")
    given = _attributes(rest.removesuffix("/"), name, line)
    if not empty:
        opened.append(name)
    if name == "break":
        yield from _break(given, line)
    elif name == "sub":
        if not given.get("alias", "").strip():
            raise InputError(
                f"The text has a <sub> in line {line} without what is said; write for example"
                ' <sub alias="World Wide Web">WWW</sub>.'
            )
        yield Words(given["alias"])
    elif given.get("xml:lang"):
        yield Language(given["xml:lang"])
    yield from _boundary(name)


def _boundary(name: str) -> Iterator[Token]:
    if name in ("p", "s"):
        yield Boundary(name == "p")


def _attributes(rest: str, name: str, line: int) -> dict[str, str]:
    given: dict[str, str] = {}
    at = 0
    while rest[at:].strip():
        match = _ATTRIBUTE.match(rest, at)
        if match is None or match[1] not in _KNOWN.get(name, {match[1]}):
            takes = ", ".join(sorted(_KNOWN.get(name, ())))
            way_out = f"<{name}> takes only {takes}" if takes else "write &lt; for a plain <"
            raise InputError(f"The text has <{name} {rest.strip()}> in line {line}; {way_out}.")
        given[match[1]] = unescape(match[2][1:-1])
        at = match.end()
    return given


def _break(given: dict[str, str], line: int) -> Iterator[Token]:
    """The pause that a tag asks for: by its time, else its strength, else a medium one."""
    strength = given.get("strength", "medium")
    if strength != "none" and strength not in _STRENGTHS:
        raise InputError(
            f'The text has <break strength="{strength}"> in line {line}; it is one of none,'
            f" {', '.join(_STRENGTHS)}."
        )
    if "time" in given:
        yield Break(_seconds(given["time"], line))
    elif strength != "none":
        yield Break(_STRENGTHS[strength])


def _seconds(time: str, line: int) -> float:
    match = _TIME.fullmatch(time.strip())
    if match is None:
        raise InputError(
            f"The text has a <break> in line {line} without a length; write for example"
            ' <break time="500ms"/> or <break time="1.5s"/>.'
        )
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1)
    if seconds > LONGEST_BREAK:
        raise InputError(
            f"The text has a <break> of {seconds:g} s in line {line}; the longest is"
            f" {LONGEST_BREAK:g} s."
        )
    return seconds
