"""What the files of a folder were made for, so that those made for something else are not used.

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
    ours = json.loads(json.dumps(wish))
    file = folder / name
    if not file.exists():
        write_whole(file, (json.dumps(ours, indent=1) + "\n").encode())
        return
    try:
        made = dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"{file} is damaged ({error}); remove {folder}.") from error
    if made != ours:
        wrong = ", ".join(sorted(k for k in {*made, *ours} if made.get(k) != ours.get(k)))
        raise ConfigError(
            f"{folder} holds {what} of other settings ({wrong} differ); set them back, or remove"
            " the folder."
        )
