"""Kinds of subtitle files, by the ends of their names: which are read, and which are not."""

from pathlib import Path

from synclips.errors import ConfigError

SUFFIXES = (".srt", ".vtt", ".ass", ".ssa")
"""Of files that `subtitles` reads."""

_OTHERS = (".ttml", ".dfxp", ".itt", ".sbv", ".smi", ".sami", ".sub", ".scc", ".stl", ".lrc")


def is_subtitles(path: Path) -> bool:
    """Whether a file is one of subtitles by its name, of a kind that is read or not."""
    return path.suffix.lower() in (*SUFFIXES, *_OTHERS)


def check_suffix(path: Path, name: str | None = None) -> None:
    """Refuse a file of subtitles that is not read.

    Args:
        path: The file.
        name: How the message calls it; its path if not given.

    Raises:
        ConfigError: Its name does not end in one of `SUFFIXES`.
    """
    suffix, shown = path.suffix.lower(), name or str(path)
    if suffix in _OTHERS:
        raise ConfigError(
            f"{shown} is of a kind of subtitles that is not read ({suffix}); open it in a subtitle"
            " editor, save it as .srt, and give that."
        )
    if suffix not in SUFFIXES:
        raise ConfigError(f"{shown} is no subtitle file; give a .srt or .vtt, or an .ass or .ssa.")
