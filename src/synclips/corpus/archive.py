"""Files out of zip and tar archives that nobody vouches for.

Every archive is read to the end of its directory before anything is written: one that is cut off,
damaged, or has members that point elsewhere is refused as a whole. Chosen files land side by side
in one folder under their bare names. Does not know what is in them.
"""

import lzma
import re
import shutil
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from synclips.errors import InputError, OutputError
from synclips.media.partial import unwritable

_ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_BLOCK = 512
_CHUNK = 1 << 20
# Deflate reaches 1032; speech, MPEG-1 and word lists stay below 20.
_MOST_EXPANSION = 100
_SMALL = 1 << 20  # archives of a few short texts may be denser

_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,  # a compression that zipfile does not know
    RuntimeError,  # a member that needs a password
    ValueError,
)


@dataclass(frozen=True)
class _Member:
    name: str
    size: int
    is_plain: bool
    is_folder: bool
    open: Callable[[], IO[bytes] | None]


def unpack(archive: Path, folder: Path, wanted: Callable[[PurePosixPath], bool]) -> list[Path]:
    """Write the wanted files of an archive into a folder.

    Checked are the directory of the archive and its end, the length of each file and, in zip, the
    CRC-32. Tar has no checksum of contents.

    Args:
        archive: zip or tar, plain or compressed; told by content, not by name.
        folder: exists and is empty. After an error it holds rubbish and must be removed.
        wanted: says of a path inside the archive whether to write it.

    Returns:
        The written files in order of name; none if the archive has none that is wanted.

    Raises:
        InputError: The archive is damaged, no archive, or hostile.
        OutputError: The files cannot be written or do not fit on the disk.
    """
    with _open(archive) as members:
        for member in members:
            _refuse_hostile(archive, member)
        chosen: dict[str, _Member] = {}
        for member in members:
            path = PurePosixPath(member.name)
            if member.is_folder or not wanted(path):
                continue
            if path.name.casefold() in chosen:
                raise InputError(
                    f"{archive} holds {path.name} twice, so it is not clear which one counts;"
                    " get it from another source."
                )
            chosen[path.name.casefold()] = member
        _refuse_oversized(archive, folder, sum(member.size for member in chosen.values()))
        written = []
        for name in sorted(chosen):
            target = folder / PurePosixPath(chosen[name].name).name
            _write(archive, chosen[name], target)
            written.append(target)
        return written


@contextmanager
def _open(archive: Path) -> Iterator[list[_Member]]:
    try:
        with archive.open("rb") as file:
            magic = file.read(4)
        if magic in _ZIP_MAGIC:
            opened: zipfile.ZipFile | tarfile.TarFile = zipfile.ZipFile(archive)
        else:
            opened = tarfile.open(archive, "r:*")  # noqa: SIM115 - closed below
    except _DAMAGE as error:
        if isinstance(error, PermissionError | FileNotFoundError | IsADirectoryError):
            raise InputError(f"{archive} cannot be read; check the file and its rights.") from error
        raise InputError(
            f"{archive} is neither a whole zip nor a tar archive; get it again."
        ) from error
    with opened:
        try:
            if isinstance(opened, zipfile.ZipFile):
                members = [_zip_member(opened, info) for info in opened.infolist()]
            else:
                members = [_tar_member(opened, info) for info in opened.getmembers()]
                _check_tar_end(opened)
        except _DAMAGE as error:
            raise _damaged(archive) from error
        yield members


def _zip_member(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> _Member:
    kind = stat.S_IFMT(info.external_attr >> 16)
    return _Member(
        info.orig_filename,
        info.file_size,
        kind in (0, stat.S_IFREG),
        info.is_dir() and kind in (0, stat.S_IFDIR),
        lambda: opened.open(info),
    )


def _tar_member(opened: tarfile.TarFile, info: tarfile.TarInfo) -> _Member:
    return _Member(
        info.name, info.size, info.isreg(), info.isdir(), lambda: opened.extractfile(info)
    )


def _check_tar_end(opened: tarfile.TarFile) -> None:
    """A tar ends with blocks of zeros; `tarfile` takes a damaged header for the end as well."""
    file = opened.fileobj
    if file is not None:
        file.seek(opened.offset)
        if file.read(_TAR_BLOCK) != bytes(_TAR_BLOCK):
            raise tarfile.ReadError("no end of archive")


def _refuse_hostile(archive: Path, member: _Member) -> None:
    parts = re.split(r"[/\\]", member.name)
    if (
        not (member.is_plain or member.is_folder)
        or parts[0] == ""
        or ".." in parts
        or re.match(r"[A-Za-z]:", member.name)
        or re.search(r"[\x00-\x1f]", member.name)
    ):
        is_typed = member.is_plain or member.is_folder
        what = "could lead outside the folder" if is_typed else "is a link or a device"
        raise InputError(
            f"{archive} was refused because its member {member.name!r} {what}; get it from"
            " another source."
        )


def _refuse_oversized(archive: Path, folder: Path, size: int) -> None:
    if size > max(_MOST_EXPANSION * archive.stat().st_size, _SMALL):
        raise InputError(
            f"{archive} was refused because it would unpack to {size / 1e9:.1f} GB, more than"
            f" {_MOST_EXPANSION} times its size; get it from another source."
        )
    free = shutil.disk_usage(folder).free
    if size > free:
        raise OutputError(
            f"{archive} unpacks to {size / 1e9:.1f} GB and the disk has {free / 1e9:.1f} GB free;"
            " free some space and run the command again."
        )


def _write(archive: Path, member: _Member, target: Path) -> None:
    left = member.size
    try:
        source = member.open()
        assert source is not None, "folders and links were refused"
    except _DAMAGE as error:
        raise _damaged(archive) from error
    with source:
        try:
            file = target.open("xb")
        except OSError as error:
            raise unwritable(target, error) from error
        with file:
            while True:
                try:
                    chunk = source.read(_CHUNK)
                except _DAMAGE as error:
                    raise _damaged(archive) from error
                if not chunk:
                    break
                left -= len(chunk)
                try:
                    file.write(chunk)
                except OSError as error:
                    raise unwritable(target, error) from error
    if left:
        raise _damaged(archive)


def _damaged(archive: Path) -> InputError:
    return InputError(f"{archive} is damaged or cut off; get it again.")
