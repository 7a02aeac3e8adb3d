"""A sentence as phonemes with its punctuation, which is what neural voices read.

espeak-ng, in its own process, says how words are spoken but drops punctuation, so a sentence is cut
after each mark that makes a voice pause or rise, and the marks are put back. Knows nothing of the
signs a voice knows.
"""

import re
from collections.abc import Iterator

from synclips.speech.abbreviations import is_abbreviation
from synclips.speech.asides import with_commas
from synclips.speech.espeak_process import EspeakProcess

_MARKS = ",;:.!?…"
# After a mark comes a gap or the end: "3.5" and "10:30" are not cut.
_CLAUSE = re.compile(rf"(?s)(.+?)([{_MARKS}]+)[\"'”’»)\]]*(?:\s+|$)|(.+)$")
_LIKE = str.maketrans({"。": ". ", "、": ", ", "，": ", ", "！": "! ", "？": "? ", "；": "; "})
_FLAG = re.compile(r"\([^)\s]+\)")
"""What espeak puts around a word of another language: (en)dˈaʊnləʊd(de)."""


def clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """The parts of a sentence, each with the mark that ends it, or none."""
    whole = with_commas(sentence.translate(_LIKE).strip())
    before = ""
    for match in _CLAUSE.finditer(whole):
        is_last = match.end() == len(whole)
        if match[2] == "." and not is_last and is_abbreviation(whole, match.start(2), match.end()):
            before += match[0]  # the full stop of an abbreviation
            continue
        text = before + (match[1] or match[3])
        before = ""
        if any(letter.isalnum() for letter in text):
            yield text.strip(), _plain(match[2] or "")


def pronounced(process: EspeakProcess, sentence: str, tie: str = "") -> str:
    """A sentence as IPA, words parted by spaces, its marks in place.

    Args:
        process: of the language.
        sentence: plain text.
        tie: see `EspeakProcess.ipa`.
    """
    spoken = (
        (_FLAG.sub("", process.ipa(text, tie)).strip(), mark) for text, mark in clauses(sentence)
    )
    return " ".join(ipa + mark for ipa, mark in spoken if ipa)


def _plain(marks: str) -> str:
    """One mark for several: "?!" asks, "..." is a stop, that of "etc.," is none."""
    mark = (marks.lstrip(".") or marks)[:1]
    return next((mark for mark in "?!" if mark in marks), mark.replace("…", "."))
