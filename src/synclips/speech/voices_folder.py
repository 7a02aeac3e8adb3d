"""Where downloaded voices and models lie on this computer.

    FOLDER/piper/NAME.onnx, NAME.onnx.json     one voice each
    FOLDER/kokoro/*.onnx, voices*.bin          a network and its voices

Knows the folder a user chose and the usual one of each system; does not know what is in it.
"""

import os
import sys
from pathlib import Path

from synclips.errors import ConfigError

SETTING = "SYNCLIPS_VOICES"


def voices_folder(told: str | Path | None = None) -> Path:
    """The folder told, else that in `SYNCLIPS_VOICES`, else the user's own; it may not exist."""
    chosen = told or os.environ.get(SETTING)
    return Path(chosen).expanduser() if chosen else _of_user() / "synclips" / "voices"


def require_voices_folder(told: str | Path | None = None) -> Path:
    """The same, to look into: a folder that is told must be there.

    One that is set or usual need not, since the first download makes it.

    Raises:
        ConfigError: it is not.
    """
    folder = voices_folder(told)
    if told and str(told) != os.environ.get(SETTING) and not folder.is_dir():
        raise ConfigError(
            f"There is no folder of voices {folder}; name the one that you have, or let `synclips"
            " voices --get` make it."
        )
    return folder


def _of_user() -> Path:
    """Where programs keep the data of a user: what platformdirs calls user_data_dir."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
