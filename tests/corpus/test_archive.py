import io
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from synclips.corpus.archive import unpack
from synclips.errors import InputError, OutputError

FILES = {
    "s1/bbaf2n.wav": b"a" * 3000,
    "s1/bbaf3s.wav": b"b" * 700,
    "s1/notes.txt": b"not wanted",
    "s1/lwbz9p.wav": b"c" * 1024,
}


def is_sound(path: PurePosixPath) -> bool:
    return path.suffix == ".wav"


@pytest.fixture
def attempt(tmp_path: Path) -> Callable[[bytes], dict[str, bytes]]:
    """Unpack these bytes; what was written. Nothing may appear outside the folder."""

    def call(data: bytes) -> dict[str, bytes]:
        archive = tmp_path / "outer" / "archive"
        folder = tmp_path / "outer" / "folder"
        folder.mkdir(parents=True)
        archive.write_bytes(data)
        try:
            written = unpack(archive, folder, is_sound)
        finally:
            outside = {path.relative_to(tmp_path) for path in tmp_path.rglob("*")}
            outside -= {path.relative_to(tmp_path) for path in folder.rglob("*")}
            assert outside == {Path("outer"), Path("outer/archive"), Path("outer/folder")}
        assert written == sorted(folder.iterdir())
        return {path.name: path.read_bytes() for path in written}

    return call


@pytest.mark.parametrize("kind", ["zip", "tar", "tar.gz"])
def test_wanted_files_land_side_by_side(attempt: Any, make: Any, kind: str) -> None:
    data = make.zip(FILES) if kind == "zip" else make.tar(FILES, "w:gz" if kind != "tar" else "w")
    wanted = {name: text for name, text in FILES.items() if name.endswith("wav")}
    assert attempt(data) == {PurePosixPath(name).name: text for name, text in wanted.items()}


def test_an_archive_without_any_gives_none(attempt: Any, make: Any) -> None:
    assert attempt(make.zip({"s1/notes.txt": b"text"})) == {}


def test_a_zip_whose_bytes_changed_is_refused(attempt: Any, make: Any) -> None:
    data = bytearray(make.zip({"a.wav": make.noise(5000)}))
    data[2500] ^= 1
    with pytest.raises(InputError, match=r"damaged or cut off; get it again\.$"):
        attempt(bytes(data))


@pytest.mark.parametrize("kept", [0, 3, 100, 2000])
def test_a_truncated_zip_is_refused(attempt: Any, make: Any, kept: int) -> None:
    data = make.zip({"a.wav": make.noise(5000)})
    with pytest.raises(InputError, match="get it again"):
        attempt(data[:kept])


# A header and 3000 bytes take 7 blocks, then come 700 bytes in 3 blocks, and so on.
@pytest.mark.parametrize("blocks", [0, 0.5, 1, 3, 6.9, 7, 7.5, 10, 15])
def test_a_truncated_tar_is_refused_wherever_it_ends(
    attempt: Any, make: Any, blocks: float
) -> None:
    data = make.tar(FILES)
    with pytest.raises(InputError, match="get it again"):
        attempt(data[: int(blocks * 512)])


def test_a_tar_with_a_damaged_header_is_refused(attempt: Any, make: Any) -> None:
    data = bytearray(make.tar(FILES))
    # `tarfile` alone would take this for the end and silently leave out two files.
    data[7 * 512] ^= 1
    with tarfile.open(fileobj=io.BytesIO(bytes(data))) as believed:
        assert len(believed.getmembers()) == 1
    with pytest.raises(InputError, match="damaged or cut off"):
        attempt(bytes(data))


def test_a_web_page_is_no_archive(attempt: Any) -> None:
    with pytest.raises(InputError, match="neither a whole zip nor a tar"):
        attempt(b"<html>Please log in</html>" * 100)


OUTSIDE = [
    "../evil.wav",
    "s1/../../evil.wav",
    "/evil.wav",
    "..\\evil.wav",
    "C:evil.wav",
    "a\nb.wav",
]


@pytest.mark.parametrize("name", OUTSIDE)
@pytest.mark.parametrize("kind", ["zip", "tar"])
def test_a_member_that_points_outside_refuses_all(
    attempt: Any, make: Any, kind: str, name: str
) -> None:
    with pytest.raises(InputError, match="was refused because its member .* could lead outside"):
        attempt(getattr(make, kind)({"good.wav": b"good", name: b"evil"}))


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
)
def test_links_and_devices_in_tar_refuse_all(attempt: Any, kind: bytes) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("s1/trap.wav")
        info.type, info.linkname = kind, "/etc/passwd"
        archive.addfile(info)
    with pytest.raises(InputError, match="is a link or a device"):
        attempt(buffer.getvalue())


def test_links_in_zip_refuse_all(attempt: Any) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("s1/trap.wav")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InputError, match="is a link or a device"):
        attempt(buffer.getvalue())


def test_a_bomb_is_refused_before_it_goes_off(attempt: Any, make: Any) -> None:
    data = make.zip({"a.wav": bytes(20_000_000)})
    assert len(data) < 30_000
    with pytest.raises(InputError, match="more than 100 times its size"):
        attempt(data)


def test_two_files_of_one_name_are_refused(attempt: Any, make: Any) -> None:
    # On some file systems one would overwrite the other.
    with pytest.raises(InputError, match="twice"):
        attempt(make.zip({"x/a.wav": b"1", "y/A.wav": b"2"}))


def test_a_member_with_a_password_is_refused(attempt: Any, make: Any) -> None:
    data = bytearray(make.zip({"a.wav": b"secret"}))
    data[6] |= 1  # in the local header
    data[data.index(b"PK\x01\x02") + 8] |= 1  # in the directory
    with pytest.raises(InputError, match="damaged"):
        attempt(bytes(data))


def test_a_full_disk_is_said_before_writing(
    attempt: Any, make: Any, disk: dict[str, int], tmp_path: Path
) -> None:
    disk["free"] = 100
    with pytest.raises(OutputError, match="free some space"):
        attempt(make.zip(FILES))
    assert list((tmp_path / "outer" / "folder").iterdir()) == []
