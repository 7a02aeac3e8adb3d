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
    " mr mrs ms dr prof st sr jr rev gen col capt lt sgt maj adm gov sen rep hon no nos vs approx"
    " dept est inc ltd co corp fig al cf p pp vol chap ca bzw usw hr fr nr bspw evtl ggf str tel"
    " mio mrd m mme mlle sra srta sres dra sig dott avv dhr mevr "
)
_MONTHS = " jan feb mar apr jun jul aug sep sept oct nov dec "
_DOTTED = re.compile(r"[^\W\d_]{1,2}(?:\.[^\W\d_]{1,2})+")  # U.S, p.m, e.g, Ph.D
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


def goes_on(text: str, start: int, stop: int) -> bool:
    """Whether marks before a space do not end the sentence.

    Args:
        text: What they stand in.
        start: Where they begin.
        stop: Where the next word may begin.
    """
    after = text[stop:].lstrip()[:1]
    if after.islower():
        return True
    if text[start:stop].strip() != ".":
        return False
    words = text[max(start - 20, 0) : start].split()
    word = words[-1].lstrip("(\"'“‘").lower() if words else ""
    initial = len(word) == 1 and word != word.upper() and word != "i"
    if initial or f" {word} " in _ABBREVIATIONS or _DOTTED.fullmatch(word):
        return True
    if word.isdigit() or word.endswith("str"):  # ordinals and streets in German
        return not word.isdigit() or len(word) < 4
    return f" {word} " in _MONTHS and after.isdigit()


def _pieces(sentence: str, ends: bool) -> Iterator[tuple[str, bool]]:
    while len(sentence) > LONGEST:
        clauses = [match.end() for match in _CLAUSE.finditer(sentence, 1, LONGEST)]
        gaps = clauses or [match.start() for match in _GAP.finditer(sentence, 1, LONGEST)]
        cut = gaps[-1] if gaps else LONGEST
        yield sentence[:cut].strip(), False
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence, ends
