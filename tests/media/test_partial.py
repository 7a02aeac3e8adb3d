import errno
import os
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from synclips.errors import OutputError
from synclips.media.partial import (
    PartialFile,
    check_folder,
    check_target,
    cut_name,
    is_of_system,
    make_folder,
    write_folder,
    write_whole,
)


def test_a_folder_that_can_be_made_is_not_made(tmp_path: Path) -> None:
    check_folder(tmp_path)
    check_folder(tmp_path / "new" / "deep")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "deep"])
def test_a_file_is_no_folder(tmp_path: Path, below: str) -> None:
    (tmp_path / "there").write_text("kept")
    with pytest.raises(OutputError, match="there is a file; name another folder"):
        check_folder(tmp_path / "there" / below)
    assert (tmp_path / "there").read_text() == "kept"


def test_a_name_that_no_file_system_takes(tmp_path: Path) -> None:
    for use in check_folder, make_folder:
        with pytest.raises(OutputError, match="File name too long"):
            use(tmp_path / ("a" * 300))


def test_a_folder_is_made_or_it_is_told_why_not(tmp_path: Path) -> None:
    for _ in range(2):
        make_folder(tmp_path / "new" / "deep")
    assert (tmp_path / "new" / "deep").is_dir()
    (tmp_path / "file").write_text("kept")
    with pytest.raises(OutputError, match="Not a directory"):
        make_folder(tmp_path / "file" / "deep")


def test_where_nothing_may_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(OutputError, match="may not be written; choose another folder"):
        check_folder(tmp_path / "new")


def test_of_a_link_the_file_it_leads_to_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "a.txt", tmp_path / "link.txt"
    target.write_text("old")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_text() == "new"
    assert [path.name for path in (tmp_path / "real").iterdir()] == ["a.txt"]


def test_what_the_system_has_open_is_no_target():
    for path in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "/dev/new.wav"):
        with pytest.raises(OutputError, match=f"{path} is a device, not a file"):
            check_target(Path(path))
    check_target(Path("/dev/shm/synclips-new.wav"))


def test_a_folder_of_that_name_on_a_drive_is_none_of_the_system():
    assert is_of_system(PurePosixPath("/dev/out.mp4"))
    assert not is_of_system(PureWindowsPath(r"C:\dev\out.mp4"))
    assert not is_of_system(PureWindowsPath(r"\\server\dev\out.mp4"))


@pytest.mark.parametrize("step", ["rename", "replace"])
def test_what_another_program_has_open_is_no_target(tmp_path, monkeypatch, step):
    def refuse(source, target):  # as Windows does
        raise PermissionError(errno.EACCES, "The process cannot access the file", str(source))

    path = tmp_path / "a.mp4"
    path.write_bytes(b"shown")
    monkeypatch.setattr(Path, step, refuse)
    with pytest.raises(OutputError, match=r"a\.mp4 cannot be replaced, .*; close it there"):
        check_target(path)
        write_whole(path, b"new")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == {"a.mp4": b"shown"}


def test_files_that_belong_together_come_all_or_not_at_all(tmp_path, full_disk):
    folder = tmp_path / "new" / "deep"
    write_folder(folder, {"a.bin": b"1", "b.json": b"2"})
    told = r"b\.json could not be written: the disk is full"
    with full_disk(2), pytest.raises(OutputError, match=told):
        write_folder(folder, {"a.bin": b"3", "b.json": b"4"})
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "a.bin": b"1",
        "b.json": b"2",
    }


def test_files_of_a_folder_are_on_the_disk_before_one_is_moved(tmp_path, monkeypatch):
    steps = []
    fsync, replace = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda number: (steps.append("disk"), fsync(number)))
    monkeypatch.setattr(Path, "replace", lambda a, b: (steps.append(b.name), replace(a, b))[1])
    write_folder(tmp_path, {"a.bin": b"1", "b.json": b"2"})
    assert steps == ["disk", "disk", "a.bin", "b.json"]


def test_a_file_that_is_replaced_keeps_its_permissions(tmp_path):
    new, old = tmp_path / "new.txt", tmp_path / "old.txt"
    write_whole(new, b"1")
    write_whole(old, b"1")
    assert new.stat().st_mode == old.stat().st_mode
    old.chmod(0o640)
    hidden = PartialFile(old)
    assert stat.S_IMODE(hidden.hidden.stat().st_mode) == 0o640, "read by others meanwhile"
    hidden.discard()
    write_whole(old, b"2")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert old.read_bytes() == b"2"


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "old.txt"
    path.write_text("kept")
    path.chmod(0o400)
    access = os.access
    # Root may write anywhere.
    monkeypatch.setattr(os, "access", lambda at, mode: at != path and access(at, mode))
    with pytest.raises(OutputError, match=r"old\.txt may not be overwritten; choose another"):
        check_target(path)


@pytest.mark.parametrize("name", ["ü" * 127, "a." + "ü" * 126, "\udcff" * 250, "日" * 80 + ".mp4"])
def test_names_are_counted_in_bytes(tmp_path, name):
    write_whole(tmp_path / name, b"1")
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert cut_name("aüü", 4) == "aü"
