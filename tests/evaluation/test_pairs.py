from pathlib import Path

import pytest

from synclips.corpus.clips import Clip
from synclips.errors import ConfigError, InputError
from synclips.evaluation.pairs import Pair, find_pairs, half_pairs, sentence_pairs, with_wrong_audio


@pytest.fixture
def grid(tmp_path: Path) -> Path:
    """Empty files: pairing looks at names only."""
    for name in ("s2/c", "s2/a", "s2/b", "s10/x", "s10/y", "s3/alone"):
        path = tmp_path / name.replace("/", "/video/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".mp4").touch()
    return tmp_path


def names(pairs: list[Pair]) -> list[tuple[str, str, str]]:
    return [(p.source.person, p.source.name, p.target.name) for p in pairs]


def test_each_sentence_speaks_the_next(grid: Path) -> None:
    expected = [("s10", "x", "y"), ("s2", "a", "b"), ("s2", "b", "c")]
    assert names(sentence_pairs([grid])) == expected


def test_speakers_and_limit(grid: Path) -> None:
    pairs = sentence_pairs([grid], ["s2", "s10"], limit=1)
    assert names(pairs) == [("s2", "a", "b"), ("s10", "x", "y")]


def test_the_wrong_audio_is_a_strangers(grid: Path) -> None:
    for pair in sentence_pairs([grid]):
        assert pair.other is not None
        assert pair.other.person != pair.source.person


def test_the_wrong_audio_is_of_a_clip_that_has_a_sound(
    grid: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for broken in ("x", "y"):
        monkeypatch.setattr(
            "synclips.evaluation.pairs.has_sound", lambda path, bad=broken: path.stem != bad
        )
        others = [pair.other for pair in sentence_pairs([grid], ["s2"])]
        assert all(other and other.person != "s2" for other in others)
        assert broken not in {other.name for other in others if other}


def test_with_one_speaker_it_is_another_sentence(tmp_path: Path) -> None:
    clips = [Clip(tmp_path / name, "s1", name, "grid") for name in "abc"]
    pairs = with_wrong_audio([Pair(clips[0], clips[1]), Pair(clips[1], clips[2])], clips)
    assert [pair.other for pair in pairs] == [clips[2], clips[0]]
    alone = with_wrong_audio([Pair(clips[0], clips[1])], clips[:2])
    assert alone[0].other is None


def test_wrong_audio_varies(grid: Path) -> None:
    others = [pair.other for pair in sentence_pairs([grid], ["s2"])]
    assert len(set(others)) == 2


def test_a_missing_speaker_is_named(grid: Path) -> None:
    with pytest.raises(ConfigError, match=r"no two clips of s99; choose from s10, s2\."):
        sentence_pairs([grid], ["s99"])
    with pytest.raises(ConfigError, match="s3"):
        sentence_pairs([grid], ["s3"])


def test_single_clips_make_no_pair(tmp_path: Path) -> None:
    (tmp_path / "s1" / "video").mkdir(parents=True)
    (tmp_path / "s1" / "video" / "a.mp4").touch()
    with pytest.raises(InputError, match="no two clips of one speaker"):
        sentence_pairs([tmp_path])


def test_every_video_is_a_pair_of_halves(tmp_path: Path) -> None:
    for name in ("b.mov", "a.mp4", "note.txt", ".hidden.mp4"):
        (tmp_path / name).touch()
    pairs = half_pairs(tmp_path)
    assert [(p.source.name, p.is_one_clip) for p in pairs] == [("a", True), ("b", True)]
    assert [p.other.name for p in pairs if p.other] == ["b", "a"]
    assert [p.other.name for p in half_pairs(tmp_path, limit=1) if p.other] == ["b"]


def test_an_index_names_the_people(tmp_path: Path) -> None:
    rows = ["a.mp4\tann\t2", "b.mp4\tann\t0", "c.mp4\tbob\t0"]
    index = "\n".join(["file\tperson\tlag_frames_at_25fps", *rows])
    (tmp_path / "INDEX.tsv").write_text(index + "\n")
    for name in "abc":
        (tmp_path / f"{name}.mp4").touch()
    first = half_pairs(tmp_path)[0]
    assert (first.source.person, float(first.source.lag)) == ("ann", 0.08)
    assert first.other is not None
    assert first.other.person == "bob"


def test_nothing_to_pair(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no videos"):
        half_pairs(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        half_pairs(tmp_path / "missing")


def test_pair_names_are_unique() -> None:
    clips = [Clip(Path(f"{n}.mp4"), "s1", n, "grid") for n in "abc"]
    pairs = [Pair(a, b) for a in clips for b in clips]
    assert len({pair.name for pair in with_wrong_audio(pairs, clips)}) == 9
    assert Pair(clips[0], clips[0]).name == "grid__s1__a__halves"


class TestFindPairs:
    @pytest.fixture
    def flat(self, tmp_path: Path) -> Path:
        folder = tmp_path / "talks"
        folder.mkdir()
        for name in ("a.mp4", "b.mp4"):
            (folder / name).touch()
        return folder

    def test_what_a_folder_holds_decides(self, grid: Path, flat: Path) -> None:
        pairs = find_pairs([flat, grid], limit=1)
        kinds = [(pair.source.corpus, pair.is_one_clip) for pair in pairs]
        assert kinds == [("grid", False), ("grid", False), ("talks", True)]

    def test_an_index_means_halves(self, flat: Path) -> None:
        rows = "file\tperson\tlag_frames_at_25fps\na.mp4\tann\t2\n"
        (flat / "INDEX.tsv").write_text(rows)
        assert [(p.source.person, p.is_one_clip) for p in find_pairs([flat])] == [("ann", True)]

    def test_speakers_may_lie_in_several_folders(self, grid: Path, tmp_path: Path) -> None:
        more = tmp_path / "more" / "s7" / "video"
        more.mkdir(parents=True)
        for name in "ab":
            (more / f"{name}.mpg").touch()
        pairs = find_pairs([grid, tmp_path / "more"], ["s7", "s10"])
        assert names(pairs) == [("s7", "a", "b"), ("s10", "x", "y")]

    def test_speakers_need_grid(self, flat: Path) -> None:
        with pytest.raises(ConfigError, match="--data"):
            find_pairs([flat], ["s1"])

    def test_no_pair_twice(self, grid: Path, flat: Path) -> None:
        with pytest.raises(ConfigError, match="would be called talks__a__a__halves"):
            find_pairs([flat, flat])
        # GRID found twice is still one GRID.
        assert len(find_pairs([grid, grid])) == 3

    def test_an_empty_folder_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match=r"holds no videos; .* sN/video"):
            find_pairs([tmp_path])
