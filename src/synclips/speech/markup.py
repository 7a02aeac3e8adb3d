"""A small part of SSML: breaks, paragraphs and sentences in an otherwise plain text.

Follows W3C's Speech Synthesis Markup Language 1.1 for `speak`, `p`, `s` and `break time`; anything
else, and a second language, is refused rather than read aloud or silently ignored. Knows no pauses
of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from synclips.errors import InputError
from synclips.speech.language import base_language, language_tag

LONGEST_BREAK = 60.0  # seconds

_TAG = re.compile(r"<!--|<\?|<(?P<close>/?)(?P<name>[A-Za-z][\w:-]*)(?P<rest>[^<>]*)>")
_ENDS = {"<!--": "-->", "<?": "?>"}  # of comments and processing instructions
_ATTRIBUTE = re.compile(r"""\s*([\w:-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TIME = re.compile(r"\+?(\d+(?:\.\d+)?|\.\d+)(ms|s)")
_KNOWN = {
    "speak": {"version", "xmlns", "xml:lang"},
    "p": {"xml:lang"},
    "s": {"xml:lang"},
    "break": {"time"},
}


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
    begin, line = 0, 1
    opened: list[str] = []
    language = ""
    for tag, end in tags:
        if text[begin : tag.start()]:
            yield Words(unescape(text[begin : tag.start()]))
        line += text.count("\n", begin, tag.start())
        here, line = line, line + text.count("\n", tag.start(), end)
        begin = end
        if not tag["name"]:
            continue
        for token in _token(tag, opened, here):
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
    if text[begin:]:
        yield Words(unescape(text[begin:]))
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
    if name not in _KNOWN:
        raise InputError(
            f"The text has {shown} in line {line}, which is not understood; use <speak>, <p>, <s>"
            ' and <break time="500ms"/>, and write &lt; for a plain <.'
        )
    if tag["close"]:
        if not opened or opened.pop() != name:
            raise InputError(f"The text has {shown} in line {line} where nothing of it is open.")
        yield from _boundary(name)
        return
    rest = tag["rest"].strip()
    empty = rest.endswith("/")
    given = _attributes(rest.removesuffix("/"), name, line)
    if name == "break":
        yield Break(_seconds(given.get("time"), line))
        if not empty:
            opened.append(name)
        return
    if given.get("xml:lang"):
        yield Language(given["xml:lang"])
    yield from _boundary(name)
    if not empty:
        opened.append(name)


def _boundary(name: str) -> Iterator[Token]:
    if name in ("p", "s"):
        yield Boundary(name == "p")


def _attributes(rest: str, name: str, line: int) -> dict[str, str]:
    given: dict[str, str] = {}
    at = 0
    while rest[at:].strip():
        match = _ATTRIBUTE.match(rest, at)
        if match is None or match[1] not in _KNOWN[name]:
            raise InputError(
                f"The text has <{name} {rest.strip()}> in line {line}; <{name}> takes only"
                f" {', '.join(sorted(_KNOWN[name]))}."
            )
        given[match[1]] = unescape(match[2][1:-1])
        at = match.end()
    return given


def _seconds(time: str | None, line: int) -> float:
    match = _TIME.fullmatch((time or "").strip())
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
