"""Where a text may be cut: sentences, and pieces of sentences that are too long.

Knows punctuation and a few abbreviations whose full stop ends nothing. A missed cut costs nothing,
for an engine makes pauses of its own; a wrong one is heard, so in doubt nothing is cut.
"""

import re
from collections.abc import Iterator

LONGEST = 300
"""Characters spoken at a time at most; some 20 s, so that memory and progress do not depend on
whether an author uses full stops."""

_END = re.compile(
    r"""
    (?P<marks>[.!?…]+["'”’»)\]]*)(?=\s)   # of alphabets, before a space
    | (?P<wide>[。！？]+["”」』）]*)       # of Chinese and Japanese, wherever they stand
    | (?P<danda>[।॥؟۔]+)(?=\s)
    """,
    re.VERBOSE,
)
_ABBREVIATIONS = (
    "mr mrs ms dr prof st sr jr rev gen col capt lt sgt gov sen rep hon no nos vs approx dept"
    " est inc ltd co corp fig al e.g i.e cf p pp vol ca z.b d.h u.a bzw usw hr fr nr bspw evtl"
    " ggf str m mme mlle"
)
_CLAUSE = re.compile(r"[,;:–—、，；：]\s*")


def split_sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Cut one paragraph into pieces of at most `LONGEST` characters.

    Args:
        text: Without line breaks.

    Yields:
        A piece without spaces around it, and whether a sentence ends with it.
    """
    begin = 0
    for match in _END.finditer(text):
        if match["marks"] and _goes_on(text, match):
            continue
        yield from _pieces(text[begin : match.end()].strip(), True)
        begin = match.end()
    rest = text[begin:].strip()
    yield from _pieces(rest, bool(re.search(r"[.!?…。！？।॥؟۔][\"'”’»)\]」』）]*$", rest)))


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether the marks before a space do not end the sentence."""
    after = text[match.end() :].lstrip()[:1]
    if after.islower():
        return True
    if match["marks"] != ".":
        return False
    words = text[max(match.start() - 20, 0) : match.start()].split()
    word = words[-1].lstrip("(\"'“‘").lower() if words else ""
    initial = len(word) == 1 and word.isalpha() and word != "i"
    return initial or word in _ABBREVIATIONS.split() or (word.isdigit() and len(word) < 3)


def _pieces(sentence: str, ends: bool) -> Iterator[tuple[str, bool]]:
    while len(sentence) > LONGEST:
        clauses = [match.end() for match in _CLAUSE.finditer(sentence, 1, LONGEST)]
        cut = clauses[-1] if clauses else sentence.rfind(" ", 1, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield sentence[:cut].strip(), False
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence, ends
