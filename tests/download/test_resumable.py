from pathlib import Path

import pytest

from synclips.download.resumable import Identity, Resumable

MD5 = "900150983cd24fb0d6963f7d28e17f72"  # of abc, RFC 1321


@pytest.mark.parametrize(
    ("headers", "continues"),
    [
        ({"Content-Length": "9", "ETag": '"a"'}, True),
        ({"Content-Length": "9"}, True),  # some servers tag only answers with the whole file
        ({"Content-Length": "9", "ETag": '"b"'}, False),
        ({"Content-Length": "8", "ETag": '"a"'}, False),
        ({"ETag": '"a"', "Last-Modified": "Tue, 14 Nov 2006 10:00:00 GMT"}, True),
    ],
)
def test_only_what_both_tell_can_speak_against_the_same_file(
    headers: dict[str, str], continues: bool
) -> None:
    known = Identity("http://example.org/file", 9, '"a"')
    found = Identity.of("http://example.org/file", headers)
    assert found.continues(known) is continues
    if continues:
        assert found.filled_from(known).total == 9
        assert found.filled_from(known).etag == '"a"'


@pytest.mark.parametrize(
    ("etag", "validator", "md5"),
    [
        ('"a"', '"a"', ""),
        ('W/"a"', "yesterday", ""),
        ("", "yesterday", ""),
        (f'"md5:{MD5.upper()}"', f'"md5:{MD5.upper()}"', MD5),
        (f'"md5:{MD5}-gzip"', f'"md5:{MD5}-gzip"', ""),
    ],
)
def test_what_a_tag_is_good_for(etag: str, validator: str, md5: str) -> None:
    identity = Identity("", 3, etag, "yesterday")
    assert (identity.validator, identity.md5) == (validator, md5)


def test_pieces_of_several_runs_become_one_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    first = Resumable(target)
    assert (first.size, first.identity) == (0, Identity())
    identity = Identity("http://example.org/file", 3, f'"md5:{MD5}"')
    first.begin(identity, 0)
    first.write(b"ab")
    second = Resumable(target)
    assert (second.size, second.identity) == (2, identity)
    assert not target.exists()
    second.begin(identity, 2)
    second.write(b"c")
    assert second.finish()
    assert target.read_bytes() == b"abc"
    assert list(tmp_path.iterdir()) == [target]


def test_a_checksum_throws_away_what_is_not_the_file(tmp_path: Path) -> None:
    partial = Resumable(tmp_path / "file")
    partial.begin(Identity("http://example.org/file", 3, f'"md5:{MD5}"'), 0)
    partial.write(b"abd")
    assert not partial.finish()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("note", ["", "not json", "[]", '{"colour": "red"}'])
def test_a_damaged_note_vouches_for_nothing(tmp_path: Path, note: str) -> None:
    (tmp_path / "file.part").write_bytes(b"abc")
    (tmp_path / "file.part.json").write_text(note)
    assert Resumable(tmp_path / "file").identity == Identity()
