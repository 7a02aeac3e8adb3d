"""Where downloaded voices and models lie on this computer.

    FOLDER/piper/NAME.onnx, NAME.onnx.json     one voice each
    FOLDER/kokoro/*.onnx, voices*.bin          a network and its voices

Knows the folder a user chose and the usual one of each system; does not know what is in it.
"""

import os
import sys
from pathlib import Path

SETTING = "SYNCLIPS_VOICES"


def voices_folder(told: str | Path | None = None) -> Path:
    """The folder told, else that in `SYNCLIPS_VOICES`, else the user's own; it may not exist."""
    chosen = told or os.environ.get(SETTING)
    return Path(chosen).expanduser() if chosen else _of_user() / "synclips" / "voices"


def _of_user() -> Path:
    """Where programs keep the data of a user: what platformdirs calls user_data_dir."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
