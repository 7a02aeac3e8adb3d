"""A file that appears only when it is complete.

Knows how to write beside the target under a hidden name and to move the result into place; knows
every reason why a target cannot be written before work begins. Does not know what is written.
"""

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

from synclips.errors import OutputError

_LONGEST_STEM, _LONGEST_SUFFIX = 200, 40  # bytes; a name has 255, of which ten are added


def check_target(path: Path, inputs: Sequence[Path] = (), outputs: Sequence[Path] = ()) -> None:
    """Refuse a target that could not be written in the end.

    Args:
        path: Where the result shall go; an existing file will be replaced.
        inputs: Files that are read or written meanwhile and must not be overwritten, also not
            through a symbolic or hard link.
        outputs: What else will be written.

    Raises:
        OutputError: If the path is a folder or device, lies in no folder, may not be written or
            overwritten, is open elsewhere, or is an input or another output.
    """
    try:
        exists = path.exists()
    except OSError as error:  # such as a name too long for the file system
        raise unwritable(path, error) from error
    if path.is_dir():
        raise OutputError(f"{path} is a folder; name a file in it, for example {path / 'out.mp4'}.")
    if (exists and not path.is_file()) or is_of_system(Path(os.path.abspath(path))):
        raise OutputError(f"{path} is a device, not a file; choose another output name.")
    if exists and not os.access(path, os.W_OK):
        raise OutputError(f"{path} may not be overwritten; choose another output name.")
    folder = path.parent
    if not folder.is_dir():
        raise OutputError(f"{folder} is not a folder; create it first or write elsewhere.")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"{folder} may not be written to; choose another folder.")
    if exists:
        real = Path(os.path.realpath(path))
        try:
            real.rename(real)  # nothing happens, but where Windows would not let it be replaced
        except PermissionError as error:
            raise _in_use(path) from error
        except OSError as error:
            raise unwritable(path, error) from error
    for source in inputs:
        if _same(path, source):
            raise OutputError(f"{path} is also an input ({source}); choose another output name.")
    if any(_same(path, other) for other in outputs):
        raise OutputError(f"{path} is named for two outputs; choose another name for one of them.")


_OF_SYSTEM = (("dev",), ("proc",), ("sys",))


def is_of_system(place: PurePath) -> bool:
    r"""Whether an absolute path is in a folder of devices, such as a link to what stands open.

    `C:\dev` is none.
    """
    in_memory = place.is_relative_to("/dev/shm")  # a disk like others
    return place.parts[1:2] in _OF_SYSTEM and not place.drive and not in_memory


def _in_use(path: Path) -> OutputError:
    return OutputError(
        f"{path} cannot be replaced, as where another program has it open; close it there, or"
        " choose another output name."
    )


def _same(path: Path, other: Path) -> bool:
    """Whether two paths are one file, or will be where there is none yet."""
    if os.path.exists(path) and os.path.exists(other):
        return path.samefile(other)
    return os.path.abspath(path) == os.path.abspath(other)


class PartialFile:
    """A hidden file beside its target; `commit` makes it the target, `discard` removes it.

    Of a symbolic link the target is what it leads to, as if it were written to.
    """

    def __init__(self, path: Path) -> None:
        """Create the hidden file, empty, with the permissions of the file that it will replace.

        Without one they are those that any new file gets.

        Raises:
            OutputError: If it cannot be created.
        """
        self._path = path
        self._real = path = Path(os.path.realpath(path))
        stem, suffix = cut_name(path.stem, _LONGEST_STEM), cut_name(path.suffix, _LONGEST_SUFFIX)
        self.hidden = path.with_name(f".{stem}.{secrets.token_hex(4)}{suffix}")
        try:
            self.hidden.open("xb").close()
        except OSError as error:
            raise unwritable(self._path, error) from error
        with contextlib.suppress(OSError):  # there is none, or the file system knows none
            mode = stat.S_IMODE(path.stat().st_mode)
            self.hidden.chmod(mode | stat.S_IRUSR | stat.S_IWUSR)

    def commit(self) -> None:
        """Move the file into place, over an older one if there is.

        Raises:
            OutputError: If the target does not let itself be replaced.
        """
        try:
            self.hidden.replace(self._real)
        except PermissionError as error:
            raise _in_use(self._path) from error
        except OSError as error:
            raise unwritable(self._path, error) from error

    def discard(self) -> None:
        """Remove the hidden file; does nothing after `commit`."""
        self.hidden.unlink(missing_ok=True)


def cut_name(name: str, longest: int) -> str:
    """The beginning of a file's name in at most so many bytes, which is what file systems count."""
    return name.encode(errors="surrogateescape")[:longest].decode(errors="ignore")


def unwritable(path: Path, error: Exception) -> OutputError:
    """Word an operating system error met while writing `path`."""
    code = getattr(error, "errno", None)
    if code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return OutputError(f"{path} could not be written: the disk is full; free some space.")
    if code in (errno.EACCES, errno.EPERM, errno.EROFS):
        return OutputError(f"{path} may not be written; choose another folder.")
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return OutputError(f"{path} could not be written ({reason}); try another folder or name.")


def check_folder(folder: Path) -> None:
    """Refuse before long work a folder that could not be written in the end; it is not made.

    Raises:
        OutputError: it is a file or below one, or may not be written.
    """
    whole = folder.absolute()
    try:
        there = next(path for path in (whole, *whole.parents) if path.exists())
    except OSError as error:  # such as a name too long for the file system
        raise unwritable(folder, error) from error
    if not there.is_dir():
        raise OutputError(f"{there} is a file; name another folder.")
    if not os.access(there, os.W_OK):
        raise unwritable(there, PermissionError(errno.EACCES, ""))


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, where they are not there yet.

    Raises:
        OutputError: it cannot be made, or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and move it there; on failure nothing is left of it.

    Raises:
        OutputError: If it cannot be written, such as on a full disk.
    """
    partial = PartialFile(path)
    try:
        partial.hidden.write_bytes(data)
        partial.commit()
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        partial.discard()


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files that belong together beside their places, then move them there in order.

    All are on the disk itself before the first is moved, so that also a machine that fails leaves
    each of them whole, the old one or the new.

    Args:
        folder: Where to; made if it is not there.
        files: What is in each, by name.

    Raises:
        OutputError: If one cannot be written, such as on a full disk: the older ones are kept then.
            Or if one cannot be moved: those before it are new.
    """
    written: list[PartialFile] = []
    path = folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            path = folder / name
            written.append(PartialFile(path))
            _write_through(written[-1].hidden, data)
        for file in written:
            file.commit()
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        for file in written:
            file.discard()


def _write_through(file: Path, data: bytes) -> None:
    with file.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
