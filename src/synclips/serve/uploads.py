"""Files that come from elsewhere: kept under names that do no harm, and only if they are media."""

import re
import shutil
from pathlib import Path, PureWindowsPath
from typing import BinaryIO

from synclips.errors import InputError
from synclips.media.container import open_media
from synclips.media.partial import cut_name
from synclips.media.spool import no_room

_LONGEST = 150  # bytes of a name; file systems end at 255, and hidden files have a little more
# What FFmpeg reads other files for, such as those of other people.
_LISTS = frozenset({"hls", "concat", "dash", "imf", "sdp", "vapoursynth"})


def keep(file: BinaryIO, name: str, folder: Path) -> Path:
    """Write an upload into a folder that is made for it.

    Args:
        file: open for reading.
        name: as the user called it; signs that mean something to a file system or to FFmpeg are
            replaced.
        folder: is made.

    Raises:
        OutputError: it cannot be written, such as on a full disk.
    """
    path = folder / safe_name(name)
    try:
        folder.mkdir()
        with path.open("wb") as target:
            shutil.copyfileobj(file, target, 2**20)
    except OSError as error:
        raise no_room(error) from error
    return path


def safe_name(name: str) -> str:
    """The last part of a path with letters, digits and few signs, of a length that can be kept."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[^\w .()+-]", "_", last).strip(" .") or "file"
    if PureWindowsPath(plain).is_reserved():  # con.mp4 is the console, whatever its suffix
        plain = f"_{plain}"
    stem, dot, suffix = plain.rpartition(".")
    if not stem or len(suffix) > 8:
        return cut_name(plain, _LONGEST)
    return f"{cut_name(stem, _LONGEST)}{dot}{suffix}"


def require_media(path: Path) -> None:
    """Refuse what is no video, picture or sound in itself.

    Raises:
        InputError: it is not media, or a list of other files.
    """
    with open_media(path) as container:
        if _LISTS & set(container.format.name.split(",")):
            raise InputError(f"{path.name} is a list of files; give the video or sound itself.")


def plainly(sentence: str, root: Path) -> str:
    """A sentence with files called as the user called them, not by where they are kept.

    Args:
        sentence: of an error or notice.
        root: below it every order has a folder, and in it one for each of its files.
    """
    return re.sub(rf"{re.escape(str(root))}[/\\][\w-]+[/\\](\w+[/\\])?", "", sentence)
