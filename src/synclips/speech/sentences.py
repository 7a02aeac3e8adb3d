"""Where a text may be cut: sentences, and pieces of sentences that are too long.

Knows punctuation. A missed cut costs nothing, for an engine makes pauses of its own; a wrong one is
heard, so in doubt nothing is cut.
"""

import re
from collections.abc import Iterator

from synclips.speech.abbreviations import goes_on

LONGEST = 300
"""Characters spoken at a time at most; some 20 s, so that memory and progress do not depend on
whether an author uses full stops."""

_END = re.compile(
    r"""
    (?P<marks>(?<![.!?…])[.!?…]++["'”’»)\]]*+)(?=\s)   # of alphabets, before a space
    | (?P<wide>[。！？]++["”」』）]*+)       # of Chinese and Japanese, wherever they stand
    | (?P<danda>(?<![।॥؟۔])[।॥؟۔]++)(?=\s)
    """,
    re.VERBOSE,
)
# Not within a number or a time: "1,250" and "10:30".
_CLAUSE = re.compile(r"(?:[,;:](?!\d)|[–—、，；：])\s*")
_GAP = re.compile(r"(?<!\d) | (?!\d)")


def split_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Cut one paragraph into pieces of at most `LONGEST` characters.

    Args:
        text: Without line breaks.

    Yields:
        A piece without spaces around it, and whether a sentence ends with it.
    """
    begin = 0
    for match in _END.finditer(text):
        if match["marks"] and goes_on(text, match.start(), match.end()):
            continue
        yield from _pieces(text[begin : match.end()].strip(), True)
        begin = match.end()
    rest = text[begin:].strip()
    yield from _pieces(rest, bool(re.search(r"[.!?…。！？।॥؟۔][\"'”’»)\]」』）]*$", rest)))


def _pieces(sentence: str, ends: bool) -> Iterator[tuple[str, bool]]:
    begin = 0
    while len(sentence) - begin > LONGEST:
        # Looked at beyond the limit, so that a number across it is seen whole.
        part = sentence[begin : begin + LONGEST + 2]
        cuts = [match.end() for match in _CLAUSE.finditer(part, 1) if match.end() <= LONGEST]
        gaps = (match.start() for match in _GAP.finditer(part, 1))
        cuts = cuts or [at for at in gaps if at <= LONGEST]
        cut = cuts[-1] if cuts else LONGEST
        yield part[:cut].strip(), False
        begin += cut
        while sentence[begin : begin + 1].isspace():
            begin += 1
    if rest := sentence[begin:]:
        yield rest, ends
