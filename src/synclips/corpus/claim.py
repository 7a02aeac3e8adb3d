"""What files were made for, so that those made for something else are not used.

Knows one small JSON file beside them; not what is in it.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synclips.errors import ConfigError, InputError
from synclips.media.partial import make_folder, write_whole


def claim(folder: Path, name: str, wish: Mapping[str, Any], what: str) -> None:
    """Make a folder and say what for, or refuse one that was made for something else.

    Args:
        folder: the folder.
        name: of the file that says it.
        wish: plain values that decide what is made.
        what: is in it, for the message.

    Raises:
        ConfigError: the folder was made for another wish.
        InputError: the file is damaged.
        OutputError: the folder cannot be written to.
    """
    make_folder(folder)
    if (folder / name).exists():
        check_claim(folder / name, wish, folder, what)
    else:
        write_claim(folder / name, wish)


def write_claim(file: Path, wish: Mapping[str, Any]) -> None:
    """Say what is made.

    Raises:
        OutputError: the file cannot be written.
    """
    write_whole(file, (json.dumps(wish, indent=1) + "\n").encode())


def check_claim(file: Path, wish: Mapping[str, Any], made: Path, what: str) -> None:
    """Refuse what was made for something else.

    Args:
        file: says what for.
        wish: plain values that decide what is made.
        made: the folder or file that was.
        what: is in it, for the message.

    Raises:
        ConfigError: it was made for another wish.
        InputError: the file is damaged.
    """
    ours = json.loads(json.dumps(wish))
    try:
        theirs = dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{file} is damaged ({error}); remove {made}.") from error
    if theirs != ours:
        wrong = ", ".join(sorted(k for k in {*theirs, *ours} if theirs.get(k) != ours.get(k)))
        kind = "folder" if made.is_dir() else "file"
        raise ConfigError(
            f"{made} holds {what} of other settings ({wrong} differ); set them back, or remove"
            f" the {kind}."
        )
