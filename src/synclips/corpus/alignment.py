"""What is said in a GRID clip, and when: `.align` files and the names of the sentences.

An alignment has a line `start end word` per word, in 1000ths of a video frame (25 kHz samples);
`sil` and `sp` are silence. A name such as `bbaf2n` spells the sentence out: "bin blue at f two
now" (Cooke et al. 2006, "An audio-visual corpus for speech perception and automatic speech
recognition").
"""

from pathlib import Path

from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Word
from synclips.errors import InputError

UNITS_PER_FRAME = 1000
SILENCE = frozenset({"sil", "sp"})

_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_CODE = (
    {"b": "bin", "l": "lay", "p": "place", "s": "set"},
    {"b": "blue", "g": "green", "r": "red", "w": "white"},
    {"a": "at", "b": "by", "i": "in", "w": "with"},
    {letter: letter for letter in "abcdefghijklmnopqrstuvxyz"},
    {"z": "zero", **{str(number): _DIGITS[number] for number in range(1, 10)}},
    {"a": "again", "n": "now", "p": "please", "s": "soon"},
)


def find_alignment(clip: Clip) -> Path | None:
    """The alignment beside a GRID clip, or None.

    `RAW/sN/align/NAME.align` for `RAW/sN/video/NAME.mpg`; a second sN in between is passed over.
    """
    if clip.corpus != "grid":
        return None
    folder = clip.path.parent.parent / "align"
    for place in (folder, folder / clip.path.parent.parent.name):
        if (path := place / f"{clip.path.stem}.align").is_file():
            return path
    return None


def read_alignment(path: Path) -> tuple[Word, ...]:
    """The words of a GRID alignment, silence left out.

    A word has the frames whose instants, `i / 25` seconds, are nearer to it than to what is beside
    it; one at least.

    Raises:
        InputError: the file cannot be read or is no alignment.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        rows = [line.split() for line in lines if line.strip()]
        spans = [(int(start), int(end), text) for start, end, text in rows]
    except (OSError, ValueError) as error:
        raise InputError(f"{path} is not a readable alignment; get it again.") from error
    words = []
    before = 0
    for start, end, text in spans:
        if not before <= start <= end:
            raise InputError(f"{path} goes back in time at {text!r}; get it again.")
        before = end
        if text not in SILENCE:
            first = _nearest(start)
            words.append(Word(text, first, max(_nearest(end), first + 1)))
    if not words:
        raise InputError(f"{path} has no words; get it again.")
    return tuple(words)


def spell(name: str) -> str:
    """The sentence that a GRID name stands for, "" for any other name."""
    if len(name) != len(_CODE) or any(c not in code for c, code in zip(name, _CODE, strict=True)):
        return ""
    return " ".join(code[letter] for letter, code in zip(name, _CODE, strict=True))


def _nearest(units: int) -> int:
    return (units + UNITS_PER_FRAME // 2) // UNITS_PER_FRAME
