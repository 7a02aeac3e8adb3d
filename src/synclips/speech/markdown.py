"""Marks that arrange a text for the eye: Markdown's, and those of lists in plain text.

Knows headings, bullets, numbered items, emphasis, code, rules and links, as far as nothing else can
be meant: "2 * 3", "C#", "#1", "snake_case" and "- 5 degrees" stay. Knows no tags.
"""

import re

ITEM = "\x1e"
"""Stands in the text where a heading or an item of a list begins or ends, a sentence of its own."""

_HEADING = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(?=\S)(.*)")
_CLOSING = re.compile(r"(?<=\s)#+\s*$")
_RULE = re.compile(r"[ \t]*(?:([-*_])(?:[ \t]*\1){2,}|={3,}|`{3}\w*|~{3,}\w*)[ \t]*")
_DOT = re.compile(r"[ \t]*[•‣◦▪●·∙][ \t]*(?=\S)(.*)")
_BULLET = re.compile(r"[ \t]*(?:\*[ \t]+(?=\S)|[-+][ \t]+(?=[^\s\d]))(?:\[[ xX]\][ \t]+)?(.*)")
_NUMBER = re.compile(r"[ \t]*(\d{1,3})([.)])[ \t]+(?=\S)(.*)")
_ENDS = re.compile(r"[:.!?…;。！？：][\"'”’»)\]]*\s*$")

_NEAR = 6  # lines, at most, from one item to the next

_STARS = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)((?:[^*\n]|\n(?!\s*\n))+?)(?<=\S)\1(?![\w*])")
_LINES = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]+?)(?<=\S)\1(?!\w)")
_STRUCK = re.compile(r"(?<!~)~~(?=\S)([^~\n]+?)(?<=\S)~~(?!~)")
_CODE = re.compile(r"(?<!`)(`{1,3})([^`\n]+)\1(?!`)")
_LINK = re.compile(r"!?\[([^\[\]\n]+)\]\((?:https?:|mailto:|[#/.])[^()\s]*\)")
_ADDRESS = re.compile(r"<((?:https?:|mailto:)[^<>\s]+|[^<>\s@]+@[^<>\s@]+\.[^<>\s@]+)>")


def plain_text(text: str) -> str:
    """A text without the marks, with `ITEM` where a sentence begins or ends by them.

    Args:
        text: Any; lines stay lines.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    ended = False  # a sentence, by the line before
    for at, line in enumerate(lines):
        item, ends = _item(lines, at)
        if item is None:
            kept.append(ITEM * ended + line)
        else:
            kept.append(ITEM + item)
        ended = ends
    return without_marks("\n".join(kept))


def without_marks(text: str) -> str:
    """A text without the marks within a line: of emphasis, code, links and addresses."""
    text = _CODE.sub(r"\2", text)
    for pattern in (_STARS, _LINES):
        text = pattern.sub(r"\2", text)
    for pattern in (_STRUCK, _LINK, _ADDRESS):
        text = pattern.sub(r"\1", text)
    return text


def _item(lines: list[str], at: int) -> tuple[str | None, bool]:
    """A line as a heading or an item, or None; and whether a sentence ends with it."""
    line = lines[at]
    if _RULE.fullmatch(line):
        return "", True
    if heading := _HEADING.fullmatch(line):
        return _CLOSING.sub("", heading[1]), True
    if dot := _DOT.fullmatch(line):
        return dot[1], False
    if (bullet := _BULLET.fullmatch(line)) and _may_begin(lines, at, _BULLET):
        return bullet[1], False
    number = _NUMBER.fullmatch(line)
    if number and _may_begin(lines, at, _NUMBER) and (number[2] == ")" or _counts(lines, at)):
        return f"{number[1]}, {number[3]}", False
    return None, False


def _may_begin(lines: list[str], at: int, kind: re.Pattern[str]) -> bool:
    """Whether an item may begin in a line, which also may be the rest of a sentence."""
    before = lines[at - 1] if at else ""
    after = lines[at + 1] if at + 1 < len(lines) else ""
    if not before.strip() or _ENDS.search(before) or kind.fullmatch(after):
        return True
    for line in reversed(lines[max(at - _NEAR, 0) : at]):
        if not line.strip():
            return False
        if kind.fullmatch(line) or _HEADING.fullmatch(line):
            return True
    return False


def _counts(lines: list[str], at: int) -> bool:
    """Whether the number before or after it stands near; "3. Oktober" alone is no item."""
    own = _NUMBER.fullmatch(lines[at])
    near = [_NUMBER.fullmatch(line) for line in lines[max(at - _NEAR, 0) : at + _NEAR + 1]]
    numbers = {int(each[1]) for each in near if each}
    return own is not None and not numbers.isdisjoint({int(own[1]) - 1, int(own[1]) + 1})
