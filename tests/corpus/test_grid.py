from pathlib import Path, PurePosixPath

import pytest

from synclips.corpus import grid
from synclips.errors import ConfigError, InputError


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ("1", [1]),
        ("1,4,10-12", [1, 4, 10, 11, 12]),
        ("s3, s1-s2", [1, 2, 3]),
        ("2,2,1-3", [1, 2, 3]),
        ("34", [34]),
    ],
)
def test_speakers_are_read(text: str, speakers: list[int]) -> None:
    assert grid.parse_speakers(text) == speakers


@pytest.mark.parametrize("text", ["", "0", "35", "4-2", "1,,2", "a", "1-", "-3", "1;2", "30-40"])
def test_other_speakers_are_refused_by_name(text: str) -> None:
    with pytest.raises(ConfigError, match=r"--speakers .* 1,4,10-12\.$"):
        grid.parse_speakers(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("s32,s34", ["s32", "s34"]),
        ("34, 1,s4-s6,5", ["s34", "s1", "s4", "s5", "s6"]),
        ("ann,s2-ann,12,", ["ann", "s2-ann", "s12"]),
        ("6-4", ["6-4"]),  # nobody, as whoever looks for them will say
        ("35-36,s100", ["s35", "s36", "s100"]),  # of a folder that is only laid out as GRID
    ],
)
def test_names_are_read_in_both_spellings(text: str, names: list[str]) -> None:
    assert grid.speaker_names(text) == names


def test_whoever_is_named_like_a_number_is_meant_by_it() -> None:
    assert grid.speaker_names("7,8,1-2", {"7", "1-2"}) == ["7", "s8", "1-2"]


def test_parts_are_read_and_unknown_ones_named() -> None:
    assert grid.parse_parts("align, video") == [grid.VIDEO, grid.ALIGN]
    with pytest.raises(ConfigError, match="'vidoe'"):
        grid.parse_parts("vidoe")


def test_the_public_sources_have_their_own_layouts() -> None:
    def of(source: grid.Source) -> list[tuple[str, bool]]:
        places = [place for part in grid.PARTS for place in source.places(7, part)]
        return [(place.location, place.shared) for place in places]

    official = "https://spandh.dcs.shef.ac.uk/gridcorpus/s7"
    assert of(grid.SHEFFIELD) == [
        (f"{official}/video/s7.mpg_vcd.zip", False),
        (f"{official}/audio/s7.tar", False),
        (f"{official}/align/s7.tar", False),
    ]
    record = "https://zenodo.org/records/3625687/files"
    assert of(grid.ZENODO) == [
        (f"{record}/s7.zip?download=1", False),
        (f"{record}/audio_25k.zip?download=1", True),
        (f"{record}/alignments.zip?download=1", True),
    ]


def test_copies_of_different_archives_have_different_names() -> None:
    # Both are called s7.tar.
    places = [*grid.SHEFFIELD.places(7, grid.AUDIO), *grid.SHEFFIELD.places(7, grid.ALIGN)]
    names = {place.file_name for place in places}
    assert len(names) == 2
    assert not any("/" in name or "?" in name for name in names)


def test_a_named_source_may_be_a_copy_of_either(tmp_path: Path) -> None:
    at_url = grid.named_source("https://example.org/grid/")
    locations = [place.location for place in at_url.places(2, grid.VIDEO)]
    assert locations[0] == "https://example.org/grid/s2/video/s2.mpg_vcd.zip"
    assert "https://example.org/grid/s2.zip" in locations
    places = grid.named_source(str(tmp_path)).places(2, grid.AUDIO)
    assert [place.is_remote for place in places] == [False] * len(places)
    assert places[-1].location == str(tmp_path / "audio_25k.zip")
    assert places[-1].shared


@pytest.mark.parametrize("text", ["ftp://example.org", "no/such/folder"])
def test_a_source_that_is_neither_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"not a folder; name .*\.$"):
        grid.named_source(text)


@pytest.mark.parametrize(
    ("path", "is_wanted"),
    [
        ("bbaf2n.mpg", True),
        ("s1/bbaf2n.mpg", True),
        ("S1/BBAF2N.MPG", True),
        ("video/s1/mpg_vcd/bbaf2n.mpg", True),
        ("s2/bbaf2n.mpg", False),
        ("s11/bbaf2n.mpg", False),
        ("s1/bbaf2n.wav", False),
        ("__MACOSX/s1/._bbaf2n.mpg", False),
        ("s1/.hidden.mpg", False),
    ],
)
def test_which_files_of_an_archive_belong(path: str, is_wanted: bool) -> None:
    assert grid.belongs(PurePosixPath(path), 1, grid.VIDEO) is is_wanted


def test_space_is_for_all_files_and_one_archive_at_a_time() -> None:
    wanted = [(1, grid.VIDEO), (2, grid.VIDEO), (2, grid.ALIGN)]
    files = 2 * grid.VIDEO.unpacked_bytes + grid.ALIGN.unpacked_bytes
    assert grid.needed_bytes([], grid.SOURCES) == 0
    assert grid.needed_bytes(wanted, grid.SOURCES) == files + grid.VIDEO.archive_bytes
    kept = grid.needed_bytes(wanted, grid.SOURCES, keep_archives=True)
    assert kept == files + 2 * grid.VIDEO.archive_bytes + grid.ALIGN.archive_bytes
    # Archives in a local folder are there already.
    assert grid.needed_bytes(wanted, [grid.Source("disk", "archives", {})]) == files


def test_the_corpus_is_as_large_as_published() -> None:
    everything = [(s, p) for s in range(1, 35) for p in grid.PARTS if s not in p.without]
    assert len(everything) == 33 + 34 + 34
    # About 14 GB of video and 3 GB of sound.
    assert 16e9 < grid.needed_bytes(everything, grid.SOURCES) < 24e9
