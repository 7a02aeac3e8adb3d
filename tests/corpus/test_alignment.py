import os
from pathlib import Path

import pytest

from synclips.corpus.alignment import find_alignment, read_alignment, spell
from synclips.corpus.clips import Clip
from synclips.corpus.manifest import Word
from synclips.errors import InputError

# As GRID has it for s1/bbaf2n; 1000 units are a video frame.
BBAF2N = """0 23750 sil
23750 29500 bin
29500 34000 blue
34000 35500 at
35500 41000 f
41000 47250 two
47250 53000 now
53000 74500 sil
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "x.align"
    path.write_text(text)
    return path


def test_words_have_the_frames_nearest_to_them(tmp_path: Path) -> None:
    assert read_alignment(written(tmp_path, BBAF2N)) == (
        Word("bin", 24, 30),  # 23.75 to 29.5 frames; a half counts as later
        Word("blue", 30, 34),
        Word("at", 34, 36),
        Word("f", 36, 41),
        Word("two", 41, 47),
        Word("now", 47, 53),
    )


def test_neither_silence_nor_line_ends_are_words(tmp_path: Path) -> None:
    text = "0 9000 sil\r\n9000 12000 two\r\n12000 12200 sp\r\n12200 12400 a\r\n \r\n12400 20000 sil"
    # The last word is shorter than half a frame and still has one.
    assert read_alignment(written(tmp_path, text)) == (Word("two", 9, 12), Word("a", 12, 13))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0 74500 sil\n",
        "0 1000 bin\n1000 blue\n",
        "0 1000 bin\n1000 2000 blue now\n",
        "0 1.5 bin\n",
        "0 2000 bin\n1000 3000 blue\n",
        "2000 1000 bin\n",
        "0 1000 b\u00fcn\n",
        "\0\1\2",
    ],
)
def test_a_damaged_alignment_is_named(tmp_path: Path, text: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=r"x\.align .*; get it again\.$"):
        read_alignment(path)


def test_a_missing_or_unreadable_alignment_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.align is not a readable alignment"):
        read_alignment(tmp_path / "gone.align")
    os.mkdir(tmp_path / "folder.align")
    with pytest.raises(InputError, match=r"folder\.align"):
        read_alignment(tmp_path / "folder.align")


@pytest.mark.parametrize("place", ["s2/align/bbaf2n.align", "s2/align/s2/bbaf2n.align"])
def test_an_alignment_lies_beside_the_videos(tmp_path: Path, place: str) -> None:
    clip = Clip(tmp_path / "s2/video/bbaf2n.mpg", "s2", "bbaf2n", "grid")
    assert find_alignment(clip) is None
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(BBAF2N)
    assert find_alignment(clip) == path
    assert find_alignment(Clip(clip.path, "s2", "bbaf2n", "natural")) is None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("bbaf2n", "bin blue at f two now"),
        ("swiz9s", "set white in z nine soon"),
        ("pgbxzp", "place green by x zero please"),
        ("lrwa1a", "lay red with a one again"),
        ("lrww1a", ""),  # no GRID sentence has the letter w
        ("lrwa0a", ""),
        ("bbaf2", ""),
        ("interview", ""),
    ],
)
def test_a_grid_name_spells_its_sentence(name: str, sentence: str) -> None:
    assert spell(name) == sentence
