from fractions import Fraction
from pathlib import Path

import pytest

from synclips.corpus.clips import Clip, Split, find_clips
from synclips.errors import ConfigError, InputError

HEADER = "file\tperson\tlag_frames_at_25fps\n"


def touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def test_grid_is_known_by_its_folders(tmp_path: Path) -> None:
    first = touch(tmp_path / "s1/video/bbaf2n.mpg")
    touch(tmp_path / "s12/video/pgwi8a.MP4")
    touch(tmp_path / "s12/video/sbaa2p.webm")
    touch(tmp_path / "s12/video/notes.txt")
    touch(tmp_path / "s12/audio/pgwi8a.wav")
    touch(tmp_path / "readme/video/no.mp4")
    clips = {clip.key: clip for clip in find_clips([tmp_path])}
    assert set(clips) == {"grid__s1__bbaf2n", "grid__s12__pgwi8a", "grid__s12__sbaa2p"}
    assert clips["grid__s1__bbaf2n"] == Clip(first, "s1", "bbaf2n", "grid", Fraction(0))


def test_speakers_of_grid_are_known_however_their_folders_are_spelt(tmp_path: Path) -> None:
    for name in ("s05", "S33", "s034", "sue"):
        touch(tmp_path / name / "video/bbaf2n.mpg")
    clips = {clip.path.parent.parent.name: clip for clip in find_clips([tmp_path])}
    people = {name: clip.person for name, clip in clips.items()}
    assert people == {"s05": "s5", "S33": "s33", "s034": "s34", "sue": "sue"}
    splits = {name: Split().of(clip) for name, clip in clips.items()}
    assert splits == {
        "s05": "test-speaker",
        "S33": "test-speaker",
        "s034": "validation",
        "sue": "train",
    }
    # As older versions prepared them.
    assert Split().of(Clip(Path("x"), "s05", "x", "grid")) == "test-speaker"
    assert Split().of(Clip(Path("x"), "S01", "sbaf2n", "grid")) == "test-sentence"


@pytest.mark.parametrize("name", ["s5_processed", "S05-cut", "s5 old", "s5b"])
def test_a_folder_called_almost_like_a_speaker_of_grid_is_refused(
    tmp_path: Path, name: str
) -> None:
    touch(tmp_path / name / "video/bbaf2n.mpg")
    with pytest.raises(ConfigError, match=f"{name} is called almost like speaker s5 of GRID.* s5 "):
        find_clips([tmp_path])


def test_a_sentence_found_twice_counts_once_and_the_first_folder_wins(tmp_path: Path) -> None:
    touch(tmp_path / "a/s1/video/bbaf2n.mp4")
    touch(tmp_path / "b/s1/video/bbaf2n.mpg")
    touch(tmp_path / "b/s2/video/bbaf2n.mpg")
    clips = find_clips([tmp_path / "b", tmp_path / "a"])
    assert {clip.path for clip in clips} == {
        tmp_path / "b/s1/video/bbaf2n.mpg",
        tmp_path / "b/s2/video/bbaf2n.mpg",
    }


def test_an_index_names_person_and_lag(tmp_path: Path) -> None:
    folder = tmp_path / "natural"
    touch(folder / "one.mp4")
    (folder / "INDEX.tsv").write_text(
        HEADER + "one.mp4\tAnna\t-1.5\nlost.mp4\tBert\t0\n", encoding="utf-8"
    )
    assert find_clips([folder]) == [
        Clip(folder / "one.mp4", "Anna", "one", "natural", Fraction(-3, 50))
    ]


def test_a_folder_without_clips_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere is not a folder"):
        find_clips([tmp_path / "nowhere"])
    with pytest.raises(InputError, match=rf"{tmp_path.name} holds no clips.*INDEX\.tsv"):
        find_clips([tmp_path])


@pytest.mark.parametrize(
    "row",
    [
        "file\tperson\na.mp4\tAnna\n",
        "lag\n1\n",
        HEADER + "a.mp4\tA\tlate\n",
        HEADER + "a.mp4\tA\t1/0\n",
        HEADER + "\tA\t0\n",
        HEADER + "a.mp4\tA/B\t0\n",
    ],
)
def test_an_index_without_its_columns_is_named(tmp_path: Path, row: str) -> None:
    touch(tmp_path / "a.mp4")
    (tmp_path / "INDEX.tsv").write_text(row, encoding="utf-8")
    with pytest.raises(InputError, match=r"INDEX\.tsv"):
        find_clips([tmp_path])


def test_an_index_as_spreadsheets_save_it(tmp_path: Path) -> None:
    touch(tmp_path / "a.mp4")
    row = HEADER + "a.mp4\tJosé\t1\n"
    (tmp_path / "INDEX.tsv").write_text(row, encoding="utf-8-sig")
    assert [clip.person for clip in find_clips([tmp_path])] == ["José"]
    (tmp_path / "INDEX.tsv").write_text(row, encoding="latin-1")
    with pytest.raises(InputError, match=r"INDEX\.tsv cannot be read; save it as text in UTF-8"):
        find_clips([tmp_path])


def test_no_clip_is_lost_because_another_has_its_name(tmp_path: Path) -> None:
    for place in ("one", "two"):
        touch(tmp_path / place / "talks" / "01.mp4")
        index = tmp_path / place / "talks" / "INDEX.tsv"
        index.write_text(HEADER + "01.mp4\tAnna\t0\n", encoding="utf-8")
    folders = [tmp_path / place / "talks" for place in ("one", "two")]
    with pytest.raises(InputError, match=r"would have the same name, talks__Anna__01; rename"):
        find_clips(folders)
    assert len(find_clips([folders[0], folders[0]])) == 1


@pytest.mark.parametrize("person", ["s5", "s33", "s26", "s34"])
def test_test_speakers_are_never_trained_on(person: str) -> None:
    for name in ("bbaf2n", "swwz9a"):
        assert not Split().trains(Clip(Path(name), person, name, "grid"))


def test_test_sentences_of_a_trained_speaker_are_never_trained_on() -> None:
    split = Split()
    assert not split.trains(Clip(Path("x"), "s1", "sbaf2n", "grid"))
    assert split.trains(Clip(Path("x"), "s1", "bbaf2s", "grid"))
    assert split.trains(Clip(Path("x"), "s2", "sbaf2n", "grid"))


def test_names_mean_nothing_outside_grid() -> None:
    assert Split().trains(Clip(Path("x"), "s5", "x", "natural"))
