import sys
from pathlib import Path

import pytest

from synclips.errors import ConfigError
from synclips.speech.voices_folder import require_voices_folder, voices_folder


def test_told_then_set_then_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SYNCLIPS_VOICES", str(tmp_path / "set"))
    assert voices_folder(tmp_path / "told") == tmp_path / "told"
    assert voices_folder() == tmp_path / "set"
    monkeypatch.delenv("SYNCLIPS_VOICES")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    for platform, own in [
        ("linux", ".local/share"),
        ("darwin", "Library/Application Support"),
        ("win32", "AppData/Local"),
    ]:
        monkeypatch.setattr(sys, "platform", platform)
        assert voices_folder() == tmp_path / own / "synclips" / "voices"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert voices_folder() == tmp_path / "data" / "synclips" / "voices"


def test_only_a_folder_that_is_told_must_be_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SYNCLIPS_VOICES", str(tmp_path / "set"))
    assert require_voices_folder() == tmp_path / "set"  # made by the first download
    assert require_voices_folder(tmp_path / "set") == tmp_path / "set"  # as the option passes it on
    assert require_voices_folder(tmp_path) == tmp_path
    with pytest.raises(ConfigError, match=r"no folder of voices .*voices-folder-misspelt"):
        require_voices_folder(tmp_path / "voices-folder-misspelt")
